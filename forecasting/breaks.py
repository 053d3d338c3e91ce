"""Breaks: where all items of a panel are asked for half as much (or twice) from one period on.

An item's own months say little of a level that has just moved: three of them at half the pace are chance for a part
asked for once a month, and a filter or a regression that has learnt how far chance goes waits for more. The panel says
it at once, for what hundreds of items do together is no chance: a workshop closed, a dealer lost, a fleet won. So the
panel is split into items and periods,

    E y_it = a_i L(t) e_it

a pace of the item, e exposure times availability; a and L in turn, items weighed by how far their periods can be
trusted, as in `months_of_year`. What is found of L(t) is a level that moves as it always has, what that period alone
did to all, and chance; and, where there are any, steps that such a level does not explain:

    log L(t) = ℓ(t) + Σ_k δ_k 1[t ≥ k] + ε(t),      ℓ(t) = ℓ(t − 1) + η(t),
    Var ε = s + c(t),      Var η = q,      c(t) = 1 / Σ_i ω a_i e_it

a local level with interventions (Box & Tiao 1975, J. American Statistical Association 70(349); Harvey 1989,
Forecasting, Structural Time Series Models and the Kalman Filter, §7.6), q and s by their likelihood on a grid, with a
step and without. A step is taken for one where the likelihood is higher by `SURE`, it is of `LEAST_STEP` or more, and
it has lasted, and most items have gone along; one after another, the surest first. Level and steps together are not
believed: what moves slowly is seen in the items' own numbers, and a month that all share does not come again. The
latest months, where they are the surest, may be a lockdown: what has not lasted `LASTS` months is no step. Where there
is none every factor is one.
"""

from __future__ import annotations

import numpy as np

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D, Int64Array2D
from forecasting.months_of_year import trust_of_items

SURE, LEAST_STEP = 8.0, 0.2
"""Gain of the log likelihood, and size in the logarithm of the level, from which on a step is taken for one."""
LASTS, KNOWN = 3, 6
"""Months that a step has lasted, and that are known before it."""
MOST_STEPS, MOST_PERIODS = 4, 156
"""Steps looked for; latest periods in which they are."""
MOST_APART, LEAST_WITNESSES = 0.25, 20
"""Variance between items of what a break is to them, relative to it and beyond chance; items that must tell of it."""
_ENOUGH = 2.0
"""Calls due after a break of an item that tells of it."""
_MOVES = np.array([0.0, *np.geomspace(1e-5, 1.0, 11)])
_STIRS = np.array([0.0, *np.geomspace(1e-4, 0.3, 8)])
"""Grids of q and s."""
_LEAST, _MOST, _ROUNDS = 0.02, 50.0, 3
_UNKNOWN = 1e6
"""Variance of a level of which nothing is known yet."""
_NOTHING = 1e-12


def break_factors(asked: Int64Array2D, possible: Float64Array2D, months: float) -> Float64Array1D:
    """Return how much more (or less) a panel is asked for in each period than in the first, ``(n_periods,)``.

    Parameters
    ----------
    asked
        Calls of each item in each period, ``(n_items, n_periods)``.
    possible
        Exposure times availability, above zero where seen, same shape.
    months
        Length of a period in months.
    """
    periods = asked.shape[1]
    before, after = (max(1, round(each / months)) for each in (KNOWN, LASTS))
    start = max(0, periods - MOST_PERIODS)
    steps = np.zeros(periods)
    if periods - start < before + after or not asked.any():
        return np.ones(periods)
    told, chance = _level(asked[:, start:], possible[:, start:])
    for _ in range(MOST_STEPS):
        found = _surest(told - steps[start:], chance, np.arange(before, periods - start))
        if found is None or found[0] > periods - start - after:
            break
        place, size = found
        if not _is_shared(asked[:, start:], possible[:, start:] * np.exp(steps[start:]), place, float(np.exp(size))):
            break
        steps[start + place :] += size
    return np.clip(np.exp(steps), _LEAST, _MOST)


def _level(asked: Int64Array2D, possible: Float64Array2D) -> tuple[Float64Array1D, Float64Array1D]:
    """Return log L of each period and its variance by chance; not a number in a period of which nothing was seen."""
    calls = np.where(possible > 0, asked, 0).astype(np.float64)
    total, trusted = calls.sum(axis=1), trust_of_items(calls)
    came, level = np.einsum("n,nt->t", trusted, calls), np.ones(calls.shape[1])
    thought = level
    for _ in range(_ROUNDS):
        pace = total / np.maximum(np.einsum("nt,t->n", possible, level), _NOTHING)
        thought = np.einsum("n,nt->t", trusted * pace, possible)
        level = (came + 0.5) / (thought + 0.5)
    seen = thought > _NOTHING
    return np.where(seen, np.log(level), np.nan), 1 / np.maximum(thought, 0.5)


def _is_shared(asked: Int64Array2D, possible: Float64Array2D, place: int, factor: float) -> bool:
    """Return whether items go along: half of them gone and the others as ever is no break of all."""

    def apart(known: slice, ahead: slice, level: float) -> tuple[Float64Array1D, Float64Array1D]:
        """Return the squared relative error of each item asked for enough, and what one call's chance does to it."""
        counted = np.where(possible > 0, asked, 0)
        before, came = (counted[:, each].sum(axis=1).astype(np.float64) for each in (known, ahead))
        due = level * before * possible[:, ahead].sum(axis=1) / np.maximum(possible[:, known].sum(axis=1), _NOTHING)
        enough = due >= _ENOUGH
        due, before, came = due[enough], before[enough], came[enough]
        return (came / due - 1) ** 2, 1 / due + 1 / before

    usual, chance_then = apart(slice(0, place // 2), slice(place // 2, place), 1.0)
    error, chance = apart(slice(0, place), slice(place, asked.shape[1]), factor)
    if min(usual.size, error.size) < LEAST_WITNESSES:
        return False
    clinging = max(float(usual.mean() / chance_then.mean()), 1.0)
    return float(error.mean() - clinging * chance.mean()) <= MOST_APART


def _surest(told: Float64Array1D, chance: Float64Array1D, places: Int64Array1D) -> tuple[int, float] | None:
    """Return where the surest step is and how large, in the logarithm; None where none is sure.

    A filter is linear, so the errors of one with a step are those without, less the step's own errors times its size.
    All steps and all pairs of the grids are filtered side by side, ``(n_moves, n_stirs, 1 + n_places)``.
    """
    shape = (_MOVES.size, _STIRS.size, 1)
    mean = np.zeros((_MOVES.size, _STIRS.size, 1 + places.size))
    variance, total = np.full(shape, _UNKNOWN), np.zeros(shape)
    along, own, is_first = np.zeros(mean[..., 1:].shape), np.full(mean[..., 1:].shape, _NOTHING), True
    for period, (value, noise) in enumerate(zip(told, chance, strict=True)):
        variance = variance + _MOVES[:, None, None]
        if np.isnan(value):
            continue
        spread = variance + _STIRS[None, :, None] + noise
        error = np.concatenate([[value], period >= places]) - mean
        if not is_first:
            total -= 0.5 * (np.log(spread) + error[..., :1] ** 2 / spread)
            along += error[..., 1:] * error[..., :1] / spread
            own += error[..., 1:] ** 2 / spread
        gain = variance / spread
        mean, variance, is_first = mean + gain * error, variance * (1 - gain), False
    with_step = total + 0.5 * along**2 / own
    sizes = along / own
    sure = np.where(np.abs(sizes) >= LEAST_STEP, with_step, -np.inf)
    if not sure.size or sure.max() < total.max() + SURE:
        return None
    best = np.unravel_index(int(sure.argmax()), sure.shape)
    return int(places[best[2]]), float(sizes[best])
