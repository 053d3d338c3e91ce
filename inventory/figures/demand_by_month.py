"""How often each part of a store was asked for, month by month: what closed months keep, and the lines they do not.

One table of whole numbers, a row per part of a store and a column per month, from twelve months before the period to
its end: from it follow the classes of parts, which parts are wanted, and when each was last asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from demand.periods import PeriodKind, label_of, parse_label
from inventory.bulk import among, raw_rows
from inventory.demand_log import asked
from inventory.figures.closed_demand import KeptDemand, Pair, counted_sums, kept_demand, taken_back
from inventory.figures.scope import MONTHS_PER_YEAR, Scope
from inventory.schema import demand_line

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

_LINE = demand_line.c


@dataclass(frozen=True)
class DemandByMonth:
    """Lines asked for by part of a store and month.

    Parameters
    ----------
    pairs
        Store and part of each row.
    first_month
        Ordinal of the month of the first column.
    lines, short
        Lines, and lines not complete from the shelf; shape (pairs, months).
    last_days
        When each was last asked for, at whatever time: ISO text.
    """

    pairs: list[Pair]
    first_month: int
    lines: Whole
    short: Whole
    last_days: list[str]

    def lines_in(self, first_month: int, last_month: int) -> Whole:
        """Return the lines of each part in some months, by their ordinals; shape (pairs,)."""
        found: Whole = self.lines[:, first_month - self.first_month : last_month - self.first_month + 1].sum(axis=1)
        return found


def demand_by_month(connection: sa.Connection, scope: Scope) -> DemandByMonth:
    """Return how often each part was asked for up to the end of the period."""
    import numpy as np

    kept = kept_demand(connection, scope.until, scope.known_at)
    again = _read_again(connection, scope, kept)
    places = {pair: place for place, pair in enumerate(kept.pairs)}
    rows = [
        (places.setdefault((row[0], row[1]), len(places)), *row[2:]) for row in _rows(connection, scope, kept, again)
    ]
    first, count = scope.first_month - MONTHS_PER_YEAR, scope.last_month - scope.first_month + MONTHS_PER_YEAR + 1
    lines, short = np.zeros((2, len(places), count), np.int64)
    last = np.zeros(len(places), np.int64)
    for label, entries in kept.months.items():
        month = parse_label(label)[0]
        for at, asked_for, lacked, day in entries:
            last[at] = np.maximum(last[at], month * 32 + day)
            if 0 <= month - first < count:
                lines[at, month - first] += asked_for
                short[at, month - first] += lacked
    for pair in again:
        place = places[pair]
        lines[place], short[place], last[place] = 0, 0, 0
    _add(rows, first, lines, short, last)
    pairs = list(places)
    wanted = [place for place in np.flatnonzero(last).tolist() if scope.store in (None, pairs[place][0])]
    codes = last[wanted].tolist()
    day_of = {code: f"{label_of(code // 32, PeriodKind.MONTH)}-{code % 32:02d}" for code in set(codes)}
    return DemandByMonth(
        [pairs[place] for place in wanted], first, lines[wanted], short[wanted], [day_of[code] for code in codes]
    )


def _add(rows: list[tuple[Any, ...]], first: int, lines: Whole, short: Whole, last: Whole) -> None:
    """Add rows of place, month, last day, lines and short lines to the table."""
    import numpy as np

    if not rows:
        return
    places, labels, days, asked_for, lacked = zip(*rows, strict=True)
    ordinal = {label: parse_label(label)[0] for label in set(labels)}
    code = {day: ordinal[day[:7]] * 32 + int(day[8:]) for day in set(days)}
    at, months = np.array(places), np.array([ordinal[label] for label in labels]) - first
    np.maximum.at(last, at, np.array([code[day] for day in days]))
    inside = (months >= 0) & (months < lines.shape[1])
    cells = (at[inside], months[inside])
    np.add.at(lines, cells, np.array(asked_for)[inside])
    np.add.at(short, cells, np.array(lacked)[inside])


def _rows(connection: sa.Connection, scope: Scope, kept: KeptDemand, again: set[Pair]) -> Iterator[Any]:
    """Yield store, part, month, last day, lines and short lines of what no closing kept, or has to be read again."""
    month = sa.func.substr(_LINE.opened_on, 1, 7)
    question = (
        sa.select(_LINE.store, _LINE.part_no, month, *counted_sums())
        .where(_LINE.outcome != "cancelled", *asked(scope.until, scope.known_at), *scope.of(_LINE.store))
        .group_by(_LINE.store, _LINE.part_no, sa.literal_column("3"))
    )
    for condition in kept.not_kept():
        yield from _but(raw_rows(connection, question.where(condition)), again)
    if again:
        parts = among(connection, demand_line.c.part_no, {part_no for _, part_no in again})
        yield from (row for row in raw_rows(connection, question.where(parts)) if (row[0], row[1]) in again)


def _but(rows: Iterable[Any], again: set[Pair]) -> Iterable[Any]:
    return rows if not again else (row for row in rows if (row[0], row[1]) not in again)


def _read_again(connection: sa.Connection, scope: Scope, kept: KeptDemand) -> set[Pair]:
    """Return the parts of stores of which a kept line was taken back."""
    if not kept.closed_until:
        return set()
    return {(row[0], row[1]) for row in raw_rows(connection, taken_back(kept, scope))}
