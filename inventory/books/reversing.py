"""Reversal: a document is taken back by its mirror; nothing is deleted, and both stay in the books.

Each movement of the document goes back from where it went to where it came from, with the same quantity and, line by
line, the value it holds: where a back-dated document changes that value later, the mirror's changes with it, so the
two always cancel. Only where a mirror takes the last unit off the shelf it takes what is left there.

A document is reversed once. It is refused where something it brought has left its place since, where something was done
on the strength of it (`resting`; both refusals name what to reverse first), or where it would take more value than
there is (the parts have been issued at another average since). What a reversal stands against no longer counts: its
layers in first in, first out, what it accepted of a purchase order, what it handed over to somebody who waits, the
demand it wrote down, the step of a claim. A receipt takes the claims it opened back with it.

Some documents are never reversed, because something else puts them right (`_NEVER`), and a reversal itself is not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from inventory.books.balances import INSIDE_KINDS, ON_HAND_KINDS, Where, balances
from inventory.books.ledger import Posting, next_number, post_all, repeat_of, take_turn
from inventory.books.movements import Document, Movement, Place, PlaceKind
from inventory.books.periods import counted_from
from inventory.books.recosting import item_values
from inventory.books.resting import opened_claims, resting_on, taken_since
from inventory.books.standing import REVERSAL
from inventory.schema import document, movement
from inventory.schema_books import reversal
from inventory.schema_claims import claim

KIND = REVERSAL

_TOLD = 3
"""How many documents are named where many rest on one."""

_NEVER: Mapping[str, str] = {
    "period-close": "a closed month is never opened again; post what belongs into it with its day",
    "declaration": "declare anew, the last declaration holds: sparewise ledger declare",
    "count-opening": "a count is ended without posting by: sparewise count cancel",
    "count-cancel": "open a new count: sparewise count open",
    "count-entry": "have the line counted again: sparewise count recount",
    "count-review": "give the cause again, the last one holds: sparewise count cause",
    REVERSAL: "post what it took back as a new document",
}
"""Kinds of document that are not reversed, and what to do instead."""


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
        If there is no such document, it is of a kind that is never reversed, is reversed already, or is of a later day;
        if something rests on it, or it would take more value than there is.
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
    heads = [head, *opened_claims(connection, head.sequence)]
    lines = _lines(connection, [each.sequence for each in heads])
    worth = item_values(connection, {(row.store, row.part_no) for rows in lines.values() for row in rows})
    mirrored = {
        sequence: tuple(_mirror(row, worth[sequence, row.line_no]) for row in rows) for sequence, rows in lines.items()
    }
    _refuse_what_there_is_not(connection, head, [moved for moves in mirrored.values() for moved in moves])
    own = next_number(connection, "REV")
    documents = []
    for count, each in enumerate(heads):
        said = f"{own}-{count}" if count else own
        body = {"request": request, "reverses": each.number, "reason": reason}
        moves = mirrored.get(each.sequence, ())
        under = said if count or key is None else key
        documents.append(Document(KIND, said, reversed_on, user_name, under, moves, body, each.sequence))
    return post_all(connection, documents, recorded_at)[0]


def _lines(connection: sa.Connection, sequences: Sequence[int]) -> dict[int, list[sa.Row[tuple[object, ...]]]]:
    """Return the movements of documents, by document, in their order."""
    question = sa.select(movement).where(movement.c.document_sequence.in_(sequences))
    found: dict[int, list[sa.Row[tuple[object, ...]]]] = {}
    for row in connection.execute(question.order_by(movement.c.document_sequence, movement.c.line_no)):
        found.setdefault(row.document_sequence, []).append(row)
    return found


def _mirror(row: sa.Row[tuple[object, ...]], value_e4: int) -> Movement:
    source, target = (
        Place(PlaceKind(row.source_kind), row.source_name),
        Place(PlaceKind(row.target_kind), row.target_name),
    )
    return Movement(row.store, row.part_no, target, source, row.quantity_milli, value_e4)


def _refuse(connection: sa.Connection, head: sa.Row[tuple[object, ...]], reversed_on: date) -> None:
    """Refuse what is never reversed, is reversed already, is of a later day, or has something resting on it."""
    question = (
        sa.select(document.c.number)
        .join(reversal, reversal.c.document_sequence == document.c.sequence)
        .where(reversal.c.reverses_sequence == head.sequence)
    )
    by = connection.execute(question).scalar_one_or_none()
    if by is not None:
        raise ReversalError(f"a document is reversed once; {head.number} is, by {by}")
    if head.kind in _NEVER:
        raise ReversalError(f"{head.number} ({head.kind}) is not reversed: {_NEVER[head.kind]}")
    opened_with = connection.execute(
        sa.select(document.c.number)
        .join(claim, claim.c.receipt_sequence == document.c.sequence)
        .where(claim.c.document_sequence == head.sequence)
    ).scalar_one_or_none()
    if opened_with is not None:
        raise ReversalError(f"{head.number} was opened with {opened_with} and is taken back with it: reverse that one")
    if head.effective_on > counted_from(connection, reversed_on).isoformat():
        raise ReversalError(f"{head.number} is of {head.effective_on}, after {reversed_on}")
    resting = resting_on(connection, head.sequence)
    if resting:
        raise ReversalError(f"{_listed(resting)} rests on {head.number}: to be reversed first, the last one first")


def _refuse_what_there_is_not(
    connection: sa.Connection, head: sa.Row[tuple[object, ...]], mirrored: Sequence[Movement]
) -> None:
    """Refuse where a place would hold less than nothing, naming who took from it; and where its value would."""
    stores, parts = {moved.store for moved in mirrored}, {moved.part_no for moved in mirrored}
    held = balances(connection, stores, parts)
    left: defaultdict[Where, int] = defaultdict(int, {where: amount.quantity_milli for where, amount in held.items()})
    for moved in mirrored:
        for place, sign in ((moved.source, -1), (moved.target, 1)):
            if place.kind in INSIDE_KINDS:
                left[Where(moved.store, moved.part_no, place.kind.value, place.name)] += sign * moved.quantity_milli
    short = {where: -quantity for where, quantity in left.items() if quantity < 0}
    if short:
        where, lacking = next(iter(short.items()))
        told = f"{where.place_kind} {where.place_name!r} of {where.store} lacks {lacking / 1000:g} of {where.part_no}"
        took = taken_since(connection, list(short), head.sequence)
        rest = f"; took from there since, to be reversed first: {_listed(took)}" if took else ""
        raise ReversalError(f"what {head.number} brought is not there any more: {told}{rest}")
    _refuse_too_dear(connection, head.number, mirrored)


def _listed(numbers: Sequence[str]) -> str:
    """Return a few numbers as text.

    >>> _listed(["A-1", "A-2", "A-3", "A-4"])
    'A-1, A-2, A-3 and 1 more'
    """
    more = len(numbers) - _TOLD
    return ", ".join(numbers[:_TOLD]) + (f" and {more} more" if more > 0 else "")


def _refuse_too_dear(connection: sa.Connection, number: str, mirrored: Sequence[Movement]) -> None:
    """Refuse where what is taken back is worth more than all there is, and does not take the last of it."""
    pools: defaultdict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])

    def pool(store: str, part_no: str, kind: str, name: str) -> list[int]:
        return pools[(store, part_no, "shelf") if kind in ON_HAND_KINDS else (store, part_no, kind, name)]

    stores, parts = {moved.store for moved in mirrored}, {moved.part_no for moved in mirrored}
    for where, amount in balances(connection, stores, parts).items():
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
