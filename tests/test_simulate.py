"""The made class: what tests and demonstrations take for learners."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from grader import analysis
from grader.build import build
from grader.course import Course, CourseError
from grader.demo import Maker
from grader.init import init
from grader.simulate import rehearse, simulate
from grader.sitting import sitting
from quizzes.answers import sidecar_file


def made(folder: Path, students: int, seed: int) -> Course:
    """Return a course with a released assignment and a made class."""
    course = init(folder)
    _, form = build(course, "ps1")
    shutil.copytree(course.root / "source" / "ps1", course.root / "release" / "ps1")
    simulate(Maker(course, form, course.bank(course.assignment("ps1"))), students, seed)
    return course


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Make a class of 200."""
    return made(tmp_path_factory.mktemp("made") / "course", 200, 3)


def answers(course: Course, student: str) -> str:
    """Return what a student's sidecar holds; an empty text where there is none."""
    path = course.submission(student, "ps1") / sidecar_file("ps1")
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_the_same_seed_makes_the_same_class(course: Course, tmp_path: Path) -> None:
    """A larger class begins with the learners of a smaller one; another seed makes others."""
    again, other = made(tmp_path / "again", 5, 3), made(tmp_path / "other", 5, 4)
    students = [f"student-{n:03}" for n in range(1, 6)]
    assert again.students("ps1") == students
    for student in students:
        assert answers(again, student) == answers(course, student)
    assert [answers(other, s) for s in students] != [answers(again, s) for s in students]


def test_a_class_has_all_that_classes_have(course: Course) -> None:
    """Blank and malformed answers, parts that are left out, an empty submission, and a record that cannot be read."""
    found = sitting(course, "ps1")
    outcomes = Counter(mark.outcome for learner in found.present for mark in learner.marks.values())
    assert all(outcomes[each] for each in ("right", "partly", "wrong", "blank", "malformed"))
    assert outcomes["malformed"] < 0.03 * outcomes.total()
    assert 0 < len(found.learners) - len(found.present) < 12
    assert 0 < len(found.unmarked) < 6
    records = [learner.record for learner in found.present if learner.record]
    assert len({record.saved_at for record in records}) > 100
    assert all(json.loads(answers(course, each.student))["revision"] == each.record.revision for each in found.present)


def test_items_tell_strong_learners_from_weak_ones(course: Course) -> None:
    """Ability runs through all items: the class is worth an analysis, and no item is beyond it."""
    found = sitting(course, "ps1")
    scores = found.scores(found.present)
    reliability = analysis.reliability(scores, found.points).alpha
    assert reliability is not None
    assert 0.6 < reliability < 0.95
    figures = analysis.item_statistics(scores, found.points)
    assert all(0.2 < each.difficulty < 0.95 for each in figures if each.difficulty is not None)
    assert sum((each.discrimination or 0) > 0.2 for each in figures) >= 8


def test_a_rehearsal_never_mixes_with_hand_ins(course: Course, tmp_path: Path) -> None:
    """It needs a released assignment and an empty `submitted/`; else one line says what to do."""
    with pytest.raises(CourseError, match="submitted/student-001/ps1 is there: rehearse before"):
        rehearse(course, "ps1", 3)
    fresh = init(tmp_path / "fresh")
    build(fresh, "ps1")
    with pytest.raises(CourseError, match="run nbgrader generate_assignment ps1"):
        rehearse(fresh, "ps1", 3)
    shutil.copytree(fresh.root / "source" / "ps1", fresh.root / "release" / "ps1")
    assert rehearse(fresh, "ps1", 3) == len(fresh.students("ps1")) == 3
