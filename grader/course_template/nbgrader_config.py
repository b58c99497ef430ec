"""nbgrader's configuration of this course."""

from pathlib import Path

from grader.nbgrader_config import configure

c = get_config()  # noqa: F821  nbgrader provides it
configure(c)
c.CourseDirectory.course_id = "project-or-operation"
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
