"""The database of nbgrader's gradebook, SQLite or PostgreSQL: its engine, and the indexes that it lacks."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

PATIENCE = 60  # seconds to wait for another process that writes
# What nbgrader's schema lacks: without these each look-up reads a whole table.
INDEXES = {
    "grade": ("notebook_id", "cell_id"),
    "comment": ("notebook_id", "cell_id"),
    "submitted_notebook": ("assignment_id", "notebook_id"),
    "submitted_assignment": ("student_id",),
}


@cache
def engine_for(url: str) -> Engine:
    """Return the engine of a database, the same one for the whole process."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": PATIENCE})

    @event.listens_for(engine, "connect")
    def _let_us_begin(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # else the driver begins late, and two writers can stand in each other's way

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def add_indexes(engine: Engine) -> None:
    """Add the indexes that nbgrader's schema lacks, where they are not there yet."""
    there = {index["name"] for table in INDEXES for index in inspect(engine).get_indexes(table)}
    for table, columns in INDEXES.items():
        for column in columns:
            name = f"project_or_operation_{table}_{column}"
            if name not in there:
                _add_index(engine, f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({column})")


def _add_index(engine: Engine, statement: str) -> None:
    """Add an index, unless another grader is adding it at this moment: PostgreSQL then fails one of the two."""
    with suppress(IntegrityError, ProgrammingError, OperationalError), engine.begin() as connection:
        connection.exec_driver_sql(statement)
