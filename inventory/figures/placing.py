"""A group of stores for the manager who answers for them: its totals, and each store placed by result and potential.

*Result* is what a store's parts earn on the money that lies in them: gross margin of twelve months ÷ mean stock
(GMROI). *Potential* is what it could earn more with what it is asked for already: the share of its demand lines that
were not filled from the shelf, and of its stock that is idle, each an opportunity; their mean. A store is placed beside
the group as a whole: above or below its result, above or below its potential. A store of which one of the two can't be
measured is placed nowhere.

The four fields tell what to do first: *lead* (good result, little left to gain), *grow* (good result, much to gain),
*repair* (poor result, much to gain), *review* (poor result, little to gain: the market or the cost, not the shelf).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa

from inventory.figures.catalogue import named
from inventory.figures.computing import figures
from inventory.figures.figure import Figure
from inventory.figures.positions import stores_of
from inventory.figures.scope import Scope

GROUP_FIGURES = ("REVENUE_NET", "GM", "STOCK_VALUE", "GMROI", "FILL_SHELF_LINE", "IDLE_CAPITAL", "DEAD_12")
"""What is shown of each store and of the group."""


@dataclass(frozen=True)
class PlacedStore:
    """A store, or the group as a whole (empty name), with its figures and its place.

    Parameters
    ----------
    values
        The figures of `GROUP_FIGURES`, in their order.
    potential
        Mean of the share of lines not filled and the share of stock that is idle; None where not measured.
    place
        ``lead``, ``grow``, ``repair`` or ``review``; empty for the group, and where it can't be told.
    """

    store: str
    values: tuple[Figure, ...]
    result: Fraction | None
    potential: Fraction | None
    place: str = ""


def group(connection: sa.Connection, scope: Scope) -> list[PlacedStore]:
    """Return the group as a whole first, then its stores, the best result first."""
    chosen = [named(figure_id) for figure_id in GROUP_FIGURES]
    whole = _placed(figures(connection, scope, chosen), "")
    stores = [
        _placed(figures(connection, scope.of_store(store), chosen), store, whole) for store in stores_of(connection)
    ]
    stores.sort(key=lambda each: (each.result is None, -(each.result or 0), each.store))
    return [whole, *stores]


def _placed(values: list[Figure], store: str, whole: PlacedStore | None = None) -> PlacedStore:
    by_id = {figure.definition.figure_id: figure.value for figure in values}
    result, fill, idle = by_id["GMROI"], by_id["FILL_SHELF_LINE"], by_id["IDLE_CAPITAL"]
    potential = None if fill is None or idle is None else (1 - fill + idle) / 2
    place = "" if whole is None else place_of(result, potential, whole.result, whole.potential)
    return PlacedStore(store, tuple(values), result, potential, place)


def place_of(
    result: Fraction | None,
    potential: Fraction | None,
    group_result: Fraction | None,
    group_potential: Fraction | None,
) -> str:
    """Return where a store stands beside its group; as good as the group is good.

    >>> place_of(Fraction(3), Fraction(1, 10), Fraction(2), Fraction(1, 5))
    'lead'
    """
    if result is None or potential is None or group_result is None or group_potential is None:
        return ""
    has_much_to_gain = potential > group_potential
    if result >= group_result:
        return "grow" if has_much_to_gain else "lead"
    return "repair" if has_much_to_gain else "review"
