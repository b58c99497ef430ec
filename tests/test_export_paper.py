"""Exam papers, read back from their PDFs: each key is right for its paper, and points are the course's marks."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, combinations, islice, permutations
from math import isclose

import pypdfium2
import pytest
from papers import answer, expected, files, key, pages, questions, tight
from pypdf import PdfReader

from quizzes.bank import Bank
from quizzes.exports.paper import LETTERS, export
from quizzes.exports.paper_version import fixed, version
from quizzes.exports.units import Unit, units
from quizzes.items import KINDS, AnyItem, Choice
from quizzes.kinds.base import Option
from quizzes.marking import Part, mark

MINUS = "\N{MINUS SIGN}"


@pytest.fixture(scope="module")
def some(bank: Bank) -> list[AnyItem]:
    """Return three items of each kind, and all whose options name numbers of a list."""
    few = [item for kind in KINDS for item in islice((i for i in bank.items.values() if i.kind == kind), 3)]
    listed = [item for item in bank.items.values() if getattr(item, "style", "") == "list"]
    return list({item.id: item for item in (*few, *listed)}.values())


@pytest.fixture(scope="module")
def papers(bank: Bank, some: list[AnyItem]) -> dict[str, bytes]:
    """Return the files of an export of some items by name."""
    return files(export(some, bank).content)


@pytest.fixture(scope="module")
def whole(bank: Bank) -> dict[str, bytes]:
    """Return the files of one version of the whole bank."""
    return files(export(list(bank.items.values()), bank, letters="A").content)


def check(paper: bytes, told: bytes, items: Sequence[AnyItem], bank: Bank) -> None:
    """Assert that a paper asks everything and that its key is right."""
    asked, answers = questions(paper), key(told)
    found = {unit.id: unit for item in items for unit in units(item, bank)}
    assert {name for _, name, _ in answers.values()} == set(found)
    assert set(asked) == set(answers)
    for label, (letters, name, _) in answers.items():
        unit, read = found[name], asked[label]
        texts = read.numbered if unit.part.type == "match" else read.lettered
        assert sorted(map(tight, texts.values())) == sorted(tight(each.text) for each in unit.choices.values()), name
        made, right = answer(letters, read), expected(unit)
        assert made == right if unit.part.groups else sorted(made) == sorted(right), name


def test_the_whole_banks_key_is_right(bank: Bank, whole: Mapping[str, bytes]) -> None:
    """Every question is asked with all its options, and the key's letters name the right ones on that paper."""
    check(whole["paper-A.pdf"], whole["key-A.pdf"], list(bank.items.values()), bank)


@pytest.mark.parametrize("letter", LETTERS)
def test_each_versions_key_is_right(bank: Bank, some: list[AnyItem], papers: Mapping[str, bytes], letter: str) -> None:
    """For its own paper."""
    check(papers[f"paper-{letter}.pdf"], papers[f"key-{letter}.pdf"], some, bank)


def test_versions_differ_and_the_same_seed_gives_the_same_bytes(bank: Bank, some: list[AnyItem]) -> None:
    """In the order of the items and of the options."""
    orders = {letter: [entry.item.id for entry in version(some, bank, letter, 1)] for letter in LETTERS}
    assert len(set(map(tuple, orders.values()))) == len(LETTERS)
    options = {
        letter: {asked.unit.id: asked.order for entry in version(some, bank, letter, 1) for asked in entry.asked}
        for letter in LETTERS
    }
    assert len({str(sorted(each.items())) for each in options.values()}) == len(LETTERS)
    few = some[:3]
    assert export(few, bank).content == export(few, bank).content
    assert export(few, bank, seed=2).content != export(few, bank).content


def test_options_that_refer_to_each_other_keep_their_order(bank: Bank) -> None:
    """Numbers of a list, "Both at once" after the two classes, and what a private bank may say."""
    kept = [u for item in bank.items.values() for u in units(item, bank) if fixed(u)]
    assert {unit.part.name for unit in kept if unit.item.kind == "classify"} == {"class"}
    assert sum(getattr(unit.item, "style", "") == "list" for unit in kept) == 6
    assert not any(unit.part.groups for unit in kept)
    for letter in LETTERS:
        for entry in version([unit.item for unit in kept], bank, letter, 3):
            assert all(asked.order == asked.unit.part.options for asked in entry.asked if fixed(asked.unit))


@pytest.mark.parametrize(
    "text",
    ["Both", "None of the above", "All of these", "1 and 3", "A and C only", "I, II", "Neither of the two", "B only"],
)
def test_an_option_that_speaks_of_others_holds_them_all(bank: Bank, text: str) -> None:
    """And one that only uses such a word does not."""
    item = next(i for i in bank.items.values() if isinstance(i, Choice) and not fixed(units(i, bank)[0]))

    def with_last(text: str) -> Unit:
        last = list(item.options)[-1]
        option = Option(text=text, rationale="No.", misconception="terms-mixed")
        return units(item.model_copy(update={"options": {**item.options, last: option}}), bank)[0]

    assert fixed(with_last(text))
    assert not fixed(with_last("It goes on while both firms deliver goods"))
    assert not fixed(with_last("All data is lost"))


def test_steps_never_stand_in_the_right_order(bank: Bank) -> None:
    """On no version, whatever the seed."""
    steps = [item for item in bank.items.values() if item.kind == "order"]
    for seed in range(200):
        for entry in version(steps, bank, "A", seed):
            assert all(asked.order != asked.unit.part.key for asked in entry.asked)


def subsets(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield every choice of some of the options."""
    return chain.from_iterable(combinations(names, number) for number in range(1, len(names) + 1))


def responses(part: Part) -> Iterator[object]:
    """Yield responses to a part: all of one or some, every share of wrong rows, and many orders."""
    if part.type == "one":
        yield from part.options
    elif part.type == "some":
        yield from map(list, subsets(part.options))
    elif part.type == "match":
        other = {row: next(group for group in part.groups if group != place) for row, place in part.places.items()}
        for wrong in subsets(part.options):
            yield {**part.places, **{row: other[row] for row in wrong}}
        yield from ({row: part.places[row]} for row in part.options)
    else:
        for order in islice(permutations(part.options), 0, None, 7):
            yield {row: str(place) for place, row in enumerate(order, 1)}


def points(told: str, part: Part, response: object) -> Fraction:
    """Return the points as an examiner gives them by the key's words."""
    most, _, rest = told.partition(" (")
    rule = rest.removesuffix(")")
    if rule == "pairs":
        assert isinstance(response, dict)
        pairs = list(combinations([int(response[row]) for row in part.key], 2))
        return max(Fraction(0), Fraction(sum(1 if a < b else -1 for a, b in pairs), len(pairs))) * Fraction(most)
    if part.type == "one":
        return Fraction(most) if response in part.key else Fraction(0)
    gain, loss = (Fraction(each.strip(f"+{MINUS}")) for each in rule.split(", "))
    if isinstance(response, dict):
        right = sum(part.places[row] == group for row, group in response.items())
    else:
        assert isinstance(response, list)
        right = sum(each in part.key for each in response)
    return max(Fraction(0), right * gain - (len(response) - right) * loss)


def test_the_keys_points_are_this_courses_marks(bank: Bank, whole: Mapping[str, bytes]) -> None:
    """For every choice, and for a reason only where the answer before it is right."""
    found = {unit.id: unit for item in bank.items.values() for unit in units(item, bank)}
    answers = key(whole["key-A.pdf"])
    for label, (_, name, told) in answers.items():
        part = found[name].part
        for response in responses(part):
            made = mark((part,), {part.name: response}).score
            assert isclose(made, points(told, part, response), abs_tol=1e-9), (name, response)
        chained = name.endswith(".differentiator")
        assert ("(if " in told) == chained
        if chained:
            before = told.removesuffix(")").partition("(if ")[2]
            assert answers[before][1] == name.replace(".differentiator", ".class")
            assert before.partition(".")[0] == label.partition(".")[0]


def test_pages_say_what_they_are(papers: Mapping[str, bytes]) -> None:
    """A4, with the version and the page's number on each, and a place for the name on the first of a paper."""
    for name, pdf in papers.items():
        document = pypdfium2.PdfDocument(pdf)
        letter = name.removesuffix(".pdf")[-1]
        for number, page in enumerate(document, 1):
            assert [round(side) for side in page.get_size()] == [595, 842]
            text = page.get_textpage()
            lines = text.get_text_range().splitlines()
            text.close()
            assert lines[0].endswith(f"Version {letter}")
            assert lines[-1] == f"Version {letter}, page {number} of {len(document)}"
        document.close()
        assert ("Name:" in " ".join(pages(pdf)[0])) == name.startswith("paper")


def test_papers_hold_no_key(papers: Mapping[str, bytes], some: list[AnyItem]) -> None:
    """Nor an item's id, by which a learner could look it up."""
    text = "\n".join(chain.from_iterable(pages(papers["paper-A.pdf"])))
    assert not [item.id for item in some if item.id in text]
    assert set(papers) == {f"{kind}-{letter}.pdf" for letter in LETTERS for kind in ("paper", "key")}


def test_a_screen_reader_finds_its_way(papers: Mapping[str, bytes]) -> None:
    """Tagged, in a stated language, with a title, by PDF/UA-1; and each font is in the file."""
    for pdf in papers.values():
        reader = PdfReader(io.BytesIO(pdf))
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "en"
        assert "/StructTreeRoot" in root
        assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
        fonts = [each["/DescendantFonts"][0] for page in reader.pages for each in page["/Resources"]["/Font"].values()]
        assert fonts
        assert all({"/FontFile2", "/FontFile3"} & set(each["/FontDescriptor"]) for each in fonts)


def test_no_item_is_broken_that_fits_on_a_page(bank: Bank, whole: Mapping[str, bytes]) -> None:
    """All of the bank's do: no page begins within one."""
    for page in pages(whole["paper-A.pdf"])[1:]:
        assert re.fullmatch(r"Question \d+", page[0])


def test_an_item_that_is_longer_than_a_page_is_whole(bank: Bank) -> None:
    """It breaks, and nothing runs off a page."""
    item = next(item for item in bank.items.values() if isinstance(item, Choice))
    long = item.model_copy(update={"scenario": "\n\n".join(f"Paragraph {n}. " + "Word " * 120 for n in range(30))})
    pdf = files(export([long], bank, letters="A").content)["paper-A.pdf"]
    text = tight("".join(chain.from_iterable(pages(pdf))))
    assert all(f"Paragraph{n}." in text for n in range(30))
    assert text.count("Word") == 30 * 120
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        shown = page.get_textpage()
        assert min(shown.get_charbox(n)[1] for n in range(shown.count_chars())) > 0
        shown.close()
    document.close()


def test_texts_are_never_read_as_commands(bank: Bank) -> None:
    """What means something to the typesetter stands on the paper as it was written, and so do signs beyond ASCII."""
    item = next(item for item in bank.items.values() if isinstance(item, Choice))
    text = '#panic("x") $x^2$ *b* `c` = h <l> @ref \\ // “Café” \N{EN DASH} Łódź'
    hostile = item.model_copy(update={"scenario": text})
    pdf = files(export([hostile], bank, letters="A", title="#panic()").content)["paper-A.pdf"]
    assert tight(text) in tight("".join(chain.from_iterable(pages(pdf))))


def test_a_sign_that_the_typeface_lacks_is_told(bank: Bank) -> None:
    """In one line that names it; nothing is printed with a hole."""
    item = next(item for item in bank.items.values() if isinstance(item, Choice))
    with pytest.raises(ValueError, match="^the paper's typeface has no sign for '漢': write it in another way$"):
        export([item.model_copy(update={"scenario": "A sign: 漢"})], bank)
