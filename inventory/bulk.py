"""Many rows at once, as the driver takes and gives them: for documents of tens of thousands of lines, and whole tables.

The statement is handed to the driver as it is; making a dictionary and a compiled parameter set of every row would
take longer than writing it. What a database takes fastest differs: PostgreSQL copies new rows from a stream
(``COPY``, see `database`) and changes many in one statement over arrays; SQLite takes many rows to a statement, since
each statement that could fail in the middle keeps a journal of its own, which costs as much as the row. While so many
rows are made, Python's search for circular references walks them again and again, which took a quarter of the time and
finds nothing: rows refer to no rows.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

import sqlalchemy as sa

from inventory.write_behind import BEHIND, MANY_ROWS

WHOLE_ROWS = "sparewise_whole_rows"
"""Execution option: the rows that a statement writes, where they have every column of the table, in its order."""

_ROWS_AT_ONCE = 10_000
_MANY_ROWS = 20
"""As few rows are written faster by a plain statement than by a stream or over arrays."""

_NAMED_ONE_BY_ONE = 50
"""A statement is compiled for each count of values; a few is quick, thousands are not."""

_ROWS_PER_STATEMENT = (1000, 100)
"""On SQLite, as long as there are so many; with twelve columns a thousand rows have less than half of the values that
one statement may have (32,766). A statement is read once for each count of rows, so there are few counts."""

_ARRAYS = {"BIGINT": "bigint[]", "INTEGER": "bigint[]", "TEXT": "text[]"}

Rows = Sequence[tuple[object, ...]]


class _Array(sa.types.UserDefinedType[Any]):
    """An array as `_array` writes it, handed over without a cast: the server takes it for what it is compared with.

    So its planner sees how many values there are, and looks them up by an index or by their hashes. Of the text of an
    array that it casts itself it sees nothing, and held each row of a table against thousands of values one by one.
    """

    cache_ok = True


def insert_rows(connection: sa.Connection, table: sa.Table, columns: Sequence[str], rows: Rows) -> None:
    """Append rows, or nothing where there are none.

    Parameters
    ----------
    columns
        What the values of a row are, in their order; columns not named take their default.
    """
    if not rows:
        return
    head = _head(table, columns)
    whole = tuple(columns) == tuple(column.name for column in table.columns)
    if connection.dialect.name == "sqlite":
        _in_statements(connection, head, "", rows, whole=whole)
        return
    if len(rows) >= _MANY_ROWS:
        statement = f"COPY {table.name} ({', '.join(columns)}) FROM STDIN"
    else:
        statement = f"{head} VALUES ({', '.join(['%s'] * len(columns))})"
    options = {WHOLE_ROWS: rows if whole else None, BEHIND: len(rows) >= MANY_ROWS}
    connection.exec_driver_sql(statement, list(rows), execution_options=options)


def set_rows(connection: sa.Connection, table: sa.Table, columns: Sequence[str], rows: Rows) -> None:
    """Give rows that are there other values; no two may have the same key.

    Parameters
    ----------
    columns
        What the values of a row are, in their order: the primary key, and what is set.
    """
    key = len(table.primary_key)
    _upsert(connection, table, columns, rows, [f"{name} = excluded.{name}" for name in columns[key:]])


def _upsert(
    connection: sa.Connection, table: sa.Table, columns: Sequence[str], rows: Rows, changes: Sequence[str]
) -> None:
    if not rows:
        return
    key = ", ".join(column.name for column in table.primary_key)
    head, tail = _head(table, columns), f" ON CONFLICT ({key}) DO UPDATE SET {', '.join(changes)}"
    if connection.dialect.name == "sqlite":
        _in_statements(connection, head, tail, rows)
    elif len(rows) < _MANY_ROWS:
        marks = f"({', '.join(['%s'] * len(columns))})"
        statement = f"{head} VALUES {', '.join([marks] * len(rows))}{tail}"
        connection.exec_driver_sql(statement, tuple(chain.from_iterable(rows)))
    else:
        arrays = ", ".join(f"%s::{_ARRAYS[str(table.c[name].type)]}" for name in columns)
        values = tuple(_array(column) for column in zip(*rows, strict=True))
        options = {BEHIND: len(rows) >= MANY_ROWS}
        connection.exec_driver_sql(f"{head} SELECT * FROM unnest({arrays}){tail}", values, execution_options=options)  # noqa: S608


def _head(table: sa.Table, columns: Sequence[str]) -> str:
    names = ", ".join(table.c[name].name for name in columns)  # an unknown column raises here
    return f"INSERT INTO {table.name} ({names})"


def _in_statements(connection: sa.Connection, head: str, tail: str, rows: Rows, *, whole: bool = False) -> None:
    """Write rows to SQLite, many to a statement."""
    marks = f"({', '.join('?' * len(rows[0]))})"
    reached = 0
    while reached < len(rows):
        left = len(rows) - reached
        some = rows[reached : reached + next((size for size in _ROWS_PER_STATEMENT if size <= left), left)]
        reached += len(some)
        statement = f"{head} VALUES {', '.join([marks] * len(some))}{tail}"
        options = {WHOLE_ROWS: some if whole else None}
        connection.exec_driver_sql(statement, tuple(chain.from_iterable(some)), execution_options=options)


def _array(values: Sequence[Any]) -> str | list[Any]:
    """Return whole numbers or texts as PostgreSQL writes an array; what would have to be escaped, as the driver does.

    >>> _array([1, 2]), _array(["A 1", ""]), _array(['A"1'])
    ('{1,2}', '{"A 1",""}', ['A"1'])
    """
    if all(map(int.__instancecheck__, values)):
        return f"{{{','.join(map(str, values))}}}"
    written = '","'.join(values)
    plain = "\\" not in written and written.count('"') == 2 * (len(values) - 1)
    return f'{{"{written}"}}' if plain else list(values)


def stretch(rows: Rows) -> str:
    r"""Return rows as a stretch of PostgreSQL's stream of text; nothing where a cell would have to be escaped.

    >>> stretch([(1, "A", None), (2, "", "B")]), stretch([(1, "a\tb", None)])
    ('1\tA\t\\N\n2\t\tB\n', '')
    """
    line = "\t".join(["%s"] * len(rows[0])) + "\n"
    empty, cells = 0, list(zip(*rows, strict=True))
    for at, column in enumerate(cells):
        if None in column:
            empty += column.count(None)
            cells[at] = tuple(["\\N" if cell is None else cell for cell in column])
    text = "".join([line % row for row in (zip(*cells, strict=True) if empty else rows)])
    plain = (
        text.count("\t") == len(rows) * (len(rows[0]) - 1)
        and text.count("\n") == len(rows)
        and text.count("\\") == empty
        and "\r" not in text
    )
    return text if plain else ""


def among(connection: sa.Connection, column: sa.ColumnElement[str], values: Collection[str]) -> sa.ColumnElement[bool]:
    """Return the condition that a column has one of these values; many of them travel as one parameter."""
    wanted = sorted(values)
    if len(wanted) <= _NAMED_ONE_BY_ONE:
        return column.in_(wanted)
    if connection.dialect.name == "postgresql":
        return column == sa.any_(sa.bindparam(None, _array(wanted), type_=_Array()))
    listed = sa.func.json_each(json.dumps(wanted, ensure_ascii=False)).table_valued("value")
    return column.in_(sa.select(listed.c.value))


def new_numbers(connection: sa.Connection, column: sa.Column[int], count: int) -> Sequence[int]:
    """Return the next numbers of a column that counts its rows, for rows that are written under them.

    The caller has the writers' turn, so the numbers are nobody else's.
    """
    if connection.dialect.name == "postgresql":
        counter = f"pg_get_serial_sequence('{column.table.name}', '{column.name}')"
        text = f"SELECT setval({counter}, nextval({counter}) + %s)"
        last = connection.exec_driver_sql(text, (count - 1,)).scalar_one()
        return range(last + 1 - count, last + 1)
    last = connection.exec_driver_sql(f"SELECT max({column.name}) FROM {column.table.name}").scalar_one() or 0  # noqa: S608
    return range(last + 1, last + 1 + count)


def raw_rows(connection: sa.Connection, question: sa.Select[Any]) -> Iterator[Any]:
    """Yield rows as plain tuples, read many at a time; there may be a million of them."""
    result = connection.execute(question)
    cursor = result.cursor
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        yield from rows
    result.close()


def whole_columns(connection: sa.Connection, question: sa.Select[Any]) -> list[list[Any]]:
    """Return the columns of an answer, each as a list, read as one text each.

    A driver makes every row a tuple and every cell an object of its own, at microseconds a row; the database writes a
    column as one JSON array in its own speed, and it is read in a tenth of the time. For whole numbers, texts and
    nothing; the columns have one order, which is the question's or none.
    """
    answer = question.subquery()
    array = sa.func.json_agg if connection.dialect.name == "postgresql" else sa.func.json_group_array
    arrays = [sa.cast(array(column), sa.Text) for column in answer.c]
    return [json.loads(text) if text else [] for text in connection.execute(sa.select(*arrays)).one()]


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
