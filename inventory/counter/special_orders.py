"""Special orders: for whom a part was ordered, by when it is to be fitted, and when it goes back if nobody comes.

What a customer waits for is told by the demand log (`demand_log.waiting`); here is what it can't say: the owner, who
answers for it that the part is fitted, the day it is to be fitted by, and the day from which it is better sent back.
The log is append-only: of the rows of one request the quantities add up and of the owner and days the last row counts.

What has *arrived* for a request is what is held for its order and, earliest install-by day first, what lies free in
the store's bins. From that follows what is to be done:

``waiting``
    nothing is there yet and the install-by day has not passed;
``arrived``
    something is there and not yet fitted;
``overdue``
    the install-by day has passed;
``return``
    the return-by day has passed and something is there: nobody came for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from inventory.books.balances import balances_on
from inventory.books.ledger import next_number
from inventory.books.movements import PlaceKind
from inventory.books.periods import counted_from
from inventory.books.standing import standing
from inventory.counter.reservations import held_for
from inventory.counter.slip import Signature, Slip, shown, write_slip, written_before
from inventory.demand_log import Request, waiting
from inventory.findings import Finding, unmet
from inventory.schema import document
from inventory.schema_counter import special_order

INSTALL_BY_DAYS = 30
RETURN_BY_DAYS = 30
KIND = "special-order"


@dataclass(frozen=True)
class Terms:
    """Who answers for a special order, by when it is to be fitted, and from when it is better sent back."""

    owner: str
    install_by: date
    return_by: date


@dataclass(frozen=True)
class Change:
    """What is to change about a special order; None and zero: nothing.

    Parameters
    ----------
    cancelled_milli
        So much is no longer wanted.
    """

    owner: str | None = None
    install_by: date | None = None
    return_by: date | None = None
    cancelled_milli: int = 0
    reason: str = ""


def terms(ordered_on: date, owner: str, install_by: date | None, return_by: date | None) -> Terms:
    """Return the terms of a special order; the install-by day is 30 days on, the return-by day 30 after that.

    >>> terms(date(2026, 6, 30), "Ann", None, None).return_by
    datetime.date(2026, 8, 29)
    """
    fitted_by = install_by or ordered_on + timedelta(days=INSTALL_BY_DAYS)
    return Terms(owner, fitted_by, return_by or fitted_by + timedelta(days=RETURN_BY_DAYS))


def term_faults(source: str, on: date, agreed: Terms) -> list[Finding]:
    """Return what is wrong with the terms of a special order made or changed on a day."""
    return unmet(
        source,
        [
            (bool(agreed.owner.strip()), "owner", agreed.owner, "a special order has an owner", ""),
            (agreed.install_by >= on, "install-by", str(agreed.install_by), f"not before {on}", ""),
            (
                agreed.return_by >= agreed.install_by,
                "return-by",
                str(agreed.return_by),
                f"not before the day it is fitted by, {agreed.install_by}",
                "",
            ),
        ],
    )


def append_special_order(
    connection: sa.Connection,
    at: Request,
    agreed: Terms,
    document_sequence: int,
    quantity_milli: int = 0,
    cancelled_milli: int = 0,
) -> None:
    """Write down that a customer waits for more, or less, or on other terms."""
    row = {
        **at._asdict(),
        "document_sequence": document_sequence,
        "quantity_milli": quantity_milli,
        "cancelled_milli": cancelled_milli,
        "owner": agreed.owner,
        "install_by": agreed.install_by.isoformat(),
        "return_by": agreed.return_by.isoformat(),
    }
    connection.execute(sa.insert(special_order), row)


def change(connection: sa.Connection, at: Request, wanted: Change, signed: Signature) -> Slip:
    """Give a special order another owner or other days, or cancel some of it; or post nothing and tell why.

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    told = {name: str(value) if isinstance(value, date) else value for name, value in asdict(wanted).items()}
    request = {"special_order": at._asdict(), "change": told, "on": signed.on.isoformat()}
    earlier = written_before(connection, request, signed)
    if earlier is not None:
        return earlier
    day = counted_from(connection, signed.on)
    agreed = _agreed(connection, day).get(at)
    left = waiting(connection, day, at).get(at, 0)
    if agreed is None or not left:
        value = f"{at.store} {at.order_no} {at.part_no}"
        remedy = "see them with: sparewise special list"
        return Slip(findings=(Finding(KIND, "", 0, "order", value, "a special order still waiting", remedy, True),))
    became = Terms(
        wanted.owner if wanted.owner is not None else agreed.owner,
        wanted.install_by or agreed.install_by,
        wanted.return_by or max(agreed.return_by, wanted.install_by or agreed.install_by),
    )
    moved = became.install_by != agreed.install_by
    findings = term_faults(KIND, signed.on if moved else became.install_by, became)
    fits = 0 <= wanted.cancelled_milli <= left
    findings += unmet(
        KIND,
        [
            (fits, "quantity", shown(wanted.cancelled_milli), f"zero to the {shown(left)} still waited for", ""),
            (not wanted.cancelled_milli or bool(wanted.reason.strip()), "reason", "", "cancelling has a reason", ""),
        ],
    )
    if findings:
        return Slip(findings=tuple(findings))
    slip = write_slip(connection, KIND, next_number(connection, "SPECIAL"), (), {"request": request}, signed)
    assert slip.posting is not None
    append_special_order(connection, at, became, slip.posting.sequence, cancelled_milli=wanted.cancelled_milli)
    return slip


def special_orders(
    connection: sa.Connection, as_of: date, store: str | None = None, known_at: int | None = None
) -> list[dict[str, object]]:
    """Return the special orders still waited for on a business day, the earliest install-by day first.

    Parameters
    ----------
    store
        Only this one; all where not given.
    known_at
        The last document that counts, by its sequence; all where not given.

    Returns
    -------
    list of dict
        ``store, order_no, part_no, owner, ordered_on, install_by, return_by, waiting_milli, arrived_milli, state,
        days_left``; days left until the install-by day, less than zero where it has passed.
    """
    agreed = _agreed(connection, as_of, known_at)
    since = _first_days(connection, as_of, known_at)
    open_milli = {
        at: quantity
        for at, quantity in waiting(connection, as_of, known_at=known_at).items()
        if at in agreed and store in (None, at.store)
    }
    order = sorted(open_milli, key=lambda at: (agreed[at].install_by, since[at], at))
    arrived = _arrived(connection, as_of, {at: open_milli[at] for at in order}, known_at)
    return [
        {
            **at._asdict(),
            "owner": agreed[at].owner,
            "ordered_on": since[at],
            "install_by": agreed[at].install_by,
            "return_by": agreed[at].return_by,
            "waiting_milli": open_milli[at],
            "arrived_milli": arrived[at],
            "state": _state(agreed[at], arrived[at], as_of),
            "days_left": (agreed[at].install_by - as_of).days,
        }
        for at in order
    ]


def _state(agreed: Terms, arrived_milli: int, as_of: date) -> str:
    if arrived_milli and agreed.return_by < as_of:
        return "return"
    if agreed.install_by < as_of:
        return "overdue"
    return "arrived" if arrived_milli else "waiting"


def _agreed(connection: sa.Connection, as_of: date, known_at: int | None = None) -> dict[Request, Terms]:
    """Return the terms that count on a day, of every special order in the log."""
    row = special_order.c
    question = (
        sa.select(row.store, row.order_no, row.part_no, row.owner, row.install_by, row.return_by)
        .join(document, document.c.sequence == row.document_sequence)
        .where(*standing(as_of, known_at))
        .order_by(document.c.effective_on, row.entry_id)
    )
    return {
        Request(*each[:3]): Terms(each.owner, date.fromisoformat(each.install_by), date.fromisoformat(each.return_by))
        for each in connection.execute(question)
    }


def _first_days(connection: sa.Connection, as_of: date, known_at: int | None) -> dict[Request, date]:
    """Return the day on which each special order was first taken."""
    row = special_order.c
    question = (
        sa.select(row.store, row.order_no, row.part_no, sa.func.min(document.c.effective_on))
        .join(document, document.c.sequence == row.document_sequence)
        .where(*standing(as_of, known_at))
        .group_by(row.store, row.order_no, row.part_no)
    )
    return {Request(*each[:3]): date.fromisoformat(each[3]) for each in connection.execute(question)}


def _arrived(
    connection: sa.Connection, as_of: date, wanted: Mapping[Request, int], known_at: int | None
) -> dict[Request, int]:
    """Return how much of each request is there: held for its order, then free in the bins, in the order given."""
    held = held_for(connection, as_of, known_at)
    free: dict[tuple[str, str], int] = {}
    for where, amount in balances_on(connection, as_of, known_at=known_at).items() if wanted else ():
        if where.place_kind == PlaceKind.BIN:
            pair = (where.store, where.part_no)
            free[pair] = free.get(pair, 0) + amount.quantity_milli
    found = {}
    for at, quantity in wanted.items():
        own = min(held.get(at, 0), quantity)
        pair = (at.store, at.part_no)
        shared = min(free.get(pair, 0), quantity - own)
        free[pair] = free.get(pair, 0) - shared
        found[at] = own + shared
    return found
