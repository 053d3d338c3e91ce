"""Common and general parts, as they were classed on the day; and the parts that are wanted.

On the first day of each month every part of a store is classed by the twelve months before: it is *common* where it
was on at least `COMMON_LINES` lines asked for in them (once a month), else *general*. The class of a line is that of
the month it was asked for in, and does not change when the part is classed anew: shortages of last spring are told
with the classes of last spring.

A part is *wanted* where it was asked for in at least `WANTED_MONTHS` of the twelve months that end with the period:
the traditional rule by which a part is taken onto the shelf. What lies there and is not wanted is idle.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from demand.periods import PeriodKind, label_of
from inventory.figures.demand_by_month import DemandByMonth
from inventory.figures.scope import MONTHS_PER_YEAR, Scope

COMMON, GENERAL = "common", "general"
COMMON_LINES, WANTED_MONTHS = 12, 3

ClassOf = Callable[[str, str, str], str]
"""From store, part and month (``YYYY-MM``) to the class."""


def wanted_parts(demand: DemandByMonth, scope: Scope) -> NDArray[np.bool_]:
    """Return which parts are wanted at the end of the period; shape (pairs,)."""
    last = scope.last_month
    return demand.months_asked(last - MONTHS_PER_YEAR + 1, last) >= WANTED_MONTHS


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
