"""Plain twins of the policies: one item, loops, matrices and enumeration, nothing shared with what they hold up."""

import itertools
import math

import numpy as np
import pytest

from demand.history import Float64Array1D

WHOLE_NUMBERS = pytest.mark.soak
"""The suite takes a share of the random instances; `make soak` takes all."""


def share_and_all(share: int, whole: int) -> pytest.MarkDecorator:
    """Run a test on a share of its instances in the suite, and on all of them in the soak."""
    return pytest.mark.parametrize("instances", [share, pytest.param(whole, marks=WHOLE_NUMBERS)])


def poisson_law(mean: float, points: int = 200) -> Float64Array1D:
    return np.array([math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(points)])


def negative_binomial_law(mean: float, variance: float, points: int = 400) -> Float64Array1D:
    if variance <= mean:
        return poisson_law(mean, points)
    r, p = mean**2 / (variance - mean), mean / variance
    log_p, log_q = math.log(p), math.log1p(-p)
    return np.array(
        [
            math.exp(math.lgamma(r + k) - math.lgamma(r) - math.lgamma(k + 1) + r * log_p + k * log_q)
            for k in range(points)
        ]
    )


def summed(law: Float64Array1D, periods: int) -> Float64Array1D:
    total = np.ones(1)
    for _ in range(periods):
        total = np.convolve(total, law)
    return total


def level_cost(law: Float64Array1D, holding: float, stockout: float, level: int) -> float:
    left = level - np.arange(law.size)
    return float((law * (holding * np.maximum(left, 0) + stockout * np.maximum(-left, 0))).sum())


def shortage(law: Float64Array1D, level: int) -> float:
    return float((law * np.maximum(np.arange(law.size) - level, 0)).sum())


def stationary(chain: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> Float64Array1D:
    """Return the stationary law of a Markov chain with one class, by linear equations."""
    states = chain.shape[0]
    equations = np.vstack([chain.T - np.eye(states), np.ones(states)])
    law: Float64Array1D = np.linalg.lstsq(equations, np.append(np.zeros(states), 1.0), rcond=None)[0]
    return law


def min_max_chain(law: Float64Array1D, reorder: int, upto: int) -> Float64Array1D:
    """Return how often the position after ordering is s + 1, …, S."""
    states = upto - reorder
    chain = np.zeros((states, states))
    for state, demand in itertools.product(range(states), range(law.size)):
        after = state - demand
        chain[state, after if after >= 0 else states - 1] += law[demand]
    return stationary(chain)


def min_max_cost(
    law: Float64Array1D, lead_time: int, holding: float, stockout: float, fixed: float, reorder: int, upto: int
) -> float:
    often = min_max_chain(law, reorder, upto)
    interval = summed(law, lead_time + 1)
    total = 0.0
    for position, share in zip(range(reorder + 1, upto + 1), often, strict=True):
        ordered = float(law[position - reorder :].sum())
        total += share * (level_cost(interval, holding, stockout, position) + fixed * ordered)
    return total


def least_average_cost(
    law: Float64Array1D, lead_time: int, holding: float, stockout: float, fixed: float
) -> tuple[float, float]:
    """Return a lower and an upper bound on the least cost per period of any ordering rule, by value iteration.

    After each step the least and the most that any position gained bracket the optimum (Odoni 1969); half of each step
    is taken, so that demand in threes does not make it swing.
    """
    interval = summed(law, lead_time + 1)
    largest = law.size - 1
    reach = np.arange(-80, 160)
    cost = np.array([level_cost(interval, holding, stockout, int(y)) for y in reach])
    kept = np.flatnonzero(cost <= cost.min() + 2 * fixed + holding + stockout)
    cost = cost[kept[0] : kept[-1] + 1]  # whoever stands beyond loses more than an order costs
    value = np.zeros(cost.size + largest)  # positions below the first level follow an unusually large demand
    for _ in range(100_000):
        stay = cost + np.convolve(value, law, mode="valid")
        best_above = np.minimum.accumulate(stay[::-1])[::-1]
        after = np.concatenate([np.full(largest, fixed + best_above[0]), np.minimum(stay, fixed + best_above)])
        gained = after - value
        if gained.max() - gained.min() < 1e-8 * gained.max():
            break
        value = value + gained / 2
        value -= value[-1]
    return float(gained.min()), float(gained.max())


def agrees(batches: Float64Array1D, predicted: float) -> bool:
    """Whether the mean of independent batches lies within four standard errors of what was predicted."""
    error = float(batches.std(ddof=1) / math.sqrt(batches.size))
    return abs(float(batches.mean()) - predicted) <= 4 * error + 1e-12
