"""Mark a record against form and bank, and say in words what each item earned and why."""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quizzes.amounts import amount, brief
from quizzes.answers import AnswerRecord
from quizzes.bank import Bank
from quizzes.choosing import SelectionError
from quizzes.forms import Form, FormItem
from quizzes.items import AnyItem, Question, rule
from quizzes.marking import Mark, Outcome, mark
from quizzes.render import answer_view, environment

OUTCOMES = {
    Outcome.RIGHT: "Correct",
    Outcome.PARTLY: "Partly correct",
    Outcome.WRONG: "Not correct",
    Outcome.BLANK: "Not answered",
    Outcome.MALFORMED: "Malformed answer",
}


KNOWN = 20_000  # explained answers that are kept


class StaleKeyError(Exception):
    """The bank has no key that fits the form; the message is one line."""


@dataclass(frozen=True)
class ItemResult:
    """One item's mark, in a line and as HTML for feedback. The HTML holds no text that a learner wrote."""

    item_id: str
    mark: Mark
    line: str
    html: str


def keyed_item(bank: Bank, asked: FormItem) -> AnyItem:
    """Return the bank's item for a form's; raises StaleKeyError where an option reads otherwise than in the form.

    The scenario may have been mended since; an option's text may not, because evidence ids count phrases in order.
    """
    try:
        item = bank.get([asked.id])[0]
    except SelectionError as error:
        raise StaleKeyError(f"{error}; is the assignment's private bank named under 'banks'?") from None
    present = {each.name: (each.type, each.options, each.groups) for each in item.questions(bank.differentiator_names)}
    for question in asked.questions:
        if present.get(question.name) != (question.type, question.options, question.groups):
            raise StaleKeyError(f"{asked.id}: {question.name}: the bank's options are not the form's: restore them")
    return item


def _given(response: Any, name: str) -> list[str]:
    value = response.get(name) if isinstance(response, Mapping) else None
    return list(value) if isinstance(value, (list, Mapping)) else [] if value is None else [value]


def _places(response: Any, question: Question) -> dict[str, str]:
    """Return the labels of the places that a learner gave to rows."""
    value = response.get(question.name) if isinstance(response, Mapping) else None
    return {row: question.groups.get(place, "") for row, place in value.items()} if isinstance(value, Mapping) else {}


def explain(asked: FormItem, number: int, item: AnyItem, bank: Bank, response: Any) -> ItemResult:
    """Mark one response and explain it. Only labels of the bank reach the HTML, never the response itself."""
    result = mark(rule(item, asked.points), response)
    parts = []
    for view, part, question in zip(_asked_views(item, bank, asked), result.parts, asked.questions, strict=True):
        fits = result.outcome is not Outcome.MALFORMED
        given, places = (_given(response, part.name), _places(response, question)) if fits else ([], {})
        chosen = [{**each, "given": places.get(each["id"], "")} for each in view["options"] if each["id"] in given]
        misplaced = [each["id"] for each in chosen if each["given"] != each["place"]]
        parts.append(
            {**view, "chosen": chosen, "misplaced": misplaced, "mark": part, "outcome": OUTCOMES[part.outcome]}
        )
    title = f"Item {number}: {OUTCOMES[result.outcome]}, {brief(result.score)} of {amount(result.points, 'point')}"
    reason = f" ({result.reason})" if result.reason else ""
    html = (
        environment()
        .get_template("feedback.html.jinja")
        .render(title=title, reason=result.reason, scenario=item.scenario, parts=parts)
    )
    return ItemResult(asked.id, result, f"{title}{reason}", html)


def _asked_views(item: AnyItem, bank: Bank, asked: FormItem) -> list[dict[str, Any]]:
    names = {question.name for question in asked.questions}
    return [view for view in answer_view(item, bank) if view["name"] in names]


Known = dict[tuple[str, int, bytes], ItemResult]  # by form, number of the item, and response


def mark_record(form: Form, bank: Bank, record: AnswerRecord | None, known: Known | None = None) -> list[ItemResult]:
    """Mark every item of a form; None marks all of them blank. Raises StaleKeyError.

    `known` keeps what was explained of this bank, for the next records: a class gives the same answers over and over.
    """
    responses, found = record.responses if record else {}, {} if known is None else known
    if len(found) > KNOWN:
        found.clear()
    results = []
    for number, asked in enumerate(form.items, 1):
        response = responses.get(asked.id)
        key = (form.form, number, marshal.dumps(response, 2))  # a tenth of what JSON takes
        if key not in found:
            found[key] = explain(asked, number, keyed_item(bank, asked), bank, response)
        results.append(found[key])
    return results
