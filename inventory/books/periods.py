"""Which months are closed, and what a report as of a day in one of them counts; `closing` tells the rules."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from inventory.questions import Question
from inventory.schema_books import period_close

_CLOSED_UNTIL = Question(sa.select(sa.func.max(period_close.c.closed_until)))
_CLOSED_BY = Question(
    sa.select(sa.func.min(period_close.c.document_sequence)).where(period_close.c.closed_until >= sa.bindparam("day"))
)


def first_open_day(connection: sa.Connection) -> date:
    """Return the day after the last closed month; the first of all days where none is closed."""
    until = _CLOSED_UNTIL.value(connection)
    return date.min if until is None else date.fromisoformat(until) + timedelta(days=1)


def known_by(connection: sa.Connection, as_of: date, known_at: int | None = None) -> int | None:
    """Return the last document that a report as of a day counts: in a closed month at most the one that closed it."""
    closed_by = _CLOSED_BY.value(connection, day=as_of.isoformat())
    return min((known for known in (closed_by, known_at) if known is not None), default=None)


def counted_from(connection: sa.Connection, said_on: date) -> date:
    """Return the day from which a document of a day counts: its own, or the first open one where that is closed."""
    return max(said_on, first_open_day(connection))
