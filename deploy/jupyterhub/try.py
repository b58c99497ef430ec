"""Try the deployment on this machine: real accounts, a real hub on loopback, a browser; nothing is left behind.

Run as root on Linux with Debian's tools, from a checkout that has run `make test` once:

    .venv/bin/python deploy/jupyterhub/try.py [FOLDER]

FOLDER (a new one under /tmp by default) takes the programs, the data, the pictures and the logs. With POP_ONLY_FILES=1
the programs that an earlier trial put there are used as they are. Accounts that begin with `hubtry-` are made and
removed again.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright
from trial.graders import teacher_collects, teacher_leaves, teacher_looks, teacher_marks, teacher_types
from trial.hub import https, hub, log_in, start_browser
from trial.learners import learner_reads, learner_uses_https, learner_works, others_hand_in
from trial.machine import accounts, back_up, gradebook_server, install, make_course
from trial.place import ADA, COURSE, MAL, TEA, Place, TrialError, check


def run(place: Place) -> None:
    """Make, drive and remove the whole deployment."""
    with ExitStack() as stack:
        stack.enter_context(accounts(place))
        gradebook = stack.enter_context(gradebook_server(place))
        install(place, gradebook)
        make_course(place)
        stack.enter_context(hub(place))
        browser = start_browser(stack.enter_context(sync_playwright()))
        ada = log_in(browser, ADA)
        learner_works(ada, place)
        others_hand_in(place)
        mal = log_in(browser, MAL, path=f"/services/{COURSE}/formgrader/")
        mal.wait_for_load_state()
        check("403" in mal.content(), "a learner is refused at the formgrader", mal.url)
        tea = log_in(browser, TEA, path=f"/services/{COURSE}/formgrader/")
        teacher_collects(tea, place)
        teacher_marks(tea, place)
        teacher_looks(tea, place)
        teacher_types(tea, place)
        learner_reads(ada, place)
        back_up(place)
        with https(place) as address:
            if address:
                learner_uses_https(browser, address)
        teacher_leaves(tea)
        browser.close()


def main() -> int:
    """Run the trial; returns 0 where everything holds."""
    if os.geteuid() != 0:
        print("run this as root: it makes accounts and removes them again", file=sys.stderr)
        return 2
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="hubtry-")).resolve()
    folder.mkdir(exist_ok=True, parents=True)
    folder.chmod(0o755)
    print(f"--    in {folder}")
    try:
        run(Place(folder))
    except (TrialError, PlaywrightError, AssertionError) as error:
        print(f"FAIL  {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
