"""Moments as ISO text in UTC, to the second: how they compare with business days, and how far apart they are.

The clock is read at the door; here moments are arguments. Texts of this form sort as the moments do.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

_HOUR = timedelta(hours=1)


def within_day(moment: str, day: date) -> str:
    """Return the moment, held within a day (UTC): what was recorded before or after it counts from its edge.

    >>> within_day("2026-07-03T08:00:00+00:00", date(2026, 7, 1))
    '2026-07-01T23:59:59+00:00'
    """
    first = datetime.combine(day, time(), UTC)
    last = first + timedelta(days=1, seconds=-1)
    return min(max(datetime.fromisoformat(moment), first), last).isoformat()


def plus_hours(moment: str, hours: int) -> str:
    """Return the moment so many hours later."""
    return (datetime.fromisoformat(moment) + hours * _HOUR).isoformat()


def hours_between(moment: str, later: str) -> int:
    """Return the whole hours from one moment to a later one, rounded down; less than nothing where it is not later.

    >>> hours_between("2026-07-01T08:00:00+00:00", "2026-07-01T10:59:00+00:00")
    2
    >>> hours_between("2026-07-01T08:00:00+00:00", "2026-07-01T07:59:00+00:00")
    -1
    """
    return (datetime.fromisoformat(later) - datetime.fromisoformat(moment)) // _HOUR
