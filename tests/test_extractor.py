"""Downloads are unpacked without harm: what is hostile or damaged is one line in the log, and the rest comes out."""

from __future__ import annotations

import logging
import os
import stat
import sys
import zipfile
from pathlib import Path

import pytest
from downloads import pack, patch

from grader.extractor import Extractor


def special(name: str, kind: int) -> zipfile.ZipInfo:
    """Return a member of a kind that is no regular file."""
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (kind | 0o777) << 16
    return info


def unpack(folder: Path, caplog: pytest.LogCaptureFixture, **limits: int) -> tuple[list[str], list[str]]:
    """Unpack the archives of a folder; returns the files that came out, and the log's lines."""
    out = folder.parent / "extracted"
    out.mkdir()
    with caplog.at_level(logging.INFO):
        Extractor(log=logging.getLogger("extractor"), **limits).extract(str(folder), str(out))
    lines = [each.getMessage() for each in caplog.records]
    assert all(line.isprintable() for line in lines)
    return sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir()), lines


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../evil.ipynb", "its name leads to another folder"),
        ("a/../../b.ipynb", "its name leads to another folder"),
        ("a/./b.ipynb", "its name leads to another folder"),
        ("..", "its name leads to another folder"),
        ("/etc/evil.ipynb", "its name is an absolute path"),
        ("//host/evil.ipynb", "its name is an absolute path"),
        ("..\\evil.ipynb", "its name has a backslash"),
        ("C:/evil.ipynb", "its name has a drive letter or a colon"),
        ("ps1.ipynb:stream", "its name has a drive letter or a colon"),
        ("a\x1b[2Jb.ipynb", "its name has a control character"),
        ("a\nb.ipynb", "its name has a control character"),
        ("a\u202egnp.ipynb", "its name has a control character"),
        ("n" * 300 + ".ipynb", "its name is longer than 255 bytes"),
        ("work.zip", "it is an archive in the archive and is not opened: ask for the notebook itself"),
        ("work.TAR.GZ", "it is an archive in the archive and is not opened: ask for the notebook itself"),
    ],
)
def test_a_hostile_name_is_one_line_and_the_rest_is_unpacked(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, why: str
) -> None:
    """Nothing is written outside, whatever the system; the log says which member and why."""
    pack(tmp_path / "archive" / "x.zip", {"before.txt": "1", name: "evil", "after.txt": "2"})
    files, lines = unpack(tmp_path / "archive", caplog)
    assert files == ["x/after.txt", "x/before.txt"]
    (line,) = lines
    assert line.startswith("x.zip/")
    assert line.endswith(f": refused: {why}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive", "extracted"]


def test_names_that_people_have_are_unpacked(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Joiners, accents, and names that were packed as UTF-8 without the mark of it."""
    persian = "علی\u200cرضا/ps1.ipynb"  # noqa: RUF001  a name as it is written
    path = pack(tmp_path / "archive" / "x.zip", {persian: "1", "müller_1_2_ps1.ipynb": "2"})
    patch(path, "müller_1_2_ps1.ipynb", flags=0)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist()[1] == "müller_1_2_ps1.ipynb".encode().decode("cp437")
    files, lines = unpack(tmp_path / "archive", caplog)
    assert files == ["x/müller_1_2_ps1.ipynb", f"x/{persian}"]
    assert lines == []


def test_links_special_encrypted_and_doubled_members_are_refused(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Each is one line; an odd method of packing too, since one read of it may unpack to any size."""
    path = pack(tmp_path / "archive" / "x.zip", {"good.txt": "1", "secret.ipynb": "2", "twice.txt": "3"})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(special("link.ipynb", stat.S_IFLNK), "/etc/passwd")
        archive.writestr(special("pipe.ipynb", stat.S_IFIFO), "")
        archive.writestr("odd.ipynb", "x", zipfile.ZIP_BZIP2)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("twice.txt", "4")
    patch(path, "secret.ipynb", flags=1)
    files, lines = unpack(tmp_path / "archive", caplog)
    assert files == ["x/good.txt"]
    assert lines == [
        "x.zip/secret.ipynb: refused: it is encrypted: ask for the file without a password",
        "x.zip/twice.txt: refused: several members have this name: ask which one is meant",
        "x.zip/link.ipynb: refused: it is a link or no regular file: ask for the file itself",
        "x.zip/pipe.ipynb: refused: it is a link or no regular file: ask for the file itself",
        "x.zip/odd.ipynb: refused: it is packed by an unusual method: ask for the file itself",
        "x.zip/twice.txt: refused: several members have this name: ask which one is meant",
    ]


def test_bombs_are_stopped_while_they_unpack(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Headers that lie about sizes change nothing; what is refused counts towards the archive's whole."""
    zeros, noise = bytes(3_000_000), os.urandom(300_000)
    lying = pack(tmp_path / "archive" / "a.zip", {"bomb.ipynb": zeros, "after.txt": "1"})
    patch(lying, "bomb.ipynb", size=10)
    pack(tmp_path / "archive" / "b.zip", {"ratio.ipynb": zeros, "after.txt": "1"})
    pack(tmp_path / "archive" / "c.zip", {"large.ipynb": os.urandom(900_000), "after.txt": "1"})
    pack(tmp_path / "archive" / "d.zip", {f"{n}.txt": noise for n in range(9)})
    files, lines = unpack(tmp_path / "archive", caplog, member_limit=800_000, total_limit=2_000_000)
    assert files == ["a/after.txt", "b/after.txt", "c/after.txt", *(f"d/{n}.txt" for n in range(6))]
    assert lines == [
        "a.zip/bomb.ipynb: refused: it cannot be unpacked (BadZipFile): ask for a clean copy",
        "b.zip/ratio.ipynb: refused: it unpacks to more than 800,000 bytes: ask for a clean copy",
        "c.zip/large.ipynb: refused: it unpacks to more than 800,000 bytes: ask for a clean copy",
        "d.zip/6.txt: refused: the archive unpacks to too much: see the next line",
        "d.zip: refused: it unpacks to more than 2,000,000 bytes: cut off there",
    ]


def test_a_high_ratio_is_refused_under_any_limit(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A megabyte of anything may be packed well; more than that by more than 200 times is no hand-in."""
    pack(tmp_path / "archive" / "x.zip", {"bomb.ipynb": bytes(5_000_000), "blank.txt": bytes(900_000)})
    files, lines = unpack(tmp_path / "archive", caplog)
    assert files == ["x/blank.txt"]
    assert lines == ["x.zip/bomb.ipynb: refused: it unpacks to more than 200 times its size: ask for a clean copy"]


def test_what_is_no_download_in_the_folder_is_one_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Too many members, no zip, another kind of archive, a learner's own archive, a link, a pipe: none is opened."""
    folder = tmp_path / "archive"
    pack(folder / "good.zip", {"good.txt": "1"})
    pack(folder / "many.zip", {f"{n}.txt": "" for n in range(10_000)})
    (folder / "no.zip").write_text("PK?")
    (folder / "other.tar.gz").write_text("x")
    (folder / "plain.ipynb").write_text("{}")
    pack(folder / "doe_101_5_work.zip", {"roe_102_6_ps1.ipynb": "{}"})
    pack(folder / "Jo Doe_7_assignsubmission_file_" / "work.zip", {"Jo Roe_8_assignsubmission_file_/ps1.ipynb": "{}"})
    pack(folder / "Jo Moe_9_assignsubmission_file" / "work.zip", {"Jo Roe_8_assignsubmission_file/ps1.ipynb": "{}"})
    (folder / "link.zip").symlink_to(folder / "good.zip")
    (folder / "linked").symlink_to(tmp_path)
    files, lines = unpack(folder, caplog)
    assert files == ["good/good.txt", "plain.ipynb"]
    own = (
        "refused: it is one learner's own archive and is not opened: ask for the notebook itself, "
        "or rename it if it is the LMS's download"
    )
    many = (
        "many.zip: refused: it has 10,000 members, over the limit of 5,000: "
        "set c.Extractor.members_limit if they are so many"
    )
    assert lines == [
        f"Jo Doe_7_assignsubmission_file_/work.zip: {own}",
        f"Jo Moe_9_assignsubmission_file/work.zip: {own}",
        f"doe_101_5_work.zip: {own}",
        "link.zip: refused: it is a link or no regular file: put the file itself there",
        "linked: refused: it is a link or no regular file: put the file itself there",
        many,
        "no.zip: refused: it cannot be read (BadZipFile): download it again",
        "other.tar.gz: refused: of archives only zip is opened: put the notebooks themselves there",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="no FIFOs on Windows")
def test_a_pipe_in_the_folder_is_not_opened(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Reading it would wait for ever."""
    (tmp_path / "archive").mkdir()
    os.mkfifo(tmp_path / "archive" / "pipe.zip")
    assert unpack(tmp_path / "archive", caplog) == (
        [],
        ["pipe.zip: refused: it is a link or no regular file: put the file itself there"],
    )


def test_a_damaged_archive_never_raises(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Whichever byte is wrong, it is a line or it makes no difference; nothing comes out but what was packed."""
    whole = pack(tmp_path / "whole.zip", {"a/b.txt": "some text " * 9, "ü.txt": "more"}).read_bytes()
    folder = tmp_path / "archive"
    folder.mkdir()
    for at in range(0, len(whole), 3):
        damaged = bytearray(whole)
        damaged[at] ^= 0x81
        (folder / f"{at}.zip").write_bytes(damaged)
        (folder / f"{at}-cut.zip").write_bytes(whole[:at])
    files, lines = unpack(folder, caplog)
    texts = {(tmp_path / "extracted" / name).read_text(encoding="utf-8") for name in files}
    assert texts == {"some text " * 9, "more"}
    assert len(lines) >= len(whole) // 3
