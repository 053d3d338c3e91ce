"""Many rows into one table at once, as tuples: for documents of tens of thousands of lines.

The statement is handed to the driver as it is; making a dictionary and a compiled parameter set of every row would
take longer than writing it.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa


def insert_rows(
    connection: sa.Connection, table: sa.Table, columns: Sequence[str], rows: Sequence[tuple[object, ...]]
) -> None:
    """Append rows, each with the values of the columns named in their order; nothing where there are none."""
    if not rows:
        return
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    names = ", ".join(table.c[name].name for name in columns)  # an unknown column raises here
    statement = f"INSERT INTO {table.name} ({names}) VALUES ({', '.join([mark] * len(columns))})"  # noqa: S608
    connection.exec_driver_sql(statement, list(rows))
