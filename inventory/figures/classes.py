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
from typing import NamedTuple

import sqlalchemy as sa

from demand.periods import PeriodKind, first_day_of, label_of
from inventory.bulk import raw_rows
from inventory.demand_log import asked
from inventory.figures.scope import MONTHS_PER_YEAR, Scope
from inventory.schema import demand_line

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


def asked_parts(connection: sa.Connection, scope: Scope) -> AskedParts:
    """Return when and how often each part of a store was asked for, up to the end of the period."""
    line = demand_line.c
    first = first_day_of(scope.last_month - MONTHS_PER_YEAR, PeriodKind.MONTH).isoformat()
    second = first_day_of(scope.last_month - MONTHS_PER_YEAR + 1, PeriodKind.MONTH).isoformat()
    last = first_day_of(scope.last_month, PeriodKind.MONTH).isoformat()
    before = sa.case((sa.and_(line.opened_on >= first, line.opened_on < last), 1), else_=0)
    month = sa.case((line.opened_on >= second, sa.func.substr(line.opened_on, 1, 7)))
    question = (
        sa.select(
            line.store,
            line.part_no,
            sa.func.max(line.opened_on),
            sa.cast(sa.func.sum(before), sa.BigInteger),
            sa.func.count(month.distinct()),
        )
        .where(*_counted(scope))
        .group_by(line.store, line.part_no)
    )
    return {(row[0], row[1]): Asked(*row[2:]) for row in raw_rows(connection, question)}


def classes_of_one_month(known: AskedParts) -> ClassOf:
    """Return the classes of the period's last month."""
    common = {pair for pair, seen in known.items() if seen.lines_before >= COMMON_LINES}

    def class_of(store: str, part_no: str, month: str) -> str:
        del month
        return COMMON if (store, part_no) in common else GENERAL

    return class_of


def classes_by_month(connection: sa.Connection, scope: Scope) -> ClassOf:
    """Return the classes of each month of the period."""
    line = demand_line.c
    month = sa.func.substr(line.opened_on, 1, 7)
    first = first_day_of(scope.first_month - MONTHS_PER_YEAR, PeriodKind.MONTH).isoformat()
    last = first_day_of(scope.last_month, PeriodKind.MONTH).isoformat()
    question = (
        sa.select(line.store, line.part_no, month, sa.func.count())
        .where(*_counted(scope), line.opened_on >= first, line.opened_on < last)
        .group_by(line.store, line.part_no, sa.literal_column("3"))
    )
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for store, part_no, of_month, lines in raw_rows(connection, question):
        counts.setdefault((store, part_no), {})[of_month] = lines
    labels = {
        label_of(each, PeriodKind.MONTH): [
            label_of(each - back, PeriodKind.MONTH) for back in range(1, MONTHS_PER_YEAR + 1)
        ]
        for each in range(scope.first_month, scope.last_month + 1)
    }
    common = {
        (*pair, month)
        for pair, lines in counts.items()
        if sum(lines.values()) >= COMMON_LINES  # else it never is
        for month, before in labels.items()
        if sum([lines.get(each, 0) for each in before]) >= COMMON_LINES
    }

    def class_of(store: str, part_no: str, month: str) -> str:
        return COMMON if (store, part_no, month) in common else GENERAL

    return class_of


def _counted(scope: Scope) -> list[sa.ColumnElement[bool]]:
    line = demand_line.c
    return [line.outcome != "cancelled", *asked(scope.until, scope.known_at), *scope.of(line.store)]
