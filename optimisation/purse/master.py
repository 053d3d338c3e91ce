"""Which purchase orders to place from one purse: a compact integer programme, and a solver that is not believed.

One binary per order says whether it is placed; its money buys the best packs first, so what an order is worth is a
concave function of what is spent on it, given by a few pieces of falling slope (worth per money):

    maximise    Σ_o (Σ_j slope_oj · spend_oj − fee_o · placed_o)
    subject to  0 ≤ spend_oj ≤ length_oj · placed_o
                Σ_j spend_oj ≥ minimum_o · placed_o
                Σ_{oj of purse p} spend_oj ≤ purse_p

The pieces are chords of the exact curves, short where the price of money lets them be told apart: a few hundred columns
stand for hundreds of thousands of packs. The answer is only a suggestion which orders to place. A solver stopped by its
clock has been seen to call an empty plan optimal, and fractions integer; so status and objective are not even read, and
`optimisation.purse.allocation` works out money, worth and bound of whatever comes back from whole packs. The solver is
HiGHS by name, through PuLP.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from optimisation.purse.cells import Cells
from optimisation.purse.curves import PurseTerms
from optimisation.purse.prices import CLOSED, FREE, OPEN, Prices

TIME_LIMIT_SECONDS = 10
"""The programme has a few hundred variables; what is not found by then is not worth waiting for."""

_PRICE_MULTIPLES = (8.0, 4.0, 2.0, 1.5, 1.25, 1.1, 1.05, 1.02, 1.0, 0.98, 0.95, 0.9, 0.8, 0.65, 0.5, 0.25, 0.0)
"""Where a cell's curve is cut into pieces: at the steps that gain this multiple of the price of money."""


@dataclass(frozen=True)
class OrderChoice:
    """The compact problem: columns over pieces of spending, and over orders.

    Parameters
    ----------
    piece_order, piece_purse
        Order and purse of each piece, ``(n_pieces,)``.
    piece_length, piece_slope
        Most money the piece takes, in one unit for all, and worth per money, ``(n_pieces,)``.
    minimum, fee
        Least value and fixed cost of each order, ``(n_orders,)``.
    purse
        Money in each purse, ``(n_purses,)``.
    state
        `OPEN` or `CLOSED` for orders about which the prices of money leave no doubt, else `FREE`, ``(n_orders,)``.
    """

    piece_order: Int64Array1D
    piece_purse: Int64Array1D
    piece_length: Float64Array1D
    piece_slope: Float64Array1D
    minimum: Float64Array1D
    fee: Float64Array1D
    purse: Float64Array1D
    state: Int64Array1D


def order_choice(cells: Cells, terms: PurseTerms, prices: Prices, worth_e4: float) -> OrderChoice:
    """Return the compact problem, its pieces cut about the given prices of money.

    Parameters
    ----------
    cells, terms
        What can be bought, and on which terms.
    prices
        The best prices for orders that are all free.
    worth_e4
        What some choice of orders is worth. An order that costs the bound more than the difference when it is put in or
        out against the prices need not be asked about (reduced-cost fixing).
    """
    price, doubt = prices.price, prices.bound_e4 - worth_e4
    state = np.where(prices.net_e4 > doubt, OPEN, np.where(prices.net_e4 < -doubt, CLOSED, FREE)).astype(np.int64)
    rows: list[tuple[int, int, float, float]] = []
    for cell in range(cells.order.size):
        first, last = int(cells.start[cell]), int(cells.start[cell + 1])
        order, purse = int(cells.order[cell]), int(cells.purse[cell])
        levels = price[purse] * np.array(_PRICE_MULTIPLES)
        cuts = np.searchsorted(-cells.rate[first:last], -levels, side="right")
        money = cells.money_to_e4[first + cell : last + cell + 1]
        cuts = np.append(cuts, [0, np.searchsorted(money, terms.minimum_e4[order]), last - first])
        cuts = np.unique(np.minimum(cuts, last - first))
        gain = cells.gain_to_e4[first + cell : last + cell + 1]
        length = np.diff(money[cuts]).astype(np.float64)
        slope = np.diff(gain[cuts]) / length
        rows.extend((order, purse, float(a), float(b)) for a, b in zip(length, slope, strict=True))
    columns = [np.array(column) for column in zip(*rows, strict=True)] if rows else [np.zeros(0)] * 4
    unit = max(float(columns[2].max(initial=1.0)), 1.0)  # solvers work best on numbers about one
    return OrderChoice(
        columns[0].astype(np.int64),
        columns[1].astype(np.int64),
        columns[2] / unit,
        columns[3],
        terms.minimum_e4 / unit,
        (terms.fee_e4 - cells.free_gain_e4) / unit,
        terms.purse_e4 / unit,
        state,
    )


def suggested_orders(choice: OrderChoice) -> NDArray[np.bool_] | None:
    """Return which orders the solver would place, ``(n_orders,)``; None where it is absent or gives no whole answer."""
    import pulp

    solver = pulp.HiGHS(msg=False, timeLimit=TIME_LIMIT_SECONDS, threads=1)
    if not solver.available():
        return None
    problem = pulp.LpProblem("orders", pulp.LpMaximize)
    placed = [
        problem.add_variable(f"placed_{o}", int(state == OPEN), int(state != CLOSED), cat="Integer")
        for o, state in enumerate(choice.state)
    ]
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
