"""Many rows in one statement, as plain tuples straight to the driver.

Whoever posts a document of 20,000 lines hands over rows that are right by construction; binding each value of each row
by name costs more than writing it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from inventory.schema import balance


def insert_many(connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[object, ...]]) -> None:
    """Append rows; their cells follow the table's columns, less a serial key."""
    if rows:
        connection.exec_driver_sql(_insert(connection.dialect.name, table), list(rows))


def set_balances(connection: sa.Connection, rows: Sequence[tuple[object, ...]], *, add: bool) -> None:
    """Write balances, in the order of the table's columns: set them, or add to what there is."""
    if rows:
        connection.exec_driver_sql(_upsert(connection.dialect.name, add), list(rows))


@lru_cache
def _insert(dialect: str, table: sa.Table) -> str:
    columns = [column for column in table.columns if column.autoincrement is not True]
    return _text(dialect, sa.insert(table).inline().values({column: sa.bindparam(column.name) for column in columns}))


@lru_cache
def _upsert(dialect: str, add: bool) -> str:
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(balance)
    new = {name: insert.excluded[name] for name in ("quantity_milli", "value_e4")}
    update = {name: balance.c[name] + value for name, value in new.items()} if add else new
    key = [column.name for column in balance.primary_key.columns]
    return _text(dialect, insert.on_conflict_do_update(index_elements=key, set_=update))


def _text(dialect: str, statement: sa.Insert) -> str:
    """Return the statement with nameless parameters, in the order of the columns."""
    if dialect == "postgresql":
        return str(statement.compile(dialect=postgresql.dialect(paramstyle="format")))  # type: ignore[no-untyped-call]
    return str(statement.compile(dialect=sqlite.dialect(paramstyle="qmark")))  # type: ignore[no-untyped-call]
