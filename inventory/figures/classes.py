"""Common and general parts, as they were classed on the day; and how often and when each part was asked for.

On the first day of each month every part of a store is classed by the twelve months before: it is *common* where it
was on at least `COMMON_LINES` lines asked for in them (once a month), else *general*. The class of a line is that of
the month it was asked for in, and does not change when the part is classed anew: shortages of last spring are told
with the classes of last spring.

A part is *wanted* where it was asked for in at least `WANTED_MONTHS` of the twelve months that end with the period:
the traditional rule by which a part is taken onto the shelf. What lies there and is not wanted is idle.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from demand.periods import PeriodKind, label_of
from inventory.figures.demand_by_month import DemandByMonth
from inventory.figures.scope import MONTHS_PER_YEAR, Scope

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COMMON, GENERAL = "common", "general"
COMMON_LINES, WANTED_MONTHS = 12, 3

ClassOf = Callable[[str, str, str], str]
"""From store, part and month (``YYYY-MM``) to the class."""


class Asked(NamedTuple):
    """When a part was last asked for, and on how many lines and in how many months it was.

    Parameters
    ----------
    last_day
        ISO text.
    lines_before
        Lines in the twelve months before the period's last month.
    months
        Months with a line among the twelve that end with the period.
    """

    last_day: str
    lines_before: int
    months: int


AskedParts = dict[tuple[str, str], Asked]


def asked_parts(demand: DemandByMonth, scope: Scope) -> AskedParts:
    """Return when and how often each part of a store was asked for, up to the end of the period."""
    last = scope.last_month
    before = demand.lines_in(last - MONTHS_PER_YEAR, last - 1).tolist()
    year = demand.lines[:, last - MONTHS_PER_YEAR + 1 - demand.first_month :]
    months = (year > 0).sum(axis=1).tolist()
    rows = zip(demand.last_days, before, months, strict=True)
    return {pair: Asked(*row) for pair, row in zip(demand.pairs, rows, strict=True)}


def classes_of(demand: DemandByMonth, scope: Scope) -> ClassOf:
    """Return the classes of each month of the period."""
    common = {
        (*demand.pairs[place], label_of(month, PeriodKind.MONTH))
        for month in range(scope.first_month, scope.last_month + 1)
        for place in common_in(demand, month).nonzero()[0].tolist()
    }

    def class_of(store: str, part_no: str, month: str) -> str:
        return COMMON if (store, part_no, month) in common else GENERAL

    return class_of


def common_in(demand: DemandByMonth, month: int) -> NDArray[np.bool_]:
    """Return which parts are common in a month, by its ordinal; shape (pairs,)."""
    return demand.lines_in(month - MONTHS_PER_YEAR, month - 1) >= COMMON_LINES
