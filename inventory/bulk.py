"""Many rows into one table at once, as tuples: for documents of tens of thousands of lines.

The statement is handed to the driver as it is; making a dictionary and a compiled parameter set of every row would
take longer than writing it.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa


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
        The same, but what is there and what is new are added up.
    """
    if not rows:
        return
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    names = ", ".join(table.c[name].name for name in columns)  # an unknown column raises here
    statement = f"INSERT INTO {table.name} ({names}) VALUES ({', '.join([mark] * len(columns))})"  # noqa: S608
    if setting or adding:
        key = ", ".join(column.name for column in table.primary_key)
        sums = [f"{name} = {table.name}.{table.c[name].name} + excluded.{name}" for name in adding]
        changes = ", ".join([*(f"{table.c[name].name} = excluded.{name}" for name in setting), *sums])
        statement += f" ON CONFLICT ({key}) DO UPDATE SET {changes}"
    connection.exec_driver_sql(statement, list(rows))
