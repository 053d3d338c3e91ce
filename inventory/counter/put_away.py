"""Put-away: goods go from the dock, or from another bin, to the bin where they shall lie.

Between bins nothing changes but the place: all of a part on a store's shelf is one pool of value. From the dock goods
come onto the shelf with the value they were received at.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy as sa

from inventory.books.balances import balances
from inventory.books.ledger import next_number
from inventory.books.movements import Place, PlaceKind
from inventory.counter.shelf import Source, amount_at, cores_stay, moves_out, place_named
from inventory.counter.slip import Signature, Slip, part_faults, short_of, write_slip, written_before
from inventory.findings import unmet

KIND = "put-away"


@dataclass(frozen=True)
class MoveRequest:
    """What is put where, in thousandths.

    Parameters
    ----------
    source
        A bin, or ``dock/NAME``.
    target
        The bin it goes to.
    quantity_milli
        None: all that is there.
    """

    store: str
    part_no: str
    source: str
    target: str
    quantity_milli: int | None = None


def put_away(connection: sa.Connection, asked: MoveRequest, signed: Signature) -> Slip:
    """Move parts to a bin, or none of them and tell why.

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"put_away": asdict(asked), "on": signed.on.isoformat()}
    earlier = written_before(connection, request, signed)
    if earlier is not None:
        return earlier
    held = balances(connection, [asked.store], [asked.part_no])
    source, target = place_named(asked.source, [PlaceKind.DOCK]), Place(PlaceKind.BIN, asked.target)
    there = amount_at(held, asked.store, asked.part_no, source).quantity_milli
    quantity = there if asked.quantity_milli is None else asked.quantity_milli
    findings = part_faults(connection, KIND, asked.store, asked.part_no, quantity)
    findings += cores_stay(KIND, asked.source)
    findings += unmet(KIND, [(source != target, "to", asked.target, "parts go to another bin", "")])
    if findings:
        return Slip(findings=tuple(findings))
    if quantity > there:
        short = short_of(connection, KIND, asked.store, asked.part_no, quantity, (there, f"in {asked.source or '–'}"))
        return Slip(findings=(short,))
    movements = moves_out(held, asked.store, asked.part_no, [Source(source, quantity)], target)
    number = next_number(connection, "MOVE")
    return write_slip(connection, KIND, number, movements, {"request": request}, signed)
