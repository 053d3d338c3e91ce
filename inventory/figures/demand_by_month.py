"""How often each part of a store was asked for, month by month: what closed months keep, and the lines they do not.

One table of whole numbers, a row per part of a store and a column per month, the 24 that end with the period: from it
follow the classes of parts in any month of the last twelve, which parts are wanted, and when each was last asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import sqlalchemy as sa

from demand.periods import PeriodKind, first_day_of, parse_label
from inventory.bulk import among, raw_rows, whole_columns
from inventory.demand_log import asked
from inventory.figures.closed import Closing
from inventory.figures.closed_demand import KeptDemand, is_short, kept_demand, lines_taken_back
from inventory.figures.columns import Whole
from inventory.figures.pairs import Pairs
from inventory.figures.scope import MONTHS_PER_YEAR, Scope
from inventory.schema import demand_line

_LINE = demand_line.c
_Read = tuple[Pairs, list[str], Whole]
MONTHS_TOLD = 2 * MONTHS_PER_YEAR
"""How far back it reaches: the twelve months that end with the period, and the twelve that class the first of them."""


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
    last
        When each was last asked for, at whatever time: the day's number (`date.toordinal`); shape (pairs,).
    """

    pairs: Pairs
    first_month: int
    lines: Whole
    short: Whole
    last: Whole

    def lines_in(self, first_month: int, last_month: int) -> Whole:
        """Return the lines of each part in some months, by their ordinals; shape (pairs,)."""
        found: Whole = self.lines[:, first_month - self.first_month : last_month - self.first_month + 1].sum(axis=1)
        return found

    def months_asked(self, first_month: int, last_month: int) -> Whole:
        """Return in how many of some months each part was asked for; shape (pairs,)."""
        of = self.lines[:, first_month - self.first_month : last_month - self.first_month + 1]
        found: Whole = (of > 0).sum(axis=1)
        return found

    def of_store(self, store: str | None) -> DemandByMonth:
        """Return the parts of one store; all where none is named."""
        if store is None:
            return self
        rows = np.flatnonzero([at == store for at in self.pairs.stores])
        return DemandByMonth(
            self.pairs.take(rows), self.first_month, self.lines[rows], self.short[rows], self.last[rows]
        )


def demand_by_month(connection: sa.Connection, scope: Scope, known: Iterable[Closing]) -> DemandByMonth:
    """Return how often each part was asked for up to the end of the period.

    Parameters
    ----------
    known
        The closings up to its end.
    """
    kept = kept_demand(known)
    again = _read_again(connection, scope, kept)
    read = list(_lines(connection, scope, kept, again))
    all_pairs = kept.pairs.with_new(again, *(pairs for pairs, _, _ in read))
    first, count = scope.last_month - MONTHS_TOLD + 1, MONTHS_TOLD
    lines, short = np.zeros((2, len(all_pairs), count), np.int64)
    last = np.zeros(len(all_pairs), np.int64)
    for label, entries in kept.months.items():
        month = parse_label(label)[0]
        before = first_day_of(month, PeriodKind.MONTH).toordinal() - 1
        for rows, asked_for, lacked, day in entries:
            last[rows] = np.maximum(last[rows], before + day)
            if 0 <= month - first < count:
                lines[rows, month - first] += asked_for
                short[rows, month - first] += lacked
    anew = all_pairs.find(again)
    lines[anew], short[anew], last[anew] = 0, 0, 0
    for pairs, days, lacked in read:
        _add(all_pairs.find(pairs), days, lacked, first, lines, short, last)
    is_told = last > 0
    if scope.store is not None:
        is_told &= np.array([store == scope.store for store in all_pairs.stores], np.bool_)
    rows = np.flatnonzero(is_told)
    told = all_pairs if rows.size == len(all_pairs) else all_pairs.take(rows)
    return DemandByMonth(told, first, lines[rows], short[rows], last[rows])


def _add(rows: Whole, days: list[str], lacked: Whole, first: int, lines: Whole, short: Whole, last: Whole) -> None:
    """Add lines of the log, by row and day, to the table."""
    dates = {day: date.fromisoformat(day) for day in set(days)}
    number_of = {day: on.toordinal() for day, on in dates.items()}
    month_of = {day: parse_label(day[:7])[0] - first for day in dates}
    np.maximum.at(last, rows, np.array(list(map(number_of.__getitem__, days)), np.int64))
    months = np.array(list(map(month_of.__getitem__, days)), np.int64)
    inside = (months >= 0) & (months < lines.shape[1])
    cells = rows[inside] * lines.shape[1] + months[inside]
    for table, weights in ((lines, None), (short, lacked[inside])):
        table += np.bincount(cells, weights, table.size).astype(np.int64).reshape(table.shape)


def _lines(connection: sa.Connection, scope: Scope, kept: KeptDemand, again: Pairs) -> Iterator[_Read]:
    """Yield store and part, day, and whether it was short, of lines that no closing kept, or have to be read again."""
    question = sa.select(_LINE.store, _LINE.part_no, _LINE.opened_on, is_short()).where(
        _LINE.outcome != "cancelled", *asked(scope.until, scope.known_at), *scope.of(_LINE.store)
    )
    parts = among(connection, demand_line.c.part_no, set(again.part_nos)) if again else sa.false()
    for condition, is_again in (*((each, False) for each in kept.not_kept()), (parts, True)):
        if is_again and not again:
            return
        stores, part_nos, days, short = whole_columns(connection, question.where(condition))
        pairs = Pairs(stores, part_nos)
        if again:
            rows = np.flatnonzero((again.find(pairs) >= 0) == is_again)
            pairs, days, short = pairs.take(rows), [days[row] for row in rows], [short[row] for row in rows]
        yield pairs, days, np.array(short, np.int64)


def _read_again(connection: sa.Connection, scope: Scope, kept: KeptDemand) -> Pairs:
    """Return the parts of stores of which a kept line was taken back."""
    if not kept.closed_until:
        return Pairs([], [])
    return Pairs.of([(row[0], row[1]) for row in raw_rows(connection, lines_taken_back(kept, scope))])
