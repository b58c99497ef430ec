"""Try the deployment on this machine: real accounts, a real hub on loopback, a browser; nothing is left behind.

Run as root on Linux with Debian's tools, from a checkout that has run `make test` once:

    .venv/bin/python deploy/jupyterhub/try.py [FOLDER]

FOLDER (a new one under /tmp by default) takes the programs, the data, the pictures and the logs. With POP_ONLY_FILES=1
the programs that an earlier trial put there are used as they are. Accounts that begin with `hubtry-` are made and
removed again.
"""

from __future__ import annotations

import json
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from clicking import answer, item_id  # noqa: E402  the tests' own helpers
from ensure_browser import installed  # noqa: E402

from quizzes.loading import load_bank  # noqa: E402

COURSE, COURSE_USER = "project-or-operation", "hubtry-course"
ADA, BEN, MAL, TEA = "hubtry-ada", "hubtry-ben", "hubtry-mal", "hubtry-tea"
LEARNERS, GRADERS = "hubtry-learners", "hubtry-graders"
PORTS = {"POP_PORT": 18000, "POP_PROXY_API_PORT": 18001, "POP_HUB_PORT": 18081, "POP_FORMGRADER_PORT": 18999}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
HUB = f"http://localhost:{PORTS['POP_PORT']}"
PASSWORD = secrets.token_urlsafe(12)


class TrialError(Exception):
    """The deployment does not do what the guide says."""


@dataclass(frozen=True)
class Place:
    """The folders of this trial."""

    folder: Path

    @property
    def software(self) -> Path:
        """Where the programs are."""
        return self.folder / "software"

    @property
    def state(self) -> Path:
        """Where the data is."""
        return self.folder / "state"

    @property
    def course(self) -> Path:
        """Where the course is."""
        return self.state / "teacher/course"

    @property
    def inbound(self) -> Path:
        """Where hand-ins arrive."""
        return self.state / f"exchange/{COURSE}/inbound"


def check(holds: object, claim: str, detail: str = "") -> None:
    """Print the claim; raises TrialError where it does not hold."""
    print(f"{'ok  ' if holds else 'FAIL'}  {claim}", flush=True)
    if not holds:
        raise TrialError(f"{claim}: {detail}")


def sh(*command: str | Path, user: str | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command, as another account where one is named, without the environment of this program."""
    line = list(map(str, command))
    environment = {**os.environ, "PYTHON": os.environ.get("PYTHON", "/usr/bin/python3")}
    if user:
        line = ["runuser", "-u", user, "--", *line]
        home = pwd.getpwnam(user).pw_dir
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8", "HOME": home}
    options: dict[str, Any] = {"cwd": cwd or "/", "env": environment}
    return subprocess.run(line, check=False, text=True, capture_output=True, **options)  # noqa: S603  our own


def must(*command: str | Path, user: str | None = None, cwd: Path | None = None) -> str:
    """Run a command that has to succeed and return what it printed, on either channel."""
    done = sh(*command, user=user, cwd=cwd)
    if done.returncode:
        raise TrialError(f"{' '.join(map(str, command))}: {done.stdout[-1500:]}{done.stderr[-3000:]}")
    return done.stdout + done.stderr


@contextmanager
def accounts(place: Place) -> Iterator[None]:
    """Make the accounts as the guide says, and remove them again."""
    homes = place.folder / "homes"
    homes.mkdir(exist_ok=True)
    add = ("useradd", "--create-home", "--base-dir", homes, "--key", "HOME_MODE=0700", "--shell", "/bin/bash")
    try:
        for group in (LEARNERS, GRADERS):
            must("groupadd", group)
        must("useradd", "--system", "--home-dir", place.state / "teacher", "--shell", "/usr/sbin/nologin", COURSE_USER)
        for name, group in ((ADA, LEARNERS), (BEN, LEARNERS), (MAL, LEARNERS), (TEA, GRADERS)):
            must(*add, "--groups", group, name)
        words = "".join(f"{name}:{PASSWORD}\n" for name in (ADA, BEN, MAL, TEA))
        subprocess.run(["chpasswd"], input=words, text=True, check=True)  # noqa: S607  Debian's own
        yield
    finally:
        for name in (ADA, BEN, MAL, TEA):
            sh("userdel", "--remove", name)
        sh("userdel", COURSE_USER)
        for group in (LEARNERS, GRADERS, COURSE_USER):
            sh("groupdel", group)


@contextmanager
def gradebook_server(place: Place) -> Iterator[str]:
    """Start a PostgreSQL of this trial's own that listens on a socket only; yields the gradebook's address or ''."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        print("--    no PostgreSQL on this machine: the gradebook is SQLite")
        yield ""
        return
    data, socket = place.folder / "pg-data", place.folder / "pg"
    for folder in (data, socket):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.chown(folder, "postgres", "postgres")
    must(programs[-1] / "initdb", "-D", data, "-A", "peer", user="postgres")
    options = f"-c listen_addresses='' -c unix_socket_directories='{socket}'"
    must(programs[-1] / "pg_ctl", "-D", data, "-w", "-o", options, "-l", data / "log", "start", user="postgres")
    try:
        must("createuser", "-h", socket, COURSE_USER, user="postgres")
        must("createdb", "-h", socket, "--owner", COURSE_USER, COURSE_USER, user="postgres")
        must("psql", "-h", socket, "-c", f'REVOKE CONNECT ON DATABASE "{COURSE_USER}" FROM PUBLIC', user="postgres")
        yield f"postgresql+psycopg:///{COURSE_USER}?host={socket}"
    finally:
        must(programs[-1] / "pg_ctl", "-D", data, "-m", "fast", "stop", user="postgres")


def install(place: Place, gradebook: str) -> None:
    """Write the site's names and run the installation."""
    values = {
        "POP_SOFTWARE": place.software,
        "POP_STATE": place.state,
        "POP_COURSE": COURSE,
        "POP_COURSE_USER": COURSE_USER,
        "POP_LEARNERS": LEARNERS,
        "POP_GRADERS": GRADERS,
        **PORTS,
        "POP_GRADEBOOK": gradebook,
    }
    site = place.folder / "site.env"
    site.write_text("".join(f"{name}={value}\n" for name, value in values.items()), encoding="utf-8")
    shutil.rmtree(place.state, ignore_errors=True)
    started = time.monotonic()
    must("sh", HERE / "install.sh", site)
    print(f"--    installed in {time.monotonic() - started:.0f} s")


def make_course(place: Place) -> None:
    """Make the course and release ps1, with the guide's commands."""
    lines = (
        "set -e",
        f"cd {place.state}/teacher",
        f"PATH={place.software}/grader/bin:$PATH",
        "python -m grader init course",
        "cd course",
        f"cp {place.software}/course_nbgrader_config.py nbgrader_config.py",
        "python -m grader build ps1",
        "nbgrader generate_assignment ps1",
        "nbgrader release_assignment ps1",
    )
    must("su", "--login", "--shell", "/bin/sh", COURSE_USER, "-c", "\n".join(lines))
    modes = {path.name: oct(path.stat().st_mode & 0o7777) for path in (place.inbound, place.inbound.parent)}
    check(modes == {"inbound": "0o3733", COURSE: "0o755"}, "nbgrader keeps the exchange's permissions", str(modes))


@contextmanager
def hub(place: Place) -> Iterator[None]:
    """Start the hub on loopback and end it, with all servers that it started."""
    environment = {
        "PATH": f"{place.software}/hub/bin:/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
    }
    command = [place.software / "hub/bin/jupyterhub", "-f", place.software / "jupyterhub_config.py"]
    formgrader = ["/usr/sbin/runuser", "-u", COURSE_USER, "--", place.software / "formgrader.sh"]
    with background(command, place.folder / "hub.log", cwd=place.state / "hub", env=environment) as itself:
        _wait_for(f"{HUB}/hub/health", itself)
        with background(formgrader, place.folder / "formgrader.log", cwd="/", env=environment) as service:
            _wait_for(f"{HUB}/services/{COURSE}/api", service)
            yield


@contextmanager
def background(command: list[str | Path], log: Path, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program with a log until the end, and end it with all that it started."""
    with log.open("wb") as stream:
        process = subprocess.Popen(  # noqa: S603  our own
            command, stdout=stream, stderr=stream, start_new_session=True, **options
        )
        try:
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=60)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise TrialError(f"{address}: the program ended early, see the logs")
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310  our own address
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TrialError(f"{address}: no answer")


def log_in(browser: Browser, name: str, address: str = HUB, path: str = "/hub/spawn") -> Page:
    """Log in with the account's password and go to a page."""
    page = browser.new_context(viewport={"width": 1280, "height": 1000}, ignore_https_errors=True).new_page()
    page.goto(f"{address}{path}", timeout=60_000)
    page.locator("#username_input").fill(name)
    page.locator("#password_input").fill(PASSWORD)
    page.locator("#login_submit").click()
    return page


def open_lab(page: Page) -> None:
    """Wait for a user's own JupyterLab."""
    page.wait_for_url(re.compile(r"/user/[^/]+/lab"), timeout=120_000)
    expect(page.locator("#jp-main-dock-panel")).to_be_visible(timeout=120_000)


def assignments(page: Page) -> Locator:
    """Open nbgrader's list of assignments from the menu and return it."""
    page.locator(".lm-MenuBar-item", has_text="Nbgrader").click()
    page.locator(".lm-Menu-item", has_text="Assignment List").click()
    panel = page.locator("#nbgrader-assignment-list")
    expect(panel).to_be_visible()
    return panel


def answer_by_click(page: Page, number: int) -> None:
    """Open ps1, run it, and answer the first items rightly."""
    page.goto(f"{HUB}/user/{ADA}/lab/tree/ps1/ps1.ipynb")
    expect(page.locator(".jp-Notebook")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Python 3 (ipykernel) | Idle")).to_be_visible(timeout=90_000)
    page.locator(".lm-MenuBar-item", has_text="Run").click()
    page.locator(".lm-Menu-item", has_text=re.compile("^Run All Cells$")).click()
    items, bank = page.locator(".jp-Notebook .quiz-item"), load_bank()
    expect(items).to_have_count(10, timeout=60_000)
    for item in [items.nth(place) for place in range(number)]:
        for part in bank.items[item_id(item)].parts():
            answer(item, part)
    expect(page.locator(".quiz-saved")).to_have_text(re.compile(rf"^{number} of 10 answered, saved at"))
    page.locator(".lm-MenuBar-item", has_text="File").click()
    page.locator(".lm-Menu-item", has_text=re.compile("^Save Notebook")).first.click()
    expect(page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)


def learner_works(page: Page, place: Place) -> None:
    """Fetch, answer and hand in ps1, with nothing but the mouse."""
    open_lab(page)
    panel = assignments(page)
    page.screenshot(path=place.folder / "1-assignment-list.png")
    panel.get_by_role("button", name="Fetch", exact=True).click()
    expect(panel.get_by_role("button", name="Submit", exact=True)).to_be_visible()
    answer_by_click(page, 6)
    page.screenshot(path=place.folder / "2-sheet.png")
    panel = assignments(page)
    panel.get_by_role("button", name="Submit", exact=True).click()
    expect(panel.get_by_role("button", name="Fetch Feedback", exact=True).first).to_be_visible()
    page.screenshot(path=place.folder / "3-submitted.png")
    (handed_in,) = place.inbound.glob(f"{ADA}+ps1+*")
    files = sorted(path.name for path in handed_in.iterdir())
    check({"ps1.ipynb", "ps1.answers.json", "submission_secret.txt"} <= set(files), "Ada handed in", str(files))
    status = page.request.get(f"{HUB}/user/{ADA}/formgrader").status
    check(status == 404, "a learner's server has no formgrader", str(status))
    menu = page.locator(".lm-MenuBar-item", has_text="Nbgrader")
    menu.click()
    shown = page.locator(".lm-Menu-item").all_inner_texts()
    check(not any("Formgrader" in text for text in shown), "a learner's menu has no formgrader", str(shown))


def others_hand_in(place: Place) -> None:
    """Ben hands in from a terminal; Mal tries what must not work."""
    nbgrader = place.software / "learner/bin/nbgrader"
    for user in (BEN, MAL):
        home = place.folder / "homes" / user
        must(nbgrader, "fetch_assignment", "ps1", user=user, cwd=home)
        must(nbgrader, "submit", "ps1", user=user, cwd=home)
    (handed_in,) = place.inbound.glob(f"{ADA}+ps1+*")
    python = place.software / "learner/bin/python"
    tries = {
        "see who handed in": ("ls", place.inbound),
        "read the course": ("ls", place.course),
        "read the gradebook file": ("cat", place.course / "gradebook.db"),
        "read another's home": ("ls", place.folder / "homes" / ADA),
        "read another's hand-in, its name known": ("cat", handed_in / "ps1.ipynb"),
        "delete another's hand-in, its name known": ("rm", "-rf", handed_in),
        "rename another's hand-in, its name known": ("mv", handed_in, place.inbound / "gone"),
        "write into the course's part of the exchange": ("touch", place.inbound.parent / "outbound/x"),
        "import the grader": (python, "-c", "import grader"),
        "read the hub's secrets": ("ls", place.state / "hub"),
    }
    if (place.folder / "pg").exists():
        tries["connect to the gradebook's server"] = ("psql", "-h", place.folder / "pg", COURSE_USER, "-c", "select 1")
    for claim, command in tries.items():
        done = sh(*command, user=MAL)
        check(done.returncode != 0, f"a learner cannot {claim}", done.stdout + done.stderr)
    check((handed_in / "ps1.ipynb").exists(), "Ada's hand-in is still whole")
    mine = place.folder / "homes" / MAL / "ps1"
    later = "2099-01-01 00:00:00.000000 UTC"
    must("cp", "-r", mine, place.inbound / f"{ADA}+ps1+{later}+AAAAAAAAAAAA", user=MAL)
    must("cp", "-r", mine, place.inbound / f"{MAL}+ps1+soon+AAAAAAAAAAAA", user=MAL)
    must("ln", "-s", "/etc", place.inbound / f"{MAL}+ps1+{later}+AAAAAAAAAAAA", user=MAL)


def press(page: Page, button: str) -> str:
    """Press a button of the formgrader's list and return the log that it shows."""
    page.locator(f"td.{button} a").first.click()
    dialog = page.locator(".modal.in, .modal.show")
    expect(dialog).to_contain_text("Log Output", timeout=120_000)
    page.wait_for_timeout(500)
    text = str(dialog.inner_text())
    dialog.get_by_role("button", name="OK").click()
    expect(dialog).to_have_count(0)
    return text


def teacher_collects(page: Page, place: Place) -> None:
    """Collect in the formgrader."""
    expect(page.get_by_role("link", name="ps1").first).to_be_visible(timeout=90_000)
    page.screenshot(path=place.folder / "4-formgrader.png")
    said = press(page, "collect")
    collected = sorted(path.name for path in (place.course / "submitted").iterdir())
    check(collected == [ADA, BEN, MAL], "all three are collected, and nothing that was forged", f"{collected} {said}")
    check(said.count("Not collected") == 3, "the formgrader shows what was refused", said)
    own = json.loads((place.course / "submitted" / ADA / "ps1/ps1.answers.json").read_text(encoding="utf-8"))
    check(len(own["responses"]) == 6, "Ada's collected answers are her own")


def teacher_marks(page: Page, place: Place) -> None:
    """Mark one in the formgrader and all by command, also who handed in by e-mail; generate and release feedback."""
    page.goto(f"{HUB}/services/{COURSE}/formgrader/manage_submissions/ps1")
    expect(page.locator("td.autograde a")).to_have_count(3, timeout=60_000)
    said = press(page, "autograde")
    check("Successfully autograded" in said, "the formgrader marks a submission", said)
    nbgrader, python = place.software / "grader/bin/nbgrader", place.software / "grader/bin/python"
    by_mail = place.course / "submitted/dora/ps1"
    must("mkdir", "-p", by_mail, user=COURSE_USER)
    must("cp", place.course / "release/ps1/ps1.ipynb", by_mail, user=COURSE_USER)
    must(nbgrader, "autograde", "ps1", user=COURSE_USER, cwd=place.course)
    print(must(python, "-m", "grader", "marks", "ps1", user=COURSE_USER, cwd=place.course))
    page.goto(f"{HUB}/services/{COURSE}/formgrader/")
    expect(page.locator("td.generate-feedback a")).to_be_visible(timeout=60_000)
    said = press(page, "generate-feedback")
    check("Successfully generated feedback" in said, "the formgrader writes feedback", said)
    said = press(page, "release-feedback")
    check("No feedback released for dora" in said, "feedback is released for all but who handed in by mail", said)
    must(nbgrader, "release_feedback", "ps1", user=COURSE_USER, cwd=place.course)
    feedback = place.inbound.parent / "feedback"
    check(len(list(feedback.glob("*.html"))) == 3, "three feedback pages are in the exchange")
    check(sh("ls", feedback, user=MAL).returncode != 0, "a learner cannot list the feedback pages")


def teacher_looks(page: Page, place: Place) -> None:
    """See the marks in the formgrader."""
    page.goto(f"{HUB}/services/{COURSE}/formgrader/gradebook/ps1/ps1")
    expect(page.locator("table")).to_be_visible(timeout=60_000)
    page.wait_for_timeout(1000)
    page.screenshot(path=place.folder / "6-marks.png")
    check("24" in page.locator("table").inner_text(), "the formgrader shows Ada's 24 of 40 points")
    page.locator("tbody a").first.click()
    page.wait_for_load_state()
    page.wait_for_timeout(1500)
    page.screenshot(path=place.folder / "7-submission.png")


def teacher_types(page: Page, place: Place) -> None:
    """Run a command of the course in a terminal of the graders' JupyterLab."""
    page.goto(f"{HUB}/services/{COURSE}/lab")
    page.locator(".jp-LauncherCard", has_text="Terminal").click(timeout=90_000)
    terminal = page.locator(".jp-Terminal .xterm-helper-textarea")
    terminal.wait_for(state="attached", timeout=30_000)
    page.wait_for_timeout(3000)
    terminal.focus()
    page.keyboard.type("python -m grader marks ps1 > shown.txt; id -un >> shown.txt\n")
    page.wait_for_timeout(8000)
    page.screenshot(path=place.folder / "9-terminal.png")
    text = (place.course / "shown.txt").read_text(encoding="utf-8")
    check("24 / 40" in text and COURSE_USER in text, "graders run the course's commands in a terminal", text)


def learner_reads(page: Page, place: Place) -> None:
    """Fetch the feedback from the list of assignments."""
    page.goto(f"{HUB}/user/{ADA}/lab")
    open_lab(page)
    panel = assignments(page)
    panel.get_by_role("button", name="Fetch Feedback", exact=True).first.click()
    page.wait_for_timeout(4000)
    panel.get_by_text("(view feedback)").click()
    page.wait_for_timeout(4000)
    page.locator(".jp-DirListing-item", has_text="ps1.html").dblclick()
    page.wait_for_timeout(4000)
    page.screenshot(path=place.folder / "8-feedback.png")
    pages = list((place.folder / "homes" / ADA / "ps1/feedback").glob("*/ps1.html"))
    check(len(pages) == 1 and "24" in pages[0].read_text(encoding="utf-8"), "Ada has her feedback", str(pages))


@contextmanager
def https(place: Place) -> Iterator[str]:
    """Put Caddy in front, with a certificate of its own making; yields the address, or '' where there is no Caddy."""
    program = shutil.which("caddy")
    if not program:
        print("--    no Caddy on this machine: HTTPS is not tried")
        yield ""
        return
    address = f"https://localhost:{PORTS['POP_PORT'] + 443}"
    site = (HERE / "Caddyfile").read_text(encoding="utf-8").replace("hub.example.org", address)
    site = site.replace(":8000", f":{PORTS['POP_PORT']}").replace("{\n", "{\n\tbind 127.0.0.1\n", 1)
    file = place.folder / "Caddyfile"
    file.write_text("{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n" + site)
    environment = {**os.environ, "HOME": str(place.folder), "XDG_DATA_HOME": str(place.folder / "caddy")}
    command: list[str | Path] = [program, "run", "--config", file, "--adapter", "caddyfile"]
    with background(command, place.folder / "caddy.log", cwd="/", env=environment):
        yield address


def learner_uses_https(browser: Browser, address: str) -> None:
    """Log in through HTTPS and run a kernel, which needs a WebSocket."""
    page = log_in(browser, BEN, address=address, path="/hub/user-redirect/lab/tree/ps1/ps1.ipynb")
    expect(page.get_by_role("button", name="Python 3 (ipykernel) | Idle")).to_be_visible(timeout=120_000)
    check(page.url.startswith(address), "through HTTPS a learner logs in and a kernel runs", page.url)
    cookies = [each for each in page.context.cookies() if each["name"].startswith("jupyterhub")]
    check(cookies and all(each["secure"] for each in cookies), "the hub's cookies are sent by HTTPS only", str(cookies))


def back_up(place: Place) -> None:
    """Save course and gradebook with the guide's commands, and read them back."""
    socket, copy = place.folder / "pg", place.folder / "backup"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(mode=0o700)
    saved_state, restored = copy / "state.tar.gz", copy / "state"
    restored.mkdir()
    must("tar", "--create", "--gzip", "--file", saved_state, "--directory", place.state, ".")
    must("tar", "--extract", "--preserve-permissions", "--same-owner", "--file", saved_state, "--directory", restored)
    marks = [(path.stat().st_mode, path.stat().st_uid) for path in (place.inbound, place.course)]
    inbound, course = (restored / path.relative_to(place.state) for path in (place.inbound, place.course))
    again = [(path.stat().st_mode, path.stat().st_uid) for path in (inbound, course)]
    check(marks == again, "saved folders come back with owners and permissions", str(again))
    if socket.exists():
        saved = must("runuser", "-u", COURSE_USER, "--", "pg_dump", "--host", socket, COURSE_USER)
        (copy / "gradebook.sql").write_text(saved, encoding="utf-8")
        must("createdb", "-h", socket, "--owner", COURSE_USER, "restored", user="postgres")
        subprocess.run(  # noqa: S603  our own
            ["/usr/sbin/runuser", "-u", COURSE_USER, "--", "psql", "--quiet", "--host", str(socket), "restored"],
            input=saved,
            text=True,
            check=True,
            capture_output=True,
            cwd="/",
        )
        count = ("-At", "-c", "select count(*) from submitted_assignment")
        names = [must("psql", "-h", socket, name, *count, user=COURSE_USER) for name in (COURSE_USER, "restored")]
        check(names[0] == names[1] == "4\n", "a saved gradebook has all submissions when read back", str(names))


def teacher_leaves(page: Page) -> None:
    """Take the Unix group away: within minutes an open page is of no use any more."""
    must("gpasswd", "-d", TEA, GRADERS)
    started = time.monotonic()
    while time.monotonic() - started < 480:
        answer_ = page.request.get(f"{HUB}/services/{COURSE}/formgrader/api/assignments", max_redirects=0)
        if answer_.status != 200:
            break
        time.sleep(10)
    waited = time.monotonic() - started
    check(answer_.status != 200, f"a grader whose group is taken away is out after {waited:.0f} s", str(answer_.status))


def run(place: Place) -> None:
    """Make, drive and remove the whole deployment."""
    with ExitStack() as stack:
        stack.enter_context(accounts(place))
        gradebook = stack.enter_context(gradebook_server(place))
        install(place, gradebook)
        make_course(place)
        stack.enter_context(hub(place))
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=installed(), args=FLAGS)
        expect.set_options(timeout=30_000)
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
