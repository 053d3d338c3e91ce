"""Whole packs by cost: the last pack is left out where it brings less than its money brings elsewhere.

A need of n is n/q packs of q; all of them but the last are needed whole. The last one brings r < q of what is needed
and q − r of what is not. It is ordered if the lines it fills are worth the money it ties up, at the plan's one price of
money (`planning.levels.worth`): N(without → with) ≥ 0. The same question is asked of a least order quantity above the
need: all or nothing.

Leaving packs out gives back the service that whole packs bring beyond the goal, never more: where a share of the lines
is the goal, the packs that fill fewest lines for their money are left out first, and only as long as what is reached
stays at the goal. A pack that somebody waits for, or that a floor needs, is ordered in any case.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from optimisation.costs import DAYS_PER_YEAR
from optimisation.orders import OrderQuantities
from planning.levels.targets import Targets
from planning.levels.worth import Worth, is_a_goal
from planning.orders.position import Items


def rounded_by_cost(
    items: Items, targets: Targets, worth: Worth, wanted: OrderQuantities, position_milli: Int64Array1D
) -> OrderQuantities:
    """Return what to order with the last packs left out that are not worth their money; rounding is then below zero.

    Parameters
    ----------
    wanted
        Need, rounding up and minimum fill.
    position_milli
        What the need was reckoned from, ``(n_items,)``.
    """
    fewer = _fewer_milli(items, wanted)
    quantity = wanted.quantity_milli
    unit = items.unit_milli
    with_it, without = (position_milli + quantity) // unit, (position_milli + fewer) // unit
    net = worth.net_e4(np.maximum(without, 0), np.maximum(with_it, 0))
    is_last = targets.prospects.last_buy > 0  # bought for years: what one order interval fills does not tell its worth
    may = ~is_last & (quantity > fewer) & (without >= targets.floor) & (position_milli + fewer >= 0) & (net < 0)
    lost = worth.lines_per_year(np.maximum(without, 0), np.maximum(with_it, 0))
    saved = worth.tied_up_e4(np.maximum(without, 0), np.maximum(with_it, 0))
    out = np.zeros(items.count, dtype=np.bool_)
    store = np.array(items.store, dtype=object)
    for goal in targets.goals:
        mine = np.isin(store, goal.stores)
        spare = _spare_lines(worth, with_it, mine, goal.asked_fill_rate) if is_a_goal(goal) else np.inf
        out |= _cheapest(may & mine, lost, saved, spare)
    return OrderQuantities(
        wanted.need_milli,
        np.where(out, fewer - wanted.need_milli, wanted.rounding_milli),
        np.where(out, 0, wanted.minimum_fill_milli),
    )


def _fewer_milli(items: Items, wanted: OrderQuantities) -> Int64Array1D:
    """Return the next smaller quantity that may be ordered: whole packs below the need, or nothing."""
    pack = items.pack_milli
    whole = wanted.need_milli // pack * pack
    fits = (whole < wanted.quantity_milli) & (whole >= -(-items.least_milli // pack) * pack)
    in_full = wanted.rounding_milli + wanted.minimum_fill_milli <= 0  # below: no more is of use
    return np.where(in_full, wanted.quantity_milli, np.where(fits, whole, 0))


def _spare_lines(worth: Worth, reached: Int64Array1D, mine: NDArray[np.bool_], asked: float) -> float:
    """Return the lines a year that are filled beyond the goal of some items."""
    filled = worth.curves.complete_lines_at(reached) - asked * worth.curves.lines
    return float((filled / worth.review_days)[mine].sum() * DAYS_PER_YEAR)


def _cheapest(
    may: NDArray[np.bool_], lost: Float64Array1D, saved_e4: Float64Array1D, spare: float
) -> NDArray[np.bool_]:
    """Return which packs to leave out, those first that lose fewest lines for the money they free."""
    rows = np.flatnonzero(may)
    order = rows[np.lexsort((rows, lost[rows] / np.maximum(saved_e4[rows], 1e-9)))]
    left_out = np.zeros(may.size, dtype=np.bool_)
    left_out[order[np.cumsum(lost[order]) <= spare]] = True
    return left_out
