"""Reversal: a document is taken back by its mirror; nothing is deleted, and both stay in the books.

Each movement of the document goes back from where it went to where it came from, with the same quantity and, line by
line, the value it holds: where a back-dated document changes that value later, the mirror's changes with it, so the
two always cancel. Only where a mirror takes the last unit off the shelf it takes what is left there.

A document is reversed once. It is refused where something it brought has left its place since, or where it would take
more value than there is (the parts have been issued at another average since). What a reversal stands against no
longer counts: its layers in first in, first out, what it accepted of a purchase order, what it handed over to somebody
who waits.

Documents without movements (a purchase order, a closed month) and reversals themselves are not reversed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from inventory.books.balances import INSIDE_KINDS, ON_HAND_KINDS, balances
from inventory.books.ledger import Posting, next_number, post, repeat_of, take_turn
from inventory.books.movements import Document, Movement, Place, PlaceKind
from inventory.books.recosting import item_values
from inventory.schema import document, movement
from inventory.schema_books import reversal

KIND = "reversal"


class ReversalError(Exception):
    """The document can't be reversed; the message says why."""


def reverse(
    connection: sa.Connection,
    number: str,
    reason: str,
    reversed_on: date,
    user_name: str,
    key: str | None,
    recorded_at: str,
) -> Posting:
    """Take a document back by its mirror.

    Parameters
    ----------
    number
        The document's number.
    reason
        Why; it stands in the books.
    reversed_on
        The business day of the reversal, not before that of the document.
    user_name, key, recorded_at
        Who answers for it, the idempotency key (or None), and when it was recorded (ISO text, UTC).

    Raises
    ------
    ReversalError
        If there is no such document, it has no movements, is a reversal, is reversed already, or is of a later day.
    StockShortError
        If something it brought has left its place since.
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"reverse": number, "reason": reason, "reversed_on": reversed_on.isoformat()}
    earlier = repeat_of(connection, key, request)
    if earlier is not None:
        return earlier
    take_turn(connection)
    head = connection.execute(sa.select(document).where(document.c.number == number)).one_or_none()
    if head is None:
        raise ReversalError(f"there is no document {number}; see the numbers with: sparewise ledger history PART")
    _refuse(connection, head, reversed_on)
    lines = connection.execute(
        sa.select(movement).where(movement.c.document_sequence == head.sequence).order_by(movement.c.line_no)
    ).all()
    if not lines:
        raise ReversalError(f"{number} ({head.kind}) moved nothing: there is nothing to take back")
    worth = item_values(connection, {(row.store, row.part_no) for row in lines})
    mirrored = tuple(
        Movement(
            row.store,
            row.part_no,
            Place(PlaceKind(row.target_kind), row.target_name),
            Place(PlaceKind(row.source_kind), row.source_name),
            row.quantity_milli,
            worth[head.sequence, row.line_no],
        )
        for row in lines
    )
    _refuse_too_dear(connection, number, mirrored)
    body = {"request": request, "reverses": number, "reason": reason}
    own = next_number(connection, "REV")
    return post(
        connection, Document(KIND, own, reversed_on, user_name, key or own, mirrored, body, head.sequence), recorded_at
    )


def _refuse(connection: sa.Connection, head: sa.Row[object], reversed_on: date) -> None:
    question = (
        sa.select(document.c.number)
        .join(reversal, reversal.c.document_sequence == document.c.sequence)
        .where(reversal.c.reverses_sequence == head.sequence)
    )
    by = connection.execute(question).scalar_one_or_none()
    if by is not None:
        raise ReversalError(f"a document is reversed once; {head.number} is, by {by}")
    if head.kind == KIND:
        raise ReversalError(f"{head.number} is a reversal itself; post what it took back as a new document")
    if head.effective_on > reversed_on.isoformat():
        raise ReversalError(f"{head.number} is of {head.effective_on}, after {reversed_on}")


def _refuse_too_dear(connection: sa.Connection, number: str, mirrored: Sequence[Movement]) -> None:
    """Refuse where what is taken back is worth more than all there is, and does not take the last of it."""
    pools: defaultdict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])

    def pool(store: str, part_no: str, kind: str, name: str) -> list[int]:
        return pools[(store, part_no, "shelf") if kind in ON_HAND_KINDS else (store, part_no, kind, name)]

    stores, parts = {moved.store for moved in mirrored}, {moved.part_no for moved in mirrored}
    for where, amount in balances(connection, stores, parts, INSIDE_KINDS).items():
        held = pool(*where)
        held[0] += amount.quantity_milli
        held[1] += amount.value_e4
    for moved in mirrored:
        for place, sign in ((moved.source, -1), (moved.target, 1)):
            if place.kind in INSIDE_KINDS:
                held = pool(moved.store, moved.part_no, place.kind, place.name)
                held[0] += sign * moved.quantity_milli
                held[1] += sign * moved.value_e4
    for key, (quantity_milli, value_e4) in pools.items():
        if quantity_milli > 0 and value_e4 < 0:
            raise ReversalError(f"{number} brought {key[1]} at a value of which less is left in {key[0]} than it takes")
