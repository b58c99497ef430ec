"""How fast whole classes are marked, told, and exported: this project's ways beside stock nbgrader and otter-grader."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))  # the hostile submissions stand beside the tests
