"""What rests on a document: what was done since on the strength of it, and has to be taken back before it.

Most of it shows in the movements: what a document brought has left its place since. Some does not, because it happened
outside the store or moved nothing: an issue that was partly brought back, a claim that moved on, an order of which
goods came, a customer's wait that was answered. Those are told here, from the logs that say what stands against what.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

import sqlalchemy as sa

from inventory.books.balances import ON_HAND_KINDS, Where
from inventory.books.movements import PlaceKind
from inventory.books.standing import standing
from inventory.schema import demand_line, document, movement, receipt_line
from inventory.schema_claims import claim, claim_event
from inventory.schema_counter import return_line, special_order

_TOLD = 3
"""How many documents are named where many rest on one."""


def resting_on(connection: sa.Connection, sequence: int) -> list[str]:
    """Return the numbers of the documents that rest on one by what the logs say, the newest first."""
    found: dict[int, str] = {}
    for sequences in _by_logs(sequence):
        question = sa.select(document.c.sequence, document.c.number).where(
            document.c.sequence.in_(sequences), document.c.sequence != sequence, *standing(date.max)
        )
        found.update({row.sequence: row.number for row in connection.execute(question)})
    return [found[later] for later in sorted(found, reverse=True)]


def taken_since(connection: sa.Connection, places: Collection[Where], sequence: int) -> list[str]:
    """Return the numbers of the last documents that took from places after a document, the newest first."""
    column = movement.c
    at = sa.or_(
        *(
            sa.and_(
                column.store == where.store,
                column.part_no == where.part_no,
                column.source_kind == where.place_kind,
                column.source_name == where.place_name,
            )
            for where in places
        )
    )
    question = (
        sa.select(document.c.sequence, document.c.number)
        .join(movement, column.document_sequence == document.c.sequence)
        .where(at, document.c.sequence > sequence, *standing(date.max))
        .distinct()
        .order_by(document.c.sequence.desc())
        .limit(_TOLD)
    )
    return [row.number for row in connection.execute(question)]


def opened_claims(connection: sa.Connection, receipt_sequence: int) -> list[sa.Row[tuple[object, ...]]]:
    """Return the documents of the claims that a receipt opened: they come and go with it."""
    question = (
        sa.select(document)
        .join(claim, claim.c.document_sequence == document.c.sequence)
        .where(claim.c.receipt_sequence == receipt_sequence)
        .order_by(document.c.sequence)
    )
    return list(connection.execute(question).all())


def _by_logs(sequence: int) -> Iterator[sa.Select[int]]:
    """Yield questions for the sequences of documents that rest on one."""
    own_moves = sa.select(movement.c.movement_id).where(movement.c.document_sequence == sequence)
    yield sa.select(return_line.c.document_sequence).where(return_line.c.issue_movement_id.in_(own_moves))
    opened = sa.select(claim.c.claim_no).where(claim.c.receipt_sequence == sequence)
    moved_on = sa.select(claim_event.c.claim_no).where(claim_event.c.document_sequence == sequence)
    later = claim_event.c.document_sequence > sequence
    yield sa.select(claim_event.c.document_sequence).where(claim_event.c.claim_no.in_(opened))
    yield sa.select(claim_event.c.document_sequence).where(claim_event.c.claim_no.in_(moved_on), later)
    ordered = sa.select(document.c.number).where(document.c.sequence == sequence, document.c.kind == "purchase-order")
    yield sa.select(receipt_line.c.document_sequence).where(receipt_line.c.order_no.in_(ordered))
    yield _changes_of_special_orders(sequence)
    yield _answers(sequence)


def _changes_of_special_orders(sequence: int) -> sa.Select[int]:
    """Return the question for later changes of the special orders that a document made or changed."""
    own, later = special_order.alias(), special_order.alias()
    same = sa.and_(*(own.c[name] == later.c[name] for name in ("store", "order_no", "part_no")))
    return (
        sa.select(later.c.document_sequence)
        .join(own, same)
        .where(own.c.document_sequence == sequence, later.c.document_sequence > sequence, later.c.quantity_milli == 0)
    )


def _answers(sequence: int) -> sa.Select[int]:
    """Return the question for what was handed over later to a customer who waits since a document."""
    line = demand_line.c
    waits = sa.and_(
        line.document_sequence == sequence,
        line.outcome == "special_order",
        line.quantity_requested_milli > line.quantity_supplied_milli,
    )
    return (
        sa.select(movement.c.document_sequence)
        .join(
            demand_line,
            sa.and_(
                line.store == movement.c.store,
                line.part_no == movement.c.part_no,
                line.order_no == movement.c.target_name,
            ),
        )
        .where(
            waits,
            movement.c.document_sequence > sequence,
            movement.c.target_kind == PlaceKind.CUSTOMER.value,
            movement.c.source_kind.in_(sorted(ON_HAND_KINDS)),
        )
    )
