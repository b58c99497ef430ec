"""The progress file is the same in JavaScript as in Python, by the same cases and by what chance makes."""

from __future__ import annotations

import random
from dataclasses import asdict
from typing import Any

from modules import run
from playwright.sync_api import Browser
from progress_files import CASES, NOW, due_of, file_of, joined, log_of, pieces_of, whole
from records import attempt

from quizzes.study.progress_file import FIELDS, Added, document

READ = """async (texts) => {
    const { FileError, fromText } = await import("/transfer.mjs");
    return texts.map((pieces) => {
        try {
            return fromText(pieces.map(([text, times]) => text.repeat(times)).join(""));
        } catch (error) {
            if (error instanceof FileError) return error.message;
            throw error;
        }
    });
}"""
JOIN = """async (cases) => {
    const { add, exported, fromText } = await import("/transfer.mjs");
    const store = await import("/store.mjs");
    const kinds = ["item", "card", "setting", "exam"];
    return cases.map(({ here, text }) => {
        store.reset();
        for (const kind in here) for (const id in here[kind]) store.write(kind, id, here[kind][id]);
        const content = fromText(text);
        const added = add(content);
        const after = Object.fromEntries(kinds.map((kind) => [kind, store.all(kind)]));
        return { added, after, again: add(content), file: exported() };
    });
}"""
TELL = """async (cases) => {
    const { told } = await import("/transfer.mjs");
    return cases.map(({ added, left }) => told(added, left));
}"""
REPLAY = """async (logs) => {
    const { replayed } = await import("/spacing.mjs");
    return logs.map(replayed);
}"""


def test_javascript_reads_and_refuses_as_python_does(browser: Browser) -> None:
    """Every file of the cases."""
    cases = [*CASES["parse"], *CASES["refused"]]
    found = run(browser, READ, [pieces_of(case) for case in cases])
    expected = [
        {**{field: case["records"].get(kind, {}) for field, kind in FIELDS.items()}, "left": case["left"]}
        for case in CASES["parse"]
    ]
    assert found == [*expected, *(case["line"] for case in CASES["refused"])]


def test_javascript_joins_as_python_does(browser: Browser) -> None:
    """Every case of joining, with what it brings, once and again."""
    given = [{"here": case["here"], "text": file_of(case["file"])} for case in CASES["joining"]]
    for case, found in zip(CASES["joining"], run(browser, JOIN, given), strict=True):
        assert found["after"] == whole(case["after"]), case["id"]
        assert (found["added"], found["again"]) == (asdict(Added(**case["added"])), asdict(Added())), case["id"]


def test_javascript_tells_and_replays_as_python_does(browser: Browser) -> None:
    """Every line, and every history in its time zone."""
    told_there = [{"added": asdict(Added(**case["added"])), "left": case["left"]} for case in CASES["told"]]
    assert run(browser, TELL, told_there) == [case["line"] for case in CASES["told"]]
    for zone in sorted({case["zone"] for case in CASES["replays"]}):
        cases = [case for case in CASES["replays"] if case["zone"] == zone]
        cards = run(browser, REPLAY, [log_of(case) for case in cases], zone)
        found = [(case["id"], card["box"], card["due"]) for case, card in zip(cases, cards, strict=True)]
        assert found == [(case["id"], case["box"], due_of(case)) for case in cases]


def test_chance_finds_no_difference_between_the_languages(browser: Browser) -> None:
    """Three hundred pairs of made records, many with the same ids and times, come to the same in both."""
    rng = random.Random(6)  # noqa: S311  made records, no secret
    pairs = [(made_records(rng), file_of(made_records(rng))) for _ in range(300)]
    found = run(browser, JOIN, [{"here": here, "text": text} for here, text in pairs])
    for (here, text), there in zip(pairs, found, strict=True):
        after, added = joined(here, text)
        assert (there["after"], there["added"]) == (after, asdict(added))
        assert {**document(after, NOW), "exported_at": ""} == {**there["file"], "exported_at": ""}


def made_records(rng: random.Random) -> dict[str, Any]:
    """Return records by kind and id, as chance makes them."""
    return {
        "item": {name: made_item(rng) for name in "abc" if rng.random() < 0.8},
        "card": {name: made_card(rng) for name in "xy" if rng.random() < 0.8},
        "setting": {"streak": rng.choice(["on", "off", 0])} if rng.random() < 0.5 else {},
        "exam": {name: made_exam(rng) for name in "ef" if rng.random() < 0.8},
    }


def made_item(rng: random.Random) -> dict[str, Any]:
    """Return an item's record."""
    fields = {
        "response": rng.choice([{}, {"choice": "a"}, {"choice": "b"}]),
        "checked": True,
        "flag": True,
        "note": rng.choice([1, True, "1", [1.5]]),
        "log": [made_attempt(rng) for _ in range(rng.randint(0, 4))],
    }
    return {name: value for name, value in fields.items() if rng.random() < 0.6}


def made_attempt(rng: random.Random) -> dict[str, Any]:
    """Return an attempt within ten seconds."""
    more = {"sure": rng.choice([50, 70, 90])} if rng.random() < 0.5 else {}
    return attempt(
        NOW + rng.randint(0, 9), rng.choice(["right", "wrong"]), where=rng.choice(["study", "practice"]), **more
    )


def made_card(rng: random.Random) -> dict[str, Any]:
    """Return a card with reviews over three weeks."""
    log = sorted(NOW + rng.randint(0, 50) * 40_000 for _ in range(rng.randint(0, 5)))
    reviews = [{"at": at, "knew": rng.random() < 0.8} for at in log]
    return {
        "box": rng.randint(0, 5),
        "due": NOW + rng.randint(0, 9),
        **({"log": reviews} if rng.random() < 0.9 else {}),
    }


def made_exam(rng: random.Random) -> dict[str, Any]:
    """Return an exam, open or submitted."""
    responses = {name: {"choice": "a"} for name in "abc" if rng.random() < 0.5}
    submitted = {"submitted": rng.choice([0, NOW])} if rng.random() < 0.5 else {}
    return {"started": NOW, "sections": [["a", "b", "c"]], "responses": responses, **submitted}
