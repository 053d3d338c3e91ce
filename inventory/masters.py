"""Master data set by hand, row by row: a new key is added, a known one is changed."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


def put(connection: sa.Connection, table: sa.Table, row: Mapping[str, object]) -> None:
    """Write one row of a master: over the one of the same key, where there is one."""
    keys = [column.name for column in table.primary_key]
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table).values(dict(row))
    changed = {name: insert.excluded[name] for name in row if name not in keys}
    connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=changed))
