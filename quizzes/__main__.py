"""`python -m quizzes study` for learners.

For authors `check | list | preview | export | formats | import | audit | blind`.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import sys
from collections import Counter
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from quizzes import blind_sheet, exports, imports, preview
from quizzes.bank import Bank
from quizzes.choosing import SelectionError
from quizzes.exports.base import Loss, told
from quizzes.exports.select import FIELDS, selected
from quizzes.exports.table import table
from quizzes.imports.bank_folder import to_name, write_folder
from quizzes.imports.base import ImportRefusedError, content, unwritten
from quizzes.imports.builder import Builder, slug
from quizzes.items import AnyItem
from quizzes.kinds.base import SLUG
from quizzes.loading import BUILT_IN, BankError, read_bank
from quizzes.nearest import meant
from quizzes.records import RecordError, parse_json, write_bytes, write_text
from quizzes.reviews import (
    REVIEWS_FILE,
    Review,
    as_lines,
    differences,
    read_reviews,
    review,
    unsettled,
    with_answers,
    wordings,
)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m quizzes", description=__doc__)
    parser.add_argument("--bank", type=Path, action="append", default=[], help="a private bank folder; may be repeated")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("study", help="study in plain text; progress is kept on this computer")
    commands.add_parser("check", help="check the bank; one line for each fault")
    listed = commands.add_parser("list", help="list the items: id, kind, use, keys")
    shown = commands.add_parser(
        "preview", help="show items in the browser as a learner meets them, and follow the files"
    )
    shown.add_argument("names", nargs="+", metavar="ID|FAMILY", help="an item, or all items of a family")
    shown.add_argument("--port", type=_port, default=preview.PORT, help="where it listens; 0 takes a free one")
    export = commands.add_parser("export", help="write the bank in another format")
    export.add_argument("format", choices=sorted(exports.MODULES))
    export.add_argument("--out", type=Path, required=True, help="the file to write")
    some = "FIELD=VALUE, as in use=practice; may be repeated: id, use, kind, difference, exam, family or sector"
    for each in (listed, export):
        each.add_argument("--select", action="append", default=[], metavar="FIELD=VALUE", help=some)
    commands.add_parser("formats", help="print what each format holds and what it loses, as a table")
    imported = commands.add_parser("import", help="read questions of another program into a private bank folder")
    imported.add_argument("format", choices=sorted(imports.MODULES))
    imported.add_argument("file", type=Path, help="the file to read")
    imported.add_argument("--out", type=Path, required=True, help="the bank folder to write; new or empty")
    imported.add_argument("--exam", default="", metavar="EXAM/TOPIC", help="the topic of questions that name none")
    audit = commands.add_parser("audit", help="measure the quality of the bank; exit code 1 where a goal is missed")
    audit.add_argument("--json", action="store_true", help="print the measures as JSON")
    blind = commands.add_parser("blind", help="blind review: write a sheet without keys, or record a reader's answers")
    steps = blind.add_subparsers(dest="step", required=True)
    sheet = steps.add_parser("sheet", help="write the items as a learner sees them, without keys")
    sheet.add_argument("--out", type=Path, required=True, help="the file to write: .html is a page to click, else JSON")
    sheet.add_argument("--all", action="store_true", help="every item, not only those whose key fewer than two found")
    record = steps.add_parser("record", help="compare a reader's answers with the keys and keep them")
    record.add_argument("answers", type=Path, help='JSON array of {"item", "response", "doubt"}')
    record.add_argument("--sheet", type=Path, required=True, help="the sheet that the reader answered")
    record.add_argument("--reader", type=_reader, required=True, help="a name for the reader, as in reader-1")
    record.add_argument("--date", type=date.fromisoformat, default=datetime.now(UTC).date(), help="YYYY-MM-DD")
    for each in (*commands.choices.values(), *steps.choices.values()):
        if each is not blind:
            each.add_argument("--bank", type=Path, action="append", default=[], dest="more", help=argparse.SUPPRESS)
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("use a number from 0 to 65535")
    return int(text)


def _reader(name: str) -> str:
    if not re.fullmatch(SLUG, name):
        raise argparse.ArgumentTypeError("use lower-case words joined by '-'")
    return name


def _read_json(path: Path) -> Any:
    try:
        return parse_json(path.read_bytes())
    except RecordError as error:
        raise RecordError(f"{path}: {error}") from None


def _reviews_file(arguments: argparse.Namespace) -> Path:
    """Return the review file of the last bank folder that is named: reviews stand beside the items they are of."""
    return Path(arguments.bank[-1] if arguments.bank else BUILT_IN) / REVIEWS_FILE


def _reviews(arguments: argparse.Namespace) -> list[Review]:
    paths = [Path(root) / REVIEWS_FILE for root in (BUILT_IN, *arguments.bank)]
    return [each for path in paths if path.exists() for each in read_reviews(path)]


def _check(bank: Bank, arguments: argparse.Namespace) -> int:
    families = {item.family for item in bank.items.values()}
    print(f"{len(bank.items)} items in {len(families)} families, {len(bank.terms)} terms: no faults")
    if found := unwritten(bank):
        print(f"  {told([Loss(item, 'something is to be written: an import did not find it') for item in found])[0]}")
    return 0


def _selected(bank: Bank, conditions: list[str]) -> list[AnyItem]:
    """Return the items that meet the conditions; raises SelectionError, with what may be meant by an unknown value."""
    try:
        return selected(bank, conditions)
    except SelectionError as error:
        pairs = [(name, value) for name, _, value in (each.partition("=") for each in conditions) if name in FIELDS]
        near = (meant(value, known) for name, value in pairs if value not in (known := _values(bank, name)))
        raise SelectionError(f"{error}{next(filter(None, near), '')}") from None


def _values(bank: Bank, field: str) -> set[str]:
    """Return what a condition on this field may ask for."""
    found = {
        "difference": set(bank.differentiators),
        "exam": {name for item in bank.items.values() for tag in item.exam for name in (tag, tag.split("/")[0])},
    }
    return found.get(field) or {str(getattr(item, field)) for item in bank.items.values()}


def _list(bank: Bank, arguments: argparse.Namespace) -> int:
    for item in _selected(bank, arguments.select):
        keys = " ".join("+".join(part.key) for part in item.parts())
        print(f"{item.id:32} {item.kind:9} {item.use:11} {keys}")
    return 0


def _export(bank: Bank, arguments: argparse.Namespace) -> int:
    items = _selected(bank, arguments.select)
    try:
        exported = exports.load(arguments.format).export(items, bank)
    except ValueError as error:
        print(f"{arguments.format}: {error}", file=sys.stderr)
        return 1
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(arguments.out, exported.content)
    print(f"{arguments.out}: {exported.items} items")
    for line in told(exported.losses):
        print(f"  {line}")
    return 0


def _import(bank: Bank, arguments: argparse.Namespace) -> int:
    path, out = arguments.file, arguments.out
    try:
        read = imports.load(arguments.format)
        builder = Builder(bank, f"imported from {path.name}", slug(path.stem, "imported"), to_name(out), arguments.exam)
        imported = read(content(path), builder)
        write_folder(imported, out, arguments.bank)
    except ImportRefusedError as error:
        print(f"{path}: {error}", file=sys.stderr)
        return 1
    print(f"{out}: {len(imported.items)} items")
    for line in told(imported.dropped):
        print(f"  {line}")
    return 0


def _formats(_: Bank, __: argparse.Namespace) -> int:
    print(table(exports.every()), end="")
    return 0


def _audit(bank: Bank, arguments: argparse.Namespace) -> int:
    from quizzes import audit  # noqa: PLC0415  scikit-learn is an extra that no other command needs

    measures = audit.audit(bank, _reviews(arguments))
    print(json.dumps([asdict(measure) for measure in measures], indent=1) if arguments.json else audit.table(measures))
    return 0 if all(measure.met for measure in measures) else 1


def _blind_sheet(bank: Bank, arguments: argparse.Namespace) -> int:
    items = list(bank.items.values()) if arguments.all else unsettled(bank, _reviews(arguments))
    blind_sheet.write(arguments.out, items, bank)
    print(f"{arguments.out}: {len(items)} items")
    return 0


def _blind_record(bank: Bank, arguments: argparse.Namespace) -> int:
    answers, read = _read_json(arguments.answers), wordings(blind_sheet.read(arguments.sheet))
    if not isinstance(answers, list):
        raise RecordError(f"{arguments.answers}: an array of answers is expected")
    found = [review(bank, each, arguments.reader, arguments.date, read) for each in answers]
    path = _reviews_file(arguments)
    write_text(path, as_lines(with_answers(read_reviews(path) if path.exists() else [], found)))
    for each in found:
        if each.outcome != "agrees" or each.doubt:
            parts = ", ".join(differences(bank.items[each.item], each.response)) if each.outcome == "differs" else ""
            print(": ".join(filter(None, (each.item, f"{each.outcome} {parts}".strip(), each.doubt))))
    outcomes = Counter(each.outcome for each in found)
    print(f"{path}: {len(found)} answers kept: {', '.join(f'{number} {name}' for name, number in outcomes.items())}")
    if left := [each.item for each in found if each.outcome == "differs" or (each.doubt and each.outcome == "agrees")]:
        print(f"mend or drop: {', '.join(left)}")
    return 0


def _blind(bank: Bank, arguments: argparse.Namespace) -> int:
    return {"sheet": _blind_sheet, "record": _blind_record}[arguments.step](bank, arguments)


def _study(_: Bank, __: argparse.Namespace) -> int:
    from quizzes.study.learner import Learner  # noqa: PLC0415  authors' commands need nothing of it
    from quizzes.study.text import ask  # noqa: PLC0415

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without the course's quotation marks
    ask(Learner())
    return 0


COMMANDS = {
    "study": _study,
    "check": _check,
    "list": _list,
    "export": _export,
    "formats": _formats,
    "import": _import,
    "audit": _audit,
    "blind": _blind,
}


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 well, 1 faults found, 2 wrong use."""
    arguments = _parser().parse_args(argv)
    arguments.bank = [*arguments.bank, *arguments.more]
    try:
        if arguments.command == "preview":  # it shows the faults of a bank too
            return preview.serve(arguments.bank, arguments.names, arguments.port)
        return COMMANDS[arguments.command](read_bank([BUILT_IN, *arguments.bank]), arguments)
    except BankError as error:
        print(error, file=sys.stderr)
        print(f"{len(error.faults)} fault(s)", file=sys.stderr)
    except (RecordError, SelectionError) as error:
        print(error, file=sys.stderr)
    except ModuleNotFoundError as error:
        extra = "audit" if arguments.command == "audit" else "exports"
        what = getattr(arguments, "format", arguments.command)
        print(f"{what} needs {error.name}: pip install 'project-or-operation[{extra}]'", file=sys.stderr)
    except BrokenPipeError:  # the reader of a pipe, as in `| head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(f"{error.filename}: cannot be read or written: {error.strerror}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
