"""What closed months sold, as their closing documents keep it: the ledger's own summary of its longest figure.

Nothing dated in a closed month is ever added, and nothing of it is valued anew, so revenue and cost of what the ledger
sold in it are final. The closing document keeps them by store and channel, `ledger verify` holds them against the books
for ever, and the margin of twelve months adds them up instead of reading a year of movements with their requests.
Imported history may come at any time, and is always read.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from demand.periods import PeriodKind, ordinal_of
from inventory.figures.grouping import Grain, Measures, added, regrouped
from inventory.figures.sales import sales, sold_by_history, sold_by_ledger
from inventory.figures.scope import Scope
from inventory.figures.sight import Sight
from inventory.schema import document, movement
from inventory.schema_books import period_close

KEPT = ("revenue_e4", "priced_cost_e4")
_GRAIN = ("month", "store", "channel")

Row = list[object]


def sales_report(connection: sa.Connection, since: date, until: date, known_at: int | None = None) -> list[Row]:
    """Return what a closing document keeps: month, store, channel, revenue and cost of priced issues; sorted.

    Parameters
    ----------
    since
        The first day that is closed with it; days before the first movement are nothing.
    """
    first = connection.execute(sa.select(sa.func.min(movement.c.effective_on))).scalar_one_or_none()
    if first is None:
        return []
    begins = ordinal_of(max(since, date.fromisoformat(first)), PeriodKind.MONTH)
    scope = Scope(begins, ordinal_of(until, PeriodKind.MONTH), until, known_at=known_at)
    sold = sold_by_ledger(Sight(connection, scope), _GRAIN)
    return [
        [*cell, *(int(measures.get(name, 0)) for name in KEPT)]
        for cell, measures in sorted(sold.items())
        if any(measures.get(name) for name in KEPT)
    ]


def year_sales(sight: Sight, grain: Grain) -> Measures:
    """Return revenue and cost of priced issues of the twelve months that end with the period."""
    year = replace(sight, scope=sight.scope.year())
    if not set(grain) <= set(_GRAIN):
        return sales(year, grain)
    kept, open_from = _closed(year)
    if open_from == year.scope.first_month:
        return sales(year, grain)
    places = [_GRAIN.index(name) for name in grain]
    closed = regrouped(kept.items(), lambda cell: tuple(cell[at] for at in places))
    found = added(closed, sold_by_history(year, grain))
    if open_from <= year.scope.last_month:
        found = added(found, sold_by_ledger(replace(year, scope=replace(year.scope, first_month=open_from)), grain))
    return found


def _closed(year: Sight) -> tuple[Measures, int]:
    """Return what closed months of the year keep, by month, store and channel, and the first month that is open."""
    scope, kept = year.scope, Measures()
    open_from = scope.first_month
    question = (
        sa.select(document.c.body, period_close.c.closed_until)
        .join(period_close, period_close.c.document_sequence == document.c.sequence)
        .where(period_close.c.closed_until >= scope.since.isoformat(), *scope.known(document.c.sequence))
        .order_by(period_close.c.closed_until)
    )
    for body, closed_until in year.connection.execute(question):
        last = date.fromisoformat(closed_until)
        rows = json.loads(body).get("sales")
        if rows is None or last > scope.until:  # closed before closings kept it; or after the period
            break
        open_from = ordinal_of(last, PeriodKind.MONTH) + 1
        for month, store, channel, *amounts in rows:
            if month >= scope.months[0] and scope.store in (None, store):
                kept[month, store, channel] = dict(zip(KEPT, amounts, strict=True))
    return kept, open_from
