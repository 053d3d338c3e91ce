"""Small purchase plans drawn at random, and what they come to by trying every choice of packs."""

import itertools

import numpy as np

from optimisation.purse.curves import PackCurves, PurseTerms, outcome_of


def curves_of(
    order: list[int], purse: list[int], cost: list[int], gains: list[list[float]], least: int = 1
) -> PackCurves:
    """Return lines by the gain of each pack; fewer packs than `least` are not allowed, but none are."""
    packs = np.concatenate([np.arange(len(gain) + 1) for gain in gains])
    return PackCurves(
        np.array(order, dtype=np.int64),
        np.array(purse, dtype=np.int64),
        np.array(cost, dtype=np.int64),
        np.array([len(gain) for gain in gains], dtype=np.int64),
        np.concatenate([np.concatenate([[0.0], np.cumsum(gain)]) for gain in gains]),
        (packs == 0) | (packs >= least),
    )


def terms_of(minimum: list[int], purse: list[int], fee: list[int] | None = None) -> PurseTerms:
    fees = fee or [0] * len(minimum)
    return PurseTerms(*(np.array(column, dtype=np.int64) for column in (minimum, fees, purse)))


def made(seed: int) -> tuple[PackCurves, PurseTerms]:
    """Return up to five lines with curves of any shape, up to three orders, one or two purses."""
    chance = np.random.default_rng(seed)
    lines, orders, purses = int(chance.integers(2, 6)), int(chance.integers(1, 4)), int(chance.integers(1, 3))
    gains = [chance.integers(-2, 12, chance.integers(1, 4)).astype(np.float64).tolist() for _ in range(lines)]
    curves = curves_of(
        chance.integers(0, orders, lines).tolist(),
        chance.integers(0, purses, lines).tolist(),
        chance.integers(0, 20, lines).tolist(),
        gains,
        least=int(chance.integers(1, 3)),
    )
    fee = chance.integers(0, 6, orders).tolist()
    return curves, terms_of(chance.integers(0, 40, orders).tolist(), chance.integers(5, 70, purses).tolist(), fee)


def best_worth(curves: PackCurves, terms: PurseTerms) -> float:
    """Return the worth of the best of all choices of packs."""
    every = itertools.product(*(range(most + 1) for most in curves.packs_most))
    outcomes = (outcome_of(curves, terms, np.array(packs, dtype=np.int64)) for packs in every)
    return max(outcome.worth_e4 for outcome in outcomes if outcome.is_feasible)
