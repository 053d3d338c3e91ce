"""Measures that the books can't know and the settings tell: labour sold, gross profit of the workshops, fixed expense.

They are told per store and month (`[outside]` in the settings). A period has one only where every store of the scope
and every month of the period tells it; a part of the truth would pass for the whole.
"""

from __future__ import annotations

from inventory.figures.figure import Exact
from inventory.figures.grouping import Grain, Measures
from inventory.figures.positions import stores_of
from inventory.figures.sight import Sight

NAMES = ("labour", "service_gross", "body_gross", "fixed_expense")
"""Labour sold on repair orders that customers pay; gross profit of service and of the body shop; fixed expense."""


def outside(sight: Sight, grain: Grain) -> Measures:
    """Return what is told of the period, where all of it is told."""
    assert not grain, "what the settings tell is of whole stores"
    scope = sight.scope
    if scope.first_day is not None:  # a month's labour says nothing of a day's
        return {(): {}}
    stores = stores_of(sight.connection) if scope.store is None else [scope.store]
    cells = [sight.told.get(store, {}).get(month, {}) for store in stores for month in scope.months]
    found: dict[str, Exact] = {
        f"{name}_e4": sum(cell[name] for cell in cells)
        for name in NAMES
        if cells and all(name in cell for cell in cells)
    }
    return {(): found}
