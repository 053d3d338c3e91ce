"""Handing a reservation over: the second step of a reservation is an issue out of its own place.

All that is said at the counter of an issue is said here too; what is held is taken instead of what lies free, so that
nobody who came in between can have taken it. What is not handed over stays held.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy as sa

from inventory.books.balances import balances
from inventory.books.ledger import repeat_of, take_turn
from inventory.books.periods import counted_from
from inventory.counter.issues import Issue, IssueRequest, answered_before, deliver, issue_faults
from inventory.counter.reservations import KIND, Reservation, find, standing_faults
from inventory.counter.shelf import Source
from inventory.counter.slip import Signature, shown
from inventory.findings import Finding


@dataclass(frozen=True)
class HandOver:
    """What is handed over of a reservation.

    Parameters
    ----------
    quantity_milli
        None: all it holds.
    order_no
        None: the repair order it is held for; what is held for an appointment needs one.
    """

    reservation_no: str
    quantity_milli: int | None = None
    order_no: str | None = None
    vin: str | None = None
    odometer_km: int | None = None
    job_type: str | None = None
    payer: str | None = None
    unit_price_e4: int | None = None


def hand_over(connection: sa.Connection, asked: HandOver, signed: Signature) -> Issue:
    """Issue what a reservation holds, or nothing of it and tell why.

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"hand_over": asdict(asked), "on": signed.on.isoformat()}
    earlier = repeat_of(connection, signed.key, request)
    if earlier is not None:
        return answered_before(connection, earlier)
    take_turn(connection)
    found = find(connection, asked.reservation_no)
    findings = standing_faults(found, asked.reservation_no, counted_from(connection, signed.on))
    if found is None or findings:
        return Issue(None, findings=tuple(findings))
    wanted = _as_issue(asked, found)
    findings = [*issue_faults(connection, wanted, signed), *_too_much(wanted, found)]
    if findings:
        return Issue(None, findings=tuple(findings))
    held = balances(connection, [found.store], [found.part_no])
    return deliver(connection, wanted, held, [Source(found.place, found.held_milli)], request, signed)


def _as_issue(asked: HandOver, found: Reservation) -> IssueRequest:
    own_order = found.holder_no if found.holder_kind == "repair_order" else ""
    return IssueRequest(
        found.store,
        found.part_no,
        found.held_milli if asked.quantity_milli is None else asked.quantity_milli,
        own_order if asked.order_no is None else asked.order_no,
        asked.vin,
        odometer_km=asked.odometer_km,
        job_type=asked.job_type,
        payer=asked.payer,
        unit_price_e4=asked.unit_price_e4,
    )


def _too_much(wanted: IssueRequest, found: Reservation) -> list[Finding]:
    if wanted.quantity_milli <= found.held_milli:
        return []
    reason = f"not more than the {shown(found.held_milli)} that {found.reservation_no} holds"
    return [Finding(KIND, "", 0, "quantity", shown(wanted.quantity_milli), reason, "", is_conflict=True)]
