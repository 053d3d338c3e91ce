"""What was sold in a period: closed months as their closing documents keep them, open ones from their movements.

Revenue and cost of a closed month are final, and kept in sums. The list amount is not: it is by the price list of the
day it is asked for. So by part and month closings keep how often which quantity was sold, and the amount at the prices
of the requests, which stands in for parts without a list price (`at_list`). Each quantity has its own row, because
amounts are rounded per movement. Imported history may come at any time, and is always read.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import repeat

import numpy as np
import sqlalchemy as sa

from demand.periods import PeriodKind, first_day_of, ordinal_of
from inventory.bulk import raw_rows, whole_columns
from inventory.figures.closed import closings, kept_sums
from inventory.figures.closed_months import with_closed_months
from inventory.figures.closed_parts import Kept, kept_parts, parts_report
from inventory.figures.grouping import Cell, Grain, Measures, added, regrouped
from inventory.figures.sales import at_list, issues_taken_back, sold, sold_by_history, sold_by_ledger
from inventory.figures.scope import MONTHS_PER_YEAR, Scope
from inventory.figures.sight import Sight
from inventory.schema import part

AT_LIST = "at_list"


def sales(sight: Sight, grain: Grain) -> Measures:
    """Return revenue, list amount and cost of the period, each less what came back."""
    scope = sight.scope
    if grain or scope.first_day is not None:
        return sold(sight, grain)
    kept, open_from = kept_sums(sight.closings, scope, "issues")
    if open_from == scope.since:
        return sold(sight, grain)
    revenue, _ = kept_sums(sight.closings, scope, "sales")
    listed = {"list_e4": _list_e4(sight, open_from)}
    return added(
        regrouped((*kept.items(), *revenue.items(), ((), listed)), _whole),
        issues_taken_back(sight, grain, open_from),
        sold_by_history(sight, grain),
        _of_open_months(sight, open_from),
    )


def year_sales(sight: Sight, grain: Grain) -> Measures:
    """Return revenue and cost of priced issues of the twelve months that end with the period."""
    year = replace(sight, scope=sight.scope.year(), wider=sight)
    return added(
        with_closed_months(year, year.scope, grain, "sales", lambda of: _by_ledger(year, of, grain)),
        sold_by_history(year, grain),
    )


def at_list_report(connection: sa.Connection, since: date, until: date, before: int | None = None) -> Kept:
    """Return what a closing document keeps for list amounts.

    Parameters
    ----------
    since, until
        The days that are closed with it.
    before
        The document itself, where it is there already.
    """
    last = ordinal_of(until, PeriodKind.MONTH)
    first = last - MONTHS_PER_YEAR + 1
    if since > first_day_of(first, PeriodKind.MONTH):
        first = ordinal_of(since, PeriodKind.MONTH)
    rows = sorted(raw_rows(connection, at_list(Sight(connection, Scope(first, last, until)))))
    return parts_report(kept_parts(closings(connection, until, None, before), AT_LIST).pairs, rows)


def _list_e4(sight: Sight, open_from: date) -> int:
    """Return the list amount of the closed months of a period, by today's price list."""
    kept = kept_parts(sight.closings, AT_LIST)
    part_nos, prices = whole_columns(sight.connection, sa.select(part.c.part_no, part.c.list_price_e4))
    price_of = {part_no: price for part_no, price in zip(part_nos, prices, strict=True) if price is not None}
    price_e4 = np.fromiter(map(price_of.get, kept.pairs.part_nos, repeat(-1)), np.int64, len(kept.pairs))
    counts = np.array([sight.scope.store in (None, store) for store in kept.pairs.stores], np.bool_)
    first, whole = sight.scope.months[0], 0
    for month, entries in kept.months.items():
        if first <= month < open_from.isoformat()[: len(month)]:
            for place, quantity, times, revenue in entries:
                listed = times * ((quantity * price_e4[place] + 500) // 1000)
                whole += int(np.where(price_e4[place] < 0, revenue, listed)[counts[place]].sum())
    return whole


def _of_open_months(sight: Sight, open_from: date) -> Measures:
    """Return what the ledger sold from a day on."""
    if open_from > sight.scope.until:
        return {}
    return _by_ledger(sight, replace(sight.scope, first_month=ordinal_of(open_from, PeriodKind.MONTH)), ())


def _by_ledger(sight: Sight, scope: Scope, grain: Grain) -> Measures:
    return sold_by_ledger(replace(sight, scope=scope, wider=sight), grain)


def _whole(_cell: Cell) -> Cell:
    return ()
