"""`Cells`: what each order can buy from each purse, best per money first.

A cell is an order and a purse that pays lines of it. Its steps are the edges of its lines' concave majorants
(`optimisation.majorant`), sorted by gain per money; s of money spent on the cell is worth at most G(s), the running sum
of gains along the running sum of money, a concave curve.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from optimisation.majorant import majorant_steps
from optimisation.purse.curves import PackCurves

Number = TypeVar("Number", np.int64, np.float64)


@dataclass(frozen=True)
class Cells:
    """Steps by cell, best first, and the cells by order.

    Parameters
    ----------
    order, purse
        Of each cell, sorted, ``(n_cells,)``.
    cells_of_order
        The cells of order o are ``cells_of_order[o]:cells_of_order[o + 1]``, ``(n_orders + 1,)``.
    start
        The steps of cell c are ``start[c]:start[c + 1]``, ``(n_cells + 1,)``.
    line, packs
        Line of each step, and the packs it has after the step, ``(n_steps,)``.
    money_e4, gain_e4, rate
        What the step costs, what it gains, and gain per money, which never rises within a cell, ``(n_steps,)``.
    money_to_e4, gain_to_e4
        Running sums by cell, each with a leading 0: of cell c from ``start[c] + c`` on, ``(n_steps + n_cells,)``.
    free_packs
        Packs of each line that cost nothing; 0 for all other lines, ``(n_lines,)``.
    free_gain_e4
        What they are worth, by order, ``(n_orders,)``.
    """

    order: Int64Array1D
    purse: Int64Array1D
    cells_of_order: Int64Array1D
    start: Int64Array1D
    line: Int64Array1D
    packs: Int64Array1D
    money_e4: Int64Array1D
    gain_e4: Float64Array1D
    rate: Float64Array1D
    money_to_e4: Int64Array1D
    gain_to_e4: Float64Array1D
    free_packs: Int64Array1D
    free_gain_e4: Float64Array1D

    @classmethod
    def of(cls, curves: PackCurves, order_count: int) -> Cells:
        """Return the cells of the lines."""
        money = curves.money_e4
        steps = majorant_steps(money.astype(np.float64), curves.worth_e4, curves.boundaries, curves.allowed)
        costs = steps.spent > 0
        line, point, gain = steps.curve[costs], steps.point[costs], steps.gained[costs]
        packs = curves.packs_of_point[point]
        spent = steps.spent[costs].astype(np.int64)
        rate = _never_rising(gain / spent, line)
        purse_count = int(curves.purse.max(initial=0)) + 1
        key = (curves.order * purse_count + curves.purse)[line]
        best = np.lexsort((-rate, key))  # stable: along a line the order is kept
        cell_key, counts = np.unique(key[best], return_counts=True)
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        free_packs, free_gain = _free(curves, order_count)
        order = cell_key // purse_count
        return cls(
            order,
            cell_key % purse_count,
            np.searchsorted(order, np.arange(order_count + 1)).astype(np.int64),
            start,
            line[best],
            packs[best],
            spent[best],
            gain[best],
            rate[best],
            _running(spent[best], start),
            _running(gain[best], start),
            free_packs,
            free_gain,
        )


def _never_rising(rate: Float64Array1D, line: Int64Array1D) -> Float64Array1D:
    """Return rates that do not rise along a line even in their last digit, so that sorting keeps its steps in order."""
    rate = rate.copy()
    same = line[1:] == line[:-1]
    while (rises := same & (rate[1:] > rate[:-1])).any():
        at = np.flatnonzero(rises)
        rate[at + 1] = rate[at]
    return rate


def _running(values: NDArray[Number], start: Int64Array1D) -> NDArray[Number]:
    """Return running sums by cell, each with a leading 0."""
    sums = np.zeros(values.size + start.size - 1, dtype=values.dtype)
    for cell, (first, last) in enumerate(pairwise(start)):
        np.cumsum(values[first:last], out=sums[first + cell + 1 : last + cell + 1])
    return sums


def _free(curves: PackCurves, order_count: int) -> tuple[Int64Array1D, Float64Array1D]:
    """Return the packs of lines that cost nothing, the best number of each and the most of equals; and their worth."""
    packs, gain = np.zeros(curves.order.size, dtype=np.int64), np.zeros(order_count)
    for line in np.flatnonzero((curves.pack_cost_e4 == 0) & (curves.packs_most > 0)):
        first, last = curves.boundaries[line], curves.boundaries[line + 1]
        worth = np.where(curves.allowed[first:last], curves.worth_e4[first:last], -np.inf)
        packs[line] = worth.size - 1 - int(np.argmax(worth[::-1]))
        gain[curves.order[line]] += worth[packs[line]]
    return packs, gain
