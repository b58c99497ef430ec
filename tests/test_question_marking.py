"""A question on the published site is marked and explained, whatever its kind, with no kernel."""

from __future__ import annotations

import re

import pytest
from clicking import answer, item_id, place
from playwright.sync_api import Locator, Page, expect
from questions import choose, item, keyed, of_kind, other

from quizzes.bank import Bank
from quizzes.items import KINDS, Sort

__all__ = ["item"]  # a fixture


def test_a_right_answer_is_correct_and_explained(item: Locator, bank: Bank) -> None:
    """The verdict names the difference, the evidence is marked, and the chosen option's rationale is given."""
    key = keyed(bank, item)
    group = item.get_by_role("group", name="What is it?")
    group.get_by_role("radio", name="Project" if key["class"] == "project" else "Operations").check()
    choose(item.get_by_role("group", name="Which difference decides it?"), "differentiator", key["differentiator"])
    item.get_by_role("button", name="Check answer").click()
    source = bank.items[item_id(item)]
    status = item.get_by_role("status")
    expect(status).to_have_text(re.compile(r"^Correct"))
    expect(status).to_contain_text(bank.differentiators[source.differentiator].name)
    expect(status).to_contain_text(source.classes.options[key["class"]].rationale)
    marked = item.locator(".quiz-scenario mark").all_text_contents()
    assert sorted(marked) == sorted(phrase.text for phrase in source.evidence if phrase.evidence)


def test_a_right_class_with_a_wrong_reason_is_partly_correct(item: Locator, bank: Bank) -> None:
    """The class earns its point, the reason does not, and the trap is named."""
    key = keyed(bank, item)
    choose(item, "class", key["class"])
    wrong = other(item, "differentiator", key["differentiator"])
    choose(item, "differentiator", wrong)
    item.get_by_role("button", name="Check answer").click()
    status = item.get_by_role("status")
    expect(status).to_have_text(re.compile(r"^Partly correct"))
    expect(status).to_contain_text(bank.items[item_id(item)].deciding.options[wrong].rationale)


def test_a_wrong_class_is_not_correct(item: Locator, bank: Bank) -> None:
    """The rationale of the option that was chosen is given."""
    key = keyed(bank, item)
    choose(item, "class", other(item, "class", key["class"]))
    choose(item, "differentiator", key["differentiator"])
    item.get_by_role("button", name="Check answer").click()
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^Not correct"))


def test_a_right_difference_under_a_wrong_class_says_that_it_earns_nothing(item: Locator, bank: Bank) -> None:
    """In the verdict and beside the choice; with the right class, and with a wrong difference, nothing of the kind."""
    key, unearned = keyed(bank, item), "counts only with the right class"
    wrong = {part: other(item, part, option) for part, option in key.items()}
    after = "each => getComputedStyle(each, '::after').content"
    for chosen, told in (
        ({"class": wrong["class"], "differentiator": key["differentiator"]}, True),
        ({"class": wrong["class"], "differentiator": wrong["differentiator"]}, False),
        ({"class": key["class"], "differentiator": key["differentiator"]}, False),
    ):
        for part, option in chosen.items():
            choose(item, part, option)
        item.get_by_role("button", name="Check answer").click()
        assert (unearned in item.get_by_role("status").inner_text()) is told
        label = item.locator("label:has([name=differentiator]:checked)")
        assert (unearned in label.evaluate(after)) is told


def test_nothing_chosen_is_not_answered(item: Locator) -> None:
    """Blank is told apart from wrong, and the answer stays closed."""
    item.get_by_role("button", name="Check answer").click()
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^Not answered"))
    expect(item.get_by_text("Show the answer")).to_be_hidden()


def test_the_evidence_part_is_marked_too(page: Page, site: str, bank: Bank) -> None:
    """Where the words are asked for, choosing them all is not right."""
    page.goto(f"{site}/book/practice.html")
    item = page.locator(".quiz-item", has=page.locator("fieldset[data-part=evidence]")).first
    part = {part.name: part for part in bank.items[item_id(item)].parts()}
    choose(item, "class", part["class"].key[0])
    choose(item, "differentiator", part["differentiator"].key[0])
    for box in item.locator("input[name=evidence]").all():
        box.check()
    item.get_by_role("button", name="Check answer").click()
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^Partly correct"))
    for phrase in set(part["evidence"].options) - set(part["evidence"].key):
        item.locator(f"input[name=evidence][value={phrase}]").uncheck()
    item.get_by_role("button", name="Check answer").click()
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^Correct"))


def test_half_an_answer_is_not_marked_without_a_word(page: Page, site: str, bank: Bank) -> None:
    """The verdict names what was asked and left open."""
    page.goto(f"{site}/book/practice/duration.html")
    item = of_kind(page, bank, "classify")
    choose(item, "class", bank.items[item_id(item)].parts()[0].key[0])
    item.get_by_role("button", name="Check answer").click()
    expect(item.get_by_role("status")).to_contain_text("Not answered: “Which difference decides it?”")


NEW_KINDS = [kind for kind in KINDS if kind != "classify"]


@pytest.mark.parametrize("kind", NEW_KINDS)
def test_every_kind_is_marked_explained_and_kept(page: Page, site: str, bank: Bank, kind: str) -> None:
    """The keyed answer is correct, comes back after a reload, and can be taken back."""
    page.goto(f"{site}/book/practice.html")
    item = of_kind(page, bank, kind)
    parts = [part for part in bank.items[item_id(item)].parts() if part.name != "evidence"]
    for part in parts:
        answer(item, part)
    item.get_by_role("button", name="Check answer").click()
    status = item.get_by_role("status")
    expect(status).to_have_text(re.compile(r"^Correct"))
    expect(item.locator("[data-result=wrong]")).to_have_count(0)
    page.reload()
    item = of_kind(page, bank, kind)
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^Correct"))
    item.get_by_role("button", name="Try again").click()
    item.get_by_role("button", name="Check answer").click()
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^Not answered"))


@pytest.mark.parametrize("kind", ["multiple", "sort", "order", "fill", "case"])
def test_half_an_answer_is_partly_correct(page: Page, site: str, bank: Bank, kind: str) -> None:
    """What is left out earns nothing; what is right earns its share, and its reasons are shown."""
    page.goto(f"{site}/book/practice.html")
    item = of_kind(page, bank, kind)
    part = bank.items[item_id(item)].parts()[0]
    if part.type == "some":
        item.locator(f'input[name="{part.name}"][value="{part.key[0]}"]').check()
    elif part.type == "match":
        place(item, f"{part.name}:{part.options[0]}", part.key[0])
    elif part.type == "order":
        for number, row in enumerate(part.key[:2], 1):
            place(item, f"{part.name}:{row}", str(number))
    else:
        answer(item, part)
    item.get_by_role("button", name="Check answer").click()
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^Partly correct"))


def test_a_misplaced_row_gets_its_reason(page: Page, site: str, bank: Bank) -> None:
    """Feedback names the right place of what stands in a wrong one, and says nothing of the others."""
    page.goto(f"{site}/book/practice.html")
    item = of_kind(page, bank, "sort")
    source = bank.items[item_id(item)]
    assert isinstance(source, Sort)
    (part,) = source.parts()
    answer(item, part)
    row, group = next(iter(source.rows.items()))
    place(item, f"sort:{row}", next(name for name in source.groups if name != group.group))
    item.get_by_role("button", name="Check answer").click()
    reasons = item.locator(".quiz-status li")
    expect(reasons).to_have_count(1)
    expect(reasons).to_contain_text(group.rationale)
    expect(reasons).to_contain_text(source.groups[group.group])
    expect(item.locator("[data-result=wrong]")).to_have_count(1)
