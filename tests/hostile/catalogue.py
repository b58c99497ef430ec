"""All attacks, in the order in which they are handed in and listed."""

from __future__ import annotations

from hostile.broken_files import FILES
from hostile.forged_notebooks import FORGES
from hostile.forged_records import RECORDS
from hostile.running_code import RUNS_CODE
from hostile.scripts_on_pages import SCRIPTS

ATTACKS = (*RUNS_CODE, *FORGES, *RECORDS, *FILES, *SCRIPTS)
