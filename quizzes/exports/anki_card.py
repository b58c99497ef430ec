"""What stands on Anki's cards: the layout of both sides, and each field's HTML."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase

from markupsafe import Markup, escape

from quizzes.bank import Bank
from quizzes.exports.units import Choice, Unit
from quizzes.items import EVIDENCE, AnyItem
from quizzes.render import answer_view, emphasis
from quizzes.vocabulary import Term

_LINK = '{{#Page}}<p class="page"><a href="{{Page}}">Open it in the course</a></p>{{/Page}}'
_ASKED = '{{#Scenario}}<div class="scenario">{{Scenario}}</div>{{/Scenario}}<div class="question">{{Question}}</div>'
QUESTION = {
    "qfmt": f"{_ASKED}{{{{Options}}}}",
    "afmt": f'{_ASKED}<hr id="answer">{{{{Answer}}}}{{{{Reasons}}}}{_LINK}',
}
TERM = {
    "qfmt": '<p class="term">{{Term}}</p><p>What does it mean?</p>',
    "afmt": f'<p class="term">{{{{Term}}}}</p><hr id="answer">{{{{Definition}}}}{{{{See}}}}{_LINK}',
}
# Night mode is a class on the card: `nightMode` on computers and iPhones, `night_mode` on Android.
CSS = """
.card { font: 1.125rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; text-align: left;
  max-width: 42rem; margin: 0 auto; padding: 0.5rem 1rem; color: #1c1e21; background: #fff;
  overflow-wrap: break-word; --line: #767b82; --right: #0b6b3a; --link: #0a58ca; }
.card.nightMode, .card.night_mode { color: #e9eaec; background: #1f2124;
  --line: #9aa0a6; --right: #7ddba3; --link: #8ab8ff; }
.question, .term, .key, .option { font-weight: 600; }
.term { font-size: 1.375rem; }
p { margin: 0 0 0.5rem; }
.scenario, .question { margin-bottom: 0.75rem; }
hr { border: 0; border-top: 1px solid var(--line); margin: 1rem 0; }
ol, ul { margin: 0.75rem 0; padding-left: 2rem; }
li { margin-bottom: 0.75rem; }
li.right { border-left: 4px solid var(--right); padding-left: 0.5rem; }
.key, .verdict { color: var(--right); }
.verdict, .place { font-weight: 600; }
.trap { font-style: italic; }
a { color: var(--link); }
.page { margin-top: 1rem; }
"""


def _paragraphs(text: str) -> Markup:
    parts = [part.strip() for part in text.split("\n\n") if part.strip()]
    return Markup().join(Markup("<p>{}</p>").format(part) for part in parts)


def _lettered(rows: Sequence[Markup]) -> Markup:
    return Markup('<ol type="A">{}</ol>').format(Markup().join(rows))


def _options(unit: Unit) -> Markup:
    rows = _lettered([Markup("<li>{}</li>").format(unit.choices[name].text) for name in unit.part.options])
    if unit.part.type != "match":
        return rows
    groups = Markup().join(Markup("<li>{}</li>").format(text) for text in unit.groups.values())
    return Markup("<p>Groups:</p><ul>{}</ul>").format(groups) + rows


def _reason(choice: Choice, *, right: bool, step: bool) -> Markup:
    verdict = Markup('<span class="verdict">Right.</span> ') if right else Markup()
    put = f"Step {choice.place}" if step else choice.place
    place = Markup('<p class="place">{}</p>').format(put) if choice.place else Markup()
    trap = Markup('<p class="trap">Trap: “{}” {}</p>').format(choice.trap, choice.mend) if choice.trap else Markup()
    return Markup('<li{}><p class="option">{}</p>{}<p>{}{}</p>{}</li>').format(
        Markup(' class="right"') if right else "", choice.text, place, verdict, choice.rationale, trap
    )


def _letters(unit: Unit) -> dict[str, str]:
    return dict(zip(unit.part.options, ascii_uppercase, strict=False))


def _answer(unit: Unit) -> Markup:
    if unit.part.type == "match":
        return Markup('<p class="key">Answer: its group stands below each</p>')
    letters = _letters(unit)
    # The letters of several right ones stand in their order; those of steps in the order of the steps.
    names = (
        unit.part.key if unit.part.type == "order" else [name for name in unit.part.options if name in unit.part.key]
    )
    return Markup('<p class="key">Answer: {}</p>').format(", ".join(letters[name] for name in names))


def _reasons(unit: Unit) -> Markup:
    placed = bool(unit.part.places)
    shown = [(unit.choices[name], not placed and name in unit.part.key) for name in unit.part.options]
    return _lettered([_reason(choice, right=right, step=unit.part.type == "order") for choice, right in shown])


def evidence(item: AnyItem, bank: Bank) -> tuple[str, ...]:
    """Return the words of the scenario that show what it is, where the item has such words."""
    return tuple(word for part in answer_view(item, bank) if part["name"] == EVIDENCE for word in part["keys"])


def question_fields(unit: Unit, shown_by: Sequence[str]) -> dict[str, str]:
    """Return the fields of a question's note but its id and page, as HTML; `shown_by` are the words that show it."""
    words = ", ".join(shown_by)
    more = Markup("<p>The words that show it: {}</p>").format(words) if words else Markup()
    return {
        "Scenario": str(_paragraphs(unit.scenario)),
        "Question": str(emphasis(unit.legend)),
        "Options": str(_options(unit)),
        "Answer": str(_answer(unit)),
        "Reasons": str(_reasons(unit) + more),
    }


def term_fields(term: Term, bank: Bank) -> dict[str, str]:
    """Return the fields of a term's note but its id and page, as HTML."""
    see = ", ".join(bank.terms[name].term for name in term.see)
    return {
        "Term": str(escape(term.term)),
        "Definition": str(_paragraphs(term.definition)),
        "See": str(Markup("<p>See also: {}</p>").format(see) if see else ""),
    }
