"""The files that publish the project: workflows, the binder and the containers name what is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
CONTAINERS = sorted((ROOT / "deploy").glob("*/Containerfile"))
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


def read(path: Path) -> str:
    """Return a file's text."""
    return path.read_text(encoding="utf-8")


def workflow(name: str) -> dict[Any, Any]:
    """Return a workflow; YAML reads its key `on` as true."""
    found: dict[Any, Any] = yaml.safe_load(read(ROOT / ".github" / "workflows" / f"{name}.yml"))
    return found


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_an_action_is_pinned_to_a_commit_and_gets_no_more_rights_than_it_needs(path: Path) -> None:
    """A tag can be moved by whoever owns it; a commit cannot. Rights beyond reading are given job by job."""
    text = read(path)
    uses = [line.strip().removeprefix("- ") for line in text.splitlines() if "uses:" in line]
    assert uses
    assert [line for line in uses if not PINNED.search(line)] == []
    assert workflow(path.stem)["permissions"] == {"contents": "read"}
    assert "pull_request_target" not in text


@pytest.mark.parametrize("path", [*WORKFLOWS, *CONTAINERS], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_is_run_is_a_target_of_make(path: Path) -> None:
    """A renamed target is met here and not after a merge."""
    calls = re.findall(r"^\s*(?:- )?(?:run:|RUN) make ((?:[a-z-]+ ?)+)", read(path), re.MULTILINE)
    named = {target for call in calls for target in call.split()}
    assert named <= TARGETS


def test_the_tests_run_on_every_python_that_is_promised() -> None:
    """The oldest one is that of pyproject.toml."""
    oldest = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]["requires-python"].removeprefix(">=")
    versions = workflow("tests")["jobs"]["all"]["strategy"]["matrix"]["python"]
    assert versions[0] == oldest
    assert len(versions) == len(set(versions)) > 1


def test_what_runs_everywhere_is_there() -> None:
    """The list for Windows and macOS names test files of this folder."""
    names = [line for line in read(ROOT / "tests" / "everywhere.txt").splitlines() if not line.startswith("#")]
    assert len(names) > 1
    assert [name for name in names if not (ROOT / name).is_file()] == []


def test_pages_of_strangers_never_come_to_the_origin_of_the_course() -> None:
    """A preview is published for branches of this repository alone: the origin holds what learners have answered."""
    jobs = workflow("site")["jobs"]
    writing = {name: job["if"] for name, job in jobs.items() if "write" in str(job.get("permissions"))}
    assert set(writing) == {"publish", "preview"}
    assert writing["publish"] == "github.event_name == 'push'"
    assert "github.event.pull_request.head.repo.full_name == github.repository" in writing["preview"]


def test_the_binder_installs_the_lab_at_locked_versions_and_opens_what_is_there() -> None:
    """The requirements beside it are read, and not the lock with all that development needs."""
    folder = ROOT / ".binder"
    assert read(folder / "requirements.txt").split() == ["-c", "../requirements.txt", ".[lab]"]
    trusted = re.findall(r"book/[\w-]+\.ipynb", read(folder / "postBuild"))
    assert len(trusted) > 1
    assert [name for name in trusted if not (ROOT / name).is_file()] == []


def test_the_lock_holds_every_direct_dependency_within_its_bounds() -> None:
    """`make lock` was run after the last change of pyproject.toml: no command of a clean clone lacks its program."""
    settings = tomllib.loads(read(ROOT / "pyproject.toml"))
    project, kept_back = settings["project"], settings["tool"]["uv"]["constraint-dependencies"]
    extras = project["optional-dependencies"].values()
    wanted = [Requirement(line) for lines in (project["dependencies"], *extras, kept_back) for line in lines]
    locked = {line.name: line.specifier for line in map(Requirement, read(ROOT / "requirements.txt").splitlines())}
    assert len(wanted) > 30
    for each in wanted:
        (pin,) = locked.get(canonicalize_name(each.name), ())
        assert pin.operator == "==", each
        assert pin.version in each.specifier, each
    assert "rfc3987-syntax" not in locked  # what jsonschema is kept back for


@pytest.mark.parametrize("path", CONTAINERS, ids=lambda path: path.parent.name)
def test_a_container_copies_and_runs_files_that_are_there(path: Path) -> None:
    """From the checkout's root, which is the context of the build."""
    named = set(re.findall(r"(?<![\w/])deploy/[\w./-]+", read(path)))
    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []
