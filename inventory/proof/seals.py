"""Seals: a digest of every row, written by the transaction that wrote the row, so that no digit changes unnoticed.

At the end of each write transaction (`database.write`) the rows it added to a log are digested, from what was
handed to the database where that is known (`written`), else read back; one seal per log keeps the digests, and a chain

    chain_k = SHA-256(chain_{k−1}, log, count reached, columns, digests)

binds each seal to the one before it. A digest is the first eight bytes of the SHA-256 of the row, so that
`verification` can say which row differs, not only that one does; a row is made bytes by the second format of
`marshal`, which is the same in every Python, tells a number from its text, and is by far the fastest. Tables that may
change (masters) have one seal each, written anew in every transaction that changes them.

How the new rows of a log are found: a log counts its rows (a key of one whole number), or its rows belong to the
document posted with them (``document_sequence``), or else to what the first column of their key names, and then all of
those are written in one transaction.

A seal is no signature: who can write the database and knows this file can write both. It finds what faulty disks,
careless hands at a console and half-restored copies do.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from inventory.bulk import insert_rows, raw_rows
from inventory.questions import Question
from inventory.schema_books import master_seal, seal
from inventory.schemas import APPEND_ONLY, metadata

DIGEST_BYTES = 8
_ROW_FORMAT = 2
_LAST_LINK = Question(sa.select(seal.c.chain).order_by(seal.c.seal_no.desc()).limit(1))
_SEALED_UP_TO = Question(sa.select(sa.func.max(seal.c.up_to)).where(seal.c.table_name == sa.bindparam("table_name")))
_UNSEALED = frozenset({"balance", "master_seal", "seal"})
"""Made again from the movements; and the seals themselves, which the chain covers."""


def logs() -> list[str]:
    """Return the names of the logs that are sealed."""
    return [name for name in APPEND_ONLY if name not in _UNSEALED]


def masters() -> list[str]:
    """Return the names of the tables that may change, and are sealed as a whole."""
    return sorted(set(metadata.tables) - set(APPEND_ONLY) - _UNSEALED)


def digests(rows: Iterable[tuple[Any, ...]]) -> bytes:
    """Return the digests of rows, one after the other."""
    sha256, dumps = hashlib.sha256, marshal.dumps
    return b"".join([sha256(dumps(row, _ROW_FORMAT)).digest()[:DIGEST_BYTES] for row in rows])


def chained(before: str, table: str, up_to: int, scope: str, column_count: int, row_digests: bytes) -> str:
    """Return a seal's link, from the link before it and what the seal says."""
    said = ascii((before, table, up_to, scope, column_count)).encode()
    return hashlib.sha256(said + bytes(row_digests)).hexdigest()


def seal_changes(connection: sa.Connection, touched: Collection[str], known: Mapping[str, bytes] | None = None) -> None:
    """Seal what a transaction wrote.

    Parameters
    ----------
    touched
        Names of the tables it wrote to; others than those that are sealed may be among them.
    known
        By table the digests of all rows it wrote there, where they are known (see `written`); else they are read back.
    """
    rows: list[dict[str, object]] = []
    for name in sorted(set(touched).intersection(logs())):
        rows += _new_seals(connection, metadata.tables[name], (known or {}).get(name, b""))
    if rows:
        chain = _LAST_LINK.value(connection) or ""
        for row in rows:
            chain = chained(chain, *row.values())  # type: ignore[arg-type]  # in the order of the columns
            row["chain"] = chain
        insert_rows(connection, seal, tuple(rows[0]), [tuple(row.values()) for row in rows])
    for name in sorted(set(touched).intersection(masters())):
        _seal_master(connection, metadata.tables[name])


def ladder(table: sa.Table) -> sa.Column[int] | None:
    """Return the column by which a log grows; None where its rows belong to what the first column of the key names."""
    key = list(table.primary_key.columns)
    if len(key) == 1 and isinstance(key[0].type, sa.Integer | sa.BigInteger):
        return key[0]
    column = table.columns.get("document_sequence")
    return column if column is not None and not column.nullable else None


def _new_seals(connection: sa.Connection, table: sa.Table, written: bytes = b"") -> list[dict[str, object]]:
    """Return the seals of the rows of a log that have none yet, still without their link."""
    count = len(table.columns)
    step = ladder(table)
    if step is not None:
        reached = _SEALED_UP_TO.value(connection, table_name=table.name) or 0
        if written:
            ((there, last),) = _unsealed(table.name).rows(connection, reached=reached)
            if there * DIGEST_BYTES == len(written):  # else something of it was undone again
                return [_seal(table.name, int(last), "", count, written)]
        rows = _unsealed_rows(table.name).rows(connection, reached=reached)
        if not rows:
            return []
        return [_seal(table.name, int(rows[-1][0]), "", count, digests([row[1:] for row in rows]))]
    first = next(iter(table.primary_key.columns))
    scopes = sa.select(seal.c.scope).where(seal.c.table_name == table.name)
    by_scope: dict[str, list[tuple[object, ...]]] = {}
    question = sa.select(first.label("scope"), *table.columns).where(first.not_in(scopes)).order_by(first)
    for row in raw_rows(connection, question):
        by_scope.setdefault(str(row[0]), []).append(row[1:])
    return [_seal(table.name, 0, scope, count, digests(rows)) for scope, rows in by_scope.items()]


@cache
def _unsealed(table_name: str) -> Question:
    """How many rows of a log have no seal yet, and how far they reach."""
    step = _step(table_name)
    return Question(sa.select(sa.func.count(), sa.func.max(step)).where(step > sa.bindparam("reached")))


@cache
def _unsealed_rows(table_name: str) -> Question:
    """The rows of a log that have no seal yet, each behind how far it reaches."""
    step = _step(table_name)
    whole = sa.select(step.label("reached"), *metadata.tables[table_name].columns)
    return Question(whole.where(step > sa.bindparam("reached")).order_by(step))


def _step(table_name: str) -> sa.Column[int]:
    step = ladder(metadata.tables[table_name])
    assert step is not None
    return step


def _seal(table: str, up_to: int, scope: str, column_count: int, row_digests: bytes) -> dict[str, object]:
    return {
        "table_name": table,
        "up_to": up_to,
        "scope": scope,
        "column_count": column_count,
        "row_digests": row_digests,
    }


def _seal_master(connection: sa.Connection, table: sa.Table) -> None:
    row_digests = digests(raw_rows(connection, sa.select(table)))
    count = len(table.columns)
    connection.execute(sa.delete(master_seal).where(master_seal.c.table_name == table.name))
    row = {
        "table_name": table.name,
        "column_count": count,
        "row_digests": row_digests,
        "chain": chained("", table.name, 0, "", count, row_digests),
    }
    connection.execute(sa.insert(master_seal), row)
