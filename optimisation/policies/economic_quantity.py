"""The economic order quantity: steady demand, an order of fixed cost, and what waits on the shelf.

Q = √(2 K λ/h), at cost √(2 K λ h) per unit of time (Harris 1913). Where a backorder costs p per unit and time, part of
each lot is let run short: Q = √(2 K λ (h + p)/(h p)), a share h/(h + p) of demand waits, at cost
√(2 K λ h p/(h + p)) (Snyder & Shen 2019, §3.5). Symbols: λ demand per unit of time, K cost of an order, h cost of
holding a unit for a unit of time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from demand.history import Float64Array1D
from optimisation.policies.columns import columns, require


@dataclass(frozen=True)
class EconomicQuantity:
    """Lots, the share of demand that waits, and the cost per unit of time, ``(n_items,)`` each."""

    quantity: Float64Array1D
    waiting_share: Float64Array1D
    cost: Float64Array1D


def economic_quantity(fixed: ArrayLike, holding: ArrayLike, rate: ArrayLike) -> EconomicQuantity:
    """Return the lot of least cost where nothing may run short.

    Parameters
    ----------
    fixed
        K per order, zero or more.
    holding
        h per unit and unit of time, above zero.
    rate
        λ per unit of time, zero or more.

    Raises
    ------
    ValueError
        If an input is outside its range.

    >>> economic_quantity(8, 0.225, 1300).quantity.round(2).tolist()
    [304.05]
    """
    k, h, demand = columns(fixed, holding, rate)
    _check(k, h, demand)
    return EconomicQuantity(np.sqrt(2 * k * demand / h), np.zeros(k.size), np.sqrt(2 * k * demand * h))


def economic_quantity_with_backorders(
    fixed: ArrayLike, holding: ArrayLike, stockout: ArrayLike, rate: ArrayLike
) -> EconomicQuantity:
    """Return the lot of least cost where a backorder costs `stockout` per unit and unit of time.

    Raises
    ------
    ValueError
        If an input is outside its range.
    """
    k, h, p, demand = columns(fixed, holding, stockout, rate)
    _check(k, h, demand)
    require((p > 0) & np.isfinite(p), "the stockout cost is above zero")
    quantity = np.sqrt(2 * k * demand * (h + p) / (h * p))
    return EconomicQuantity(quantity, h / (h + p), np.sqrt(2 * k * demand * h * p / (h + p)))


def _check(k: Float64Array1D, h: Float64Array1D, demand: Float64Array1D) -> None:
    require((k >= 0) & np.isfinite(k), "the fixed cost of an order is zero or more")
    require((h > 0) & np.isfinite(h), "the holding cost is above zero")
    require((demand >= 0) & np.isfinite(demand), "demand per unit of time is zero or more")
