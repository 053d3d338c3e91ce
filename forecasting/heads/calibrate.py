"""Laws stretched until the past lies within them as often as they say.

On earlier origins each demand is given its place in the law told before it, F(y − 1) … F(y): the randomised probability
transform in expectation (Brockwell 2007, Statistics & Probability Letters 77(14)). If of all demands a share c lies
below the p-point, F is replaced by h(F) with h(p) = c, straight between the points of `POINTS`: wider where the past
lay outside too often, narrower where it lay inside too often. h rises, so quantiles do.

A spring that all parts share moves every law of an origin at once and says nothing of the next spring. So the laws of
an origin are first brought to the level that came, and what is learnt is their shape, which repeats. One part that asks
for ten times its usual is no such level, it is the tail that is to be learnt, so a part is heard by how well its own
demand is known beforehand, as in the fit of a negative binomial of size r:

    level = Σ w y / Σ w m,      w = 1 / (1 + m / r)

y demand, m what was expected. The shape is learnt as far as it repeats: c − p is drawn to nothing by its error between
origins (James & Stein 1961, 4th Berkeley Symposium), and by `TRUST` demands' worth, so that a handful of parts is left
as it is.

    h(p) = p + (c − p) · max(0, 1 − s² / (c − p)²) · n / (n + TRUST)
    s² = L Σ_o n_o² ((c_o − c)² k / (k − 1) + A² p (1 − p)) / n² + p (1 − p) / n

n demands at k origins, n_o of them at origin o, of which a share c_o lay below. Stretches that share periods are almost
one: they differ too little to show how far the next may lie from them. So L origins count as one where k / L stretches
have room side by side. A, `APART`, says what origins of long panels have shown of it.
"""

from __future__ import annotations

import numpy as np

from demand.distribution import DemandLaw
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D

POINTS = (0.5, 0.8, 0.9, 0.95, 0.975, 0.99, 0.997)
TRUST = 500.0
APART = 0.04
"""By how much the share below a point differs between origins, beside how much one demand's does, √(p (1 − p))."""

_NO_WIDTH = 1e-12
"""Probability of a demand that has none, which lies below a point as a whole or not at all."""


def covered(law: DemandLaw, demand: Float64Array1D) -> Float64Array1D:
    """Return Σ over items of the share of each demand that lies below each of `POINTS`, ``(n_points,)``."""
    level = demand.astype(np.int64)
    above, below = law.at_most(level), law.at_most(level - 1)
    width = np.maximum(above - below, _NO_WIDTH)
    return np.array([float(np.clip((point - below) / width, 0, 1).sum()) for point in POINTS])


def level_that_came(mean: Float64Array1D, size: Float64Array1D, demand: Float64Array1D) -> float:
    """Return by how much the demand of one origin lay above what was expected; 1 where either is nothing.

    Parameters
    ----------
    mean, size
        m and r of each item, ``(n_items,)``.
    demand
        y, ``(n_items,)``.
    """
    heard = 1 / (1 + mean / size)
    told, came = float((heard * mean).sum()), float((heard * demand).sum())
    return came / told if told > 0 and came > 0 else 1.0


def curve(total: Float64Array2D, demands: Int64Array1D, overlap: float = 1) -> Float64Array1D:
    """Return h at `POINTS`.

    Parameters
    ----------
    total
        Sums of `covered` at each origin, ``(n_origins, n_points)``.
    demands
        How many demands each origin holds, ``(n_origins,)``.
    overlap
        L, origins for each stretch that shares no period with another.
    """
    points = np.array(POINTS)
    number = float(demands.sum())
    if not number:
        return points
    found = total.sum(axis=0) / number - points
    # An origin is one witness, not its thousand parts.
    shown = ((total - (found + points) * demands[:, None]) ** 2).sum(axis=0) * demands.size / max(demands.size - 1, 1)
    chance = points * (1 - points)
    usual = APART**2 * chance * float((demands.astype(np.float64) ** 2).sum())
    error = overlap * (shown + usual) / number**2 + chance / number
    kept = np.maximum(1 - error / np.maximum(found**2, 1e-12), 0.0)
    told = points + found * kept * number / (number + TRUST)
    return np.minimum(np.maximum.accumulate(told), 1.0)


def stretched(law: Float64Array2D, heights: Float64Array1D) -> Float64Array2D:
    """Return laws with F replaced by h(F), h given at `POINTS`; probabilities of 0, 1, …, ``(n_items, n_points)``."""
    points, told = np.array([0.0, *POINTS, 1.0]), np.array([0.0, *heights, 1.0])
    cumulative = np.minimum(np.cumsum(law, axis=1), 1.0)
    cumulative[:, -1] = 1.0
    return np.asarray(np.maximum(np.diff(np.interp(cumulative, points, told), axis=1, prepend=0.0), 0.0))
