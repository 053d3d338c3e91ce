"""The economic order quantity where the price falls with the size of the order.

Prices c₀ > c₁ > … hold from the breaks b₀ = 0 < b₁ < …; holding costs the rate i times the price. Two forms
(Hadley & Whitin 1963, §2.11; Snyder & Shen 2019, §3.4):

- *all units*: from break to break the whole order has the lower price. In region j the cost λ c_j + K λ/Q + i c_j Q/2
  is least at its own economic quantity, or at the break where that lies below it.
- *incremental*: only the units beyond a break have the lower price. The order then costs c̄_j + c_j Q, with
  c̄_j = Σ_{k<j} c_k (b_{k+1} − b_k) − c_j b_j, so region j is an economic quantity with K + c̄_j and, for holding, c̄_j/2.

The best region of all is taken. Costs are per unit of time and include the purchase. Items with fewer breaks than
others have their rows filled with infinite breaks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from optimisation.policies.columns import columns, require


@dataclass(frozen=True)
class PriceBreaks:
    """Price lists, one row per item.

    Parameters
    ----------
    breaks
        b_j, ``(n_items, n_regions)``: rising from 0, filled up with infinity.
    prices
        c_j, the same shape: above zero, falling.

    Raises
    ------
    ValueError
        If a list does not start at 0, breaks do not rise, or prices do not fall.
    """

    breaks: Float64Array2D
    prices: Float64Array2D

    def __post_init__(self) -> None:
        require(self.breaks.shape == self.prices.shape, "each break has its price")
        require(self.breaks[:, :1] == 0, "the first price holds from quantity 0")
        known = np.isfinite(self.breaks[:, 1:])
        later, before = np.where(known, self.breaks[:, 1:], 0), np.where(known, self.breaks[:, :-1], -1)
        require(later > before, "breaks rise from one to the next")
        require(self.prices > 0, "prices are above zero")
        require(~known | (self.prices[:, 1:] <= self.prices[:, :-1]), "prices fall from break to break")


@dataclass(frozen=True)
class DiscountQuantity:
    """Lots, the region of the price list each lies in (from 0), and the cost per unit of time, ``(n_items,)`` each."""

    quantity: Float64Array1D
    region: Int64Array1D
    cost: Float64Array1D


def all_units_quantity(
    fixed: ArrayLike, holding_rate: ArrayLike, rate: ArrayLike, prices: PriceBreaks
) -> DiscountQuantity:
    """Return the lot of least cost where a lower price holds for the whole order.

    Parameters
    ----------
    fixed
        K per order, above zero.
    holding_rate
        i: what holding costs per unit of time, as a share of the price; above zero.
    rate
        λ per unit of time, above zero.

    Raises
    ------
    ValueError
        If an input is outside its range.
    """
    k, i, demand = _terms(fixed, holding_rate, rate)
    own = np.sqrt(2 * k * demand / (i * prices.prices))
    quantity = np.maximum(own, prices.breaks)
    # A quantity beyond the next break has that break's price: it is judged there.
    inside = quantity < _next_breaks(prices)
    return _best_region(quantity, inside, _yearly(quantity, k, demand, i, prices.prices, 0 * prices.prices))


def incremental_quantity(
    fixed: ArrayLike, holding_rate: ArrayLike, rate: ArrayLike, prices: PriceBreaks
) -> DiscountQuantity:
    """Return the lot of least cost where a lower price holds for the units beyond its break.

    Raises
    ------
    ValueError
        If an input is outside its range.
    """
    k, i, demand = _terms(fixed, holding_rate, rate)
    known = np.isfinite(prices.breaks)
    breaks = np.where(known, prices.breaks, 0.0)
    # What the units below the break cost beyond the region's own price: each step down adds its difference.
    step = np.where(known[:, 1:], (prices.prices[:, :-1] - prices.prices[:, 1:]) * breaks[:, 1:], 0.0)
    extra = np.concatenate([np.zeros((k.shape[0], 1)), np.cumsum(step, axis=1)], axis=1)
    quantity = np.sqrt(2 * (k + extra) * demand / (i * prices.prices))
    inside = known & (quantity >= prices.breaks) & (quantity < _next_breaks(prices))
    return _best_region(quantity, inside, _yearly(quantity, k, demand, i, prices.prices, extra))


def _terms(
    fixed: ArrayLike, holding_rate: ArrayLike, rate: ArrayLike
) -> tuple[Float64Array2D, Float64Array2D, Float64Array2D]:
    k, i, demand = columns(fixed, holding_rate, rate)
    for name, values in (("fixed cost of an order", k), ("holding rate", i), ("demand per unit of time", demand)):
        require((values > 0) & np.isfinite(values), f"the {name} is above zero")
    return k[:, None], i[:, None], demand[:, None]


def _next_breaks(prices: PriceBreaks) -> Float64Array2D:
    return np.concatenate([prices.breaks[:, 1:], np.full((prices.breaks.shape[0], 1), np.inf)], axis=1)


def _yearly(
    quantity: Float64Array2D,
    k: Float64Array2D,
    demand: Float64Array2D,
    i: Float64Array2D,
    price: Float64Array2D,
    extra: Float64Array2D,
) -> Float64Array2D:
    """Purchase, ordering and holding per unit of time; the lot costs `extra` + price · quantity."""
    with np.errstate(invalid="ignore"):
        return demand * price + i * extra / 2 + (k + extra) * demand / quantity + i * price * quantity / 2


def _best_region(
    quantity: Float64Array2D, inside: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], cost: Float64Array2D
) -> DiscountQuantity:
    judged = np.where(inside, cost, np.inf)
    region = judged.argmin(axis=1)
    row = np.arange(region.size)
    return DiscountQuantity(quantity[row, region], region.astype(np.int64), judged[row, region])
