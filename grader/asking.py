"""What an assignment asks of the bank: its items, and what is wrong with the plan, all of it in one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.course import Assignment
from quizzes.bank import Bank, draw
from quizzes.choosing import SelectionError
from quizzes.forms import Form
from quizzes.items import AnyItem, role
from quizzes.loading import load_bank
from quizzes.nearest import nearest

NAMED = 5  # ids that one line names


def choose_items(plan: Assignment, bank: Bank) -> tuple[AnyItem, ...]:
    """Return the plan's items; raises SelectionError where the bank lacks one, is too small, or points ask nothing."""
    if plan.draw is None:
        items = _listed(plan, bank)
    else:
        pool = bank.select(use=plan.draw.use, kind=plan.draw.kind, differentiator=plan.draw.differentiator)
        items = draw(pool, plan.draw.number, plan.draw.seed)
    _check_points(plan, items)
    return items


def _listed(plan: Assignment, bank: Bank) -> tuple[AnyItem, ...]:
    twice = sorted({each for each in plan.items if plan.items.count(each) > 1})
    if twice:
        raise SelectionError(f"items: {_few(twice)} given twice: remove one")
    unknown = [each for each in plan.items if each not in bank.items]
    if unknown:
        raise SelectionError(
            f"items: not in the bank: {_few([_guess(each, bank) for each in unknown])}: "
            f"`python -m quizzes{''.join(f' --bank {folder}' for folder in plan.banks)} list` shows the ids"
        )
    return bank.get(plan.items)


def _guess(item_id: str, bank: Bank) -> str:
    near = nearest(item_id, bank.items, 1)
    return f"{item_id} (did you mean {near[0]}?)" if near else item_id


def _check_points(plan: Assignment, items: Iterable[AnyItem]) -> None:
    """Raise SelectionError with the items of which no part has points, and a line that would give some."""

    def is_asked(item: AnyItem) -> bool:
        return any(plan.points.get(part.name, plan.points.get(role(part.name), 0)) for part in item.parts())

    if idle := [item for item in items if not is_asked(item)]:
        first = dict.fromkeys(role(item.parts()[0].name) for item in idle)
        mend = " and ".join(f"`{name}: 1`" for name in first)
        raise SelectionError(f"points: nothing is asked of {_few([item.id for item in idle])}: add {mend} under points")


def _few(names: Sequence[str]) -> str:
    left = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {left} more" if left > 0 else "")


def answers_on_site(form: Form) -> str:
    """Return a line about the form's items whose answers the public site shows; empty where there are none."""
    public = load_bank().items
    shown = [item.id for item in form.items if item.id in public and public[item.id].use == "practice"]
    if not shown:
        return ""
    if len(shown) == 1:
        return f"{shown[0]} is a practice item: its answer is on the site"
    return f"{_few(shown)} are practice items: their answers are on the site"
