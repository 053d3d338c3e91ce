"""The dead band: a level that would move by little, for little money, stays as in the last plan.

The law of demand moves a little every day, and a level that follows each of its moves orders today what it would not
have ordered yesterday, and leaves tomorrow what it ordered today. So the level L of the last plan stays in place of
today's level S where all of this holds:

    both are above zero                       what comes onto the shelf and leaves it is decided elsewhere
    |S − L| ≤ max(1, band · L)                the move is small
    h/c · N(L → S) ≤ least worth              and a year of it saves less than handling a line costs (`levels.worth`)
    L is not below today's floor              of a vital part, or of one asked for often
    it is not of today's shelf                `levels.lost`: the last plan's answered another shelf
    nothing limits what may be held           a shelf life, an end of use, a last order
    nobody has set the forecast by hand       what a person wants is followed at once
    ¾ P ≤ last P ≤ 4/3 P                      the price of money is that of the last plan; with another goal all move

Nothing is held for longer than the last plan of an earlier day: where the move adds up it is made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from optimisation.assortment import holding_rate
from optimisation.costs import CostTerms
from optimisation.levels import levels_for_price
from planning.levels.targets import Targets
from planning.levels.worth import Worth
from planning.orders.position import Items
from planning.settings import Settings

_ROUNDING_E4 = 0.5
"""A goal's price is told in whole ten-thousandths; so much more of it takes the last step that it took."""
SAME_PRICE = 0.75
"""The price of money is that of the last plan where the lower of the two is at least this share of the higher."""


@dataclass(frozen=True)
class LastPlan:
    """What the last plan had set and what today's law says to it, in demand units, ``(n_items,)`` each.

    Parameters
    ----------
    level
        The last plan's level; -1 where it had none of the item.
    at_last_price
        Today's level less what the other price of money changes it by.
    free_level
        Today's level before the dead band.
    is_held
        Whether the last level stays in its place.
    """

    level: Int64Array1D
    at_last_price: Int64Array1D
    free_level: Int64Array1D
    is_held: NDArray[np.bool_]


def steadied(
    items: Items,
    targets: Targets,
    worth: Worth,
    last_levels: pd.DataFrame,
    set_rows: frozenset[int],
    settings: Settings,
) -> tuple[Targets, LastPlan]:
    """Return the targets with the levels that stay as they were, and what the last plan had set.

    Parameters
    ----------
    last_levels
        The snapshot's frame of the last plan.
    set_rows
        Rows of the forecast that people have set.
    """
    rows = pd.DataFrame({"store": list(items.store), "part_no": list(items.part_no)}).merge(
        last_levels, on=["store", "part_no"], how="left"
    )
    level_milli = rows["level_milli"].fillna(-1).to_numpy(dtype=np.int64)
    last_price = rows["price_per_line_e4"].fillna(-1).to_numpy(dtype=np.float64)
    known = (level_milli >= 0) & (level_milli % items.unit_milli == 0)
    last = np.where(known, level_milli // items.unit_milli, -1)
    level = targets.level
    band, least_worth = (_by_store(items, settings, name) for name in ("dead_band", "dead_band_worth_e4"))
    low, high = np.minimum(last_price, worth.price_per_line_e4), np.maximum(last_price, worth.price_per_line_e4)
    saved = worth.carrying_rate_per_year * worth.net_e4(np.maximum(last, 0), level)
    by_hand = np.isin(items.forecast_row, list(set_rows))
    held = (last > 0) & (level > 0) & (last != level) & (np.abs(level - last) <= np.maximum(band * last, 1))
    held &= (
        ~targets.is_by_shelf
        & (last <= targets.most)
        & np.array([not end for end in targets.stocking.end], dtype=np.bool_)
    )
    held &= (band > 0) & (saved <= least_worth) & (last >= targets.floor) & ~by_hand & (low >= SAME_PRICE * high)
    by_price = _levels_at(targets, worth, worth.price_per_line_e4) - _levels_at(targets, worth, last_price)
    at_last_price = np.maximum(level - np.where(last_price >= 0, by_price, 0), 0)
    found = LastPlan(last, at_last_price, level, held)
    return replace(targets, level=np.where(held, last, level)), found


def _levels_at(targets: Targets, worth: Worth, price_per_line_e4: Float64Array1D) -> Int64Array1D:
    """Return the level of each item at a price of money of its own."""
    rate, price = holding_rate(targets.costs), np.maximum(price_per_line_e4, 0) + _ROUNDING_E4
    costs = CostTerms(targets.costs.unit_cost_e4, rate * worth.unit_cost_e4, rate * price)
    return levels_for_price(targets.curves, costs, worth.review_days, targets.floor, targets.prospects.risk).level


def _by_store(items: Items, settings: Settings, name: str) -> Float64Array1D:
    return np.array([float(getattr(settings.of_store(store), name)) for store in items.store])
