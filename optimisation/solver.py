"""Which purchase orders to place from one purse: a compact integer programme, and a solver that is not believed.

One binary per order says whether it is placed; its money buys the best packs first, so what an order is worth is a
concave function of what is spent on it, given by a few pieces of falling slope (worth per money):

    maximise    Σ_o (Σ_j slope_oj · spend_oj − fee_o · placed_o)
    subject to  0 ≤ spend_oj ≤ length_oj · placed_o
                Σ_j spend_oj ≥ minimum_o · placed_o
                Σ_{oj of purse p} spend_oj ≤ purse_p

The answer is only a suggestion which orders to place. A solver stopped by its clock has been seen to call an empty plan
optimal, and fractions integer; so status and objective are not even read, and `optimisation.budget` recomputes money
and worth of whatever comes back from whole packs. The solver is HiGHS by name, through PuLP.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D

TIME_LIMIT_SECONDS = 10
"""The programme has a few hundred variables; what is not found by then is not worth waiting for."""


@dataclass(frozen=True)
class OrderChoice:
    """The compact problem: columns over pieces of spending, and over orders.

    Parameters
    ----------
    piece_order, piece_purse
        Order and purse of each piece, ``(n_pieces,)``.
    piece_length, piece_slope
        Most money the piece takes, and worth per money, ``(n_pieces,)``.
    minimum, fee
        Least value and fixed cost of each order, ``(n_orders,)``.
    purse
        Money in each purse, ``(n_purses,)``.
    """

    piece_order: Int64Array1D
    piece_purse: Int64Array1D
    piece_length: Float64Array1D
    piece_slope: Float64Array1D
    minimum: Float64Array1D
    fee: Float64Array1D
    purse: Float64Array1D


def suggested_orders(choice: OrderChoice) -> NDArray[np.bool_] | None:
    """Return which orders the solver would place, ``(n_orders,)``; None where it is absent or gives no whole answer."""
    import pulp

    solver = pulp.HiGHS(msg=False, timeLimit=TIME_LIMIT_SECONDS, threads=1)
    if not solver.available():
        return None
    problem = pulp.LpProblem("orders", pulp.LpMaximize)
    placed = [problem.add_variable(f"placed_{o}", 0, 1, cat="Binary") for o in range(choice.minimum.size)]
    spend = [problem.add_variable(f"spend_{j}", 0, float(length)) for j, length in enumerate(choice.piece_length)]
    worth = pulp.lpSum(float(slope) * spend[j] for j, slope in enumerate(choice.piece_slope))
    problem += worth - pulp.lpSum(float(fee) * placed[o] for o, fee in enumerate(choice.fee))
    for j, o in enumerate(choice.piece_order):
        problem += spend[j] <= float(choice.piece_length[j]) * placed[o]
    for o, minimum in enumerate(choice.minimum):
        problem += pulp.lpSum(spend[j] for j in np.flatnonzero(choice.piece_order == o)) >= float(minimum) * placed[o]
    for p, money in enumerate(choice.purse):
        problem += pulp.lpSum(spend[j] for j in np.flatnonzero(choice.piece_purse == p)) <= float(money)
    try:
        problem.solve(solver)
    except pulp.PulpSolverError:
        return None
    values = [variable.value() for variable in placed]
    if any(value is None or abs(value - round(value)) > 1e-6 for value in values):
        return None
    return np.array([round(value) == 1 for value in values], dtype=np.bool_)
