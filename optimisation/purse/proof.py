"""Which orders to place, and the proof that no other choice is much better: a small tree of cases.

At the best prices every order but a few clearly is or is not worth placing. For one that is neither, two cases are
told apart, placed or not, each with prices of its own (branch and bound; Land & Doig 1960, with the bound of Geoffrion
1974). The cases of the leaves cover all choices, so the highest of their bounds bounds every plan; no leaf has to be
opened whose bound is below what some choice of orders is worth. A tree that is cut short proves less, and is a proof.

A choice of orders is valued at the bound of that choice alone, in which money is divisible: what whole packs make of
it is `whole_packs`'.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from optimisation.purse.cells import Cells
from optimisation.purse.curves import PurseTerms
from optimisation.purse.prices import CLOSED, FREE, OPEN, Prices, best_prices

NODES_MAX = 400
NODES_MAX_MANY_PURSES = 60
"""With several purses the prices of a case take longer, and tell less."""
CLOSE_ENOUGH = 1e-7
"""Share of the worth below which two bounds count as equal."""


@dataclass(frozen=True)
class Choice:
    """Orders to place, and what they would be worth if packs could be divided."""

    worth_e4: float
    opened: NDArray[np.bool_]
    price: Float64Array1D


@dataclass(frozen=True)
class Case:
    """A leaf of the tree: which orders are in, out or free, and the prices that bound what it can be worth."""

    state: Int64Array1D
    prices: Prices


@dataclass(frozen=True)
class Proof:
    """Cases that cover every choice of orders, and the choices met on the way, best first."""

    cases: tuple[Case, ...]
    choices: tuple[Choice, ...]

    @property
    def bound_e4(self) -> float:
        """The highest bound of the cases."""
        return max(case.prices.bound_e4 for case in self.cases)

    @property
    def is_settled(self) -> bool:
        """Whether the best choice met is worth what the cases allow, but for divided packs."""
        return bool(self.choices[0].worth_e4 >= self.bound_e4 - CLOSE_ENOUGH * abs(self.bound_e4))


class _Choices:
    """The choices met so far, each valued once."""

    def __init__(self, cells: Cells, terms: PurseTerms) -> None:
        self.cells, self.terms = cells, terms
        self.known: dict[bytes, Choice] = {}

    def valued(self, opened: NDArray[np.bool_]) -> Choice:
        key = opened.tobytes()
        if key not in self.known:
            prices = best_prices(self.cells, self.terms, np.where(opened, OPEN, CLOSED).astype(np.int64))
            self.known[key] = Choice(prices.bound_e4, opened, prices.price)
        return self.known[key]

    @property
    def best(self) -> float:
        return max(choice.worth_e4 for choice in self.known.values())


def proof_of(
    cells: Cells, terms: PurseTerms, suggested: NDArray[np.bool_] | None = None, nodes_max: int = NODES_MAX
) -> Proof:
    """Return the tree's leaves and the choices of orders met.

    Parameters
    ----------
    cells, terms
        What can be bought, and on which terms.
    suggested
        A choice to value beside those the tree meets, ``(n_orders,)``; it is not believed to be good.
    nodes_max
        Most cases to tell apart; 1 for what the prices alone say.
    """
    choices = _Choices(cells, terms)
    choices.valued(np.zeros(terms.minimum_e4.size, dtype=np.bool_))
    if suggested is not None:
        choices.valued(suggested)
    root = np.full(terms.minimum_e4.size, FREE, dtype=np.int64)
    prices = best_prices(cells, terms, root)
    heap: list[tuple[float, int, Int64Array1D, Prices]] = [(-prices.bound_e4, 0, root, prices)]
    leaves: list[Case] = []
    nodes = 1
    while heap:
        bound, _, state, prices = heap[0]
        met = [choices.valued(placed) for placed in (prices.placed, prices.placed_cheaper)]
        enough = -bound - CLOSE_ENOUGH * abs(bound)
        if nodes >= nodes_max or choices.best >= enough:
            break
        heapq.heappop(heap)
        order = _undecided(state, prices)
        if order is None or max(choice.worth_e4 for choice in met) >= enough:
            leaves.append(Case(state, prices))
            continue
        for decided in (OPEN, CLOSED):
            child = state.copy()
            child[order] = decided
            below = best_prices(cells, terms, child)
            nodes += 1
            if below.bound_e4 > -np.inf:
                heapq.heappush(heap, (-below.bound_e4, nodes, child, below))
    leaves.extend(Case(state, prices) for _, _, state, prices in heap)
    ranked = sorted(choices.known.values(), key=lambda choice: (-choice.worth_e4, choice.opened.tobytes()))
    return Proof(tuple(leaves), tuple(ranked))


def _undecided(state: Int64Array1D, prices: Prices) -> int | None:
    """Return the free order that the prices leave most in doubt; none where no order is free."""
    free = np.flatnonzero((state == FREE) & np.isfinite(prices.net_e4))
    if not free.size:
        return None
    wavers = prices.placed[free] != prices.placed_cheaper[free]
    doubt = np.where(wavers, -1.0, 0.0) + np.abs(prices.net_e4[free]) / (1.0 + np.abs(prices.net_e4[free]).max())
    return int(free[np.argmin(doubt)])
