"""What one run measured, put together from its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from benchmarks.plan import Plan
from benchmarks.rows import Part, Row

PARTS = ("site", "lite", "marking", "attacks")


@dataclass(frozen=True)
class Measured:
    """What one run measured, when, where, with which versions, and how long each part took in minutes."""

    quick: bool
    date: str
    machine: Mapping[str, Any]
    load: Mapping[str, float]
    minutes: Mapping[str, float]
    plan: Mapping[str, Any]
    versions: Mapping[str, str]
    missing: tuple[str, ...]
    rows: tuple[Row, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the record as plain data."""
        own = {name: value for name, value in vars(self).items() if name != "rows"}
        return {**own, "rows": [row.as_json() for row in self.rows]}


@dataclass(frozen=True)
class Setting:
    """When and where a run was made, and the minutes that each part took."""

    when: datetime
    machine: Mapping[str, Any]
    load: Mapping[str, float]
    minutes: Mapping[str, float]


def assemble(parts: Mapping[str, Part], plan: Plan, setting: Setting) -> Measured:
    """Put the parts that ran together, in the order of the table."""
    every = [parts[name] for name in PARTS if name in parts]
    return Measured(
        quick=plan.quick,
        date=setting.when.isoformat(timespec="minutes"),
        machine=setting.machine,
        load=setting.load,
        minutes={name: round(setting.minutes[name], 1) for name in PARTS if name in parts},
        plan=asdict(plan),
        versions=dict(sorted((name, version) for part in every for name, version in part.versions.items())),
        missing=tuple(name for part in every for name in part.missing),
        rows=tuple(row for part in every for row in part.rows),
    )
