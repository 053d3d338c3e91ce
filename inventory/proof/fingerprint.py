"""What the books say, as one number: equal content, equal hash, in whatever order and portions it was recorded.

`ledger_hash` is the SHA-256 over the sorted content of balances, movements, order lines and demand lines. Document
numbers, sequence numbers, users and the time of recording are not in it, so the same file imported twice, shuffled,
split or overlapping leads to the same hash. The effective date of each movement is in it.

Whether the books hold together is another question (see `verification`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa

from inventory.schema import balance, demand_line, document, metadata, movement, purchase_order_line, stock_layer

_PLACES_OF_RECORDING = frozenset({"movement_id", "line_id", "document_sequence", "line_no", "recorded_at"})
"""Columns that tell how something came into the books, not what the books say."""


class Recorded(NamedTuple):
    """A document as the database has it: its number, its kind, and how many movements it has."""

    number: str
    kind: str
    movements: int


def ledger_hash(connection: sa.Connection) -> str:
    """Return the hash, in hexadecimal, of what the books say, however it came into them."""
    hasher = hashlib.sha256()
    for name, question in _contents():
        lines = sorted(
            json.dumps(list(row), ensure_ascii=False, separators=(",", ":")) for row in connection.execute(question)
        )
        hasher.update(f"{name} {len(lines)}\n".encode())
        hasher.update("\n".join(lines).encode())
    return hasher.hexdigest()


def _contents() -> Iterator[tuple[str, sa.Select[tuple[object, ...]]]]:
    """Yield the name and the question of each part of the books that counts."""
    for table in (balance, purchase_order_line, demand_line):
        yield table.name, sa.select(*(c for c in table.columns if c.name not in _PLACES_OF_RECORDING))
    for table in (movement, stock_layer):
        said = (c for c in table.columns if c.name not in _PLACES_OF_RECORDING)
        yield (
            table.name,
            sa.select(document.c.effective_on, *said).join(document, document.c.sequence == table.c.document_sequence),
        )


def recorded(connection: sa.Connection) -> list[Recorded]:
    """Return every document in the order of recording."""
    question = (
        sa.select(document.c.number, document.c.kind, sa.func.count(movement.c.movement_id))
        .outerjoin(movement, movement.c.document_sequence == document.c.sequence)
        .group_by(document.c.sequence, document.c.number, document.c.kind)
        .order_by(document.c.sequence)
    )
    return [Recorded(*row) for row in connection.execute(question)]


def rows_of(connection: sa.Connection, table: str) -> int:
    """Return how many rows a table has."""
    return connection.execute(sa.select(sa.func.count()).select_from(metadata.tables[table])).scalar_one()


def last_number(connection: sa.Connection) -> str:
    """Return the number of the last document; empty where there is none."""
    last = sa.select(document.c.number).order_by(document.c.sequence.desc()).limit(1)
    return connection.execute(last).scalar_one_or_none() or ""


def sequences_of(connection: sa.Connection) -> list[int]:
    """Return the sequences of all documents, in their order."""
    return list(connection.execute(sa.select(document.c.sequence).order_by(document.c.sequence)).scalars())
