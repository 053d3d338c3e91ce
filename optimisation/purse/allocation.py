"""The doorway of the room: lines that ask for money and terms in, whole packs and an upper bound out.

1. Prices of money prove a bound and say which orders are clearly worth placing (`prices`).
2. Where they leave that open, a compact integer programme suggests orders (`master`), and a small tree of cases proves
   how good any choice can be (`proof`). The tree needs no solver; one that fails or is absent is reported.
3. The best choices are worked out in whole packs (`whole_packs`) and improved by exchanges (`exchange`).
4. Money, feasibility and worth of the result are worked out again from the packs, and the bound from the lines' own
   points: nothing a solver, a step or a search said is believed.

    gap = bound / worth − 1: no choice of packs is better by more than this share.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from demand.history import Int64Array1D
from optimisation.purse.cells import Cells
from optimisation.purse.curves import UNLIMITED_E4, Outcome, PackCurves, PurseTerms, outcome_of
from optimisation.purse.exchange import exchanged
from optimisation.purse.master import OrderChoice, order_choice, suggested_orders
from optimisation.purse.prices import bound_from_points
from optimisation.purse.proof import NODES_MAX, NODES_MAX_MANY_PURSES, Choice, Proof, proof_of
from optimisation.purse.whole_packs import whole_packs

_CHOICES_TRIED = 10
_ROUNDS_MAX = 60
_GOOD_ENOUGH = 2e-5
"""Share of the worth: what is proven to be this near is not improved further."""
_DIGITS = 1e-10
"""Share by which the bound is raised, so that rounding in its sums cannot bring it below the truth."""

Suggest = Callable[[OrderChoice], NDArray[np.bool_] | None]


@dataclass(frozen=True)
class Allocation:
    """What is ordered, and how much better it could be at most.

    Parameters
    ----------
    packs
        Packs of each line; 0 where left out, ``(n_lines,)``.
    placed
        Whether each order is placed, ``(n_orders,)``.
    worth_e4
        Worth of all packs, less fees; worked out from the packs.
    bound_e4
        No choice of packs that keeps to the terms is worth more.
    solver_failed
        True where the solver was asked which orders to place and gave no answer.
    """

    packs: Int64Array1D
    placed: NDArray[np.bool_]
    worth_e4: float
    bound_e4: float
    solver_failed: bool

    @property
    def gap(self) -> float:
        """At most this share better exists; infinite where the plan is worth nothing and the bound is above it."""
        above = self.bound_e4 - self.worth_e4
        if above <= 0:
            return 0.0
        return above / self.worth_e4 if self.worth_e4 > 0 else float("inf")


def best_packs(curves: PackCurves, terms: PurseTerms, suggest: Suggest = suggested_orders) -> Allocation:
    """Return whole packs within every purse and minimum, and a proven upper bound.

    Parameters
    ----------
    curves, terms
        What can be bought, and on which terms.
    suggest
        Who is asked which orders to place: the solver, or another in its place.
    """
    affordable = curves.money_e4 <= terms.purse_e4[curves.purse][curves.line_of_point]
    curves = replace(curves, allowed=curves.allowed & affordable)
    cells = Cells.of(curves, terms.minimum_e4.size)
    proof, suggested, solver_failed = proof_of(cells, terms, nodes_max=1), None, False
    many_purses = bool((terms.purse_e4 < UNLIMITED_E4).sum() > 1 and (terms.minimum_e4 + terms.fee_e4).any())
    if not proof.is_settled or many_purses:
        reached = -np.inf if many_purses else proof.choices[0].worth_e4  # with one purse a choice is worth its bound
        suggested = suggest(order_choice(cells, terms, proof.cases[0].prices, reached))
        if suggested is None or suggested.shape != terms.minimum_e4.shape:
            suggested, solver_failed = None, True
        proof = proof_of(cells, terms, suggested, NODES_MAX_MANY_PURSES if many_purses else NODES_MAX)
    bound = max(
        bound_from_points(curves, terms, case.state, case.prices.price, case.prices.pull) for case in proof.cases
    )
    packs, outcome = _best_of(curves, terms, cells, _in_turn(proof, suggested), bound)
    outcome = outcome_of(curves, terms, packs)
    assert outcome.is_feasible
    placed = np.zeros(terms.minimum_e4.size, dtype=np.bool_)
    placed[curves.order[packs > 0]] = True
    bound = max(bound + _DIGITS * abs(bound), outcome.worth_e4)
    return Allocation(packs, placed, outcome.worth_e4, bound, solver_failed)


def _in_turn(proof: Proof, suggested: NDArray[np.bool_] | None) -> list[Choice]:
    """Return the choices of orders to work out: the solver's, then the best of the tree's."""
    first = [] if suggested is None else [one for one in proof.choices if (one.opened == suggested).all()]
    known = {one.opened.tobytes() for one in first}
    others = [one for one in proof.choices if one.opened.tobytes() not in known]
    return [one for one in first + others if one.opened.any() and one.worth_e4 >= 0][:_CHOICES_TRIED]


def _best_of(
    curves: PackCurves, terms: PurseTerms, cells: Cells, choices: list[Choice], bound: float
) -> tuple[Int64Array1D, Outcome]:
    """Return the best whole packs that the choices of orders lead to."""
    packs = np.zeros(curves.order.size, dtype=np.int64)
    outcome = outcome_of(curves, terms, packs)
    everywhere = np.ones(terms.minimum_e4.size, dtype=np.bool_)
    enough = bound - _GOOD_ENOUGH * abs(bound)
    for turn, choice in enumerate(choices):
        if turn > 0 and outcome.worth_e4 >= enough:
            break
        if turn > 0 and choice.worth_e4 <= outcome.worth_e4:
            continue
        made, _ = whole_packs(curves, terms, cells, choice.opened, choice.price)
        made, better = exchanged(curves, terms, made, everywhere, enough, _ROUNDS_MAX)
        if better.worth_e4 > outcome.worth_e4 or (turn == 0 and better.worth_e4 >= 0):
            packs, outcome = made, better
    return packs, outcome
