"""What levels would have done on the shelf: stock value against the share of demand filled, period by period.

Model in words. At the beginning of each period an item's position is raised to its level: what the law known then says
is enough, with a given chance, until the order after this one is in. With a stretch of L periods an order comes L − 1
periods after it was placed. What the shelf can't fill is filled from elsewhere and leaves the shelf alone. Stock is
counted at cost, half before and half after the demand of each period; the first period begins with the first level on
the shelf. One level each for a row of chances gives the curve: two methods are compared at the same share filled, for
one that fills more by holding more has shown nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D

CURVE = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99, 0.995, 0.999, 0.9999)
"""Chances at which levels are set."""


@dataclass(frozen=True)
class Curve:
    """Stock against service of one method, along `CURVE`.

    Parameters
    ----------
    stock
        Mean stock at cost, ``(n_chances,)``.
    fill_rate
        Share of the units asked for that the shelf filled, ``(n_chances,)``.
    """

    stock: Float64Array1D
    fill_rate: Float64Array1D

    def stock_at(self, fill_rate: float) -> float | None:
        """Return the stock at a share filled, straight between the points; None beyond either end."""
        reached = np.maximum.accumulate(self.fill_rate)
        if not reached[0] <= fill_rate <= reached[-1]:
            return None
        above = int(np.searchsorted(reached, fill_rate))
        if above == 0 or reached[above] == reached[above - 1]:
            return float(self.stock[above])
        part = (fill_rate - reached[above - 1]) / (reached[above] - reached[above - 1])
        return float(self.stock[above - 1] + part * (self.stock[above] - self.stock[above - 1]))


def replay(
    levels: NDArray[np.float64], origins: tuple[int, ...], demand: Float64Array2D, cost: Float64Array1D, length: int
) -> Curve:
    """Return stock and share filled of levels set at some origins.

    Parameters
    ----------
    levels
        Order-up-to levels in stock units, ``(n_origins, n_items, n_chances)``; a level holds until the next origin.
    origins
        Periods known at each, rising.
    demand
        What was asked for in stock units, ``(n_items, n_periods)``; 0 where nothing was seen.
    cost
        Of a stock unit, ``(n_items,)``.
    length
        L, one or more.
    """
    on_hand = levels[0].copy()
    under_way = [np.zeros(on_hand.shape) for _ in range(length - 1)]
    held, filled = np.zeros(levels.shape[2]), np.zeros(levels.shape[2])
    last = min(demand.shape[1], origins[-1] + length)
    turn = 0
    for period in range(origins[0], last):
        while turn + 1 < len(origins) and origins[turn + 1] <= period:
            turn += 1
        position = on_hand + sum(under_way)
        under_way.append(np.maximum(levels[turn] - position, 0.0))
        on_hand = on_hand + under_way.pop(0)
        held += cost @ on_hand / 2
        given = np.minimum(on_hand, demand[:, period, None])
        on_hand = on_hand - given
        filled += given.sum(axis=0)
        held += cost @ on_hand / 2
    asked = float(demand[:, origins[0] : last].sum())
    periods = max(last - origins[0], 1)
    return Curve(held / periods, filled / asked if asked else np.ones(filled.shape))


def whole_levels(levels: Float64Array2D, unit_milli: Int64Array1D) -> Float64Array2D:
    """Return levels in stock units rounded up to whole demand units, ``(n_items, n_chances)``."""
    unit = unit_milli[:, None] / 1000
    return np.ceil(levels / unit - 1e-9) * unit
