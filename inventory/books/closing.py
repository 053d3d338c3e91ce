"""Closing a month: from then on its report never changes.

A *period close* is a document like any other; it closes a month and all months before it. What comes later and bears
a day in a closed month is taken into the books, and counts from the first open day on: that is its effective date, and
the day it bears is kept as `stated_on`. So quantity and value of such an entry stand as a correction, dated the first
open day, with the day it is about beside it; nothing dated in a closed month is ever added, and no movement of one is
ever valued anew, because back-dating reaches back to the first open day at most.

What has no movements and bears a day of its own (a line of demand, a purchase order) counts in a closed month only
where it was known when the month was closed: a report as of a day in a closed month is at most as knowing as the
closing document (`periods.known_by`).

Months are closed in their order, once they are over, and are never opened again. The document says what every store
had on the shelf at the month's end and what it was worth by each method, and keeps what reports of later months would
read it all again for (`figures.closed`): what its movements come to, how often each part was asked for, since when what
lies there does. `ledger verify` holds it against the books for ever.
"""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from inventory.books.balances import on_hand
from inventory.books.layers import layers_left
from inventory.books.ledger import Posting, post, repeat_of, take_turn
from inventory.books.movements import Document
from inventory.books.periods import first_open_day
from inventory.figures.keeping import keepings
from inventory.schema import document
from inventory.schema_books import period_close

KIND = "period-close"


class PeriodError(Exception):
    """The month can't be closed; the message says why."""


def close_month(
    connection: sa.Connection, month: str, closed_on: date, user_name: str, key: str | None, recorded_at: str
) -> Posting:
    """Close a month and all before it; closing it again changes nothing.

    Parameters
    ----------
    month
        ``YYYY-MM``.
    closed_on
        The business day; the month is over by then.
    user_name, key, recorded_at
        Who answers for it, the idempotency key (or None), and when it was recorded (ISO text, UTC).

    Raises
    ------
    PeriodError
        If the month is not over, or was closed together with a later one.
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"close": month}
    earlier = repeat_of(connection, key, request)
    if earlier is not None:
        return earlier
    take_turn(connection)
    number = f"CLOSE-{month}"
    known = connection.execute(
        sa.select(document.c.sequence)
        .join(period_close, period_close.c.document_sequence == document.c.sequence)
        .where(period_close.c.month == month)
    ).scalar_one_or_none()
    if known is not None:
        return Posting(known, number, is_new=False)
    last_day = last_day_of(month)
    if last_day >= closed_on:
        raise PeriodError(f"a month is closed when it is over; {month} lasts until {last_day}")
    open_from = first_open_day(connection)
    if last_day < open_from:
        raise PeriodError(f"{month} is closed already, with a later month: the first open day is {open_from}")
    body = {
        "request": request,
        "closed_until": last_day.isoformat(),
        "stores": report_of(connection, last_day),
        **keepings(connection, open_from, last_day),
    }
    posting = post(connection, Document(KIND, number, last_day, user_name, key or number, (), body), recorded_at)
    row = {"document_sequence": posting.sequence, "month": month, "closed_until": last_day.isoformat()}
    connection.execute(sa.insert(period_close), row)
    return posting


def last_day_of(month: str) -> date:
    """Return the last day of a month given as ``YYYY-MM``.

    >>> last_day_of("2026-02")
    datetime.date(2026, 2, 28)
    """
    first = date.fromisoformat(f"{month}-01")
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def report_of(connection: sa.Connection, as_of: date, known_at: int | None = None) -> list[list[object]]:
    """Return what a closing document keeps: store, quantity on the shelf, its value by average and by FIFO; sorted."""
    totals: dict[str, list[int]] = {}
    for (store, _), amount in on_hand(connection, as_of, known_at=known_at).items():
        row = totals.setdefault(store, [0, 0, 0])
        row[0] += amount.quantity_milli
        row[1] += amount.value_e4
    for layer in layers_left(connection, as_of, known_at=known_at):
        totals[layer.store][2] += layer.value_e4
    return [[store, *row] for store, row in sorted(totals.items())]
