"""One for one with lost sales or urgent orders: Erlang's loss formula, and what stores gain by sharing.

Each unit sold is ordered again at once; who finds the shelf empty goes elsewhere, or is served by an urgent order that
does not pass over the shelf. With S units and demand λ over a lead time L, the units on order are the busy lines of a
telephone exchange, a = λ L, and the share that finds none left is

    B(0) = 1,    1/B(S) = 1 + (S/a)/B(S − 1)    (Erlang 1917),

whatever the law of the lead time is (Palm 1943). Stores that help each other out at once act as one store with all
their stock: only when the last unit of all is gone is a sale lost. Units: whole demand units; λ, L in one unit of time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from demand.history import Float64Array1D, Int64Array1D
from optimisation.policies.columns import columns, require

_LOAD_MAX = 50_000
"""Units expected over a lead time: the formula goes up unit by unit."""


@dataclass(frozen=True)
class PoolingLoss:
    """Share of demand that no shelf of the group fills, pooled and each store for itself, ``(n_groups,)``."""

    pooled: Float64Array1D
    apart: Float64Array1D


def lost_share(stock: NDArray[np.int64], rate: ArrayLike, lead_time: ArrayLike) -> Float64Array1D:
    """Return the share of demand that is lost (or ordered urgently), ``(n_items,)``.

    Parameters
    ----------
    stock
        S: units on the shelf and on order together, zero or more.
    rate, lead_time
        λ per unit of time and L, zero or more.

    Raises
    ------
    ValueError
        If an input is below zero.

    >>> lost_share(np.array([2]), 0.5, 3).round(4).tolist()
    [0.3103]
    """
    demand, lead = columns(rate, lead_time)
    require((demand >= 0) & (lead >= 0), "demand and lead time are zero or more")
    require(demand * lead <= _LOAD_MAX, f"demand over a lead time is at most {_LOAD_MAX:,} units")
    require(stock >= 0, "a stock is zero or more")
    load, level = np.broadcast_arrays(demand * lead, stock)
    inverse = np.ones(load.size)
    with np.errstate(divide="ignore", over="ignore"):  # nobody loses where nothing is asked for: one in infinity
        for unit in range(1, int(level.max(initial=0)) + 1):
            inverse = np.where(unit <= level, 1 + unit / load * inverse, inverse)
            if not np.isfinite(inverse[unit < level]).any():
                break  # whoever has more units loses nothing that floating point could tell
    return 1 / inverse


def least_stock_for_loss(rate: ArrayLike, lead_time: ArrayLike, loss: ArrayLike) -> Int64Array1D:
    """Return the least stock that loses at most the given share of demand, ``(n_items,)``.

    Raises
    ------
    ValueError
        If demand or lead time are below zero, or a share is not above zero.
    """
    demand, lead, share = columns(rate, lead_time, loss)
    require((demand >= 0) & (lead >= 0), "demand and lead time are zero or more")
    require(demand * lead <= _LOAD_MAX, f"demand over a lead time is at most {_LOAD_MAX:,} units")
    require(share > 0, "the share that may be lost is above zero")
    load = demand * lead
    stock, inverse = np.zeros(load.size, dtype=np.int64), np.ones(load.size)
    with np.errstate(divide="ignore", over="ignore"):
        while (short := inverse * share < 1).any():
            stock += short
            inverse = np.where(short, 1 + stock / load * inverse, inverse)
    return stock


def pooling_loss(
    stock: Int64Array1D, rate: Float64Array1D, lead_time: ArrayLike, boundaries: Int64Array1D
) -> PoolingLoss:
    """Return what groups of stores lose, with lateral help at no time and without any.

    Parameters
    ----------
    stock, rate
        S and λ of each store, group after group, ``(n_stores,)``.
    lead_time
        L of each group, a number or ``(n_groups,)``.
    boundaries
        Group g is ``boundaries[g]:boundaries[g + 1]``.

    Raises
    ------
    ValueError
        If an input is below zero, a group is empty, or has no demand.
    """
    sizes = np.diff(boundaries)
    require(sizes > 0, "a group has a store or more")
    lead = np.broadcast_to(np.asarray(lead_time, dtype=np.float64), sizes.shape)
    alone = lost_share(stock, rate, np.repeat(lead, sizes))
    demand = np.add.reduceat(rate, boundaries[:-1])
    require(demand > 0, "a group has some demand")
    apart = np.add.reduceat(alone * rate, boundaries[:-1]) / demand
    return PoolingLoss(lost_share(np.add.reduceat(stock, boundaries[:-1]), demand, lead), apart)
