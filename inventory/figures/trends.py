"""Trends: the figures of each of the twelve months that end with a period, all of them in one reading.

What adds up over days (lines, sales, orders, deliveries, counts, claims) is read once for the whole year, by store and
month; what is so of a day (the value of the stock) is told backwards from the end, as the mean stock is. So a trend
tells each month as the books stand at the end of the period: what was taken back since is gone from its own month, too.

Figures that would need the books read anew for every month (dead stock, age, turns) have no trend.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from inventory.figures.closed import SUMS
from inventory.figures.closed_sales import year_sales
from inventory.figures.computing import Chosen, Reading, figure_of
from inventory.figures.families import family_of
from inventory.figures.figure import Figure, Variant
from inventory.figures.grouping import Measures, added
from inventory.figures.positions import begun
from inventory.figures.scope import Scope, month_end
from inventory.figures.sight import Sight

Trend = tuple[Figure, ...]
"""A figure of each month of the year, the earliest first."""

ADDS_UP = ("requests", "shortages", "purchases", "planned", "promises", "counts", "bins", "claims", "deliveries")
"""Families whose measures are sums over days."""

_GRAIN = ("month",)
_SALES = {f"sales.{name}" for name in SUMS["sales"].names}


def has_trend(variant: Variant) -> bool:
    """Return whether a figure can be told month by month in one reading."""
    names = set(variant.measures)
    return bool(names) and (names <= _SALES or all(family_of(name) in ADDS_UP for name in names))


def trends(sights: Sequence[Sight], chosen: Sequence[Chosen]) -> dict[str, dict[str, Trend]]:
    """Return the trends of figures, of each store and of all of them together (under the empty name), by figure id.

    Parameters
    ----------
    sights
        Of a store each.
    chosen
        Figures that have no trend are left out.
    """
    shown = [(definition, variant) for definition, variant in chosen if has_trend(variant)]
    by_store = {str(sight.scope.store): _measured(sight, [variant for _, variant in shown]) for sight in sights}
    by_store[""] = added(*by_store.values())
    year = sights[0].scope.year()
    return {
        store: {
            definition.figure_id: tuple(
                figure_of(definition, variant, _of_month(year, store, at), cells.get((month,), {}))
                for at, month in enumerate(year.months)
            )
            for definition, variant in shown
        }
        for store, cells in by_store.items()
    }


def _measured(sight: Sight, variants: Sequence[Variant]) -> Measures:
    """Return the measures of a store by month."""
    year = Reading(Sight(sight.connection, sight.scope.year(), sight.told, wider=sight))
    found = year.cells([each for each in variants if not set(each.measures) <= _SALES], _GRAIN)
    if any(set(each.measures) <= _SALES for each in variants):
        for cell, measures in year_sales(sight, _GRAIN).items():
            into = found.setdefault(cell, {})
            into.update((f"sales.{name}", measures[name]) for name in SUMS["sales"].names if name in measures)
    return found


def stock_values(sight: Sight) -> dict[date, int]:
    """Return the value of the shelf at the end of each month of the year that the ledger knows, and at the period's.

    In ten-thousandths of the currency, by day, the earliest first.
    """
    scope = sight.scope
    first = begun(sight.connection, scope)
    at_end = int(sight.shelf.value_e4.sum())
    found = {scope.until: at_end}
    for month in range(scope.last_month - 1, scope.last_month - len(scope.year().months), -1):
        end = month_end(month)
        if first is None or end < first:
            break
        found[end] = at_end - sum(each.change_e4 for each in sight.days if each.day > end.isoformat())
    return dict(sorted(found.items()))


def _of_month(year: Scope, store: str, at: int) -> Scope:
    """Return the scope of one month of the year; only its label and store are of use."""
    month = year.first_month + at
    return Scope(month, month, min(month_end(month), year.until), store or None, year.known_at)
