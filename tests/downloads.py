"""Downloads of an LMS: notebooks and records as learners hand them in, zip files, and a list of students."""

from __future__ import annotations

import shutil
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.demo import Maker, keyed

STUDENTS = """\
id,first_name,last_name,email,lms_user_id,moodle_ids
anna,Ánna,Ødegård,anna@example.org,101,
bo,Bo,Li,bo@example.org,102,7002 7102
chen,晨,陈,,103,
dee,Dee,Dupe,,104,
dee2,Dee,Dupe,,105,
"""


def record(maker: Maker, answered: int, saved: str = "2026-01-01T12:00:00Z") -> dict[str, Any]:
    """Return the record of so many right answers, last changed at that time."""
    return {**maker.record(maker.responses(keyed, answered)), "saved_at": saved}


def notebook(maker: Maker, receipt: Any = None) -> bytes:
    """Return a notebook that a learner saved, without answers where there is no receipt."""
    folder = maker.submit("made", receipt=receipt)
    content = (folder / f"{maker.form.assignment}.ipynb").read_bytes()
    shutil.rmtree(folder.parent)
    return content


def pack(path: Path, members: Mapping[str, bytes | str]) -> Path:
    """Write a real zip file, as an LMS does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def patch(path: Path, name: str, **fields: int) -> None:
    """Change a member's headers, both the one before it and the one in the directory at the archive's end."""
    content = bytearray(path.read_bytes())
    local, central = content.index(name.encode()) - 30, content.rindex(name.encode()) - 46
    for field, value in fields.items():
        form, in_local, in_central = {"flags": ("<H", 6, 8), "size": ("<I", 22, 24)}[field]
        struct.pack_into(form, content, local + in_local, value)
        struct.pack_into(form, content, central + in_central, value)
    path.write_bytes(content)
