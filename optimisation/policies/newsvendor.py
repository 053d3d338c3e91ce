"""The newsvendor: one level against demand that is not yet known; also base stock, and the last buy of all.

With h for each unit left over and p for each unit lacking, G(y) = h E[(y − D)⁺] + p E[(D − y)⁺] is least where
P(D ≤ y) = p/(p + h), or at the first whole y that reaches it (Arrow, Harris & Marschak 1951; Zipkin 2000, §9.2).

Under periodic review without a fixed cost the same level is the best base stock, with D the demand of the lead time
and one review period more: an order placed now must last until the next one arrives. The last buy of a part that goes
out of production is the newsvendor on all the demand still to come, h what a unit left over loses and p what a unit
lacking costs. Units: demand units; costs in any one currency.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from demand.history import Float64Array1D, Int64Array1D
from optimisation.policies.columns import column, columns, require
from optimisation.policies.laws import WholeLaw, chunks
from optimisation.policies.level_costs import LevelCosts
from optimisation.policies.loss import LOG_MEAN_MAX, lognormal_loss, normal_loss


@dataclass(frozen=True)
class BestLevel:
    """Levels and what they cost, ``(n_items,)`` each; `level` is whole under whole-number demand."""

    level: Int64Array1D | Float64Array1D
    cost: Float64Array1D


def newsvendor(demand: WholeLaw, holding: ArrayLike, stockout: ArrayLike) -> BestLevel:
    """Return the least-cost level of each item under whole-number demand.

    Parameters
    ----------
    demand
        Law of the demand that the level must serve, ``n_items``.
    holding, stockout
        h per unit left over and p per unit lacking, above zero.

    Raises
    ------
    ValueError
        If a cost is not above zero.
    """
    count = demand.item_count
    h, p = column(holding, count), column(stockout, count)
    _check(h, p)
    level, cost = np.zeros(count, np.int64), np.zeros(count)
    for items in chunks(demand.widths()):
        costs = LevelCosts.of(demand.take(items).table(), h[items], p[items])
        level[items] = costs.best
        cost[items] = costs.at(costs.best, np.arange(items.size))
    return BestLevel(level, cost)


def level_cost(demand: WholeLaw, holding: ArrayLike, stockout: ArrayLike, level: Int64Array1D) -> Float64Array1D:
    """Return G of given levels under whole-number demand, ``(n_items,)``.

    Raises
    ------
    ValueError
        If a cost is not above zero.
    """
    count = demand.item_count
    h, p = column(holding, count), column(stockout, count)
    _check(h, p)
    cost = np.zeros(count)
    for items in chunks(demand.widths()):
        costs = LevelCosts.of(demand.take(items).table(), h[items], p[items])
        cost[items] = costs.at(level[items], np.arange(items.size))
    return cost


def newsvendor_normal(mean: ArrayLike, sd: ArrayLike, holding: ArrayLike, stockout: ArrayLike) -> BestLevel:
    """Return the least-cost level under normal demand: y = μ + z σ with Φ(z) = p/(p + h), at cost (h + p) σ φ(z).

    Raises
    ------
    ValueError
        If a standard deviation or a cost is not above zero.
    """
    mu, sigma, h, p = columns(mean, sd, holding, stockout)
    _check(h, p)
    level = mu + sigma * special.ndtri(p / (p + h))
    return BestLevel(level, h * (level - mu) + (h + p) * normal_loss(level, mu, sigma))


def newsvendor_lognormal(mu_log: ArrayLike, sigma_log: ArrayLike, holding: ArrayLike, stockout: ArrayLike) -> BestLevel:
    """Return the least-cost level where the logarithm of demand is normal.

    Raises
    ------
    ValueError
        If a standard deviation or a cost is not above zero.
    """
    mu, sigma, h, p = columns(mu_log, sigma_log, holding, stockout)
    _check(h, p)
    require(sigma > 0, "a standard deviation is above zero")
    require(mu + sigma**2 / 2 <= LOG_MEAN_MAX, f"the logarithm of mean demand is at most {LOG_MEAN_MAX:g}")
    level = np.exp(mu + sigma * special.ndtri(p / (p + h)))
    mean = np.exp(mu + sigma**2 / 2)
    return BestLevel(level, h * (level - mean) + (h + p) * lognormal_loss(level, mu, sigma))


def _check(h: Float64Array1D, p: Float64Array1D) -> None:
    require((h > 0) & (p > 0) & np.isfinite(h) & np.isfinite(p), "holding and stockout costs are above zero")
