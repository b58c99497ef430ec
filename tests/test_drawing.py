"""Drawing forms: exact numbers, shares as far as the bank goes, and the same in Python and in JavaScript."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from conftest import ROOT, serve
from forms import FORMS, SEEDS, blueprint, drawn, forms, questions, whole_index
from playwright.sync_api import Page

from quizzes.bank import Bank
from quizzes.choosing import SelectionError
from quizzes.drawing import draw_form, numbers


@pytest.fixture(scope="module")
def index(bank: Bank) -> dict[str, Any]:
    """Return the index of a site that shows every practice item."""
    return whole_index(bank)


def test_every_section_has_its_exact_number_and_nothing_stands_twice(index: dict[str, Any]) -> None:
    """Cases count as their questions, and are not split."""
    for made, form in forms(index):
        size = made["questions"] // made["sections"]
        assert [questions(index, section) for section in form.sections] == [size] * made["sections"], form.code
        assert len(set(drawn(form))) == len(drawn(form))


def test_shares_are_met_as_far_as_the_bank_goes(index: dict[str, Any]) -> None:
    """A domain has what is asked or all that the bank has of it, but for a case that does not fit."""
    for made, form in forms(index, "pmp", "pmp-half", "capm"):
        items = set(drawn(form))
        for share in form.composition:
            topics = index["exams"][made["exam"]]["topics"]
            tags = {f"{made['exam']}/{i}" for i, t in topics.items() if t.get("domain", t["name"]) == share.domain}
            left = [name for name, each in index["items"].items() if tags & {*each["exam"]} and name not in items]
            of_none = [name for name in left if each_is_only(index, name, tags, made["exam"])]
            assert share.asked is not None
            assert share.drawn >= share.asked or all(index["items"][name]["questions"] > 1 for name in of_none), (
                form.code
            )


def each_is_only(index: dict[str, Any], name: str, tags: set[str], exam: str) -> bool:
    """Return whether an item has no topic of another domain of the exam."""
    return all(tag in tags for tag in index["items"][name]["exam"] if tag.startswith(f"{exam}/"))


def test_the_composition_is_what_was_drawn(index: dict[str, Any]) -> None:
    """A page that states the shares states the form's own."""
    for made, form in forms(index):
        assert sum(share.drawn for share in form.composition) + form.rest == made["questions"]
        for share in form.composition:
            assert share.drawn == questions(index, (n for n, domain in form.domains.items() if domain == share.domain))
        outside = [name for name in drawn(form) if name not in form.domains]
        assert form.rest == questions(index, outside)
        assert not any(tag.split("/")[0] == made["exam"] for name in outside for tag in index["items"][name]["exam"])


def test_other_questions_come_only_where_the_exams_own_are_used_up(index: dict[str, Any]) -> None:
    """The rest of the bank fills what the exam's questions cannot."""
    for made, form in forms(index, "itil", "pmp", "pmp-half", "capm"):
        own = [n for n, each in index["items"].items() if any(t.split("/")[0] == made["exam"] for t in each["exam"])]
        kinds = [name for name in own if not made["kinds"] or index["items"][name]["kind"] in made["kinds"]]
        left = [name for name in kinds if name not in drawn(form)]
        assert form.rest == 0 or all(index["items"][name]["questions"] > 1 for name in left), form.code


def test_a_family_stands_once_while_families_last(index: dict[str, Any]) -> None:
    """Siblings would help with one another."""
    for _, form in forms(index, "itil", "sprint"):
        families = [index["items"][name]["family"] for name in drawn(form)]
        assert len(set(families)) == len(families), form.code
    for made, form in forms(index, "capm", "pmp-half"):
        mine = {index["items"][name]["family"] for name in form.domains}
        all_of_it = {e["family"] for e in index["items"].values() if any(t.startswith(made["exam"]) for t in e["exam"])}
        assert mine == all_of_it, form.code  # no second sibling before each family has had its turn


def test_a_form_takes_only_the_kinds_that_it_allows(index: dict[str, Any]) -> None:
    """An ITIL form has the styles of that exam, and a sprint is mixed."""
    for made, form in forms(index, "itil", "sprint"):
        kinds = Counter(index["items"][name]["kind"] for name in drawn(form))
        assert set(kinds) <= set(made["kinds"])
        if made["id"] == "sprint":
            assert kinds == {kind: number for kind, number in made["kinds"].items() if number}


def test_one_best_answer_comes_first_in_an_itil_form(index: dict[str, Any]) -> None:
    """Each family of the exam with such a question gives one, where another kind does not take its place."""
    tagged = [each for each in index["items"].values() if any(tag.startswith("itil/") for tag in each["exam"])]
    families = {each["family"] for each in tagged if each["kind"] == "choice"}
    for _, form in forms(index, "itil"):
        chosen = [index["items"][name] for name in drawn(form)]
        assert {each["family"] for each in chosen if each["kind"] == "choice"} == families


def test_preferred_items_come_first_within_the_rules(index: dict[str, Any]) -> None:
    """A learner gets what is preferred before anything else of a new family, and an order of the list says nothing."""
    some = sorted(index["items"])[::4]
    plain, with_some = (draw_form(index, blueprint(index, "sprint"), 5, prefer) for prefer in ((), some))
    assert set(drawn(with_some)) <= set(some)
    assert not set(drawn(plain)) <= set(some)
    assert draw_form(index, blueprint(index, "sprint"), 5, some[::-1]) == with_some


def test_a_seed_is_a_form(index: dict[str, Any]) -> None:
    """The same seed gives the same form and another seed another one; the order of the index says nothing."""
    made = blueprint(index, "itil")
    assert draw_form(index, made, 7) == draw_form(index, made, 7)
    assert len({draw_form(index, made, seed).sections for seed in range(20)}) == 20
    backwards = {**index, "items": dict(reversed(index["items"].items()))}
    assert draw_form(backwards, made, 7) == draw_form(index, made, 7)


def test_every_item_has_its_chance(index: dict[str, Any]) -> None:
    """Over many seeds each practice item is drawn, and none is drawn always, in a form that is open to all."""
    made = {**blueprint(index, "sprint"), "questions": 40, "kinds": {}}
    seen = Counter(name for seed in range(200) for name in drawn(draw_form(index, made, seed)))
    assert set(seen) == set(index["items"])
    assert max(seen.values()) < 200


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_out_of_range_is_refused(index: dict[str, Any], seed: int) -> None:
    """It would be another seed in JavaScript."""
    with pytest.raises(ValueError, match="use a whole number from 0 to 4294967295"):
        draw_form(index, blueprint(index, "itil"), seed)


def test_a_bank_that_cannot_fill_a_form_says_how_far_it_goes(index: dict[str, Any]) -> None:
    """No form is short in silence."""
    few = {**index, "items": {name: index["items"][name] for name in sorted(index["items"])[:30]}}
    filled = questions(few, few["items"])
    with pytest.raises(SelectionError, match=f"pmp: 180 questions asked, the bank fills {filled}"):
        draw_form(few, blueprint(index, "pmp"), 1)


def test_chance_is_even() -> None:
    """Each of six numbers comes about as often as another: chi-squared of 6000 throws stays under its 99.9 % point."""
    random = numbers(1)
    seen = Counter(random(6) for _ in range(6000))
    assert set(seen) == set(range(6))
    assert sum((each - 1000) ** 2 / 1000 for each in seen.values()) < 20.5


def test_javascript_draws_each_form_as_python_does(page: Page, index: dict[str, Any]) -> None:
    """Every blueprint over many seeds, with and without preferred items, to the last question."""
    seeds, some = [*SEEDS, *range(100, 130)], sorted(index["items"])[::3]
    script = """async ([index, names, seeds, some]) => {
        const { drawForm } = await import("/draw.mjs");
        const blueprint = (name) => index.blueprints.find(({ id }) => id === name);
        const both = (made, seed) => [drawForm(index, made, seed), drawForm(index, made, seed, some)];
        return names.map((name) => seeds.map((seed) => both(blueprint(name), seed)));
    }"""
    with serve(ROOT / "quizzes" / "frontend") as address:
        page.goto(f"{address}/quiz.css")
        found = page.evaluate(script, [index, FORMS, seeds, some])
    for name, by_seed in zip(FORMS, found, strict=True):
        for seed, theirs in zip(seeds, by_seed, strict=True):
            ours = [draw_form(index, blueprint(index, name), seed, prefer).as_json() for prefer in ((), some)]
            assert theirs == ours, (name, seed)


def tight_index(singles: int) -> dict[str, Any]:
    """Return an index with more cases of three questions than sections of five can hold."""
    entry = {"page": "", "kind": "case", "sector": "s", "difference": "d", "exam": ["pmp/team"], "level": 1}
    cases = {f"case-{n}": {**entry, "family": f"f{n}", "questions": 3} for n in range(9)}
    one = {**entry, "kind": "choice", "questions": 1}
    return {"items": {**cases, **{f"one-{n}": {**one, "family": f"g{n}"} for n in range(singles)}}, "exams": {}}


TIGHT = {"id": "tight", "exam": "", "questions": 20, "sections": 4, "domains": {}, "kinds": {}}


def test_a_case_is_never_split_where_sections_are_tight(page: Page) -> None:
    """One case fits into each section, and single questions fill it, in both languages."""
    index = tight_index(20)
    made = [draw_form(index, TIGHT, seed) for seed in range(40)]
    for form in made:
        assert [questions(index, section) for section in form.sections] == [5] * 4
        assert all(sum(name.startswith("case") for name in section) <= 1 for section in form.sections)
    assert max(sum(name.startswith("case") for name in drawn(form)) for form in made) >= 3
    script = """async ([index, made]) => {
        const { drawForm } = await import("/draw.mjs");
        return Array.from({ length: 40 }, (_, seed) => drawForm(index, made, seed));
    }"""
    with serve(ROOT / "quizzes" / "frontend") as address:
        page.goto(f"{address}/quiz.css")
        found = page.evaluate(script, [index, TIGHT])
    assert found == [form.as_json() for form in made]
    with pytest.raises(SelectionError, match="tight: 20 questions asked, the bank fills 16"):
        draw_form(tight_index(4), TIGHT, 1)


def test_javascript_refuses_what_python_refuses(page: Page, index: dict[str, Any]) -> None:
    """A seed out of range, and a bank that is too small."""
    script = """async ([index, few]) => {
        const { drawForm } = await import("/draw.mjs");
        const told = (bank, seed) => {
            try { return drawForm(bank, index.blueprints[1], seed); } catch (error) { return error.message; }
        };
        return [told(index, -1), told(index, 2 ** 32), told(index, 1.5), told({ ...index, items: few }, 1)];
    }"""
    few = {name: index["items"][name] for name in sorted(index["items"])[:30]}
    with serve(ROOT / "quizzes" / "frontend") as address:
        page.goto(f"{address}/quiz.css")
        found = page.evaluate(script, [index, few])
    assert found == [
        "seed -1: use a whole number from 0 to 4294967295",
        "seed 4294967296: use a whole number from 0 to 4294967295",
        "seed 1.5: use a whole number from 0 to 4294967295",
        f"pmp: 180 questions asked, the bank fills {questions({'items': few}, few)}",
    ]
