"""Zips that are the same for the same files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold
UNIX = 3  # the same on every system that writes it


def archived(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of files by name, in the order given."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, FIXED_DATE)
            entry.compress_type, entry.external_attr, entry.create_system = method, 0o644 << 16, UNIX
            archive.writestr(entry, content, compresslevel=9)
    return made.getvalue()
