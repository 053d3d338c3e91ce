"""The days on which a supplier takes an order, and the interval that one order must protect.

An order placed on the next order day t₁ arrives after the lead time; what it brings must last until the order of the
following order day t₂ arrives. Seen from the business day t₀ of the plan:

    gap            = t₁ − t₀                   days in which nothing can be done
    review R       = t₂ − t₁                   days one order serves
    lead           = gap + lead time           until this order is on the shelf; mean and standard deviation
    protection     = lead + R                  until the next one is

An order day counts on the day itself: a plan made on a Monday morning is ordered that Monday. This file does not know
of closed days or of a cut-off hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


@dataclass(frozen=True)
class OrderDays:
    """When a channel is ordered from next, and until when the order must last.

    Parameters
    ----------
    order_on
        t₁, the next order day, the day of the plan included.
    review_days
        R, days from that order day to the one after, one or more.
    expected_on
        The day the order is expected, by the mean lead time rounded up.
    lead_days_mean, lead_days_sd
        Days from the day of the plan until the order is on the shelf.
    """

    order_on: date
    review_days: int
    expected_on: date
    lead_days_mean: float
    lead_days_sd: float

    @property
    def protection_days_mean(self) -> float:
        """Days from the day of the plan until the following order is on the shelf."""
        return self.lead_days_mean + self.review_days


def parse_weekdays(text: str) -> tuple[int, ...]:
    """Return the weekdays written ``MON,THU`` as numbers from Monday = 0; empty text is no weekday at all.

    Raises
    ------
    ValueError
        If a name is not one of `WEEKDAYS`.

    >>> parse_weekdays("MON, thu")
    (0, 3)
    """
    names = [name.strip().upper() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in WEEKDAYS]
    if unknown:
        raise ValueError(f"a weekday is one of {', '.join(WEEKDAYS)}; found {unknown[0]}")
    return tuple(sorted({WEEKDAYS.index(name) for name in names}))


def order_days(
    as_of: date, weekdays: tuple[int, ...], any_day_review_days: int, lead_days_mean: float, lead_days_sd: float
) -> OrderDays:
    """Return the next order day of a channel and the interval it protects.

    Parameters
    ----------
    as_of
        t₀, the business day of the plan.
    weekdays
        The weekdays on which the supplier takes this order; empty means any day.
    any_day_review_days
        R where any day will do, one or more.
    lead_days_mean, lead_days_sd
        Lead time from placing the order, days.

    Raises
    ------
    ValueError
        If the review interval is under a day or a lead time negative.

    >>> order_days(date(2026, 6, 30), (0, 3), 7, 4.0, 1.0).order_on  # a Tuesday: Thursday is next
    datetime.date(2026, 7, 2)
    """
    if any_day_review_days < 1 or lead_days_mean < 0 or lead_days_sd < 0:
        raise ValueError("the review interval is a day or more, lead times are zero or more")
    if weekdays:
        gaps = [gap for gap in range(15) if (as_of.weekday() + gap) % 7 in weekdays]
        gap, review = gaps[0], gaps[1] - gaps[0]
    else:
        gap, review = 0, any_day_review_days
    order_on = as_of + timedelta(days=gap)
    expected_on = order_on + timedelta(days=-int(-lead_days_mean // 1))
    return OrderDays(order_on, review, expected_on, gap + lead_days_mean, lead_days_sd)
