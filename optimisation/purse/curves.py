"""`PackCurves`, `PurseTerms`: lines that ask for money pack by pack, and the terms of the orders and purses they share.

    maximise    Σ_i W_i(k_i) − Σ_{o placed} fee_o
    subject to  Σ_{i of o} c_i k_i ≥ minimum_o where o is placed, and k_i = 0 where it is not
                Σ_{i of p} c_i k_i ≤ purse_p
                k_i = 0 or one of the line's allowed numbers of packs

W_i need be neither concave nor rising: a first pack may be worth nothing without the second, and packs beyond need,
bought only to reach a minimum, cost their carrying. c, minimum, fee and purse are whole ten-thousandths of the
currency; worth is an expectation, in the same unit, as a float. What a choice of packs spends and is worth is worked
out here, from the packs alone, whoever proposed them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D

UNLIMITED_E4 = 2**62
"""The content of a purse that nobody limits."""


@dataclass(frozen=True)
class PackCurves:
    """Lines that ask for money, one row per line.

    Parameters
    ----------
    order, purse
        Index of the purchase order and of the purse, ``(n_lines,)``.
    pack_cost_e4
        c: what one pack costs, ``(n_lines,)``.
    packs_most
        The most packs of a line, ``(n_lines,)``.
    worth_e4
        W(0) = 0, W(1), …, W(packs_most) of each line, flat.
    allowed
        Whether the line may be ordered in this number of packs, flat; 0 always may.

    Raises
    ------
    ValueError
        If a pack costs less than nothing, ordering nothing is worth something, or the columns disagree in length.
    """

    order: Int64Array1D
    purse: Int64Array1D
    pack_cost_e4: Int64Array1D
    packs_most: Int64Array1D
    worth_e4: Float64Array1D
    allowed: NDArray[np.bool_]

    def __post_init__(self) -> None:
        points = int(self.packs_most.sum()) + self.packs_most.size
        if not self.worth_e4.size == self.allowed.size == points:
            raise ValueError("worth and allowed have one entry for each number of packs from 0 to the most")
        if self.order.size and self.pack_cost_e4.min() < 0:
            raise ValueError("a pack costs nothing or more")
        first = self.boundaries[:-1]
        if not (np.isfinite(self.worth_e4).all() and (self.worth_e4[first] == 0).all() and self.allowed[first].all()):
            raise ValueError("worth is finite; ordering nothing is always allowed and worth nothing")

    @cached_property
    def boundaries(self) -> Int64Array1D:
        """Where each line's worth begins in the flat column, and where the last ends."""
        return np.concatenate([[0], np.cumsum(self.packs_most + 1)]).astype(np.int64)

    @cached_property
    def line_of_point(self) -> Int64Array1D:
        """The line of each entry of the flat columns."""
        return np.repeat(np.arange(self.order.size), self.packs_most + 1)

    @cached_property
    def packs_of_point(self) -> Int64Array1D:
        """The number of packs of each entry of the flat columns."""
        packs: Int64Array1D = np.arange(self.worth_e4.size) - self.boundaries[:-1][self.line_of_point]
        return packs

    @cached_property
    def money_e4(self) -> Int64Array1D:
        """What each entry of the flat columns costs."""
        return self.packs_of_point * self.pack_cost_e4[self.line_of_point]

    def point_of(self, packs: Int64Array1D) -> Int64Array1D:
        """Return the flat index of the packs of each line."""
        return self.boundaries[:-1] + packs


@dataclass(frozen=True)
class PurseTerms:
    """Terms of the purchase orders and purses.

    Parameters
    ----------
    minimum_e4, fee_e4
        Least value of each order and fixed cost of placing it, ``(n_orders,)``.
    purse_e4
        Money in each purse, ``(n_purses,)``; `UNLIMITED_E4` where nobody limits it.

    Raises
    ------
    ValueError
        If a minimum, a fee or a purse is negative.
    """

    minimum_e4: Int64Array1D
    fee_e4: Int64Array1D
    purse_e4: Int64Array1D

    def __post_init__(self) -> None:
        for column in (self.minimum_e4, self.fee_e4, self.purse_e4):
            if column.size and column.min() < 0:
                raise ValueError("minimums, fees and purses are zero or more")


@dataclass(frozen=True)
class Outcome:
    """What a choice of packs really comes to.

    Parameters
    ----------
    order_value_e4
        Value of each order, ``(n_orders,)``.
    spent_e4
        What each purse pays, ``(n_purses,)``.
    order_net_e4
        Worth of each order's packs less its fee where it is placed, else 0, ``(n_orders,)``.
    is_feasible
        Whether every purse, minimum and allowed number of packs is kept.
    """

    order_value_e4: Int64Array1D
    spent_e4: Int64Array1D
    order_net_e4: Float64Array1D
    is_feasible: bool

    @property
    def worth_e4(self) -> float:
        """Worth of the whole, less the fees."""
        return float(self.order_net_e4.sum())


def outcome_of(curves: PackCurves, terms: PurseTerms, packs: Int64Array1D) -> Outcome:
    """Return what the packs come to, ``(n_lines,)`` packs; an order with a line of at least one pack is placed."""
    inside = bool(((packs >= 0) & (packs <= curves.packs_most)).all())
    point = curves.point_of(np.clip(packs, 0, curves.packs_most))
    value, spent = np.zeros(terms.minimum_e4.size, dtype=np.int64), np.zeros(terms.purse_e4.size, dtype=np.int64)
    np.add.at(value, curves.order, curves.money_e4[point])
    np.add.at(spent, curves.purse, curves.money_e4[point])
    placed = np.zeros(value.size, dtype=np.bool_)
    placed[curves.order[packs > 0]] = True
    worth = np.bincount(curves.order, curves.worth_e4[point], value.size)
    kept = (spent <= terms.purse_e4).all() and (value >= terms.minimum_e4)[placed].all()
    return Outcome(
        value,
        spent,
        np.where(placed, worth - terms.fee_e4, 0.0),
        bool(inside and kept and curves.allowed[point].all()),
    )
