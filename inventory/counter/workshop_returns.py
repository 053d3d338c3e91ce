"""Return from the workshop: what was issued and not fitted comes back to the shelf at the value it left with.

Each piece comes back against the movement that issued it: of the issue named, else of the last issues on the order
first. Of an issue's quantity Q and value V, the first r to come back are worth ⌊r·V/Q + ½⌋ together, so that a whole
issue brings back exactly what it took, however many times it is returned in parts. No more comes back than was issued
and has not come back before; an issue or a return that was reversed counts for neither. The demand of the day it was
asked for stays as it was logged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from inventory.books.balances import ON_HAND_KINDS, Balances, balances, moved_to
from inventory.books.ledger import next_number
from inventory.books.movements import Movement, Place, PlaceKind
from inventory.books.periods import counted_from
from inventory.books.standing import standing, stands
from inventory.books.valuation import share_e4
from inventory.counter.shelf import fullest_bin
from inventory.counter.slip import Signature, Slip, part_faults, shown, write_slip, written_before
from inventory.findings import Finding
from inventory.schema import document, movement
from inventory.schema_counter import return_line

KIND = "workshop-return"


@dataclass(frozen=True)
class ReturnRequest:
    """What comes back, in thousandths, of which order.

    Parameters
    ----------
    issue_no
        Number of the issue it goes against; None: the last ones on the order first.
    bin_name
        Where it goes; None: the bin it came from, else the one that holds most of the part.
    """

    store: str
    part_no: str
    quantity_milli: int
    order_no: str
    issue_no: str | None = None
    bin_name: str | None = None
    reason: str = ""


class _Issued(NamedTuple):
    """A movement of an issue, and what of it has come back."""

    movement_id: int
    source: Place
    quantity_milli: int
    value_e4: int
    returned_milli: int


def bring_back(connection: sa.Connection, asked: ReturnRequest, signed: Signature) -> Slip:
    """Take parts of an order back onto the shelf, or none of them and tell why.

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"return": asdict(asked), "on": signed.on.isoformat()}
    earlier = written_before(connection, request, signed)
    if earlier is not None:
        return earlier
    findings = part_faults(connection, KIND, asked.store, asked.part_no, asked.quantity_milli)
    if findings:
        return Slip(findings=tuple(findings))
    held = balances(connection, [asked.store], [asked.part_no])
    issued = _issued(connection, asked, signed)
    out = min(
        sum(each.quantity_milli - each.returned_milli for each in issued),
        moved_to(connection, asked.store, asked.part_no, PlaceKind.CUSTOMER.value, asked.order_no),
    )
    if asked.quantity_milli > out:
        against = f" by {asked.issue_no}" if asked.issue_no else ""
        issued_to = f"{asked.part_no} issued to {asked.order_no}{against}"
        reason = f"not more than the {shown(max(out, 0))} of {issued_to} and not yet back"
        remedy = f"see: sparewise ledger history {asked.part_no}"
        value = shown(asked.quantity_milli)
        return Slip(findings=(Finding(KIND, "", 0, "quantity", value, reason, remedy, is_conflict=True),))
    parts = _parts(issued, asked.quantity_milli)
    movements = [_movement(asked, each, quantity, held) for each, quantity in parts]
    slip = write_slip(connection, KIND, next_number(connection, "RETURN"), movements, {"request": request}, signed)
    assert slip.posting is not None
    rows = [
        {
            "document_sequence": slip.posting.sequence,
            "line_no": line_no,
            "issue_movement_id": each.movement_id,
            "quantity_milli": moved.quantity_milli,
            "value_e4": moved.value_e4,
        }
        for line_no, ((each, _), moved) in enumerate(zip(parts, movements, strict=True), start=1)
    ]
    connection.execute(sa.insert(return_line), rows)
    return slip


def _issued(connection: sa.Connection, asked: ReturnRequest, signed: Signature) -> list[_Issued]:
    """Return the movements that issued the part on the order until the day, the last first."""
    back = (
        sa.select(return_line.c.issue_movement_id, sa.func.sum(return_line.c.quantity_milli).label("returned"))
        .where(stands(return_line.c.document_sequence, date.max))
        .group_by(return_line.c.issue_movement_id)
        .subquery()
    )
    question = (
        sa.select(movement, sa.func.coalesce(back.c.returned, 0).label("returned"))
        .join(document, document.c.sequence == movement.c.document_sequence)
        .outerjoin(back, back.c.issue_movement_id == movement.c.movement_id)
        .where(
            movement.c.store == asked.store,
            movement.c.part_no == asked.part_no,
            movement.c.target_kind == PlaceKind.CUSTOMER.value,
            movement.c.target_name == asked.order_no,
            movement.c.source_kind.in_(sorted(ON_HAND_KINDS)),
            *standing(counted_from(connection, signed.on)),
            stands(movement.c.document_sequence, date.max),
        )
        .order_by(document.c.effective_on.desc(), movement.c.movement_id.desc())
    )
    if asked.issue_no is not None:
        question = question.where(document.c.number == asked.issue_no)
    return [
        _Issued(
            row.movement_id,
            Place(PlaceKind(row.source_kind), row.source_name),
            row.quantity_milli,
            row.value_e4,
            int(row.returned),
        )
        for row in connection.execute(question)
    ]


def _parts(issued: Sequence[_Issued], quantity_milli: int) -> list[tuple[_Issued, int]]:
    """Return how much of a quantity comes back against each movement."""
    parts = []
    for each in issued:
        given = min(each.quantity_milli - each.returned_milli, quantity_milli)
        if given > 0:
            parts.append((each, given))
            quantity_milli -= given
    return parts


def _movement(asked: ReturnRequest, each: _Issued, quantity_milli: int, held: Balances) -> Movement:
    if asked.bin_name is not None:
        target = Place(PlaceKind.BIN, asked.bin_name)
    elif each.source.kind == PlaceKind.BIN:
        target = each.source
    else:
        target = fullest_bin(held, asked.store, asked.part_no)
    before, after = (
        share_e4(returned, each.quantity_milli, each.value_e4)
        for returned in (each.returned_milli, each.returned_milli + quantity_milli)
    )
    customer = Place(PlaceKind.CUSTOMER, asked.order_no)
    return Movement(asked.store, asked.part_no, customer, target, quantity_milli, after - before)
