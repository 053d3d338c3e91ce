"""What the books say, as one number: equal content, equal hash, in whatever order and portions it was recorded.

`ledger_hash` is the SHA-256 over the sorted content of balances, movements, order lines and demand lines. Document
numbers, sequence numbers, users and the time of recording are not in it, so the same file imported twice, shuffled,
split or overlapping leads to the same hash. The effective date of each movement is in it.

`torn` holds every document against its own hash: one that lacks a movement, or has one changed, is named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from inventory.movements import Document, Movement, Place, PlaceKind
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


def torn(connection: sa.Connection) -> list[str]:
    """Return the numbers of the documents that are not whole: what is stored does not give the hash stored with it."""
    moved: dict[int, list[Movement]] = {}
    question = (
        sa.select(movement, stock_layer.c.received_on)
        .outerjoin(
            stock_layer,
            sa.and_(
                stock_layer.c.document_sequence == movement.c.document_sequence,
                stock_layer.c.line_no == movement.c.line_no,
            ),
        )
        .order_by(movement.c.document_sequence, movement.c.line_no)
    )
    for row in connection.execute(question):
        source = Place(PlaceKind(row.source_kind), row.source_name)
        target = Place(PlaceKind(row.target_kind), row.target_name)
        received_on = date.fromisoformat(row.received_on) if row.received_on else None
        moved.setdefault(row.document_sequence, []).append(
            Movement(row.store, row.part_no, source, target, row.quantity_milli, row.value_e4, received_on)
        )
    return [
        row.number
        for row in connection.execute(sa.select(document).order_by(document.c.sequence))
        if row.content_hash not in _hashes(row, moved.get(row.sequence, []))
    ]


def _hashes(row: sa.Row[tuple[object, ...]], moved: list[Movement]) -> Iterator[str]:
    """Yield the hashes a stored document may have: a day of receipt equal to its own date was named, or was not."""
    effective_on = date.fromisoformat(row.effective_on)
    unnamed = [replace(each, received_on=None) if each.received_on == effective_on else each for each in moved]
    for movements in (moved, unnamed):
        yield Document(
            row.kind, row.number, effective_on, row.user_name, row.idempotency_key, tuple(movements),
            json.loads(row.body),
        ).content_hash()  # fmt: skip
