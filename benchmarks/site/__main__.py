"""`python -m benchmarks.site`: build the contestants, measure them and the site, and hold the figures to the goals."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from benchmarks import machine
from benchmarks.command import ROOT, CommandError, say
from benchmarks.site import lighthouse, measure, pages, peers, report, rounds, whole_site
from benchmarks.site.contestants import CONTESTANTS, Contestant
from benchmarks.site.goals import rows
from benchmarks.site.server import serve


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Return the options of a run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.site", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="times that each page is measured (7)")
    parser.add_argument("--sizes", type=int, nargs="*", default=[3, 15], help="questions on the page (3 15)")
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html", help="the built site (_build/html)")
    parser.add_argument(
        "--only", nargs="*", choices=[each.name for each in CONTESTANTS], help="these contestants alone"
    )
    parser.add_argument("--no-site", action="store_true", help="leave the built site out")
    parser.add_argument(
        "--lighthouse", choices=("no", "ours", "all"), default="no", help="whose pages Lighthouse judges"
    )
    parser.add_argument("--reuse", action="store_true", help="measure the books of the last run, as they are")
    parser.add_argument("--out", type=Path, default=ROOT / "_build" / "bench", help="where books and results go")
    parser.add_argument("--strict", action="store_true", help="end with 1 where a goal is missed or not measured")
    return parser.parse_args(given)


def _built(
    chosen: list[Contestant], options: argparse.Namespace, faults: dict[str, str]
) -> tuple[dict[str, Path], dict[str, float]]:
    """Return the HTML folder of each contestant that could be built, and the seconds of those that were."""
    found, seconds = {}, {}
    for each in chosen:
        folder = options.out / "books" / each.name / "_build" / "html"
        try:
            if options.reuse and folder.is_dir():
                found[each.name] = folder
            else:
                found[each.name], seconds[each.name] = pages.build(each.name, options.sizes, options.out)
        except CommandError as error:
            faults[each.title] = str(error).replace("\n", " ")
            say(f"{each.title}: {faults[each.title]}")
    return found, seconds


def _subjects(chosen: list[Contestant], addresses: dict[str, str], sizes: list[int]) -> list[rounds.Subject]:
    return [
        rounds.subject(each, str(size), f"{addresses[each.name]}/{pages.address(pages.page_name(size))}")
        for size in sizes
        for each in chosen
        if each.name in addresses
    ]


def _pages(figures: Any, chosen: list[Contestant], sizes: list[int]) -> dict[str, Any]:
    """Return the figures by number of questions, then by contestant."""
    names = {size: [each.name for each in chosen if f"{each.name} {size}" in figures] for size in sizes}
    return {str(size): {name: figures[f"{name} {size}"].as_json() for name in names[size]} for size in sizes}


def _plain(browser: Browser, addresses: dict[str, str]) -> dict[str, int]:
    """Return what each contestant's page without a quiz weighs."""
    return {
        name: measure.weigh(browser, f"{address}/{pages.address(pages.PLAIN)}").bytes
        for name, address in addresses.items()
        if name != "site"
    }


def _judged_pages(options: argparse.Namespace, addresses: dict[str, str]) -> dict[str, dict[str, str]]:
    """Return addresses for Lighthouse by name: those that the goal is about, and the peers' if asked for."""
    smallest = pages.address(pages.page_name(min(options.sizes, default=3)))
    ours = {"ours": smallest, "site": whole_site.PRACTICE}
    peers_too = set(addresses) - set(ours) if options.lighthouse == "all" else set()
    groups = {"goal": ours, "peers": dict.fromkeys(sorted(peers_too), smallest)}
    return {
        group: {f"{name}: {path}": f"{addresses[name]}/{path}" for name, path in paths.items() if name in addresses}
        for group, paths in groups.items()
    }


def _scores(options: argparse.Namespace, addresses: dict[str, str], faults: dict[str, str]) -> dict[str, Any]:
    """Return Lighthouse's scores by group and page."""
    found: dict[str, Any] = {}
    if options.lighthouse == "no":
        return found
    try:
        script = peers.lighthouse(options.out / "peers")
        for group, named in _judged_pages(options, addresses).items():
            for name, address in named.items():
                say(f"Lighthouse: {name}")
                found.setdefault(group, {})[name] = lighthouse.scores(script, address)
    except CommandError as error:
        faults["Lighthouse"] = str(error).replace("\n", " ")
        say(f"Lighthouse: {faults['Lighthouse']}")
    return found


def _measured(
    chosen: list[Contestant], options: argparse.Namespace, addresses: dict[str, str], faults: dict[str, str]
) -> dict[str, Any]:
    """Return all that the browser measures."""
    found: dict[str, Any] = {}
    with measure.browser() as browser:
        found["machine"] = machine.describe(browser.version)
        subjects = _subjects(chosen, addresses, options.sizes)
        practice = [whole_site.practice(addresses["site"])] if "site" in addresses else []
        figures = rounds.run(browser, [*subjects, *practice], options.rounds)
        faults |= {name: each.fault for name, each in figures.items() if each.fault}
        found["pages"] = _pages(figures, chosen, options.sizes)
        found["plain"] = _plain(browser, addresses)
        if practice:
            found["site"] = whole_site.measure(browser, options.site, addresses["site"])
            found["site"]["practice"] = figures[practice[0].name].as_json()
            faults |= found["site"].pop("faults")
    return found


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Build, serve and measure; what fails is a line among the faults, and the rest goes on."""
    faults: dict[str, str] = {}
    load = {"before": machine.load()}
    chosen = [each for each in CONTESTANTS if not options.only or each.name in options.only]
    folders, seconds = _built(chosen, options, faults)
    if not options.no_site and (options.site / "index.html").is_file():
        folders["site"] = options.site
    elif not options.no_site:
        faults["the site"] = f"{options.site} holds none, `make site` builds it"
    with ExitStack() as stack:
        addresses = {name: stack.enter_context(serve(folder)) for name, folder in folders.items()}
        found = _measured(chosen, options, addresses, faults)
        scores = _scores(options, addresses, faults)
    return {
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "rounds": options.rounds,
        "versions": peers.versions(options.out / "peers"),
        **found,
        "seconds": seconds,
        "lighthouse": scores,
        "load": {**load, "after": machine.load()},
        "faults": faults,
    }


def reported(options: argparse.Namespace) -> dict[str, Any]:
    """Run and write `site.json` and `site.md`; returns all figures."""
    options.out = options.out.resolve()
    options.out.mkdir(parents=True, exist_ok=True)
    results = run(options)
    report.write(results, options.out)
    return results


def main() -> int:
    """Return 0 whatever the figures; with `--strict`, 1 where a goal is missed or not measured."""
    options = arguments()
    results = reported(options)
    print(report.as_text(results))
    missed = [row for row in rows(results) if row.verdict in ("missed", "not measured")]
    return 1 if options.strict and missed else 0


if __name__ == "__main__":
    sys.exit(main())
