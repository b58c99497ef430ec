"""The kinds: what an author is told about each fault, and what each kind asks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from quizzes.bank import Bank
from quizzes.items import EVIDENCE, KINDS, AnyItem, Trait, role, rule
from quizzes.kinds.about import TYPES
from quizzes.loading import BUILT_IN, BankError, read_bank


def private(folder: Path, kind: str, change: str) -> Path:
    """Make a private bank of one item of a kind, changed by a line of Python over `item`."""
    place = KINDS[kind].about.folder
    families = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((BUILT_IN / place).glob("*.yaml")))
    item: dict[str, Any] = next(each for family in families for each in family["items"] if each["kind"] == kind)
    item["id"] = "t-1"
    exec(change, {"item": item})  # noqa: S102  the changes stand below
    (folder / place).mkdir(parents=True)
    family = {"family": "t", "sector": "test", "items": [item]}
    (folder / place / "t.yaml").write_text(yaml.safe_dump(family, sort_keys=False), encoding="utf-8")
    return folder


ROW = "next(iter(item['rows'].values()))"
GAP = "item['gaps']['gap.1']"
FIRST = "list(item['rows'])[0]"

FAULTS = [
    (
        "classify",
        "o = item['class']['options']; o['luck'] = o['project']",
        "class: options are 'project' and 'operations', and 'both' where it is offered",
    ),
    (
        "classify",
        "item['status'] = 'F' if item['status'] == 'C' else 'C'",
        "status: items keyed 'both' have status C, all others F",
    ),
    (
        "classify",
        "[phrase.update(evidence=False) for phrase in item['evidence']]",
        "evidence: give at least one phrase that is evidence and one that is not",
    ),
    ("classify", "e = item['evidence']; e[1]['text'] = e[0]['text'][3:]", "overlaps with the next phrase: shorten one"),
    ("choice", "item['key'] = 'z'", "key 'z' is not one of the options: use one of a, b, c, d"),
    ("choice", "item['options']['b']['text'] = item['options']['a']['text']", "'a' and 'b' read the same: change one"),
    ("choice", "item['options']['a'].pop('text')", "options.a: the text is missing: write what the learner reads"),
    (
        "choice",
        "item['stem'] = 'Which is NOT so?'; item['style'] = 'standard'",
        "stem: a negative word stands in capitals",
    ),
    ("choice", "item['stem'] = 'Which?'; item['style'] = 'missing-word'", "style 'missing-word' needs [?]"),
    ("choice", "item.pop('differentiator')", "differentiator: missing: add it"),
    ("multiple", "item['key'] = list(item['options'])", "key: give some, not all, of a, b, c, d, e, each once"),
    ("multiple", "item['key'] = ['a', 'a']", "key: give some, not all, of a, b, c, d, e, each once"),
    ("multiple", "item['options'] = {'a': item['options']['a']}", "options: at least 4 are needed: add the rest"),
    ("sort", f"{ROW}['group'] = 'both'", "group 'both' is unknown: use one of"),
    ("sort", "item['groups']['spare'] = 'Spare'", "groups: nothing belongs to spare: add a row or remove the group"),
    ("sort", f"{ROW}['text'] = list(item['rows'].values())[1]['text']", "read the same: change one"),
    ("sort", f"item['rows']['a:b'] = item['rows'].pop({FIRST})", "'a:b' has a form that is not allowed"),
    ("sort", f"item['rows'][0] = item['rows'].pop({FIRST})", "rows.0"),
    ("sort", f"{ROW}.pop('misconception')", "misconception: missing: add it"),
    ("order", "item['key'] = list(item['rows'])", "the rows are shown in the right order already"),
    ("order", "item['key'] = item['key'][1:]", "key: give each of"),
    ("fill", "item['scenario'] = 'No gap.'", "must stand in the scenario as [gap.1], in this order, once"),
    ("fill", "item['scenario'] += ' And [gap.x].'", "must stand in the scenario as [gap.1], in this order, once"),
    ("fill", f"{GAP}['options']['a'].pop('text')", "gaps.gap.1.options.a: the text is missing"),
    ("fill", f"{GAP}['options']['a']['text'] = {GAP}['options']['b']['text']", "read the same: change one"),
    ("case", "item['questions'] = item['questions'][:2]", "questions: at least 3 are needed: add the rest"),
    ("case", "item['questions'][1]['kind'] = 'case'", "questions.2: unknown kind: use choice, multiple, sort"),
    ("case", "item['questions'][0]['differentiator'] = 'weather'", "differentiator: 'weather' is unknown"),
    ("case", "item['questions'][0].pop('stem')", "questions.1.stem: missing: add it"),
]


@pytest.mark.parametrize(("kind", "change", "line"), FAULTS)
def test_a_fault_of_any_kind_is_one_line(tmp_path: Path, kind: str, change: str, line: str) -> None:
    """The item, the field and the mend, and nothing that only follows from it."""
    with pytest.raises(BankError) as caught:
        read_bank([BUILT_IN, private(tmp_path / "mine", kind, change)])
    (fault,) = map(str, caught.value.faults)
    assert "t-1: " in fault
    assert line in fault


def test_points_go_by_role_or_by_name(bank: Bank) -> None:
    """A case's third question takes the points of its kind, and a form's points by name give the same rule again."""
    roles = {"choice": 2, "choices": 3, "sort": 4, "gap": 5}
    for item in (bank.select(kind="case")[0], bank.select(kind="fill")[0]):
        asked = rule(item, roles)
        assert [part.points for part in asked] == [roles[role(part.name)] for part in asked]
        assert rule(item, {part.name: part.points for part in asked}) == asked


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_asks_its_parts_in_the_order_of_its_rule(bank: Bank, kind: str) -> None:
    """Parts, questions and rationales speak of the same parts and options."""
    for item in bank.select(kind=kind):
        parts, asked = item.parts(), item.questions(bank.differentiator_names)
        assert [part.name for part in parts] == [each.name for each in asked] == list(item.rationales())
        for part, each in zip(parts, asked, strict=True):
            assert part.options == tuple(each.options) == tuple(item.rationales()[part.name])
            assert part.groups == tuple(each.groups)


def _asked(item: AnyItem, names: dict[str, str]) -> Trait:
    """Return the traits that an item's parts and questions show, whatever its kind says."""
    parts = [part for part in item.parts() if role(part.name) != EVIDENCE]
    found = Trait(0)
    for part in parts:
        found |= TYPES[part.type]
    if any(question.inline for question in item.questions(names)):
        return found | Trait.GAPS
    if len(parts) == 1:
        return found
    return found | (Trait.REASON if parts[0].decides else Trait.SEVERAL)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kinds_traits_are_those_of_its_items(bank: Bank, kind: str) -> None:
    """Formats go by them."""
    every = Trait(0)
    for item in bank.select(kind=kind):
        assert item.traits == _asked(item, bank.differentiator_names), item.id
        assert {role(part.name) for part in item.parts()} <= set(item.about.roles)
        every |= item.traits
    assert every == KINDS[kind].about.traits
