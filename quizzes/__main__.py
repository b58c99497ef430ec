"""The author's commands: `python -m quizzes check | list | export | audit`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from quizzes.bank import Bank
from quizzes.exports import json_bank
from quizzes.loading import BUILT_IN, BankError, read_bank
from quizzes.records import write_text

EXPORTS: dict[str, Callable[[Bank], str]] = {"json": json_bank.export}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m quizzes", description=__doc__)
    parser.add_argument("--bank", type=Path, action="append", default=[], help="a private bank folder; may be repeated")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="check the bank; one line for each fault")
    commands.add_parser("list", help="list the items: id, kind, use, keys")
    export = commands.add_parser("export", help="write the bank in another format")
    export.add_argument("format", choices=sorted(EXPORTS))
    export.add_argument("--out", type=Path, required=True, help="the file to write")
    audit = commands.add_parser("audit", help="measure the quality of the bank; exit code 1 where a goal is missed")
    audit.add_argument("--json", action="store_true", help="print the measures as JSON")
    return parser


def _check(bank: Bank, arguments: argparse.Namespace) -> int:
    families = {item.family for item in bank.items.values()}
    print(f"{len(bank.items)} items in {len(families)} families, {len(bank.terms)} terms: no faults")
    return 0


def _list(bank: Bank, arguments: argparse.Namespace) -> int:
    for item in bank.items.values():
        keys = " ".join("+".join(part.key) for part in item.parts())
        print(f"{item.id:32} {item.kind:9} {item.use:11} {keys}")
    return 0


def _export(bank: Bank, arguments: argparse.Namespace) -> int:
    write_text(arguments.out, EXPORTS[arguments.format](bank))
    print(f"{arguments.out}: {len(bank.items)} items")
    return 0


def _audit(bank: Bank, arguments: argparse.Namespace) -> int:
    try:
        from quizzes import audit  # noqa: PLC0415  scikit-learn is an extra that no other command needs
    except ImportError as error:
        print(f"audit needs {error.name}: pip install 'project-or-operation[audit]'", file=sys.stderr)
        return 1
    measures = audit.audit(bank)
    print(json.dumps([asdict(measure) for measure in measures], indent=1) if arguments.json else audit.table(measures))
    return 0 if all(measure.met for measure in measures) else 1


COMMANDS = {"check": _check, "list": _list, "export": _export, "audit": _audit}


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 well, 1 faults found, 2 wrong use."""
    arguments = _parser().parse_args(argv)
    try:
        return COMMANDS[arguments.command](read_bank([BUILT_IN, *arguments.bank]), arguments)
    except BankError as error:
        print(error, file=sys.stderr)
        print(f"{len(error.faults)} fault(s)", file=sys.stderr)
    except OSError as error:
        print(f"{error.filename}: cannot be written: {error.strerror}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
