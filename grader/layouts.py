"""How Canvas and Moodle name the files of "Download submissions": who handed in, and what the learner called it.

Read in Canvas' `lib/content_zipper.rb` and Moodle's `mod/assign/classes/downloader.php`. A learner chooses the end of
these names, and what is inside a folder or an archive, so that the first name from the left that fits tells the
student, and within it the first numbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

# Moodle turns each _ of the full name into a space. It is a folder, with a _ at its end in older versions and none in
# newer ones, or with Moodle's option off the beginning of each file.
_MOODLE = r"(?P<name>[^_]*)_(?P<number>[0-9]{1,20})_assignsubmission_"
MOODLE_FOLDER = re.compile(rf"{_MOODLE}file(_.*)?", re.DOTALL)
MOODLE_FILE = re.compile(rf"{_MOODLE}file_(?P<file>.*)", re.DOTALL)
MOODLE_TEXT = re.compile(rf"{_MOODLE}onlinetext(_.*)?", re.DOTALL)
# Canvas writes names in small letters and without spaces, and changes _1_ in them.
CANVAS = re.compile(
    r"(?P<name>[^\sA-Z]*?)_(?P<late>LATE_)?(?P<number>[0-9]{1,20})_(?P<upload>[0-9]{1,20})_(?P<file>.+)", re.DOTALL
)
ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?(?P<name>anon)_(?P<number>[0-9A-Za-z]{1,20})_(?P<upload>[0-9]{1,20})_(?P<file>.+)", re.DOTALL
)

_CANVAS_ID = re.compile(r"canvas-([0-9]{1,20})|canvas-anon-[0-9A-Za-z]{1,20}")
Lms = Literal["canvas", "canvas-anon", "moodle"]


@dataclass(frozen=True)
class Sender:
    """Who handed in, as the LMS says: its number, and with Moodle the full name.

    `called` is Canvas' short name, which tells nobody apart.
    """

    lms: Lms
    number: str
    name: str = ""
    called: str = field(default="", compare=False)

    @property
    def id(self) -> str:
        """Return an id that is safe as a folder's name, where the course knows no better one."""
        return f"{self.lms}-{self.number}"


@dataclass(frozen=True)
class Place:
    """A file's place in a download: its sender, the name that the learner gave it, and what Canvas adds.

    `upload` is Canvas' number of the file, higher for what was uploaded later; 0 with Moodle, which has none.
    """

    sender: Sender
    file: str
    upload: int = 0
    late: bool = False


def canvas_number(student: str) -> str | None:
    """Return Canvas' number of a student whom the course knows by it alone, empty for a hidden one; else None."""
    found = _CANVAS_ID.fullmatch(student)
    return found and (found[1] or "")


def _canvas(name: str) -> Place | None:
    anonymous = ANONYMOUS.fullmatch(name)
    found = anonymous or CANVAS.fullmatch(name)
    if found is None:
        return None
    sender = Sender("canvas-anon" if anonymous else "canvas", found["number"], called=found["name"])
    return Place(sender, found["file"], int(found["upload"]), bool(found["late"]))


def _moodle(found: re.Match[str]) -> Sender:
    return Sender("moodle", found["number"], unicodedata.normalize("NFC", found["name"]))  # some tools unpack to NFD


def place(parts: Sequence[str]) -> Place | None:
    """Return the place of a file from its path in the download; None for a file of another layout."""
    *folders, name = parts
    for folder in folders:
        if found := MOODLE_FOLDER.fullmatch(folder):
            return Place(_moodle(found), name)
    if found := MOODLE_FILE.fullmatch(name):
        return Place(_moodle(found), found["file"])
    return _canvas(name)


def is_hand_in(name: str) -> bool:
    """Return whether a file or folder has a name that an LMS gives to what one learner handed in."""
    return bool(MOODLE_FOLDER.fullmatch(name)) or _canvas(name) is not None


def is_online_text(parts: Sequence[str]) -> bool:
    """Return whether a path in a download is a text that a learner typed into Moodle, which is no file of theirs."""
    return any(map(MOODLE_TEXT.fullmatch, parts))


def named_like(file: str, assignment: str) -> bool:
    """Return whether a file that cannot be read has the assignment's name, numbered by an LMS or a browser or not."""
    rest = file.casefold().removeprefix(assignment.casefold())
    return rest != file.casefold() and bool(
        re.fullmatch(r"(\.answers)?([-_ ]\(?\d{1,4}\)?|\(\d{1,4}\))?(\.\w+)*", rest)
    )
