"""nbgrader's configuration of the course on a hub: it takes the place of the course's own nbgrader_config.py."""

import os
import sys
from pathlib import Path

from careful_exchange import CarefulCollect, CarefulReleaseFeedback

from grader.nbgrader_config import configure

SITE_FILE = Path(os.environ.get("POP_SITE") or Path(sys.prefix).parent / "site.env")
LINES = [line.strip() for line in SITE_FILE.read_text(encoding="utf-8").splitlines()]
SITE = dict(line.split("=", 1) for line in LINES if line and not line.startswith("#"))

c = get_config()  # noqa: F821  nbgrader provides it
configure(c)
c.CourseDirectory.course_id = SITE["POP_COURSE"]
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
if SITE["POP_GRADEBOOK"]:
    c.CourseDirectory.db_url = SITE["POP_GRADEBOOK"]
c.ExchangeFactory.collect = CarefulCollect
c.ExchangeFactory.release_feedback = CarefulReleaseFeedback
