"""CSV there and back: every field, formulas disarmed, and a line for each row that cannot be an item."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from quizzes.bank import Bank
from quizzes.exports.csv_bank import export, guarded, unguarded
from quizzes.imports.bank_folder import write_folder
from quizzes.imports.base import TO_WRITE, Imported, ImportRefusedError
from quizzes.imports.builder import Builder
from quizzes.imports.csv_bank import MOST_COLUMNS, MOST_ROWS, read
from quizzes.items import AnyItem, Choice, Item, Sort
from quizzes.loading import BUILT_IN, load_bank, read_bank

ADAPTER: TypeAdapter[AnyItem] = TypeAdapter(Item)
FORMULAS = "=+-@\t\r"
FORMULA_TEXTS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "'=1",
    "''=1",
    "x;=1",
    "x,=1",
    "a\n=1",
    "\N{FULLWIDTH EQUALS SIGN}1",
)
TYPED = """kind;question;key;difference;exam;option 1;reason 1;trap 1;option 2;reason 2;trap 2;option 3;reason 3;trap 3
choice;What is it?;B;end;capm/fundamentals;One;No.;Urgent work is a project;Two;Yes.;;Three;No.;urgency-means-project
"""


@pytest.fixture
def builder(bank: Bank) -> Builder:
    """Return a builder for a bank in which no id is taken."""
    return Builder(replace(bank, items={}), "imported from some.csv", "some", "to-be-named-some")


@pytest.fixture
def choice(bank: Bank) -> Choice:
    """Return an item with one best answer and a stem of no special style."""
    return next(item for item in bank.items.values() if isinstance(item, Choice) and item.style == "standard")


def items_of(imported: Imported) -> list[AnyItem]:
    """Return the imported items, checked."""
    return [ADAPTER.validate_python(dict(item)) for item in imported.items]


def cells_of(content: bytes) -> list[list[str]]:
    """Return the cells as another program reads them."""
    found = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, header=None, encoding="utf-8-sig")
    return [[str(cell) for cell in row] for row in found.itertuples(index=False)]


def written(rows: Sequence[Sequence[str]], separator: str = ",") -> bytes:
    """Return the cells as another program writes them."""
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=separator, lineterminator="\n").writerows(rows)
    return made.getvalue().encode()


def test_the_whole_bank_comes_back(bank: Bank, builder: Builder) -> None:
    """Every field of every item, in the same order, and nothing is left out."""
    items = list(bank.items.values())
    exported = export(items, bank)
    imported = read(exported.content, builder)
    assert (exported.items, exported.losses, imported.dropped) == (len(items), (), ())
    assert items_of(imported) == items
    assert export(items, bank).content == exported.content


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_spreadsheet_may_sort_rows_and_change_the_separator(bank: Bank, builder: Builder, separator: str) -> None:
    """Rows in any order, columns in any order, other line ends and no byte order mark."""
    some = [item for item in bank.items.values() if item.kind in ("case", "classify", "fill")][:60]
    header, *rows = cells_of(export(some, bank).content)
    random.Random(7).shuffle(rows)  # noqa: S311  an order, no secret
    turned = [list(reversed(row)) for row in (header, *rows)]
    found = items_of(read(written(turned, separator), builder))
    assert sorted(found, key=lambda item: item.id) == sorted(some, key=lambda item: item.id)


def test_the_file_is_as_spreadsheets_and_the_standard_want_it(bank: Bank) -> None:
    """UTF-8 with a byte order mark, lines end in CR LF, and all rows have as many cells."""
    content = export(list(bank.items.values()), bank).content
    assert content.startswith(b"\xef\xbb\xbfid,kind,")
    assert content.count(b"\n") == content.count(b"\r\n")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    assert len({len(row) for row in rows}) == 1
    assert cells_of(content) == rows
    assert len(rows) == 1 + sum(len(item.parts()) for item in bank.items.values())


@given(st.text(alphabet=st.sampled_from([*"=+-@\t\r\n';, a", "\N{FULLWIDTH PLUS SIGN}"])) | st.text())
def test_a_guarded_text_is_no_formula_and_comes_back(text: str) -> None:
    """Wherever a spreadsheet parts it, no piece begins like a formula."""
    found = guarded(text)
    assert unguarded(found) == text
    assert not found.startswith(tuple(FORMULAS))
    assert not any(piece.startswith(("=", "+", "-", "@")) for piece in re.split("[;,\t\r\n]", found))


@pytest.mark.parametrize("text", FORMULA_TEXTS)
def test_hostile_texts_come_back_and_run_nowhere(bank: Bank, builder: Builder, choice: Choice, text: str) -> None:
    """In each field that an author writes freely."""
    options = {
        name: option.model_copy(update={"text": f"{text}{name}", "rationale": f"{text}!"})
        for name, option in choice.options.items()
    }
    hostile = choice.model_copy(update={"options": options, "stem": f"{text}?", "scenario": text, "source": f"{text}s"})
    content = export([hostile], bank).content
    assert not [cell for row in cells_of(content) for cell in row if cell.startswith(tuple(FORMULAS))]
    # An item's texts lose the space around them when they are read, from a bank file as from here.
    assert items_of(read(content, builder)) == [ADAPTER.validate_python(hostile.model_dump())]


def test_a_sheet_that_someone_typed_becomes_an_item(builder: Builder) -> None:
    """Letters as keys in capitals, a trap by its name, and what is left out has a value that says so."""
    imported = read(TYPED.encode(), builder)
    (item,) = items_of(imported)
    assert isinstance(item, Choice)
    assert (item.id, item.family, item.use, item.key) == ("some-row-2", "some", "practice", "b")
    assert (item.source, item.style, imported.dropped) == ("imported from some.csv", "standard", ())
    assert {option.misconception for option in item.options.values()} == {None, "urgency-means-project"}


def test_what_is_to_be_written_is_told(builder: Builder) -> None:
    """No reasons, traps and differences: a line for each, and the item is there."""
    sheet = "id,kind,question,key,exam,option 1,option 2,option 3,trap 3\nx,choice,What?,a,capm/fundamentals,A,B,C,no\n"
    imported = read(sheet.encode(), builder)
    (item,) = items_of(imported)
    assert isinstance(item, Choice)
    assert item.options["a"].rationale == TO_WRITE
    assert item.options["b"].misconception == item.differentiator == "to-be-named-some"
    told = {loss.what for loss in imported.dropped}
    assert "row 2, column trap 3: 'no' is no trap of the bank: it is to be named" in told
    assert len(told) == 4


def test_an_id_that_is_taken_gets_another(bank: Bank, choice: Choice) -> None:
    """And it is told which."""
    builder = Builder(bank, "imported", "some", "to-be-named-some")
    imported = read(export([choice], bank).content, builder)
    assert imported.items[0]["id"] == f"{choice.id}-imported"
    assert imported.dropped[0].what == f"the bank has an item of this id: it is now '{choice.id}-imported'"


def test_the_items_make_a_bank_folder(bank: Bank, tmp_path: Path) -> None:
    """Which is read beside the course's own bank."""
    items = list({item.kind: item for item in bank.items.values()}.values())
    builder = Builder(bank, "imported", "some", "to-be-named-some")
    imported = read(export(items, bank).content, builder)
    write_folder(imported, tmp_path / "own")
    found = read_bank([BUILT_IN, tmp_path / "own"])
    for item in items:
        assert found.items[f"{item.id}-imported"] == item.model_copy(update={"id": f"{item.id}-imported"})


CHANGES: dict[str, tuple[dict[str, str], str]] = {
    "no kind": ({"kind": "quiz"}, "row 2, column kind: 'quiz' is no kind of item: use classify, choice"),
    "no option": ({"key": "z"}, "row 2, column key: 'z' is no option: use a, b"),
    "no key": ({"key": ""}, "row 2, column key: empty: name the right option, one of a, b"),
    "two keys": ({"key": "a b"}, "row 2, column key: several options are named: name one, or write the kind multiple"),
    "no text": (
        {"option 2": " "},
        "row 2, column option 2: the text is missing: write what the learner reads",
    ),
    "one trap": ({"trap 1": "", "key": "b"}, "row 2, column trap 2: a right option catches no trap: empty the cell"),
    "no topic": ({"exam": "x/y"}, "row 2, column exam: no topic: write one as in capm/fundamentals"),
    "no status": ({"status": "X"}, "row 2, column status: input should be 'f' or 'c': mend it"),
    "no slug": ({"id": "A B"}, "row 2, column id: string should match pattern"),
    "no stem": ({"question": " "}, "row 2, column question: string should have at least 1 character: mend it"),
    "a negation": (
        {"question": "Which is NOT one?"},
        "row 2, column question: stem: a negative word stands in capitals",
    ),
    "no part": ({"part": "gap.1"}, "row 2, column part: 'gap.1' is no part of the kind choice: use choice"),
    "twice": ({"option 2 id": "a"}, "row 2, column option 2 id: 'a' is given twice: give each option its own"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_row_that_cannot_be_carried_is_told(bank: Bank, builder: Builder, name: str) -> None:
    """Its number, its column and what to do; the other rows come in."""
    change, expected = CHANGES[name]
    first, second = [item for item in bank.items.values() if isinstance(item, Choice) and item.key == "a"][:2]
    header, row, other = cells_of(export([first, second], bank).content)
    row = [change.get(column, cell) for column, cell in zip(header, row, strict=True)]
    imported = read(written([header, row, other]), builder)
    assert [item["id"] for item in imported.items] == [second.id]
    assert imported.dropped[-1].what.startswith(f"not carried: {expected}")


def test_faults_of_items_with_several_rows_are_told(bank: Bank, builder: Builder, choice: Choice) -> None:
    """Rows that do not agree, are there twice, or are missing; a place that is no group."""
    classify = next(item for item in bank.items.values() if item.kind == "classify")
    sort = next(item for item in bank.items.values() if isinstance(item, Sort))
    header, *rows = cells_of(export([classify, sort, choice], bank).content)
    last = rows[-1]

    def fault(*changed: Sequence[str]) -> str:
        return read(written([header, *changed, last]), replace(builder, losses=[], ids=set())).dropped[-1].what

    def with_(row: Sequence[str], **cells: str) -> list[str]:
        return [cells.get(column.replace(" ", "_"), cell) for column, cell in zip(header, row, strict=True)]

    assert fault(*rows[:2]) == "not carried: row 2, column part: there is no row 'evidence' of this item: add it"
    assert "row 3, column part: row 2 has the same id and part: change one" in fault(rows[0], rows[0])
    assert "row 3, column scenario: not the same as in row 2 of this item" in fault(
        rows[0], with_(rows[1], scenario="x")
    )
    assert "row 2, column place 1: 'x' is no group: use " in fault(with_(rows[3], place_1="x"))
    assert "row 2: more cells than there are columns" in fault([*rows[3], "more"])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "no column 'kind': the first row names the columns"),
        (b"one\ntwo\n", "no column 'kind': the first row names the columns"),
        (
            TYPED.partition("\n")[0].encode(),
            "no row in it can be an item: it has no row below",
        ),
        (TYPED.replace("Two", "Café").encode("cp1252"), "not UTF-8 in line 2: save it again as 'CSV UTF-8'"),
        (TYPED.encode("utf-16"), "not UTF-8: save it again as 'CSV UTF-8'"),
        (b"PK\x03\x04\0\0\0", "not UTF-8: save it again as 'CSV UTF-8'"),
        (TYPED.encode() + b'"open', "line 3: not valid CSV \\(unexpected end of data\\): check the quotes up to there"),
        (TYPED.encode() + b"x" * 200_000, "line 3: not valid CSV \\(field larger than field limit"),
        (b"kind;" + TYPED.encode(), "the column 'kind' is there twice: remove one"),
        (b"," * MOST_COLUMNS + b"kind", f"more than {MOST_ROWS} rows or {MOST_COLUMNS} columns: split the file"),
        (
            TYPED.replace("choice", "quiz").encode(),
            "no row in it can be an item: some-row-2: not carried: row 2, column",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_line(content: bytes, expected: str, builder: Builder) -> None:
    """The line says what to do."""
    with pytest.raises(ImportRefusedError, match=f"^{expected}") as refused:
        read(content, builder)
    assert "\n" not in str(refused.value)


def test_columns_that_no_one_knows_are_told(builder: Builder) -> None:
    """And a line that names the separator is no row."""
    sheet = "sep=;\n" + TYPED.replace("kind;", "kind;Colour;").replace("choice;", "choice;red;")
    imported = read(sheet.encode(), builder)
    assert [(loss.item, loss.what) for loss in imported.dropped] == [("column 'colour'", "not known and left out")]
    assert len(imported.items) == 1


@given(st.binary() | st.text().map(str.encode))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    """What is below a right header may be anything; what is refused is refused in a line."""
    for data in (content, TYPED.encode() + content):
        try:
            read(data, Builder(load_bank(), "s", "some", "to-be-named-some"))
        except ImportRefusedError as refused:
            told = str(refused)
        else:
            told = "read"
        assert len(told.splitlines()) == 1
