"""Scrap: what can't be used or sold any more leaves the books for good, at its value and with a reason.

From bins (the one named, else the fullest first), or from another place inside the store that a user names, such as
the quarantine of an order. What is reserved for somebody is released first, what is kept for the maker leaves its
custody by the steps of that (`claims.warranty_custody`), and a core leaves by those of its deposit (`core_deposits`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy as sa

from inventory.books.balances import balances
from inventory.books.ledger import next_number
from inventory.books.movements import Place, PlaceKind
from inventory.counter.shelf import Source, amount_at, bins, cores_stay, moves_out, place_named, spread, total
from inventory.counter.slip import Signature, Slip, part_faults, short_of, write_slip, written_before

KIND = "scrap"
SCRAPPED_FROM = (
    PlaceKind.DOCK,
    PlaceKind.QUARANTINE,
    PlaceKind.RETURN_TO_MAKER,
)
"""Places besides bins from which parts are scrapped."""


@dataclass(frozen=True)
class ScrapRequest:
    """What is scrapped, in thousandths, and why.

    Parameters
    ----------
    place
        A bin, or ``KIND/NAME`` with one of `SCRAPPED_FROM`; None: from the fullest bin first.
    """

    store: str
    part_no: str
    quantity_milli: int
    reason: str
    place: str | None = None


def scrap(connection: sa.Connection, asked: ScrapRequest, signed: Signature) -> Slip:
    """Scrap parts, or none of them and tell why.

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"scrap": asdict(asked), "on": signed.on.isoformat()}
    earlier = written_before(connection, request, signed)
    if earlier is not None:
        return earlier
    findings = part_faults(connection, KIND, asked.store, asked.part_no, asked.quantity_milli, asked.reason)
    findings += cores_stay(KIND, asked.place or "")
    if findings:
        return Slip(findings=tuple(findings))
    held = balances(connection, [asked.store], [asked.part_no])
    if asked.place is None:
        sources, where = bins(held, asked.store, asked.part_no), "free on the shelf"
    else:
        place = place_named(asked.place, SCRAPPED_FROM)
        there = amount_at(held, asked.store, asked.part_no, place).quantity_milli
        sources, where = [Source(place, there)], f"in {asked.place}"
    if asked.quantity_milli > total(sources):
        there_and_where = (total(sources), where)
        short = short_of(connection, KIND, asked.store, asked.part_no, asked.quantity_milli, there_and_where)
        return Slip(findings=(short,))
    taken = spread(sources, asked.quantity_milli)
    movements = moves_out(held, asked.store, asked.part_no, taken, Place(PlaceKind.SCRAP))
    body = {"request": request, "reason": asked.reason}
    return write_slip(connection, KIND, next_number(connection, "SCRAP"), movements, body, signed)
