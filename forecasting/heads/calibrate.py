"""Laws stretched until the past lies within them as often as they say.

On earlier origins each demand is given its place in the law told before it, F(y − 1) … F(y): the randomised probability
transform in expectation (Brockwell 2007, Statistics & Probability Letters 77(14)). If of all demands a share c lies
below the p-point, F is replaced by h(F) with h(p) = c, straight between the points of `POINTS`. It is drawn to the
identity by `TRUST` demands' worth, so that a handful of parts is left as it is, and it is the identity below `MIDDLE`:
a spring that all parts share moves the middle of every law at once, and says nothing of the next spring; what lies far
out is each part's own. h rises, so quantiles do.
"""

from __future__ import annotations

import numpy as np

from demand.distribution import DemandLaw
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D

POINTS = (0.5, 0.8, 0.9, 0.95, 0.975, 0.99, 0.997)
TRUST = 500.0
MIDDLE, TAIL = 0.8, 0.95
"""Shares up to which the law is left alone, and from which it is stretched in full."""


def covered(law: DemandLaw, demand: Float64Array1D) -> Float64Array1D:
    """Return Σ over items of the share of each demand that lies below each of `POINTS`, ``(n_points,)``."""
    level = demand.astype(np.int64)
    above, below = law.at_most(level), law.at_most(level - 1)
    width = np.where(above > below, above - below, 1.0)
    return np.array([float(np.clip((point - below) / width, 0, 1).sum()) for point in POINTS])


def curve(total: Float64Array2D, demands: Int64Array1D) -> Float64Array1D:
    """Return h at `POINTS`.

    Parameters
    ----------
    total
        What `covered` says of each trial, ``(n_trials, n_points)``.
    demands
        How many demands each trial holds, ``(n_trials,)``.
    """
    points = np.array(POINTS)
    number = float(demands.sum())
    found = total.sum(axis=0) / number - points
    # A trial is one witness, not its thousand parts; where there is one alone, chance among its parts is the least.
    apart = ((total - (found + points) * demands[:, None]) ** 2).sum(axis=0) / number**2
    chance = points * (1 - points) / number
    error = apart * demands.size / max(demands.size - 1, 1) + chance
    kept = np.maximum(1 - error / np.maximum(found**2, 1e-12), 0.0)
    told = points + found * kept * number / (number + TRUST)
    return np.minimum(np.maximum.accumulate(told), 1.0)


def stretched(law: Float64Array2D, heights: Float64Array1D) -> Float64Array2D:
    """Return laws with F replaced by h(F), h given at `POINTS`; probabilities of 0, 1, …, ``(n_items, n_points)``."""
    points, told = np.array([0.0, *POINTS, 1.0]), np.array([0.0, *heights, 1.0])
    cumulative = np.minimum(np.cumsum(law, axis=1), 1.0)
    cumulative[:, -1] = 1.0
    return np.asarray(np.maximum(np.diff(np.interp(cumulative, points, told), axis=1, prepend=0.0), 0.0))
