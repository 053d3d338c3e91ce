"""What is held, under way, set aside or claimed: the logs say for whom, the movements how much, and both must agree.

- A reservation, a transfer, a return to the maker, a tag: its own document brought to the place of its number what its
  row says; and nothing lies in such a place that has no row.
- Claims: in claim-short and quarantine lies what the claims not yet settled wait for, less what was scrapped there.
- Returns from the workshop: each row is its movement, and no issue is brought back more than whole.
- Receipts and posted counts: what the rows accept, and by how much they differ from the books, is what moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from inventory.books.movements import PlaceKind
from inventory.books.standing import standing, stands
from inventory.claims.claims import OPEN, states
from inventory.counter.scrapping import KIND as SCRAP
from inventory.proof.faults import Fault
from inventory.schema import balance, document, movement, receipt_line
from inventory.schema_claims import claim, maker_return, warranty_tag
from inventory.schema_counter import reservation, return_line, transfer
from inventory.schema_counting import count_line

_HELD = (
    (reservation, "reservation_no", "store", PlaceKind.RESERVED),
    (transfer, "transfer_no", "from_store", PlaceKind.TRANSIT),
    (maker_return, "return_no", "store", PlaceKind.RETURN_TO_MAKER),
    (warranty_tag, "tag_no", "store", PlaceKind.WARRANTY_HOLD),
)
"""Logs of what lies in a place of its own number: the table, its number, its store, and the kind of place."""

_WAITING = frozenset({OPEN, "submitted", "accepted", "refused", "lapsed"})
"""States of a claim in which what it is about still waits."""

_CLAIMED = (PlaceKind.CLAIM_SHORT.value, PlaceKind.QUARANTINE.value)
_Sums = Mapping[tuple[str, ...], int]


def waiting_faults(connection: sa.Connection) -> Iterator[Fault]:
    """Yield every row of a log, and every place, of which the movements say something else."""
    for table, number, store, kind in _HELD:
        yield from _held(connection, table, table.c[number], table.c[store], kind)
    yield from _compared("balance", _claimed(connection), _lying(connection, _CLAIMED))
    yield from _returns(connection)
    yield from _receipts(connection)
    yield from _counts(connection)


def _held(
    connection: sa.Connection, table: sa.Table, number: sa.Column[str], store: sa.Column[str], kind: PlaceKind
) -> Iterator[Fault]:
    """Yield what a log says was held and its document did not bring, and what lies there without a row."""
    move = movement.c
    key = (move.store, move.part_no, move.target_name)
    brought = sa.select(*key, sa.func.sum(move.quantity_milli)).join(
        table, sa.and_(table.c.document_sequence == move.document_sequence, number == move.target_name)
    )
    rows = sa.select(store, table.c.part_no, number, table.c.quantity_milli)
    said = _sums(connection, rows)
    found = _sums(connection, brought.where(move.target_kind == kind.value).group_by(*key))
    yield from _compared(table.name, found, said)
    for at, quantity in _lying(connection, (kind.value,)).items():
        *item, _, name = at
        if quantity and (*item, name) not in said:
            yield Fault("waiting", "balance", " ".join(at), "", f"a row in {table.name}", "none")


def _claimed(connection: sa.Connection) -> _Sums:
    """Return what claims wait for, by place, less what was scrapped from there."""
    now = states(connection, date.max)
    due: Counter[tuple[str, ...]] = Counter()
    question = sa.select(claim).where(claim.c.place_kind != "", stands(claim.c.document_sequence, date.max))
    for row in connection.execute(question):
        if now.get(row.claim_no, (OPEN, ""))[0] in _WAITING:
            due[row.store, row.part_no, row.place_kind, row.place_name] += row.quantity_milli
    move = movement.c
    key = (move.store, move.part_no, move.source_kind, move.source_name)
    scrapped = (
        sa.select(*key, sa.func.sum(move.quantity_milli))
        .join(document, document.c.sequence == move.document_sequence)
        .where(document.c.kind == SCRAP, move.source_kind.in_(_CLAIMED), *standing(date.max))
    )
    due.subtract(_sums(connection, scrapped.group_by(*key)))
    return due


def _returns(connection: sa.Connection) -> Iterator[Fault]:
    """Yield returns that are not their movements, and issues of which more came back than they gave."""
    row, move = return_line.c, movement.c
    same = sa.and_(move.document_sequence == row.document_sequence, move.line_no == row.line_no)
    joined = sa.select(row.document_sequence, row.line_no, row.quantity_milli, move.quantity_milli.label("moved"))
    differs = row.quantity_milli.is_distinct_from(move.quantity_milli)
    for each in connection.execute(joined.outerjoin(movement, same).where(differs)):
        key = f"document {each.document_sequence} line {each.line_no}"
        yield Fault("waiting", "return_line", key, "quantity_milli", str(each.moved), str(each.quantity_milli))
    back = sa.func.sum(row.quantity_milli)
    over = (
        sa.select(move.movement_id, move.quantity_milli, back.label("back"))
        .join(return_line, row.issue_movement_id == move.movement_id)
        .where(stands(row.document_sequence, date.max))
        .group_by(move.movement_id, move.quantity_milli)
        .having(back > move.quantity_milli)
    )
    for movement_id, given, came in connection.execute(over):
        at_most = f"at most {given}"
        yield Fault("waiting", "return_line", f"movement {movement_id}", "quantity_milli", at_most, str(came))


def _receipts(connection: sa.Connection) -> Iterator[Fault]:
    """Yield receipts whose rows accept something else than what went into bins."""
    row, move = receipt_line.c, movement.c
    rows, moves = (each.document_sequence for each in (row, move))
    said = sa.select(rows, row.store, row.part_no, row.bin_name, sa.func.sum(row.quantity_accepted_milli)).group_by(
        rows, row.store, row.part_no, row.bin_name
    )
    came = (
        sa.select(moves, move.store, move.part_no, move.target_name, sa.func.sum(move.quantity_milli))
        .where(moves.in_(sa.select(rows)), move.target_kind == PlaceKind.BIN.value)
        .group_by(moves, move.store, move.part_no, move.target_name)
    )
    yield from _compared("receipt_line", _sums(connection, came), _sums(connection, said))


def _counts(connection: sa.Connection) -> Iterator[Fault]:
    """Yield posted counts whose lines differ from the books by something else than what was posted."""
    line, move = count_line.c, movement.c
    gap = sa.func.coalesce(line.counted_milli - line.expected_milli, 0)
    said = sa.select(line.document_sequence, line.store, line.part_no, line.bin_name, gap)
    of_counts = move.document_sequence.in_(sa.select(line.document_sequence))
    sides = (
        sa.select(move.document_sequence, move.store, move.part_no, name, sign * move.quantity_milli).where(
            of_counts, kind == PlaceKind.BIN.value
        )
        for kind, name, sign in (
            (move.source_kind, move.source_name, -1),
            (move.target_kind, move.target_name, 1),
        )
    )
    moved: Counter[tuple[str, ...]] = Counter()
    for side in sides:
        moved.update(_sums(connection, side))
    yield from _compared("count_line", moved, _sums(connection, said))


def _lying(connection: sa.Connection, kinds: tuple[str, ...]) -> _Sums:
    """Return what lies in places of some kinds now: by store, part, kind and name."""
    column = balance.c
    key = (column.store, column.part_no, column.place_kind, column.place_name)
    return _sums(connection, sa.select(*key, column.quantity_milli).where(column.place_kind.in_(kinds)))


def _sums(connection: sa.Connection, question: sa.Select[Any]) -> _Sums:
    """Return the last column of a question by its others, as text."""
    return {tuple(str(each) for each in key): int(total) for *key, total in connection.execute(question)}


def _compared(table: str, expected: _Sums, found: _Sums) -> Iterator[Fault]:
    for key in sorted(expected.keys() | found.keys()):
        due, there = expected.get(key, 0), found.get(key, 0)
        if due != there:
            yield Fault("waiting", table, " ".join(key), "quantity_milli", str(due), str(there))
