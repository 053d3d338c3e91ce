"""Issues: handing a part over, and the line of demand that goes with it, whether or not the shelf could fill it.

An issue answers a *repair order* (with its vehicle, odometer, payer and job type), a *counter sale*, or the house's own
need (*internal*). It takes from bins only, never from what is reserved for somebody else: from the bin named, else
from the fullest first, so that few bins are touched; or it takes what one reservation holds (`reservations`). Where
there is less than was asked for, nothing moves unless a part delivery was allowed; the demand is logged in both cases,
in the same document, with what becomes of the rest:

``special_order``
    the customer waits (the default: a part on a repair order), with an owner and an install-by day
    (`special_orders`); a later issue on the same order hands it over without being counted as a second demand.
``urgent``, ``lost``, ``cancelled``
    it is got elsewhere the same day, the customer goes without, the customer no longer wants it.

A document without movements stands for a request of which nothing was posted, so that a repeated request under one
key is recorded once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

import sqlalchemy as sa

from inventory.books.balances import Balances, balances
from inventory.books.ledger import Posting, next_number, post, repeat_of, take_turn
from inventory.books.movements import Document, Place, PlaceKind
from inventory.books.periods import counted_from
from inventory.counter.shelf import Source, bins, moves_out, spread, total
from inventory.counter.slip import Signature, movement_ids, part_faults
from inventory.counter.special_orders import append_special_order, term_faults, terms
from inventory.demand_log import DemandLine, Request, append_line, waiting
from inventory.findings import Finding, unmet
from inventory.schema import document
from inventory.supersession_chain import stock_elsewhere

KIND = "issue"
UNFILLED_OUTCOMES = ("special_order", "urgent", "lost", "cancelled")
ISSUE_TYPES = ("repair_order", "counter_sale", "internal")
JOB_TYPES = ("maintenance", "repair", "collision", "recall", "campaign", "accessory")
PAYERS = ("customer", "warranty", "insurance", "internal", "goodwill")
_USUAL_PAYER = {"counter_sale": "customer", "internal": "internal"}


@dataclass(frozen=True)
class IssueRequest:
    """What is asked for.

    Parameters
    ----------
    quantity_milli
        More than zero, in thousandths.
    order_no
        Repair or customer order; a counter sale or an internal issue without one goes under the document's number.
    bin_name
        Take from this bin only; None: from the fullest first.
    partial
        Take what there is where there is less.
    outcome
        What becomes of what the shelf lacks; one of `UNFILLED_OUTCOMES`.
    job_type, payer
        One of `JOB_TYPES` and `PAYERS`; a counter sale is paid by the customer and an internal issue by the house
        where nothing else is said.
    issue_type
        One of `ISSUE_TYPES`.
    owner, install_by, return_by
        Of a special order; where not given, the user answers for it, in the days of `special_orders.terms`.
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
    issue_type: str = "repair_order"
    owner: str | None = None
    install_by: date | None = None
    return_by: date | None = None


@dataclass(frozen=True)
class Issue:
    """The answer: what moved, what is missing, and where else it may be had.

    Parameters
    ----------
    movement_ids
        One per place taken from; empty where nothing moved.
    available_milli
        What the places that could give held when it was asked for.
    elsewhere
        Other numbers of the same part, by supersession, with what the store's bins hold of them.
    order_no
        The order it went to.
    """

    posting: Posting | None
    movement_ids: tuple[int, ...] = ()
    supplied_milli: int = 0
    missing_milli: int = 0
    available_milli: int = 0
    elsewhere: tuple[tuple[str, int], ...] = ()
    findings: tuple[Finding, ...] = ()
    order_no: str = ""


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
    signed = Signature(issued_on, user_name, key, recorded_at)
    request = {"issue": plain(asked), "issued_on": issued_on.isoformat()}
    earlier = repeat_of(connection, key, request)
    if earlier is not None:
        return answered_before(connection, earlier)
    take_turn(connection)
    findings = issue_faults(connection, asked, signed)
    if findings:
        return Issue(None, findings=tuple(findings))
    held = balances(connection, [asked.store], [asked.part_no])
    return deliver(connection, asked, held, bins(held, asked.store, asked.part_no, asked.bin_name), request, signed)


def deliver(
    connection: sa.Connection,
    asked: IssueRequest,
    held: Balances,
    sources: Sequence[Source],
    request: Mapping[str, object],
    signed: Signature,
) -> Issue:
    """Post an issue that was checked before, from places that may give, and log its demand.

    Parameters
    ----------
    held
        The balances of the store and part.
    sources
        The places that may give, in this order.
    request
        What was asked, as the document keeps it.
    """
    available = total(sources)
    supplied = asked.quantity_milli if available >= asked.quantity_milli else available if asked.partial else 0
    missing = asked.quantity_milli - supplied
    elsewhere = stock_elsewhere(connection, asked.store, asked.part_no) if missing else ()
    number = next_number(connection, "ISSUE" if supplied else "UNMET")
    asked = replace(asked, order_no=asked.order_no or number, payer=asked.payer or _USUAL_PAYER.get(asked.issue_type))
    customer = Place(PlaceKind.CUSTOMER, asked.order_no)
    movements = moves_out(held, asked.store, asked.part_no, spread(sources, supplied), customer)
    body = {
        "request": request,
        "order_no": asked.order_no,
        "issue_type": asked.issue_type,
        "supplied_milli": supplied,
        "available_milli": available,
        "missing_milli": missing,
        "elsewhere": [list(other) for other in elsewhere],
    }
    at = Request(asked.store, asked.order_no, asked.part_no)
    since = counted_from(connection, signed.on)
    awaited = min(waiting(connection, since, at).get(at, 0), asked.quantity_milli)
    posted = Document(KIND, number, signed.on, signed.user_name, signed.key or number, movements, body)
    posting = post(connection, posted, signed.recorded_at)
    if asked.quantity_milli > awaited:
        line = _demand(asked, signed.on, awaited, supplied)
        append_line(connection, line, posting.sequence)
        ordered = line.quantity_requested_milli - line.quantity_supplied_milli
        if line.outcome == "special_order" and ordered:
            agreed = terms(signed.on, asked.owner or signed.user_name, asked.install_by, asked.return_by)
            append_special_order(connection, at, agreed, posting.sequence, ordered)
    ids = movement_ids(connection, posting)
    return Issue(posting, ids, supplied, missing, available, elsewhere, order_no=asked.order_no)


def answered_before(connection: sa.Connection, posting: Posting) -> Issue:
    """Return what a request was answered with the first time."""
    question = sa.select(document.c.body).where(document.c.sequence == posting.sequence)
    body = json.loads(connection.execute(question).scalar_one())
    return Issue(
        posting,
        movement_ids(connection, posting),
        int(body["supplied_milli"]),
        int(body["missing_milli"]),
        int(body["available_milli"]),
        tuple((str(other), int(quantity)) for other, quantity in body["elsewhere"]),
        order_no=str(body["order_no"]),
    )


def plain(asked: IssueRequest) -> dict[str, object]:
    """Return a request as the document's body keeps it."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(asked).items()}


def issue_faults(connection: sa.Connection, asked: IssueRequest, signed: Signature) -> list[Finding]:
    """Return what is wrong with a request; nothing is posted where anything is."""
    findings = part_faults(connection, KIND, asked.store, asked.part_no, asked.quantity_milli)
    named = bool(asked.order_no.strip()) or (asked.issue_type in _USUAL_PAYER and not asked.order_no)
    odometer, owner = asked.odometer_km, asked.owner
    checks = [
        (named, "order-no", asked.order_no, "an issue names its repair or customer order", ""),
        (odometer is None or odometer >= 0, "odometer-km", str(odometer), "an odometer shows zero or more", ""),
        *(
            (value in allowed or (value is None and name in ("job-type", "payer")), name, str(value),
             f"one of {', '.join(allowed)}", "")
            for name, value, allowed in (
                ("outcome", asked.outcome, UNFILLED_OUTCOMES),
                ("type", asked.issue_type, ISSUE_TYPES),
                ("job-type", asked.job_type, JOB_TYPES),
                ("payer", asked.payer, PAYERS),
            )
        ),
    ]  # fmt: skip
    findings += unmet(KIND, checks)
    if asked.outcome == "special_order":
        agreed = terms(signed.on, signed.user_name if owner is None else owner, asked.install_by, asked.return_by)
        findings += term_faults(KIND, signed.on, agreed)
    elif owner is not None or asked.install_by or asked.return_by:
        reason = "an owner, an install-by and a return-by day belong to the outcome special_order"
        findings.append(Finding(KIND, "", 0, "outcome", asked.outcome, reason, ""))
    return findings


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
