"""(r, Q) under continuous review when the demand of a lead time is normal: the exact optimum, and three short cuts.

With g(y) = h E[(y − D)⁺] + p E[(D − y)⁺], D normal with mean λ L and variance σ² L, the cost per unit of time is

    C(r, Q) = (K λ + ∫_r^{r+Q} g(y) dy) / Q    (Zheng 1992, Management Science 38(1), eq. 3),

the inventory position being uniform on (r, r + Q]. At the optimum g(r) = g(r + Q) = C: the least c for which the area
between the line at c and the curve g is K λ. That area grows convexly with c, at a rate of the width Q; so Newton's
rule finds c, and within it the two arms of g, both convex, by Newton's rule again.

The short cuts that textbooks teach (Snyder & Shen 2019, §5.3–5.5; Hadley & Whitin 1963, §4.2):

- EOQ with backorders: Q = √(2 K λ (h + p)/(h p)), then r from g(r) = g(r + Q);
- EOQ and safety stock: Q = √(2 K λ/h), r the newsvendor level of the lead time's demand;
- expected inventory level: p is paid per unit short, not per unit and time; Q = √(2 λ (K + p n(r))/h) and
  1 − F(r) = Q h/(p λ) in turn, n the loss function; its cost h (r − λ L + Q/2) + K λ/Q + p λ n(r)/Q is approximate.

Symbols: λ demand per unit of time, L lead time, K cost of an order, h and p per unit and unit of time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from demand.history import Float64Array1D
from optimisation.policies.columns import columns, require
from optimisation.policies.loss import normal_loss, normal_second_loss

_ROUNDS_MAX = 100
_CLOSE = 1e-13


@dataclass(frozen=True)
class ContinuousReorder:
    """(r, Q) in continuous units and the cost per unit of time, ``(n_items,)`` each."""

    reorder_point: Float64Array1D
    quantity: Float64Array1D
    cost: Float64Array1D


@dataclass(frozen=True)
class NormalTerms:
    """Demand and costs of items whose demand of a lead time is normal, ``(n_items,)`` each.

    Parameters
    ----------
    rate
        λ: demand per unit of time.
    mean, sd
        Mean and standard deviation of the demand of a lead time.
    holding, stockout
        h and p per unit and unit of time.
    fixed
        K per order.

    Raises
    ------
    ValueError
        If a column is not above zero.
    """

    rate: Float64Array1D
    mean: Float64Array1D
    sd: Float64Array1D
    holding: Float64Array1D
    stockout: Float64Array1D
    fixed: Float64Array1D

    def __post_init__(self) -> None:
        require(self.rate > 0, "demand per unit of time is above zero")
        require(self.sd > 0, "standard deviation and lead time are above zero")
        require((self.holding > 0) & (self.stockout > 0), "holding and stockout costs are above zero")
        require(self.fixed > 0, "the fixed cost of an order is above zero")

    @classmethod
    def of(
        cls,
        rate: ArrayLike,
        sd: ArrayLike,
        lead_time: ArrayLike,
        holding: ArrayLike,
        stockout: ArrayLike,
        fixed: ArrayLike,
    ) -> NormalTerms:
        """Return the terms where `rate` and `sd` are those of one unit of time and periods are independent."""
        demand, sigma, lead, h, p, k = columns(rate, sd, lead_time, holding, stockout, fixed)
        require(lead > 0, "a lead time is above zero")
        return cls(demand, demand * lead, sigma * np.sqrt(lead), h, p, k)

    def level_cost(self, level: Float64Array1D) -> Float64Array1D:
        """Return g(y), ``(n_items,)``."""
        loss = normal_loss(level, self.mean, self.sd)
        return self.holding * (level - self.mean) + (self.holding + self.stockout) * loss

    def slope(self, level: Float64Array1D) -> Float64Array1D:
        """Return g'(y) = h − (h + p) P(D > y)."""
        slope: Float64Array1D = self.holding - (self.holding + self.stockout) * special.ndtr(
            (self.mean - level) / self.sd
        )
        return slope

    def area(self, low: Float64Array1D, high: Float64Array1D) -> Float64Array1D:
        """Return ∫ g between two levels; E[(D − y)⁺] integrates to the second loss."""
        held = self.holding * ((high - self.mean) ** 2 - (low - self.mean) ** 2) / 2
        second = normal_second_loss(low, self.mean, self.sd) - normal_second_loss(high, self.mean, self.sd)
        return held + (self.holding + self.stockout) * second


def normal_reorder_cost(terms: NormalTerms, reorder_point: ArrayLike, quantity: ArrayLike) -> Float64Array1D:
    """Return C(r, Q) of given policies.

    Raises
    ------
    ValueError
        If a quantity is not above zero.
    """
    r, q = columns(reorder_point, quantity)
    require(q > 0, "an order quantity is above zero")
    return (terms.fixed * terms.rate + terms.area(r, r + q)) / q


def best_normal_reorder(terms: NormalTerms) -> ContinuousReorder:
    """Return the (r, Q) of least cost per unit of time."""
    least = terms.level_cost(_best_level(terms))
    cost = least + np.sqrt(
        2 * terms.fixed * terms.rate * terms.holding * terms.stockout / (terms.holding + terms.stockout)
    )
    for _ in range(_ROUNDS_MAX):
        low, high = _arm(terms, cost, below=True), _arm(terms, cost, below=False)
        step = (terms.fixed * terms.rate - cost * (high - low) + terms.area(low, high)) / (high - low)
        cost = cost + step
        if (np.abs(step) <= _CLOSE * cost).all():
            break
    low, high = _arm(terms, cost, below=True), _arm(terms, cost, below=False)
    return ContinuousReorder(low, high - low, normal_reorder_cost(terms, low, high - low))


def eoq_with_backorders_reorder(terms: NormalTerms) -> ContinuousReorder:
    """Return Q of the economic order quantity with backorders, r with g(r) = g(r + Q), and the exact cost."""
    h, p = terms.holding, terms.stockout
    quantity = np.sqrt(2 * terms.fixed * terms.rate * (h + p) / (h * p))
    best = _best_level(terms)
    low, high = best - quantity, best.copy()
    while True:
        middle = (low + high) / 2
        if ((middle <= low) | (middle >= high)).all():
            return ContinuousReorder(middle, quantity, normal_reorder_cost(terms, middle, quantity))
        falling = terms.level_cost(middle) > terms.level_cost(middle + quantity)
        low, high = np.where(falling, middle, low), np.where(falling, high, middle)


def eoq_with_safety_stock_reorder(terms: NormalTerms) -> ContinuousReorder:
    """Return Q of the plain economic order quantity, r the newsvendor level, and the exact cost of both."""
    quantity = np.sqrt(2 * terms.fixed * terms.rate / terms.holding)
    level = _best_level(terms)
    return ContinuousReorder(level, quantity, normal_reorder_cost(terms, level, quantity))


def expected_inventory_reorder(terms: NormalTerms) -> ContinuousReorder:
    """Return the (r, Q) of Hadley and Whitin's approximation, p paid once per unit short, and its approximate cost.

    Raises
    ------
    ValueError
        If a shortage costs so little against holding that no reorder point solves the equations.
    """
    quantity = np.sqrt(2 * terms.fixed * terms.rate / terms.holding)
    for _ in range(_ROUNDS_MAX):
        exposed = quantity * terms.holding / (terms.stockout * terms.rate)
        require(exposed < 1, "a unit short costs more than holding the whole order until it is sold: no such r exists")
        level = terms.mean - terms.sd * special.ndtri(exposed)
        loss = normal_loss(level, terms.mean, terms.sd)
        following = np.sqrt(2 * terms.rate * (terms.fixed + terms.stockout * loss) / terms.holding)
        done = bool((np.abs(following - quantity) <= _CLOSE * quantity).all())
        quantity = following
        if done:
            break
    held = terms.holding * (level - terms.mean + quantity / 2)
    per_cycle = terms.fixed + terms.stockout * loss
    return ContinuousReorder(level, quantity, held + per_cycle * terms.rate / quantity)


@dataclass(frozen=True)
class NormalFill:
    """Reorder points for a unit fill rate, ``(n_items,)`` each; `one_term` forgets what the lot itself leaves short."""

    reorder_point: Float64Array1D
    one_term: Float64Array1D


def normal_reorder_for_fill(mean: ArrayLike, sd: ArrayLike, quantity: ArrayLike, fill: ArrayLike) -> NormalFill:
    """Return the least r with 1 − (n(r) − n(r + Q))/Q at the asked share of units (Silver, Pyke & Thomas 2017, §6.9).

    Parameters
    ----------
    mean, sd
        Of the demand of a lead time.
    quantity
        Q, above zero.
    fill
        Asked share of units filled at once, above zero and below one.

    Raises
    ------
    ValueError
        If a standard deviation or quantity is not above zero, or a share not between zero and one.
    """
    mu, sigma, q, share = columns(mean, sd, quantity, fill)
    require((sigma > 0) & (q > 0), "standard deviation and order quantity are above zero")
    require((share > 0) & (share < 1), "a fill rate lies between zero and one, both excluded")

    def least(second: float) -> Float64Array1D:
        short = q * (1 - share)
        # At the lower end n(r) − n(r + Q) is Q to the last digit; at the upper, nothing.
        low, high = np.minimum(mu - 40 * sigma, mu - short) - q, mu + 40 * sigma
        while True:
            middle = (low + high) / 2
            if ((middle <= low) | (middle >= high)).all():
                return high
            left = normal_loss(middle, mu, sigma) - second * normal_loss(middle + q, mu, sigma)
            low, high = np.where(left > short, middle, low), np.where(left > short, high, middle)

    return NormalFill(least(1.0), least(0.0))


def _best_level(terms: NormalTerms) -> Float64Array1D:
    level: Float64Array1D = terms.mean + terms.sd * special.ndtri(terms.stockout / (terms.stockout + terms.holding))
    return level


def _arm(terms: NormalTerms, cost: Float64Array1D, *, below: bool) -> Float64Array1D:
    """Return where an arm of g meets the line at `cost`, from outside, where Newton's rule on a convex curve holds."""
    level = terms.mean - cost / terms.stockout if below else terms.mean + cost / terms.holding
    for _ in range(_ROUNDS_MAX):
        above = terms.level_cost(level) - cost
        if (above <= _CLOSE * cost).all():
            break
        level = np.where(above > 0, level - above / terms.slope(level), level)
    return level
