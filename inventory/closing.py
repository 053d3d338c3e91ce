"""Closing a month: from then on its report never changes.

A *period close* is a document like any other; it closes a month and all months before it. What comes later and bears
a day in a closed month is taken into the books, and counts from the first open day on: that is its effective date, and
the day it bears is kept as `stated_on`. So quantity and value of such an entry stand as a correction, dated the first
open day, with the day it is about beside it; nothing dated in a closed month is ever added, and no movement of one is
ever valued anew, because back-dating reaches back to the first open day at most.

What has no movements and bears a day of its own (a line of demand, a purchase order) counts in a closed month only
where it was known when the month was closed: a report as of a day in a closed month is at most as knowing as the
closing document (`known_by`).

Months are closed in their order, once they are over, and are never opened again. The document says what every store
had on the shelf at the month's end, and what it was worth by each method, so that `ledger verify` can hold the closed
report against the books for ever.
"""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from inventory.schema_books import period_close


def first_open_day(connection: sa.Connection) -> date:
    """Return the day after the last closed month; the first of all days where none is closed."""
    until = connection.execute(sa.select(sa.func.max(period_close.c.closed_until))).scalar_one_or_none()
    return date.min if until is None else date.fromisoformat(until) + timedelta(days=1)


def known_by(connection: sa.Connection, as_of: date, known_at: int | None = None) -> int | None:
    """Return the last document that a report as of a day counts: in a closed month at most the one that closed it."""
    closed_by = connection.execute(
        sa.select(sa.func.min(period_close.c.document_sequence)).where(
            period_close.c.closed_until >= as_of.isoformat()
        )
    ).scalar_one_or_none()
    return min((known for known in (closed_by, known_at) if known is not None), default=None)
