"""What a write transaction wrote so far: which tables, and the digests of rows that were handed over whole.

A seal digests what the database holds. Rows that were written whole, every column of them, need not be read back for
that: the database gives back what it took, text as text and whole numbers as whole numbers. So their digests are made
here as they go by; a log that was written to in any other way as well in the same transaction is read back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import NoneType
from typing import Any

import sqlalchemy as sa

from inventory.bulk import WHOLE_ROWS
from inventory.proof.seals import digests, logs
from inventory.schema import CodePointText
from inventory.schemas import metadata

_WRITING = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|REPLACE INTO|UPDATE|DELETE FROM|COPY)\s+"?(\w+)', re.IGNORECASE)

_ALIKE = {
    CodePointText: frozenset({str, NoneType}),
    sa.BigInteger: frozenset({int, NoneType}),
    sa.Integer: frozenset({int, NoneType}),
}
"""Types of cells that come back as they went in, by the type of their column."""

_SEALED = frozenset(logs())
_NEVER: frozenset[type] = frozenset()


class Written:
    """The tables one transaction wrote to, and per table the digests of its rows where they are known."""

    def __init__(self) -> None:
        self.touched: set[str] = set()
        self.digests: dict[str, bytes] = {}

    def note(
        self, _connection: object, _cursor: object, statement: str, _parameters: object, context: Any, _many: bool
    ) -> None:
        """Take note of a statement that was executed; a listener to the event ``after_cursor_execute``.

        One of many rows may still be on its way then (see `write_behind`): their digests are made meanwhile.
        """
        found = _WRITING.match(statement)
        if not found:
            return
        table = found[1]
        known = self.digests.get(table, b"" if table not in self.touched else None)
        self.touched.add(table)
        self.digests.pop(table, None)
        rows = context.execution_options.get(WHOLE_ROWS)
        if known is not None and rows and table in _SEALED and _given_back_alike(table, rows):
            self.digests[table] = known + digests(rows)


def _given_back_alike(table: str, rows: Sequence[Sequence[object]]) -> bool:
    """Return whether a database gives every cell back as it is handed over, and of the same type."""
    cells_of = zip(metadata.tables[table].columns, zip(*rows, strict=True), strict=True)
    return all(set(map(type, cells)) <= _ALIKE.get(type(column.type), _NEVER) for column, cells in cells_of)
