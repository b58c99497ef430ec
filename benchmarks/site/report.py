"""Write what was measured: tables for reading, as text and as Markdown, and every figure as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import table
from benchmarks.rows import Row
from benchmarks.site import goals
from benchmarks.site.contestants import CONTESTANTS
from benchmarks.site.goals import percentile, ratio

Table = tuple[str, Sequence[str], list[list[str]]]
NONE = "\u2013"
PAGE_HEAD = (
    "Page",
    "kB",
    "of it the quiz",
    "quiz code files",
    "requests",
    "other hosts",
    "answerable ms",
    "at CPU/4",
    "shift",
)
TITLES = {each.name: each.title for each in CONTESTANTS}


def _kb(number: float) -> str:
    return f"{number / 1000:.1f}"


def _spread(values: Sequence[float]) -> str:
    """Return the median with the least and the most."""
    return f"{median(values):.0f} ({min(values):.0f} to {max(values):.0f})" if values else NONE


def page_row(title: str, page: Mapping[str, Any], plain: float | None = None) -> list[str]:
    """Return a page's line; `plain` is what the same book's page without a quiz weighs."""
    weights = page["weights"]
    if not weights:
        return [title, *[NONE] * (len(PAGE_HEAD) - 1)]
    middle = {name: median(w[name] for w in weights) for name in ("bytes", "code_bytes", "requests", "foreign")}
    return [
        title,
        _kb(middle["bytes"]),
        _kb(middle["bytes"] - plain) if plain else NONE,
        _kb(middle["code_bytes"]) if middle["code_bytes"] else NONE,
        f"{middle['requests']:.0f}",
        f"{middle['foreign']:.0f}",
        _spread(page["full"]),
        _spread(page["quarter"]),
        f"{max(w['shift'] for w in weights):g}",
    ]


def _contestants(results: Mapping[str, Any]) -> Iterator[Table]:
    for number, pages in results["pages"].items():
        rows = [page_row(TITLES[name], page, results["plain"].get(name)) for name, page in pages.items()]
        yield f"The same page with {number} questions", PAGE_HEAD, rows


def _ratios(results: Mapping[str, Any]) -> Table:
    rows = []
    for number, pages in results["pages"].items():
        for name in pages:
            if name != "ours" and "ours" in pages:
                pair = [ratio(pages[name], pages["ours"], speed) for speed in ("full", "quarter")]
                rows.append([f"{number} questions: {TITLES[name]}", *(f"{each:g}" if each else NONE for each in pair)])
    return "How many times sooner ours can be answered, median of the rounds", ("Than", "full CPU", "CPU/4"), rows


def _site(results: Mapping[str, Any]) -> Iterator[Table]:
    site = results.get("site")
    if not site:
        return
    if site.get("practice"):
        yield "The site's practice page", PAGE_HEAD, [page_row("book/practice.html", site["practice"])]
        yield from _code(site["practice"])
    if pages := site.get("pages"):
        heavy = sorted(pages, key=lambda name: -pages[name]["bytes"])[:3]
        moved = [name for name in sorted(pages, key=lambda name: -pages[name]["shift"]) if pages[name]["shift"]][:5]
        rows = [[name, _kb(pages[name]["bytes"]), f"{pages[name]['shift']:g}"] for name in dict.fromkeys(heavy + moved)]
        yield f"The heaviest of the site's {len(pages)} pages, and those that shift", ("Page", "kB", "shift"), rows
    if exam := site.get("exam"):
        rows = [[name, *_times(times)] for name, times in exam.items()]
        yield "The exam of 180 at quarter CPU, ms to the next paint", ("Clicks on", "n", "p50", "p95", "most"), rows
    if kept := site.get("precache"):
        row = [str(kept["files"]), f"{kept['bytes'] / 1e6:.2f}", f"{kept['wire_bytes'] / 1e6:.2f}"]
        yield "Precache", ("Files", "MB as stored", "MB over the wire"), [row]


def _code(page: Mapping[str, Any]) -> Iterator[Table]:
    """Yield what the quiz code of a page is made of."""
    if page["weights"] and (files := page["weights"][0]["code_files"]):
        rows = [[name, _kb(size)] for name, size in sorted(files.items(), key=lambda each: -each[1])]
        yield "Its quiz code, headers included", ("File", "kB"), rows


def _times(times: list[float]) -> list[str]:
    middle, high = percentile(times, 50), percentile(times, 95)
    return [
        str(len(times)),
        *(f"{each:.0f}" if each is not None else NONE for each in (middle, high, max(times, default=None))),
    ]


def _lighthouse(results: Mapping[str, Any]) -> Iterator[Table]:
    pages = {name: scores for group in results["lighthouse"].values() for name, scores in group.items()}
    if pages:
        names = list(next(iter(pages.values())))
        rows = [[page, *(str(scores[name]) for name in names)] for page, scores in pages.items()]
        yield "Lighthouse mobile", ("Page", *names), rows


def goals_table(rows: Iterable[Row]) -> Table:
    """Return each figure of the one table, with its goal and whether it is met."""
    return "Goals", table.HEAD, [list(table.cells(row)) for row in rows]


def tables(results: Mapping[str, Any]) -> list[Table]:
    """Return all tables of a run."""
    parts = [*_contestants(results), _ratios(results), *_site(results), *_lighthouse(results)]
    return [*(part for part in parts if part[2]), goals_table(goals.rows(results))]


def _head(results: Mapping[str, Any]) -> list[str]:
    machine = results["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in sorted(results["versions"].items()))
    busy = "; ".join(f"{when} {load:.1f}" for when, load in results["load"].items())
    return [
        f"{results['date']}, {machine['cpu']}, {machine['cores']} cores, {machine['browser']}.",
        f"Processes that wanted a core: {busy}. Cold caches, gzip, {results['rounds']} rounds of all in turn.",
        f"Versions: {versions}.",
    ]


def as_text(results: Mapping[str, Any]) -> str:
    """Return the run for a terminal."""
    return "\n".join([*_head(results), *map(_text, tables(results)), *_faults(results)]) + "\n"


def _text(table: Table) -> str:
    title, head, rows = table
    widths = [max(len(row[n]) for row in [list(head), *rows]) for n in range(len(head))]
    lines = [
        "  ".join(
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in [list(head), *rows]
    ]
    return "\n".join(["", title, *lines])


def as_markdown(results: Mapping[str, Any]) -> str:
    """Return the run as a page of Markdown."""
    return (
        "\n\n".join(["# The site, measured", *_head(results), *map(_markdown, tables(results)), *_faults(results)])
        + "\n"
    )


def _markdown(table: Table) -> str:
    title, head, rows = table
    lines = [f"| {' | '.join(row)} |" for row in [list(head), ["---"] * len(head), *rows]]
    return "\n".join([f"## {title}", "", *lines])


def _faults(results: Mapping[str, Any]) -> list[str]:
    return [f"Not measured: {name}: {fault}" for name, fault in results["faults"].items()]


def write(results: Mapping[str, Any], folder: Path) -> None:
    """Write `site.json` with all figures and `site.md` with the tables."""
    rows = [row.as_json() for row in goals.rows(results)]
    data = json.dumps({**results, "rows": rows}, indent=1, ensure_ascii=False)
    (folder / "site.json").write_text(f"{data}\n", encoding="utf-8")
    (folder / "site.md").write_text(as_markdown(results), encoding="utf-8")
