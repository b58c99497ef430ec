"""Import of what is damaged or hostile: one line or valid items, in good time, and nothing is written or run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from authoring import run
from hypothesis import given
from hypothesis import strategies as st
from importing import ADAPTER, FORMATS, read

from quizzes.bank import Bank
from quizzes.imports.bank_folder import write_folder
from quizzes.imports.base import LARGEST, ImportRefusedError
from quizzes.loading import BUILT_IN, read_bank

BOMB = "".join(f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">' for number in range(1, 12))
BAD = {
    "cut off": ("moodle", b"<quiz><question type='multichoice'>", "not well-formed XML"),
    "no XML": ("moodle", b"\x00\x01\x02", "not well-formed XML"),
    "empty": ("moodle", b"", "not well-formed XML"),
    "another root": ("moodle", b"<html/>", "its root is 'html'"),
    "entity bomb": ("moodle", f'<!DOCTYPE q [<!ENTITY e0 "x">{BOMB}]><quiz>&e11;</quiz>'.encode(), "declares entities"),
    "outer file": ("moodle", b'<!DOCTYPE q [<!ENTITY e SYSTEM "file:///etc/passwd">]><quiz>&e;</quiz>', "declares"),
    "unknown encoding": ("moodle", b'<?xml version="1.0" encoding="no-such"?><quiz/>', "unknown encoding"),
    "wrong encoding": ("moodle", b'<?xml version="1.0" encoding="UTF-8"?><quiz>\xff\xfe</quiz>', "not well-formed XML"),
    "no question": ("moodle", b"<quiz/>", "no question in it can be an item: it has none"),
    "only an essay": (
        "moodle",
        b"<quiz><question type='essay'/></quiz>",
        "item: a question without a name",
    ),
    "deep": ("moodle", b"<quiz>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</quiz>", ""),
    "latin": ("gift", "Caf\xe9 {=a ~b ~c}".encode("latin-1"), "not UTF-8 text, at byte 4"),
    "utf-16": ("gift", "Which {=a ~b ~c}".encode("utf-16"), "not UTF-8 text"),
    "null": ("gift", b"Which\0 {=a ~b ~c}", "null characters"),
    "nothing": ("gift", b"\n\n", "no question in it can be an item: it has none"),
    "unreadable share": (
        "moodle",
        b"<quiz><question type='multichoice'><answer fraction='x'/></question></quiz>",
        "no q",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_gives_one_line_and_writes_nothing(case: str, tmp_path: Path) -> None:
    """Whatever is wrong with it."""
    name, written, line = BAD[case]
    file = tmp_path / "file"
    file.write_bytes(written)
    done = run("import", name, file, "--out", tmp_path / "out", "--exam", "pmp/closure")
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(f"{file}: ")
    assert line in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_is_too_large_is_not_read(name: str, tmp_path: Path) -> None:
    """100 MB: its size is looked at first."""
    file = tmp_path / "large"
    with file.open("wb") as handle:
        handle.truncate(100 * 2**20)
    done = run("import", name, file, "--out", tmp_path / "out")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{file}: 100 MB are too large: split the file into parts of up to {LARGEST >> 20} MB\n"
    assert not (tmp_path / "out").exists()


def hostile() -> Iterator[tuple[str, str]]:
    """Yield names and texts that an import may not follow out of its folder, or run."""
    yield "../../outside", "<p>Which?</p>"
    yield "/etc/passwd", "<script>alert(1)</script><p>Which?</p>"
    yield "c:\\x", "Which? !!python/object/apply:os.system ['true']"
    yield "a\nb: c", "{{ 1 }} {% raw %} ${x}"


@pytest.mark.parametrize(("name", "text"), list(hostile()))
def test_names_and_texts_stay_texts(bank: Bank, tmp_path: Path, name: str, text: str) -> None:
    """Files have names made of letters, digits and hyphens, and YAML holds texts alone."""
    answers = "".join(f"<answer fraction='{share}'><text>{share}</text></answer>" for share in (100, 0, -5))
    question = (
        f"<question type='category'><category><text>x/{name}</text></category></question><question type='multichoice'>"
        f"<name><text>{name}</text></name><questiontext><text><![CDATA[{text}]]></text></questiontext>{answers}"
        f"<tags><tag><text>family:{name}</text></tag></tags></question>"
    )
    out = tmp_path / "deep" / "out"
    write_folder(read(bank, "moodle", f"<quiz>{question}</quiz>"), out)
    written = [path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()]
    assert all(set(path) <= set("abcdefghijklmnopqrstuvwxyz0123456789-/.") and ".." not in path for path in written)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and out not in path.parents] == []
    (item,) = (each for each in read_bank([BUILT_IN, out]).items.values() if each.source == "a test")
    assert "alert" not in item.text


PIECES = (
    "{",
    "}",
    "=",
    "~",
    "#",
    "%50%",
    "->",
    "\\",
    "::",
    "[html]",
    "//",
    "\n",
    "\n\n",
    "####",
    "a",
    "<p>",
    "&amp;",
    "T",
)
CLOZE = (
    "{1:MC:",
    "{:MR:",
    "=a",
    "~b",
    "~%-50%c",
    "#why",
    "}",
    "\\}",
    "<li>",
    "<p>",
    "x",
    "[gap.1]",
    "&#126;",
    "{",
    "1. ",
)


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_gift_is_read_or_refused(bank: Bank, text: str) -> None:
    """Nothing else is raised, and what is read is an item."""
    read_or_refused(bank, "gift", text)


@given(st.lists(st.sampled_from(CLOZE), max_size=30).map("".join), st.sampled_from(("classify", "fill", "case", "x")))
def test_any_embedded_answers_are_read_or_refused(bank: Bank, text: str, kind: str) -> None:
    """Whatever kind a tag says that they are."""
    tag = f"<tags><tag><text>kind:{kind}</text></tag></tags>"
    asked = f"<questiontext><text><![CDATA[{text}]]></text></questiontext>"
    read_or_refused(bank, "moodle", f"<quiz><question type='cloze'>{asked}{tag}</question></quiz>")


def read_or_refused(bank: Bank, name: str, text: str) -> None:
    """Read a text; items that come of it are valid ones."""
    try:
        found = read(bank, name, text)
    except ImportRefusedError as error:
        assert len(str(error).splitlines()) == 1  # noqa: PT017  either outcome is right
    else:
        assert [ADAPTER.validate_python(item) for item in found.items]


@pytest.mark.parametrize(
    "piece",
    [
        "{1:MC:",
        "Trap: “",
        "[tag:",
        "“a",
        " → ",
        "<li>a → ",
        "::",
        "\\",
        "<!--",
        "&#",
        "<a ",
        "<a b='",
        "</",
        "<![if",
        "<script>",
    ],
)
def test_texts_that_repeat_a_mark_are_read_in_one_pass(bank: Bank, piece: str) -> None:
    """A file made to keep a reader busy ends as any other."""
    many = piece * (45_000 // len(piece))
    answers = f"<answer fraction='100'><text>a</text><feedback><text><![CDATA[{many}]]></text></feedback></answer>"
    for kind in ("cloze", "multichoice", "matching"):
        text = f"<text><![CDATA[{many}]]></text>"
        both = f"<questiontext>{text}</questiontext><generalfeedback>{text}</generalfeedback>"
        read_or_refused(bank, "moodle", f"<quiz><question type='{kind}'>{both}{answers}</question></quiz>")
    read_or_refused(bank, "gift", f"// {many}\n{many} {{=a#{many} ~b ~c}}")
