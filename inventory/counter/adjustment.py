"""Adjustment with reason: the books are brought to what a bin really holds, outside a stocktake.

What is missing goes to *count-difference* at its share of the moving average. What is found comes from there: at the
unit cost given, else at the moving average of what lies on the shelf, else at the part's catalogue cost. There is no
negative stock, so a part the shelf has and the books lack is first found, with a reason, and then issued.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy as sa

from inventory.books.balances import NOTHING, Balances, balances, pools
from inventory.books.ledger import next_number
from inventory.books.movements import Movement, Place, PlaceKind
from inventory.books.valuation import amount_e4, share_e4
from inventory.counter.shelf import Source, amount_at, moves_out
from inventory.counter.slip import Signature, Slip, part_faults, short_of, write_slip, written_before
from inventory.findings import unmet
from inventory.schema import part

KIND = "adjustment"


@dataclass(frozen=True)
class AdjustRequest:
    """By how much a bin holds more (or, below zero, less) than the books say, in thousandths, and why.

    Parameters
    ----------
    unit_cost_e4
        Of what is found; None: the moving average, else the catalogue cost.
    """

    store: str
    part_no: str
    bin_name: str
    difference_milli: int
    reason: str
    unit_cost_e4: int | None = None


def adjust(connection: sa.Connection, asked: AdjustRequest, signed: Signature) -> Slip:
    """Bring the books to what a bin holds, or change nothing and tell why.

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"adjust": asdict(asked), "on": signed.on.isoformat()}
    earlier = written_before(connection, request, signed)
    if earlier is not None:
        return earlier
    quantity = abs(asked.difference_milli)
    findings = part_faults(connection, KIND, asked.store, asked.part_no, quantity, asked.reason)
    cost, found_more = asked.unit_cost_e4, asked.difference_milli > 0
    valued = cost is None or (found_more and cost >= 0)
    reason = "zero or more, and only where something is found"
    findings += unmet(KIND, [(valued, "unit-cost", str((cost or 0) / 10_000), reason, "")])
    if findings:
        return Slip(findings=tuple(findings))
    held = balances(connection, [asked.store], [asked.part_no])
    place, difference = Place(PlaceKind.BIN, asked.bin_name), Place(PlaceKind.COUNT_DIFFERENCE)
    there = amount_at(held, asked.store, asked.part_no, place).quantity_milli
    if not found_more and quantity > there:
        where = f"in bin {asked.bin_name or '–'}"
        return Slip(findings=(short_of(connection, KIND, asked.store, asked.part_no, quantity, (there, where)),))
    if found_more:
        value = _value_found(connection, asked, held)
        movements: tuple[Movement, ...] = (Movement(asked.store, asked.part_no, difference, place, quantity, value),)
    else:
        movements = moves_out(held, asked.store, asked.part_no, [Source(place, quantity)], difference)
    body = {"request": request, "reason": asked.reason}
    return write_slip(connection, KIND, next_number(connection, "ADJUST"), movements, body, signed)


def _value_found(connection: sa.Connection, asked: AdjustRequest, held: Balances) -> int:
    if asked.unit_cost_e4 is not None:
        return amount_e4(asked.difference_milli, asked.unit_cost_e4)
    pool = pools(held).get((asked.store, asked.part_no), NOTHING)
    if pool.quantity_milli:
        return share_e4(asked.difference_milli, *pool)
    cost = sa.select(part.c.unit_cost_e4).where(part.c.part_no == asked.part_no)
    return amount_e4(asked.difference_milli, connection.execute(cost).scalar_one())
