"""nbgrader for everybody on this machine: where the exchange is, and for which course."""

import os
import sys
from pathlib import Path

from careful_submit import CarefulSubmit

SITE_FILE = Path(os.environ.get("POP_SITE") or Path(sys.prefix).parent / "site.env")
LINES = [line.strip() for line in SITE_FILE.read_text(encoding="utf-8").splitlines()]
SITE = dict(line.split("=", 1) for line in LINES if line and not line.startswith("#"))

c = get_config()  # noqa: F821  nbgrader provides it
c.CourseDirectory.course_id = SITE["POP_COURSE"]
c.Exchange.root = f"{SITE['POP_STATE']}/exchange"
c.ExchangeFactory.submit = CarefulSubmit
