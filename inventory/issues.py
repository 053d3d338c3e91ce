"""Issue: a part leaves the shelf for a repair or customer order, and what was asked for is written down either way.

Taken from bins only, never from what is reserved for somebody: from the bin named, else from the fullest first, so
that few bins are touched. Where the bins hold less than was asked for, nothing moves unless a part delivery was
allowed; the demand is logged in both cases, with what becomes of the rest:

``special_order``
    the customer waits (the default: a part on a repair order); a later issue on the same order hands it over
    without being counted as a second demand.
``urgent``, ``lost``, ``cancelled``
    it is got elsewhere the same day, the customer goes without, the customer no longer wants it.

A document without movements stands for a request of which nothing was posted, so that a repeated request under one
key is recorded once.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from inventory.balances import Balances, balances, pools
from inventory.demand_log import DemandLine, Request, append_line, waiting
from inventory.findings import Finding
from inventory.ledger import Posting, next_number, post, repeat_of, take_turn
from inventory.movements import Document, Movement, Place, PlaceKind
from inventory.schema import document, movement, part, supersession
from inventory.valuation import values_out

KIND = "issue"
UNFILLED_OUTCOMES = ("special_order", "urgent", "lost", "cancelled")


@dataclass(frozen=True)
class IssueRequest:
    """What is asked for.

    Parameters
    ----------
    quantity_milli
        More than zero, in thousandths.
    bin_name
        Take from this bin only; None: from the fullest first.
    partial
        Take what there is where there is less.
    outcome
        What becomes of what the shelf lacks; one of `UNFILLED_OUTCOMES`.
    """

    store: str
    part_no: str
    quantity_milli: int
    order_no: str
    vin: str | None = None
    bin_name: str | None = None
    partial: bool = False
    outcome: str = "special_order"
    odometer_km: int | None = None
    job_type: str | None = None
    payer: str | None = None
    unit_price_e4: int | None = None


@dataclass(frozen=True)
class Issue:
    """The answer: what moved, what is missing, and where else it may be had.

    Parameters
    ----------
    movement_ids
        One per bin taken from; empty where nothing moved.
    available_milli
        What the bins held when it was asked for.
    elsewhere
        Other numbers of the same part, by supersession, with what the store's bins hold of them.
    """

    posting: Posting | None
    movement_ids: tuple[int, ...] = ()
    supplied_milli: int = 0
    missing_milli: int = 0
    available_milli: int = 0
    elsewhere: tuple[tuple[str, int], ...] = ()
    findings: tuple[Finding, ...] = ()


def issue(
    connection: sa.Connection,
    asked: IssueRequest,
    issued_on: date,
    user_name: str,
    key: str | None,
    recorded_at: str,
) -> Issue:
    """Hand a part over, or record that it could not be handed over.

    Parameters
    ----------
    asked
        What is asked for.
    issued_on
        The business day.
    user_name, key, recorded_at
        Who answers for it, the idempotency key (or None), and when it was recorded (ISO text, UTC).

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"issue": asdict(asked), "issued_on": issued_on.isoformat()}
    earlier = repeat_of(connection, key, request)
    if earlier is not None:
        return _again(connection, earlier, asked)
    take_turn(connection)
    findings = _faults(connection, asked)
    if findings:
        return Issue(None, findings=tuple(findings))
    held = balances(connection, [asked.store], [asked.part_no])
    bins = _bins(held, asked.bin_name)
    available = sum(quantity for _, quantity in bins)
    supplied = asked.quantity_milli if available >= asked.quantity_milli else available if asked.partial else 0
    missing = asked.quantity_milli - supplied
    elsewhere = _elsewhere(connection, asked) if missing else ()
    body = {
        "request": request,
        "available_milli": available,
        "missing_milli": missing,
        "elsewhere": [list(other) for other in elsewhere],
    }
    number = next_number(connection, "ISSUE" if supplied else "UNMET")
    movements = tuple(_movements(asked, bins, supplied, held))
    at = Request(asked.store, asked.order_no, asked.part_no)
    awaited = min(waiting(connection, issued_on, at).get(at, 0), asked.quantity_milli)
    posting = post(
        connection, Document(KIND, number, issued_on, user_name, key or number, movements, body), recorded_at
    )
    if asked.quantity_milli > awaited:
        append_line(connection, _demand(asked, issued_on, awaited, supplied), posting.sequence)
    return Issue(posting, _movement_ids(connection, posting), supplied, missing, available, elsewhere)


def _again(connection: sa.Connection, posting: Posting, asked: IssueRequest) -> Issue:
    """Return what a request was answered with the first time."""
    question = sa.select(document.c.body).where(document.c.sequence == posting.sequence)
    body = json.loads(connection.execute(question).scalar_one())
    missing = int(body["missing_milli"])
    elsewhere = tuple((str(other), int(quantity)) for other, quantity in body["elsewhere"])
    supplied, available = asked.quantity_milli - missing, int(body["available_milli"])
    return Issue(posting, _movement_ids(connection, posting), supplied, missing, available, elsewhere)


def _faults(connection: sa.Connection, asked: IssueRequest) -> list[Finding]:
    known = connection.execute(sa.select(part.c.part_no).where(part.c.part_no == asked.part_no)).one_or_none()
    checks = (
        (known is not None, "part", asked.part_no, "a part issued is in the parts table", "import it with the parts"),
        (asked.quantity_milli > 0, "quantity", f"{asked.quantity_milli / 1000:g}", "more than zero is issued", ""),
        (bool(asked.order_no.strip()), "order-no", asked.order_no, "an issue names its repair or customer order", ""),
        (bool(asked.store.strip()), "store", asked.store, "an issue names its store", ""),
        (asked.outcome in UNFILLED_OUTCOMES, "outcome", asked.outcome, f"one of {', '.join(UNFILLED_OUTCOMES)}", ""),
    )
    return [
        Finding(KIND, "", 0, column, value, reason, remedy)
        for holds, column, value, reason, remedy in checks
        if not holds
    ]


def _bins(held: Balances, bin_name: str | None) -> list[tuple[str, int]]:
    """Return the bins to take from, the fullest first, and what they hold."""
    bins = [
        (where.place_name, amount.quantity_milli)
        for where, amount in held.items()
        if where.place_kind == PlaceKind.BIN and amount.quantity_milli > 0 and bin_name in (None, where.place_name)
    ]
    return sorted(bins, key=lambda each: (-each[1], each[0]))


def _movements(asked: IssueRequest, bins: list[tuple[str, int]], supplied: int, held: Balances) -> list[Movement]:
    taken: list[tuple[str, int]] = []
    for name, quantity in bins:
        if supplied:
            taken.append((name, min(quantity, supplied)))
            supplied -= taken[-1][1]
    values = values_out(((asked.store, asked.part_no, quantity) for _, quantity in taken), pools(held))
    return [
        Movement(
            asked.store,
            asked.part_no,
            Place(PlaceKind.BIN, name),
            Place(PlaceKind.CUSTOMER, asked.order_no),
            quantity,
            value,
        )
        for (name, quantity), value in zip(taken, values, strict=True)
    ]


def _demand(asked: IssueRequest, issued_on: date, awaited: int, supplied: int) -> DemandLine:
    """Return the line of what is newly asked for: not what the order waits for already, which is served first."""
    requested = asked.quantity_milli - awaited
    at_once = min(max(supplied - awaited, 0), requested)
    return DemandLine(
        asked.store,
        asked.order_no,
        asked.part_no,
        issued_on,
        requested,
        at_once,
        "shelf" if at_once == requested else asked.outcome,
        asked.vin,
        asked.odometer_km,
        asked.job_type,
        asked.payer,
        asked.unit_price_e4,
    )


def _movement_ids(connection: sa.Connection, posting: Posting) -> tuple[int, ...]:
    question = sa.select(movement.c.movement_id).where(movement.c.document_sequence == posting.sequence)
    return tuple(connection.execute(question.order_by(movement.c.line_no)).scalars())


def _elsewhere(connection: sa.Connection, asked: IssueRequest) -> tuple[tuple[str, int], ...]:
    """Return other numbers of the part, one step of supersession away, of which the store's bins hold something."""
    question = sa.select(supersession.c.part_no, supersession.c.replaced_by).where(
        sa.or_(supersession.c.part_no == asked.part_no, supersession.c.replaced_by == asked.part_no)
    )
    others = {number for row in connection.execute(question) for number in row} - {asked.part_no}
    found: dict[str, int] = {}
    for where, amount in balances(connection, [asked.store], others).items():
        if where.place_kind == PlaceKind.BIN and amount.quantity_milli:
            found[where.part_no] = found.get(where.part_no, 0) + amount.quantity_milli
    return tuple(sorted(found.items()))
