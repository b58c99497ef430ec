"""Unpack what an LMS lets one download, for `nbgrader zip_collect`.

Only zip files are opened. Each member is judged before it is written, counted while it is, and refused with one line;
whatever the others do, the rest is unpacked. What an archive's headers say of sizes is not believed.
"""

from __future__ import annotations

import os
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from nbgrader.plugins import ExtractorPlugin
from traitlets import Int

from grader.intake import NOTEBOOK_LIMIT, IntakeError, read_regular, shown
from grader.layouts import is_hand_in
from quizzes.answers import AnswerRecord
from quizzes.records import RecordError, parse_json

NAME_LIMIT = 255  # bytes, as file systems have it
CHUNK = 65_536  # bytes
RATIO_LIMIT = 200  # times; notebooks are packed 3 to 50 times, and deflate cannot do more than 1,032
RATIO_FREE = 1_000_000  # bytes that may unpack from next to nothing
ARCHIVES = frozenset((".7z", ".bz2", ".gz", ".rar", ".tar", ".tbz", ".tgz", ".txz", ".xz", ".zip", ".zst"))
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others give no bound on what one read unpacks
ENCRYPTED = 0x1 | 0x40 | 0x2000  # the member, strongly, its very entry
JOINERS = "\u200c\u200d"  # Persian and Indic names need them
# What zipfile raises for an archive that is broken by accident or on purpose.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


class RefusedError(Exception):
    """A file or a member is left out; the message says why and what to ask for."""


def name_shown(name: str) -> str:
    """Return a path within an archive with nothing in it that could act on a terminal."""
    return "/".join(map(shown, name.split("/")))[:160]


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") and letter not in JOINERS


def check_name(name: str) -> None:
    """Raise RefusedError for a name that could lead out of its folder, on any system, or act on a terminal."""
    parts = name.removesuffix("/").split("/")
    if any(map(_is_control, name)):
        raise RefusedError("its name has a control character")
    if "\\" in name:
        raise RefusedError("its name has a backslash")
    if name.startswith("/"):
        raise RefusedError("its name is an absolute path")
    if ":" in name:  # also the second stream of a file, on Windows
        raise RefusedError("its name has a drive letter or a colon")
    if {"", ".", ".."} & set(parts):
        raise RefusedError("its name leads to another folder")
    if max(len(os.fsencode(part)) for part in parts) > NAME_LIMIT:
        raise RefusedError(f"its name is longer than {NAME_LIMIT} bytes")


def check_member(info: zipfile.ZipInfo) -> None:
    """Raise RefusedError for a member that is not to be written."""
    check_name(info.orig_filename)  # `filename` is cut at a null and has its backslashes turned on Windows
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise RefusedError("it is a link or no regular file: ask for the file itself")
    if info.flag_bits & ENCRYPTED:
        raise RefusedError("it is encrypted: ask for the file without a password")
    if Path(info.filename).suffix.lower() in ARCHIVES:
        raise RefusedError("it is an archive in the archive and is not opened: ask for the notebook itself")
    if info.compress_type not in METHODS:
        raise RefusedError("it is packed by an unusual method: ask for the file itself")


@dataclass
class Budget:
    """How many bytes an archive may still unpack to, those of refused members among them."""

    left: int


def _check_size(written: int, packed: int, limit: int, budget: Budget) -> None:
    if written > limit:
        raise RefusedError(f"it unpacks to more than {limit:,} bytes: ask for a clean copy")
    if written > max(RATIO_FREE, RATIO_LIMIT * packed):
        raise RefusedError(f"it unpacks to more than {RATIO_LIMIT} times its size: ask for a clean copy")
    if budget.left < 0:
        raise RefusedError("the archive unpacks to too much: see the next line")


def _write(source: IO[bytes], target: Path, packed: int, limit: int, budget: Budget) -> None:
    """Write a member, counting as it unpacks; nothing is left of one that is refused."""
    written = 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        try:
            while chunk := source.read(CHUNK):
                written += len(chunk)
                budget.left -= len(chunk)
                _check_size(written, packed, limit, budget)
                file.write(chunk)
        except BaseException:
            target.unlink()
            raise


def _open(path: Path) -> zipfile.ZipFile:
    """Open an archive; names without the mark of UTF-8 are in it all the same, as Canvas writes them, or in cp437."""
    try:
        return zipfile.ZipFile(path, metadata_encoding="utf-8")
    except UnicodeDecodeError:
        return zipfile.ZipFile(path)


def _suffix(content: bytes) -> str | None:
    """Return the suffix that belongs to a notebook or an answers file; None for anything else."""
    try:
        data = parse_json(content)
    except RecordError:
        return None
    if not isinstance(data, Mapping):
        return None
    if isinstance(data.get("cells"), list):
        return ".ipynb"
    return ".json" if data.get("format") == AnswerRecord.model_fields["format"].default else None


def mend_suffix(path: Path) -> None:
    """Give a notebook its suffix where a browser or a learner took it: nbgrader copies a file with the one it has."""
    if path.suffix == ".ipynb" or path.stat().st_size > NOTEBOOK_LIMIT:
        return
    suffix = _suffix(path.read_bytes())
    target = path.with_name(f"{path.name}{suffix}")
    if suffix and suffix != path.suffix and len(os.fsencode(target.name)) <= NAME_LIMIT and not target.exists():
        path.rename(target)


def _key(info: zipfile.ZipInfo) -> str:
    return unicodedata.normalize("NFC", info.filename)


def _check_alone(info: zipfile.ZipInfo, names: Mapping[str, int]) -> None:
    if names[_key(info)] > 1:
        raise RefusedError("several members have this name: ask which one is meant")


def _reason(error: Exception) -> str:
    """Return why in one line; what the system or zipfile says may repeat names, so that its kind has to do."""
    known = isinstance(error, RefusedError | IntakeError)
    return str(error) if known else f"it cannot be unpacked ({type(error).__name__}): ask for a clean copy"


class Extractor(ExtractorPlugin):
    """Unpacks the zip files of `downloaded/<assignment>/archive/` and copies the other files there."""

    member_limit = Int(NOTEBOOK_LIMIT, help="The most bytes that one file may have.").tag(config=True)
    total_limit = Int(1_000_000_000, help="The most bytes that one archive may unpack to.").tag(config=True)
    members_limit = Int(5_000, help="The most members that an archive may have.").tag(config=True)
    refused = 0

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack and copy; each file or member that is refused is one line in the log."""
        source = Path(archive_path)
        for path in self._regular(source):
            where = path.relative_to(source)
            try:
                check_name(where.as_posix())
                if path.suffix.lower() == ".zip":
                    self._unpack(path, where, Path(extracted_path) / where.with_suffix(""))
                else:
                    self._copy(path, Path(extracted_path) / where)
            except (RefusedError, IntakeError, OSError) as error:
                self._refuse(where.as_posix(), error)

    def _refuse(self, name: str, why: Exception) -> None:
        self.refused += 1
        self.log.warning("%s: refused: %s", name_shown(name), _reason(why))

    def _regular(self, folder: Path) -> Iterator[Path]:
        """Yield the regular files under a folder, in order; links are not followed and nothing else is opened."""
        for path in sorted(folder.iterdir()):
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode):
                yield from self._regular(path)
            elif stat.S_ISREG(mode):
                yield path
            else:
                self._refuse(path.name, RefusedError("it is a link or no regular file: put the file itself there"))

    def _copy(self, path: Path, target: Path) -> None:
        if path.suffix.lower() in ARCHIVES:
            raise RefusedError("of archives only zip is opened: put the notebooks themselves there")
        content = read_regular(path, self.member_limit) or b""
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(content)
        mend_suffix(target)

    def _unpack(self, path: Path, where: Path, target: Path) -> None:
        if any(map(is_hand_in, where.parts)):
            raise RefusedError(
                "it is one learner's own archive and is not opened: ask for the notebook itself, "
                "or rename it if it is the LMS's download"
            )
        try:
            with _open(path) as archive:
                self._unpack_all(where.as_posix(), archive, target)
        except BROKEN as error:
            raise RefusedError(f"it cannot be read ({type(error).__name__}): download it again") from None

    def _unpack_all(self, name: str, archive: zipfile.ZipFile, target: Path) -> None:
        members = archive.infolist()
        if len(members) > self.members_limit:
            raise RefusedError(
                f"it has {len(members):,} members, over the limit of {self.members_limit:,}: "
                "set c.Extractor.members_limit if they are so many"
            )
        names, budget = Counter(map(_key, members)), Budget(self.total_limit)
        for info in members:
            if budget.left < 0:
                self._refuse(name, RefusedError(f"it unpacks to more than {self.total_limit:,} bytes: cut off there"))
                return
            try:
                _check_alone(info, names)
                self._unpack_one(archive, info, target, budget)
            except (RefusedError, *BROKEN) as error:
                self._refuse(f"{name}/{info.filename}", error)

    def _unpack_one(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, budget: Budget) -> None:
        check_member(info)
        if info.is_dir():
            return
        path = target / info.filename
        with archive.open(info) as source:
            _write(source, path, info.compress_size, self.member_limit, budget)
        mend_suffix(path)
