"""What to stock at all: the worth of a part's first units against their price, their place and their risk.

Model in words. A unit on the shelf ties up money until it is asked for; one that nobody asks for while it can still be
sold loses what the maker does not take back. Both are a cost of the level S, and one price of money weighs them for
all parts. The money a level ties up, its risk counted as the money that would cost as much to hold, is

    M(S) = c V(S) + O(S) / i,      O(S) = c (1 − r) E[(S − D_T)⁺] / T

c unit cost; V(S) units on the shelf; i cost of holding a unit of money for a year; T years in which a unit bought today
can be sold (its shelf life, where that is shorter); D_T demand over T; r share of the cost that comes back for what is
left (return protection after quota and fee). O(S) is a loss a year: what of S units would be left over, spread over
the years. A part is stocked if the lines B its first step fills are worth the money of that step at the one price that
holds for all (`optimisation.levels`); its first step is the first corner of the concave majorant of B over M, one unit
or several. The marginal analysis is that of `optimisation.levels`; the risk makes holding dearer, part by part.

A part that comes onto the shelf today and leaves it next month costs work twice. So the first step of a part that is
not on the shelf has to be worth a share β more than it costs, that of a part on the shelf may be worth as much less:

    M′(S) = M(S) ± β min(M(S), M(S₁))      + where not on the shelf, − where on it; S₁ the first step's level

A part between the two stays as it is. M′ only chooses; what is told of money is M. Levels above `most` are never
chosen: a part whose use, supply or shelf life ends has a most (`optimisation.endings`).

It does not ask how the chance of being sold ends: it is an assumption of the dealership (a setting), and the forecast's
own law over T says how likely demand is to come within it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.distribution import DemandLaw
from demand.history import Float64Array1D, Int64Array1D
from optimisation.costs import CostTerms
from optimisation.majorant import concave_steps
from optimisation.service import FillCurves

LEAST_HOLDING_RATE = 1e-4
"""i is at least a hundredth of a per cent a year: where money costs nothing, risk is then all that is weighed."""


@dataclass(frozen=True)
class ShelfRisk:
    """What of each level may be left over, and which parts are on the shelf today.

    Parameters
    ----------
    loss_per_year_e4
        O(S) of every level, in the order of the curves' points, flat.
    is_on_shelf
        True where the part is on the shelf today, ``(n_items,)``.
    most
        Highest level that may be chosen, ``(n_items,)``.
    band
        β, zero or more and below one.

    Raises
    ------
    ValueError
        If the band is out of its range.
    """

    loss_per_year_e4: Float64Array1D
    is_on_shelf: NDArray[np.bool_]
    most: Int64Array1D
    band: float

    def __post_init__(self) -> None:
        if not 0 <= self.band < 1:
            raise ValueError(f"the band between entering and leaving the shelf is from 0 to below 1; it is {self.band}")

    def take(self, items: NDArray[np.bool_], boundaries: Int64Array1D) -> ShelfRisk:
        """Return the risk of some items; `boundaries` are those of the curves before."""
        points = np.repeat(items, np.diff(boundaries))
        return ShelfRisk(self.loss_per_year_e4[points], self.is_on_shelf[items], self.most[items], self.band)


def at_most_each(law: DemandLaw, boundaries: Int64Array1D) -> Float64Array1D:
    """Return P(D ≤ k) for every k = 0, 1, … of ragged rows, flat.

    Parameters
    ----------
    law
        Law of the demand D, ``n_items`` rows.
    boundaries
        Item i's points are ``boundaries[i]:boundaries[i + 1]``, the first is k = 0; rows may be longer than the law's.

    >>> at_most_each(DemandLaw.from_rows([[0.5, 0.5]]), np.array([0, 4])).tolist()
    [0.5, 1.0, 1.0, 1.0]
    """
    item = np.repeat(np.arange(law.item_count), np.diff(boundaries))
    k = np.arange(item.size) - boundaries[:-1][item]
    running = np.concatenate([[0.0], np.cumsum(law.probability)])
    start, last = law.boundaries[:-1][item], law.sizes[item] - 1
    share = running[start + np.minimum(k, last) + 1] - running[start]
    chance: Float64Array1D = np.where(k >= last, 1.0, np.clip(share, 0.0, 1.0))
    return chance


def unasked_units(law: DemandLaw, boundaries: Int64Array1D) -> Float64Array1D:
    """Return E[(S − D)⁺] = Σ P(D ≤ k) over k < S for every level S = 0, 1, … of ragged curves, flat.

    >>> unasked_units(DemandLaw.from_rows([[0.5, 0.5]]), np.array([0, 4])).tolist()
    [0.0, 0.5, 1.5, 2.5]
    """
    total = np.concatenate([[0.0], np.cumsum(at_most_each(law, boundaries))])
    below: Float64Array1D = np.maximum(total[:-1] - np.repeat(total[boundaries[:-1]], np.diff(boundaries)), 0.0)
    return below


def tied_up(curves: FillCurves, costs: CostTerms, risk: ShelfRisk | None) -> Float64Array1D:
    """Return M(S) of every level in ten-thousandths, flat; without a risk it is the stock's value alone."""
    item = np.repeat(np.arange(curves.lines.size), np.diff(curves.boundaries))
    cost = np.maximum(costs.unit_cost_e4, 1)  # a part that costs nothing counts as nearly so
    money = curves.stock_units * cost[item]
    return money if risk is None else money + risk.loss_per_year_e4 / holding_rate(costs)[item]


def holding_rate(costs: CostTerms) -> Float64Array1D:
    """Return i: what a unit of money in each item's stock costs in a year, `LEAST_HOLDING_RATE` or more."""
    rate: Float64Array1D = np.maximum(costs.holding_per_year_e4 / np.maximum(costs.unit_cost_e4, 1), LEAST_HOLDING_RATE)
    return rate


def with_band(
    money: Float64Array1D, gained: Float64Array1D, boundaries: Int64Array1D, risk: ShelfRisk
) -> Float64Array1D:
    """Return M′(S) of every level, flat.

    Parameters
    ----------
    money, gained
        M(S) and the lines that each level fills, flat.
    boundaries
        Item i's levels are ``boundaries[i]:boundaries[i + 1]``.
    risk
        Who is on the shelf, and the band.
    """
    if risk.band == 0:
        return money
    item = np.repeat(np.arange(boundaries.size - 1), np.diff(boundaries))
    first = money[first_step(money, gained, boundaries)][item]
    sign = np.where(risk.is_on_shelf, -1.0, 1.0)[item]
    changed: Float64Array1D = money + sign * risk.band * np.minimum(money, first)
    return changed


def first_step(money: Float64Array1D, gained: Float64Array1D, boundaries: Int64Array1D) -> Int64Array1D:
    """Return the flat index of S₁ of each item, of its level 0 where no level fills anything, ``(n_items,)``."""
    steps = concave_steps(money, gained, boundaries, np.ones(money.size, dtype=np.bool_))
    first = boundaries[:-1].copy()
    curve, at = np.unique(steps.curve, return_index=True)
    first[curve] = steps.point[at]
    return first
