"""Moments as ISO text in UTC, to the second: how they compare with business days, and how far apart they are.

The clock is read at the door; here moments are arguments. Texts of this form sort as the moments do.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

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


def in_turn(moment: str, last: str | None) -> str:
    """Return the moment, or a second after the last one where it is no later: what is recorded in turn stays in turn.

    >>> in_turn("2026-07-01T08:00:00+00:00", "2026-07-01T08:00:00+00:00")
    '2026-07-01T08:00:01+00:00'
    """
    if last is None or moment > last:
        return moment
    return (datetime.fromisoformat(last) + timedelta(seconds=1)).isoformat()


def hours_between(moment: str, later: str) -> int:
    """Return the whole hours from one moment to a later one, rounded down; less than nothing where it is not later.

    >>> hours_between("2026-07-01T08:00:00+00:00", "2026-07-01T10:59:00+00:00")
    2
    >>> hours_between("2026-07-01T08:00:00+00:00", "2026-07-01T07:59:00+00:00")
    -1
    """
    return (datetime.fromisoformat(later) - datetime.fromisoformat(moment)) // _HOUR


def moment_of(text: str, day: date, zone: tzinfo) -> str | None:
    """Return a moment as ISO text in UTC; None where the text is none.

    Parameters
    ----------
    text
        ``14:05`` (of the day given), ``2026-06-30 14:05``, with or without seconds and offset from UTC.
    zone
        Of a text that names none.

    >>> from datetime import timedelta, timezone
    >>> moment_of("14:05", date(2026, 6, 30), timezone(timedelta(hours=8)))
    '2026-06-30T06:05:00+00:00'
    """
    try:
        if len(text) <= len("14:05:00") and ":" in text:
            at = datetime.combine(day, time.fromisoformat(text))
        elif len(text) > len("2026-06-30"):
            at = datetime.fromisoformat(text)
        else:
            return None
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    return at.astimezone(UTC).replace(microsecond=0).isoformat()
