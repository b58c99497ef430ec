"""The study session in plain text: for a terminal, or for a front end that shows no widgets."""

from __future__ import annotations

import random
import re
import shutil
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from string import ascii_uppercase
from time import monotonic
from typing import Any

from quizzes.bank import Bank
from quizzes.items import AnyItem, Question
from quizzes.kinds.base import pieces
from quizzes.loading import load_bank
from quizzes.marking import Mark
from quizzes.render import answer_view, practice_rule
from quizzes.study import figures
from quizzes.study.calibration import calibration, calibration_sentence
from quizzes.study.learner import MINUTES, Learner
from quizzes.study.round import Round
from quizzes.study.schedule import SEEDS, Goal

WIDEST = 80
SURE = {"1": 50, "2": 70, "3": 90}
UNEARNED = " What you got right besides counts only with the right class."
VERDICTS = {"right": "Correct.", "partly": "Partly correct.", "wrong": "Not correct."}
HOW = "Answer with the letters and numbers that are shown. Enter alone leaves a question open, q ends the session."


class _EndError(Exception):
    """The learner ends the session."""


@dataclass
class Terminal:
    """Where lines are asked and said: by default the terminal's."""

    ask: Callable[[str], str] = input
    say: Callable[[str], Any] = print

    def tell(self, text: str, indent: str = "") -> None:
        """Say a paragraph, in lines as wide as the terminal."""
        width = min(WIDEST, shutil.get_terminal_size().columns)
        hanging = indent + " " * 3 if re.match(r"[A-Z0-9]\. ", text) else indent
        self.say(textwrap.fill(text, width, initial_indent=indent, subsequent_indent=hanging))

    def answer(self, prompt: str, fits: Callable[[str], bool], how: str) -> str:
        """Ask until an answer fits; an empty one does. Raises _EndError where the learner ends the session."""
        while True:
            try:
                given = self.ask(f"{prompt} ").strip()
            except (EOFError, KeyboardInterrupt):
                raise _EndError from None
            except RuntimeError:  # IPython's, where a front end has no place to type
                self.tell("This program cannot ask questions. In a terminal, the command is: python -m quizzes study")
                raise _EndError from None
            if given.lower() == "q":
                raise _EndError
            if not given or fits(given):
                return given
            self.tell(how)

    def choose(self, title: str, choices: Iterable[tuple[str, Any]], default: Any) -> Any:
        """Let the learner choose one of several by number."""
        every = list(choices)
        self.tell(title)
        for number, (label, _) in enumerate(every, 1):
            self.tell(f"{number:>3}  {label}")
        place = next((number for number, (_, value) in enumerate(every, 1) if value == default), 1)
        given = self.answer(
            f"Number (Enter for {place}):",
            lambda text: text.isdecimal() and 1 <= int(text) <= len(every),
            f"A number from 1 to {len(every)}, please.",
        )
        return every[int(given or place) - 1][1]


def ask(learner: Learner, terminal: Terminal | None = None, seed: int | None = None) -> None:
    """Run a session: choose a goal, answer, see how it went. Ends at the end of the input, too."""
    terminal = terminal or Terminal()
    try:
        _session(learner, terminal, random.Random(seed))  # noqa: S311  a draw, no secret
    except _EndError:
        terminal.say("")
        terminal.tell("The session has ended.")
    terminal.tell(learner.store.kept_not() or "What you answered is kept.")


def _session(learner: Learner, terminal: Terminal, chance: random.Random) -> None:
    terminal.tell("Project or operation? A study session in plain text.")
    terminal.tell(HOW)
    if told := learner.store.kept_not():
        terminal.tell(told)
    round_ = _opening(learner, terminal, chance)
    if not round_.current:
        terminal.tell("No question fits: choose another exam or difference.")
        return
    bank = load_bank()
    try:
        while round_.current:
            _item(bank, round_, learner, terminal)
            round_.at += 1
            learner.keep(round_)
    finally:
        _sum_up(round_, learner, terminal)


def _opening(learner: Learner, terminal: Terminal, chance: random.Random) -> Round:
    """Return the round that the learner chooses: a new one, the open one, or a review."""
    choices: list[tuple[str, str]] = [("Study what is due and new", "new")]
    if kept := learner.going_on():
        choices.insert(0, (f"Go on with your session: question {kept.at + 1} of {len(kept.queue)}", "go on"))
    if missed := learner.missed():
        choices.append((f"Review what you missed ({len(missed)})", "missed"))
    chosen = choices[0][1] if len(choices) == 1 else terminal.choose("What now?", choices, choices[0][1])
    if kept and chosen == "go on":
        return kept
    if chosen == "missed":
        return learner.review()
    before = learner.goal()
    goal = Goal(
        terminal.choose("Which exam?", learner.exams(), before.exam),
        terminal.choose("Which difference?", learner.differences(), before.difference),
        terminal.choose("How much time?", [(f"{each} minutes", each) for each in MINUTES], before.minutes),
    )
    learner.keep_goal(goal)
    return learner.begin(goal, chance.randrange(SEEDS))


# ---- one item ----


def _item(bank: Bank, round_: Round, learner: Learner, terminal: Terminal) -> None:
    item = bank.items[str(round_.current)]
    asked = {part.name for part in practice_rule(item, evidence=False)}
    questions = [each for each in item.questions(bank.differentiator_names) if each.name in asked]
    stands_in = ", in place of one that you missed" if item.id in round_.brought else ""
    terminal.say("")
    terminal.tell(f"Question {round_.at + 1} of {len(round_.queue)}{stands_in}")
    if text := scenario(item, questions):
        terminal.tell(text)
    begun = monotonic()
    response: dict[str, Any] = {}
    for question in questions:
        value = _value(question, terminal)
        if value:
            response[question.name] = value
        elif not response:
            break  # the first part left open: the others hang on it
    seconds = monotonic() - begun
    if not response:
        terminal.tell("Left open.")
        return
    made = learner.answer(round_, item.id, response, seconds, _sure(terminal))
    _feedback(made, response, answer_view(item, bank), terminal)


def scenario(item: AnyItem, questions: Iterable[Question]) -> str:
    """Return the scenario, with a number for each gap in it."""
    text = str(getattr(item, "scenario", ""))
    gaps = {each.name: f"({each.legend})" for each in questions if each.inline}
    return "".join(gaps[name] if name else piece for name, piece in pieces(text)) if gaps else text


def _value(question: Question, terminal: Terminal) -> Any:
    """Ask for a part's value; empty where it is left open."""
    letters = dict(zip(ascii_uppercase, question.options, strict=False))
    terminal.say("")
    terminal.tell(question.legend)
    for letter, option in letters.items():
        terminal.tell(f"{letter}. {question.options[option]}")
    return {"one": _one, "some": _some, "match": _match, "order": _order}[question.type](question, letters, terminal)


def _one(_: Question, letters: Mapping[str, str], terminal: Terminal) -> str:
    last = max(letters)
    given = terminal.answer(
        f"Letter, A to {last}:", lambda text: text.upper() in letters, f"One letter from A to {last}."
    )
    return letters.get(given.upper(), "")


def _several(text: str) -> list[str]:
    return [each for each in text.upper() if each not in " ,;"]


def _some(_: Question, letters: Mapping[str, str], terminal: Terminal) -> list[str]:
    def fits(text: str) -> bool:
        given = _several(text)
        return len(set(given)) == len(given) and set(given) <= set(letters)

    given = terminal.answer("Letters of all that fit, as in AC:", fits, f"Letters from A to {max(letters)}, each once.")
    return [letters[each] for each in _several(given)]


def _order(_: Question, letters: Mapping[str, str], terminal: Terminal) -> dict[str, str]:
    given = terminal.answer(
        "All letters in their order:",
        lambda text: sorted(_several(text)) == sorted(letters),
        f"All letters from A to {max(letters)}, each once.",
    )
    return {letters[each]: str(place) for place, each in enumerate(_several(given), 1)}


def _match(question: Question, letters: Mapping[str, str], terminal: Terminal) -> dict[str, str]:
    places = {str(number): group for number, group in enumerate(question.groups, 1)}
    for number, group in places.items():
        terminal.tell(f"{number}. {question.groups[group]}")
    found = {}
    for letter, row in letters.items():
        given = terminal.answer(
            f"{letter} belongs to, 1 to {len(places)}:", places.__contains__, f"A number from 1 to {len(places)}."
        )
        if given:
            found[row] = places[given]
    return found


def _sure(terminal: Terminal) -> int | None:
    given = terminal.answer(
        "How sure are you? 1 guessing, 2 fairly sure, 3 certain:", SURE.__contains__, "1, 2 or 3; Enter says nothing."
    )
    return SURE.get(given)


# ---- what became of it ----


def _feedback(made: Mark, response: Mapping[str, Any], answers: list[dict[str, Any]], terminal: Terminal) -> None:
    """Say the verdict, the right answer of each part, and why what was chosen is right or wrong."""
    outcomes = {part.name: part.outcome for part in made.parts}
    terminal.say("")
    unearned = any(part.unearned for part in made.parts)
    terminal.tell(VERDICTS[made.outcome] + (UNEARNED if unearned else ""))
    for part in answers:
        if part["name"] not in outcomes:
            continue
        if part["keys"]:
            terminal.tell(f"{part['legend']} {'; '.join(part['keys'])}")
        for option in part["options"]:
            if not part["keys"] or _is_chosen(option, response.get(part["name"])):
                terminal.tell(_reason(option, part), "  ")


def _is_chosen(option: Mapping[str, Any], value: Any) -> bool:
    return bool(value == option["id"] or (isinstance(value, list) and option["id"] in value))


def _reason(option: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    place = f" [{option['place']}]" if not part["keys"] else ""
    trap = f" Trap: “{option['trap']}” {option['mend']}" if option["trap"] and part["keys"] else ""
    return f"{option['label']}{place}: {option['rationale']}{trap}"


def _sum_up(round_: Round, learner: Learner, terminal: Terminal) -> None:
    """Say how it went, what to study next, and how well the learner judges themselves."""
    if not round_.done:
        return
    items = learner.items()
    terminal.say("")
    terminal.tell(f"{round_.score}.")
    for each in figures.weakest(figures.mastery(items, learner.index, learner.clock())):
        known = f"{each.points:g} of {each.answers} right" if each.answers else "no answer yet"
        terminal.tell(f"Next: {each.name}, {known}.")
    terminal.tell(calibration_sentence(calibration(items)))
    today, tomorrow = learner.schedule().forecast(2)
    terminal.tell(f"Due for review today: {today}; tomorrow: {tomorrow}.")
