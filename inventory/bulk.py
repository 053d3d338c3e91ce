"""Many rows at once, as the driver takes and gives them: for documents of tens of thousands of lines, and whole tables.

The statement is handed to the driver as it is; making a dictionary and a compiled parameter set of every row would
take longer than writing it. While so many rows are made, Python's search for circular references walks them again and
again, which took a quarter of the time and finds nothing: rows refer to no rows.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

_ROWS_AT_ONCE = 10_000


def insert_rows(
    connection: sa.Connection,
    table: sa.Table,
    columns: Sequence[str],
    rows: Sequence[tuple[object, ...]],
    *,
    setting: Sequence[str] = (),
    adding: Sequence[str] = (),
) -> None:
    """Append rows, or nothing where there are none.

    Parameters
    ----------
    columns
        What the values of a row are, in their order; columns not named take their default.
    setting
        Where a row of the same primary key is there, it stays, and these columns of it are set.
    adding
        The same, but these columns are added to.
    """
    if not rows:
        return
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    names = ", ".join(table.c[name].name for name in columns)  # an unknown column raises here
    statement = f"INSERT INTO {table.name} ({names}) VALUES ({', '.join([mark] * len(columns))})"  # noqa: S608
    if setting or adding:
        key = ", ".join(column.name for column in table.primary_key)
        changes = ", ".join(
            [f"{name} = excluded.{name}" for name in setting]
            + [f"{name} = {table.name}.{name} + excluded.{name}" for name in adding]
        )
        statement += f" ON CONFLICT ({key}) DO UPDATE SET {changes}"
    connection.exec_driver_sql(statement, list(rows))


def raw_rows(connection: sa.Connection, question: sa.Select[Any]) -> Iterator[Any]:
    """Yield rows as plain tuples, read many at a time; there may be a million of them."""
    result = connection.execute(question)
    cursor = result.cursor
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        yield from rows
    result.close()


@contextmanager
def collector_resting() -> Iterator[None]:
    """Let the search for circular references rest meanwhile, where it was at work."""
    at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if at_work:
            gc.enable()
