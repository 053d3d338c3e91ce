"""What it costs to stand at a level: G(y) = h E[(y − D)⁺] + p E[(D − y)⁺], for any level of many items.

D is demand over the protection interval, h the cost of holding a unit, p that of lacking one, per period or unit of
time. Every exact policy here is a search over sums of G (Zheng & Federgruen 1991; Zheng 1992). G is convex and least
at the newsvendor level y*, the least y with P(D ≤ y) ≥ p/(p + h). Below zero nothing is on the shelf and E[(D − y)⁺]
is E[D] − y; beyond the table of the law nothing is lacking.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demand.history import Float64Array1D, Int64Array1D
from optimisation.policies.laws import LawTable


@dataclass(frozen=True)
class Shortage:
    """E[(D − y)⁺] of many items, for any whole y.

    Parameters
    ----------
    flat
        Row by row, y = 0, 1, …, the last row zero.
    last
        y of the last row.
    items
        Number of items.
    """

    flat: Float64Array1D
    last: int
    items: int

    @classmethod
    def of(cls, table: LawTable) -> Shortage:
        """Return the shortages of laws."""
        points, items = table.probability.shape
        return cls(table.shortages().ravel(), points, items)

    def at(self, level: Int64Array1D, item: Int64Array1D | None = None) -> Float64Array1D:
        """Return E[(D − level)⁺], one level for each of the items named; for each in turn where none is."""
        item = np.arange(self.items) if item is None else item
        inside = np.clip(level, 0, self.last)
        short: Float64Array1D = self.flat[inside * self.items + item] - np.minimum(level, 0)
        return short


@dataclass(frozen=True)
class ShortageWindow:
    """Means of E[(D − y)⁺] over windows of levels: differences of running sums from the far end.

    Parameters
    ----------
    short
        E[(D − y)⁺].
    flat
        Its sum over all levels from y on, laid out as `short.flat`.
    """

    short: Shortage
    flat: Float64Array1D

    @classmethod
    def of(cls, table: LawTable) -> ShortageWindow:
        """Return the sums for some laws."""
        short = Shortage.of(table)
        rows = short.flat.reshape(-1, short.items)
        return cls(short, np.cumsum(rows[::-1], axis=0)[::-1].ravel())

    def mean(self, reorder_point: Int64Array1D, width: Int64Array1D) -> Float64Array1D:
        """Return the mean of E[(D − y)⁺] over y = s + 1 … s + width, for each item."""
        return (self._from(reorder_point + 1) - self._from(reorder_point + width + 1)) / width

    def _from(self, level: Int64Array1D) -> Float64Array1D:
        """Sum over y ≥ level; below zero each level adds one unit more than the one above it."""
        item = np.arange(self.short.items)
        below = -np.minimum(level, 0).astype(np.float64)
        inside = np.clip(level, 0, self.short.last)
        total: Float64Array1D = self.flat[inside * self.short.items + item]
        return total + below * self.short.flat[item] + below * (below + 1) / 2


@dataclass(frozen=True)
class LevelCosts:
    """G of many items.

    Parameters
    ----------
    shortage
        E[(D − y)⁺], D demand over the protection interval.
    mean
        E[D], ``(n_items,)``.
    holding, stockout
        h and p, ``(n_items,)``, above zero.
    best
        y*, ``(n_items,)``.
    """

    shortage: Shortage
    mean: Float64Array1D
    holding: Float64Array1D
    stockout: Float64Array1D
    best: Int64Array1D

    @classmethod
    def of(cls, table: LawTable, holding: Float64Array1D, stockout: Float64Array1D) -> LevelCosts:
        """Return the level costs of laws and cost rates."""
        best = table.quantile(stockout / (stockout + holding))
        return cls(Shortage.of(table), table.mean, holding, stockout, best)

    def at(self, level: Int64Array1D, item: Int64Array1D) -> Float64Array1D:
        """Return G of one level for each of the items named, ``(n_asked,)``."""
        holding = self.holding[item]
        short = self.shortage.at(level, item)
        cost: Float64Array1D = holding * (level - self.mean[item]) + (holding + self.stockout[item]) * short
        return cost
