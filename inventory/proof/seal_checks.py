"""The seals held against the rows: which row is not as it was sealed, and which seal does not follow the one before.

Per table the digests of all seals and the digests of all rows there are compared as sorted numbers: a row whose digest
no seal has was changed (or never sealed); a digest without its row stands for the row as it was, and its seal tells
which rows those were. The order of rows does not matter, so a changed key is no riddle.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from inventory.bulk import raw_rows
from inventory.proof.faults import Fault
from inventory.proof.seals import chained, digests, logs, masters
from inventory.schema_books import master_seal, seal
from inventory.schemas import metadata

_ROWS_AT_ONCE = 10_000

_Digests = npt.NDArray[np.uint64]


def seal_faults(connection: sa.Connection) -> Iterator[Fault]:
    """Yield every row and every seal that is not as it was written."""
    sealed: dict[str, list[tuple[int, str, int, bytes]]] = {}
    chain = ""
    for number, table, up_to, scope, column_count, row_digests, link in connection.execute(
        sa.select(seal).order_by(seal.c.seal_no)
    ):
        if chained(chain, table, up_to, scope, column_count, row_digests) != link:
            yield _fault("seal", f"seal {number} ({table})", "the link that follows the seal before", str(link))
        chain = link
        sealed.setdefault(table, []).append((number, f"{up_to}{scope}", column_count, bytes(row_digests)))
    for name in logs():
        yield from _rows(connection, metadata.tables[name], sealed.get(name, []))
    known = {row.table_name: row for row in connection.execute(sa.select(master_seal))}
    for name in masters():
        row = known.pop(name, None)
        if row is None:
            yield from _rows(connection, metadata.tables[name], [])
            continue
        if chained("", name, 0, "", row.column_count, row.row_digests) != row.chain:
            yield _fault("master_seal", name, "the digest of the seal", row.chain)
        yield from _rows(connection, metadata.tables[name], [(0, "", row.column_count, bytes(row.row_digests))])
    for name in known:
        yield _fault("master_seal", str(name), "a table of this name", "none")


def read_damaged_text(connection: sa.Connection, *, allow: bool) -> None:
    """Let SQLite hand out text that is none, byte for byte in escapes, or refuse it as it does by itself."""
    driver = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite" and driver is not None:
        driver.text_factory = _escaped if allow else str


def _escaped(text: bytes) -> str:
    return text.decode("utf-8", "backslashreplace")


def _rows(connection: sa.Connection, table: sa.Table, sealed: list[tuple[int, str, int, bytes]]) -> list[Fault]:
    """Return the rows of a table that no seal has, and the seals that have more rows than there are."""
    try:
        return list(_compared(connection, table, sealed))
    except connection.dialect.loaded_dbapi.Error:  # a cell that is no text any more: read it as it is
        read_damaged_text(connection, allow=True)
    try:
        return list(_compared(connection, table, sealed))
    except connection.dialect.loaded_dbapi.Error as fault:
        return [_fault(table.name, "", "a table that can be read", str(fault))]


def _compared(connection: sa.Connection, table: sa.Table, sealed: list[tuple[int, str, int, bytes]]) -> Iterator[Fault]:
    expected = np.sort(_numbers(b"".join(each[3] for each in sealed)))
    counts = sorted({each[2] for each in sealed} or {len(table.columns)})
    if counts == [len(table.columns)]:
        digested = [_numbers(digests(rows)) for rows in _chunks(connection, table)]
        if np.array_equal(np.sort(np.concatenate([expected[:0], *digested])), expected):
            return  # as nearly always; else the rows are read again, to tell which differ
    there: list[_Digests] = []
    strangers = 0
    for rows in _chunks(connection, table):
        found = [
            _numbers(digests([row[:count] for row in rows] if count < len(table.columns) else rows)) for count in counts
        ]
        there += found
        is_known = np.any([_among(each, expected) for each in found], axis=0)
        for at in np.flatnonzero(~is_known).tolist():
            strangers += 1
            there_is = ", ".join(str(cell) for cell in rows[at])
            yield _fault(table.name, _key(table, rows[at]), "the row as it was sealed", there_is)
    gone = np.setdiff1d(expected, np.concatenate(there) if there else expected[:0])
    if len(gone) > strangers:
        for number, reached, _, row_digests in sealed:
            missing = int(np.isin(_numbers(row_digests), gone).sum())
            if missing:
                key = f"sealed up to {reached} (seal {number})"
                yield _fault(table.name, key, f"{missing} rows as they were sealed", "changed or gone")


def _fault(table: str, key: str, expected: str, found: str) -> Fault:
    return Fault("seals", table, key, "", expected, found)


def _chunks(connection: sa.Connection, table: sa.Table) -> Iterator[list[tuple[object, ...]]]:
    """Yield the rows of a table, some at a time."""
    rows = raw_rows(connection, sa.select(*table.columns))
    while chunk := list(islice(rows, _ROWS_AT_ONCE)):
        yield chunk


def _among(digests_there: _Digests, expected: _Digests) -> npt.NDArray[np.bool_]:
    """Return which digests are among the expected ones, which are sorted."""
    if not len(expected):
        return np.zeros(len(digests_there), dtype=np.bool_)
    at = np.minimum(np.searchsorted(expected, digests_there), len(expected) - 1)
    found: npt.NDArray[np.bool_] = expected[at] == digests_there
    return found


def _numbers(row_digests: bytes) -> _Digests:
    return np.frombuffer(bytes(row_digests), dtype=np.uint64)


def _key(table: sa.Table, row: tuple[object, ...]) -> str:
    """Return the key of a row, as people read it."""
    return ", ".join(
        f"{column.name} {cell}" for column, cell in zip(table.columns, row, strict=True) if column.primary_key
    )
