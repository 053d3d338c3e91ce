"""Many rows at once, as the driver takes and gives them: for documents of tens of thousands of lines, and whole tables.

The statement is handed to the driver as it is; making a dictionary and a compiled parameter set of every row would
take longer than writing it. What a database takes fastest differs: PostgreSQL copies new rows from a stream
(``COPY``, see `database`) and changes many in one statement over arrays; SQLite takes new rows one by one, and changed
ones many to a statement, since each such statement keeps a journal of its own. While so many rows are made, Python's
search for circular references walks them again and again, which took a quarter of the time and finds nothing: rows
refer to no rows.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

import sqlalchemy as sa

WHOLE_ROWS = "sparewise_whole_rows"
"""Execution option of a statement whose rows have every column of the table, in the table's order."""

_ROWS_AT_ONCE = 10_000
_COPY_FROM_ROWS = 20
"""As few rows are written faster by a statement than by a stream."""

_NAMED_ONE_BY_ONE = 50
"""A statement is compiled for each count of values; a few is quick, thousands are not."""

_CHANGES_PER_STATEMENT = 200
_ARRAYS = {"BIGINT": "bigint[]", "INTEGER": "bigint[]", "TEXT": "text[]"}


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
        The same, but these columns are added to. No two rows may have the same key then.
    """
    if not rows:
        return
    names = ", ".join(table.c[name].name for name in columns)  # an unknown column raises here
    head = f"INSERT INTO {table.name} ({names})"
    if setting or adding:
        key = ", ".join(column.name for column in table.primary_key)
        changes = ", ".join(
            [f"{name} = excluded.{name}" for name in setting]
            + [f"{name} = {table.name}.{name} + excluded.{name}" for name in adding]
        )
        tail = f"ON CONFLICT ({key}) DO UPDATE SET {changes}"
        if connection.dialect.name == "postgresql":
            arrays = ", ".join(f"%s::{_ARRAYS[str(table.c[name].type)]}" for name in columns)
            values = tuple(list(column) for column in zip(*rows, strict=True))
            connection.exec_driver_sql(f"{head} SELECT * FROM unnest({arrays}) {tail}", values)  # noqa: S608
            return
        marks = f"({', '.join('?' * len(columns))})"
        for start in range(0, len(rows), _CHANGES_PER_STATEMENT):
            some = rows[start : start + _CHANGES_PER_STATEMENT]
            statement = f"{head} VALUES {', '.join([marks] * len(some))} {tail}"
            connection.exec_driver_sql(statement, tuple(chain.from_iterable(some)))
        return
    if connection.dialect.name == "postgresql" and len(rows) >= _COPY_FROM_ROWS:
        statement = f"COPY {table.name} ({names}) FROM STDIN"
    else:
        mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
        statement = f"{head} VALUES ({', '.join([mark] * len(columns))})"
    whole = tuple(columns) == tuple(column.name for column in table.columns)
    connection.exec_driver_sql(statement, list(rows), execution_options={WHOLE_ROWS: whole})


def among(connection: sa.Connection, column: sa.Column[str], values: Collection[str]) -> sa.ColumnElement[bool]:
    """Return the condition that a column has one of these values; many of them travel as one parameter."""
    wanted = sorted(values)
    if len(wanted) <= _NAMED_ONE_BY_ONE:
        return column.in_(wanted)
    if connection.dialect.name == "postgresql":
        return column == sa.any_(sa.bindparam(None, wanted, type_=sa.ARRAY(sa.Text)))
    listed = sa.func.json_each(json.dumps(wanted, ensure_ascii=False)).table_valued("value")
    return column.in_(sa.select(listed.c.value))


def new_numbers(connection: sa.Connection, column: sa.Column[int], count: int) -> Sequence[int]:
    """Return the next numbers of a column that counts its rows, for rows that are written under them.

    The caller has the writers' turn, so the numbers are nobody else's.
    """
    if connection.dialect.name == "postgresql":
        text = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
        rows = connection.exec_driver_sql(text, (column.table.name, column.name, count)).all()
        return [row[0] for row in rows]
    last = connection.execute(sa.select(sa.func.max(column))).scalar_one_or_none() or 0
    return range(last + 1, last + 1 + count)


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
