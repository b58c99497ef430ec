"""A learner's progress as a page of HTML: what to do next, mastery, reviews, and how well they judge themselves."""

from __future__ import annotations

from datetime import UTC, datetime

from markupsafe import Markup

from quizzes.study import figures
from quizzes.study.calibration import calibration, calibration_sentence
from quizzes.study.drawings import calibration_chart, forecast_chart, mastery_chart
from quizzes.study.learner import Learner
from quizzes.study.schedule import AHEAD, RETENTION, Schedule
from quizzes.study.tally import Items

_PAGE = Markup("""<p>{summary}</p>
<h3>What to study next</h3>
<p>The lowest shares come first. Of a difference without answers nothing is known yet: it is placed as if half of
it were right.</p><ol>{weakest}</ol>
<h3>Mastery by difference</h3>
<p>The share right of your last {window} answers; partly right counts half, and a question counts once, with your first
answer of its last day. Where the difference was known beforehand, a scenario counts half at most. The thin line
shows where your share would lie with many more questions, 95 times of 100.</p>
{mastery}
<h3>What comes when</h3>
<p>A situation comes back when the chance that you answer it rightly has fallen to about {retention} %, as far as your
answers tell. Then another question about it is asked, where there is one.</p>
{forecast}
<h3>How well you judge yourself</h3>
<p>{sentence}</p>
<p>The circle is what you said, the bar is how often you were right.</p>
{calibration}""")
_WEAK = Markup("<li><strong>{}</strong>: {}</li>")
_CLASSES = {"project": "Project", "operations": "Operations", "both": "Both at once"}


def progress_page(learner: Learner, name: str) -> Markup:
    """Return the page; `name` begins the ids of its drawings."""
    items, now = learner.items(), learner.clock()
    every = figures.mastery(items, learner.index, now)
    found = calibration(items)
    counts = Schedule(learner.index, items, now).forecast(AHEAD)
    today = datetime.fromtimestamp(now, UTC).astimezone()
    return _PAGE.format(
        summary=_summary(learner, items, now),
        weakest=Markup("").join(_WEAK.format(each.name, _known(each)) for each in figures.weakest(every)),
        window=figures.WINDOW,
        mastery=mastery_chart(every, f"{name}-mastery"),
        retention=round(RETENTION * 100),
        forecast=forecast_chart(counts, today, f"{name}-forecast"),
        sentence=calibration_sentence(found),
        calibration=calibration_chart(found, f"{name}-calibration"),
    )


def _known(each: figures.Mastery) -> str:
    return f"{each.points:g} of {each.answers} right." if each.answers else "no answer yet."


def _summary(learner: Learner, items: Items, now: float) -> str:
    answers = figures.answers_of(items, now)
    known = learner.index["items"]
    seen = sum(not figures.is_new(name, items) for name in known)
    count = "1 answer" if len(answers) == 1 else f"{len(answers)} answers"
    lines = [f"{count} so far; {seen} of {len(known)} questions of this course seen."]
    lines += [
        f"Of your last {said.times} answers “{_CLASSES[said.said]}”, {said.wrong} were wrong."
        for said in figures.confusion(answers)
        if said.times >= figures.ENOUGH
    ]
    return " ".join([*lines, *_streak(learner, items, now)])


def _streak(learner: Learner, items: Items, now: float) -> list[str]:
    times = figures.times_of(items, learner.store.all("card"))
    run = figures.streak(times, now)
    if run.last < 0 or learner.store.read("setting", "streak") == "off":
        return []
    if run.length > 1:
        return [f"You practised {run.length} days in a row{'' if run.today else ', up to yesterday'}."]
    return []
