"""The files for a class-wide JupyterHub load, say what the guide says, and stand what a hostile learner hands in.

The deployment as a whole, with accounts and a real hub, is tried by `deploy/jupyterhub/try.py`.
"""

from __future__ import annotations

import getpass
import importlib
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import pytest
from conftest import ROOT
from nbgrader.api import MissingEntry
from nbgrader.apps import NbGraderApp
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from grader.__main__ import _parser

DEPLOY = ROOT / "deploy" / "jupyterhub"
GUIDE = (ROOT / "docs" / "jupyterhub.md").read_text(encoding="utf-8")
ME = getpass.getuser()


@pytest.fixture
def careful(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Import careful_exchange as the course's configuration does."""
    monkeypatch.syspath_prepend(str(DEPLOY))
    return importlib.import_module("careful_exchange")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Name the site's file to the configuration files, and return what is in it."""
    text = (DEPLOY / "site.env").read_text(encoding="utf-8")
    path = tmp_path / "site.env"
    text = text.replace("POP_GRADEBOOK=", "POP_GRADEBOOK=postgresql+psycopg:///pop-course")
    text = text.replace("/srv/project-or-operation", str(tmp_path / "state"))
    path.write_text(text, encoding="utf-8")
    (tmp_path / "state" / "teacher").mkdir(parents=True)
    (tmp_path / "state" / "teacher" / "hub-token").write_text("made-for-the-test\n", encoding="utf-8")
    monkeypatch.setenv("POP_SITE", str(path))
    return dict(re.findall(r"^(POP_\w+)=(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE))


def load(name: str) -> Config:
    """Load a configuration file as Jupyter's programs do."""
    return PyFileConfigLoader(name, path=str(DEPLOY)).load_config()


def test_the_hub_listens_on_this_machine_only(site: dict[str, str]) -> None:
    """Proxy, its interface, the hub, the servers and the formgrader all name 127.0.0.1."""
    config = load("jupyterhub_config.py")
    services = [service["url"] for service in config.JupyterHub.services if "url" in service]
    addresses = [config.JupyterHub.bind_url, config.JupyterHub.hub_bind_url, config.ConfigurableHTTPProxy.api_url]
    assert all(address.startswith("http://127.0.0.1:") for address in [*addresses, *services])
    assert config.Spawner.ip == "127.0.0.1"


def test_users_get_the_learners_environment_and_only_graders_the_formgrader(site: dict[str, str]) -> None:
    """Every user's server is the learners' one; the formgrader runs as the course's account, for one group."""
    config = load("jupyterhub_config.py")
    assert config.Spawner.cmd == [f"{site['POP_SOFTWARE']}/learner/bin/jupyterhub-singleuser"]
    service = config.JupyterHub.services[0]
    assert (service["name"], service["api_token"]) == (site["POP_COURSE"], "made-for-the-test")
    assert "command" not in service
    assert '"$POP_SOFTWARE/grader/bin/jupyterhub-singleuser"' in (DEPLOY / "formgrader.sh").read_text(encoding="utf-8")
    assert f"User={site['POP_COURSE_USER']}\n" in (DEPLOY / "formgrader.service").read_text(encoding="utf-8")
    scope = f"access:services!service={site['POP_COURSE']}"
    (role,) = [role for role in config.JupyterHub.load_roles if scope in role["scopes"]]
    assert role["groups"] == [f"formgrade-{site['POP_COURSE']}"]
    assert config.PAMAuthenticator.allowed_groups == {site["POP_LEARNERS"], site["POP_GRADERS"]}


def test_learners_and_course_agree_on_the_exchange(site: dict[str, str], careful: ModuleType) -> None:
    """One course id and one exchange for all; the gradebook and the careful exchange for the course only."""
    everybody, course = load("nbgrader_config.py"), load("course_nbgrader_config.py")
    assert everybody.Exchange.root == f"{site['POP_STATE']}/exchange"
    assert everybody.CourseDirectory.course_id == course.CourseDirectory.course_id == site["POP_COURSE"]
    assert course.CourseDirectory.db_url == "postgresql+psycopg:///pop-course"
    assert "db_url" not in everybody.CourseDirectory
    assert everybody.ExchangeFactory.submit.__name__ == "CarefulSubmit"
    assert course.ExchangeFactory.collect is careful.CarefulCollect
    assert course.Autograde.exporter_class == "grader.preprocessors.SubmissionExporter"


def test_a_learners_environment_needs_no_grader(site: dict[str, str]) -> None:
    """install.sh takes `grader` out of it: what its configuration imports must do without, or nobody could hand in."""
    code = "import sys; sys.modules['grader'] = None; from traitlets.config.loader import PyFileConfigLoader as L"
    load_it = f"print(L('nbgrader_config.py', path={str(DEPLOY)!r}).load_config().ExchangeFactory.submit.__name__)"
    environment = {**os.environ, "PYTHONPATH": str(DEPLOY), "POP_SITE": os.environ["POP_SITE"]}
    command = [sys.executable, "-c", f"{code}; {load_it}"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stdout) == (0, "CarefulSubmit\n"), done.stderr
    installed = (DEPLOY / "install.sh").read_text(encoding="utf-8")
    assert '"$here/careful_submit.py" "$POP_SOFTWARE/$each"/' in installed
    assert '"$here/careful_exchange.py" "$POP_SOFTWARE"/grader/' in installed


def test_every_name_of_the_site_is_used_and_no_other() -> None:
    """site.env has exactly the names that the files read."""
    names = set(re.findall(r"^(POP_\w+)=", (DEPLOY / "site.env").read_text(encoding="utf-8"), re.MULTILINE))
    files = [path for path in DEPLOY.iterdir() if path.is_file() and path.name != "site.env"]
    used = {name for path in files for name in re.findall(r"POP_\w+", path.read_text(encoding="utf-8"))}
    assert used - {"POP_SITE", "POP_ONLY_FILES", "POP_NAME"} == names  # these are given when a command is run


def test_commands_and_files_of_the_guide_exist() -> None:
    """Each nbgrader command, grader command, file of deploy/ and POP_ name that the guide gives is real."""
    commands = _parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    assert set(re.findall(r"python -m grader (\w+)", GUIDE)) <= set(commands or ())
    given = set(re.findall(r"nbgrader (\w+) ps1", GUIDE))
    assert given
    assert given <= set(NbGraderApp.subcommands)
    for name in re.findall(r"deploy/jupyterhub/([\w.-]+\w)", GUIDE):
        assert (DEPLOY / name).is_file(), name
    text = "".join(path.read_text(encoding="utf-8") for path in DEPLOY.iterdir() if path.is_file())
    for name in re.findall(r"POP_\w+", GUIDE):
        assert name in text, name
    for mode in ("1777", "3733", "HOME_MODE=0700"):
        assert mode in GUIDE
    assert "1777" in text
    assert "3733" in text


@pytest.mark.skipif(not shutil.which("sh"), reason="no shell")
@pytest.mark.parametrize("name", ["install.sh", "formgrader.sh"])
def test_scripts_are_plain_shell(name: str) -> None:
    """A POSIX shell reads them, and they stop at the first fault."""
    done = subprocess.run(["sh", "-n", str(DEPLOY / name)], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "\nset -eu\n" in (DEPLOY / name).read_text(encoding="utf-8")


def hand_in(inbound: Path, student: str, when: str = "", end: str = "AAAAAAAAAAAA") -> Path:
    """Put a hand-in of ps1 into the exchange."""
    when = when or datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
    folder = inbound / f"{student}+ps1+{when}+{end}"
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_text(when, encoding="utf-8")
    (folder / "ps1.ipynb").write_text("{}", encoding="utf-8")
    return folder


class NoGradebook:
    """Stands for a gradebook that knows no due date: making a real one takes seconds."""

    def __init__(self, *_: str) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def find_assignment(self, name: str) -> None:
        """Know no assignment."""
        raise MissingEntry


@pytest.fixture
def collect(careful: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the collector of a course, with what it says in `said`."""
    directory = CourseDirectory(root=str(tmp_path / "course"), course_id="c", assignment_id="ps1")
    (tmp_path / "course").mkdir()
    (tmp_path / "exchange").mkdir()
    (tmp_path / "exchange").chmod(0o777)
    collect = careful.CarefulCollect(coursedir=directory)
    collect.root, collect.said = str(tmp_path / "exchange"), []
    monkeypatch.setattr("nbgrader.exchange.default.collect.Gradebook", NoGradebook)
    for level in ("error", "warning"):
        monkeypatch.setattr(collect.log, level, lambda text, *values: collect.said.append(text % values))
    return collect


@pytest.mark.skipif(os.name == "nt", reason="nbgrader's exchange does not run on Windows")
def test_a_hand_in_is_open_to_its_owner_and_the_course_only(
    careful: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`nbgrader submit` closes the folder to others, where nbgrader itself leaves it open for reading and writing."""
    exchange = tmp_path / "exchange"
    for folder in (exchange / "c" / "inbound", exchange / "c" / "outbound" / "ps1", tmp_path / "ps1"):
        folder.mkdir(parents=True)
    exchange.chmod(0o777)
    (tmp_path / "ps1" / "ps1.ipynb").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    directory = CourseDirectory(root=str(tmp_path), course_id="c", assignment_id="ps1")
    submit = importlib.import_module("careful_submit").CarefulSubmit(coursedir=directory, authenticator=Authenticator())
    submit.root, submit.cache = str(exchange), str(tmp_path / "cache")
    submit.start()
    (handed_in,) = (exchange / "c" / "inbound").iterdir()
    assert handed_in.name.startswith(f"{ME}+ps1+")
    assert oct(handed_in.stat().st_mode & 0o777) == "0o770"


@pytest.mark.skipif(os.name == "nt", reason="nbgrader's exchange does not run on Windows")
def test_what_is_forged_or_broken_is_left_out_and_stops_nobody(collect: Any, tmp_path: Path) -> None:
    """Another's name, a time that is none, a link and a pipe: none is collected, and the honest hand-in is."""
    inbound = tmp_path / "exchange" / "c" / "inbound"
    hand_in(inbound, ME)
    hand_in(inbound, "ada")
    hand_in(inbound, ME, when="soon")
    (inbound / f"{ME}+ps1+2099-01-01 00:00:00.000000 UTC+A").symlink_to("/etc")
    os.mkfifo(hand_in(inbound, ME, when="2099-01-02 00:00:00.000000 UTC") / "pipe")
    (hand_in(inbound, ME, when="2099-01-03 00:00:00.000000 UTC") / "link").symlink_to("/etc/passwd")
    collect.start()
    submitted = tmp_path / "course" / "submitted"
    assert [path.name for path in submitted.iterdir()] == [ME]
    assert sorted(path.name for path in (submitted / ME / "ps1").iterdir()) == ["ps1.ipynb", "timestamp.txt"]
    assert sum("Not collected" in line for line in collect.said) == 5
    assert sum("belongs to" in line for line in collect.said) == 1


@pytest.mark.skipif(os.name == "nt", reason="nbgrader's exchange does not run on Windows")
def test_a_hand_in_changed_after_its_time_is_named(collect: Any, tmp_path: Path) -> None:
    """A hand-in that claims to be a day old, but was written now, is collected with a warning."""
    when = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
    hand_in(tmp_path / "exchange" / "c" / "inbound", ME, when=when)
    collect.start()
    assert (tmp_path / "course" / "submitted" / ME).exists()
    assert any("off the time it names" in line for line in collect.said)


@pytest.mark.skipif(os.name == "nt", reason="nbgrader's exchange does not run on Windows")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # nbgrader leaves a file open
def test_feedback_is_released_though_one_handed_in_by_mail(careful: ModuleType, tmp_path: Path) -> None:
    """A feedback folder without a secret is passed over; the others reach the exchange."""
    directory = CourseDirectory(root=str(tmp_path / "course"), course_id="c", assignment_id="ps1")
    for student in ("ada", "dora"):
        folder = tmp_path / "course" / "feedback" / student / "ps1"
        folder.mkdir(parents=True)
        (folder / "ps1.html").write_text(student, encoding="utf-8")
        (folder / "timestamp.txt").write_text("2026-01-01 00:00:00.000000 UTC", encoding="utf-8")
    (tmp_path / "course" / "feedback" / "ada" / "ps1" / "submission_secret.txt").write_text("s", encoding="utf-8")
    release = careful.CarefulReleaseFeedback(coursedir=directory)
    release.root = str(tmp_path / "exchange")
    (tmp_path / "exchange").mkdir()
    (tmp_path / "exchange").chmod(0o777)
    release.start()
    pages = list((tmp_path / "exchange" / "c" / "feedback").glob("*.html"))
    assert [page.read_text(encoding="utf-8") for page in pages] == ["ada"]
