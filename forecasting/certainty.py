"""How much of the demand to come is certain: vehicles that each call once, or not at all.

Model in words. A vehicle that comes with chance p adds p to the mean of a stretch and p (1 − p) to its variance. So
calls made of many such vehicles vary less than chance by the share

    s = Σ p² / Σ p        variance = mean (1 − s) + φ mean²

Over several months the chances of one vehicle add up, and so do the shares, up to `MOST`. Counts that vary less than
chance are binomial where others are negative binomial: the same generating function, its size below zero.

How much such calls cling together, φ, can't be seen beside chance calls; it is what the family's months in the past
varied more than Σ p (1 − p).
"""

from __future__ import annotations

import numpy as np

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D, Int64Array2D

MOST = 0.9
"""No more than this share is ever taken for certain."""
RECENT_PERIODS = 24
_TRUST_CALLS = 400.0


def sizes_below_zero(mean: Float64Array2D, inverse: Float64Array2D, share: Float64Array2D) -> Float64Array2D:
    """Return the size r of the law of the calls, negative where they vary less than chance.

    Parameters
    ----------
    mean
        μ, ``(n_items, n_mixed)``.
    inverse
        1 / r without certainty, zero or more, same shape.
    share
        s, same shape.

    Notes
    -----
    A binomial law has a whole number of trials: |r| is rounded up, and its mean kept.
    """
    some = mean > 1e-9
    whole = inverse - np.where(some, np.minimum(share, MOST) / np.where(some, mean, 1.0), 0.0)
    below = whole < -1e-12
    trials = np.ceil(np.where(below, 1 / np.where(below, -whole, 1.0), 1.0) - 1e-9)
    chance = np.where(whole > 1e-12, 1 / np.maximum(whole, 1e-12), np.inf)
    return np.where(below, -np.maximum(trials, 1.0), chance)


def dispersion_beside(
    calls: Int64Array2D, mean: Float64Array2D, share: Float64Array1D, family: Int64Array1D, given: Float64Array1D
) -> Float64Array1D:
    """Return φ of each item: as given where nothing is certain, else what its family's months say beside it.

    Parameters
    ----------
    calls, mean
        Calls of each item and period, and what was expected of them, ``(n_items, n_periods)``.
    share
        s of a period of each item, ``(n_items,)``.
    family
        Code of each item's family.
    given
        φ as the filter found it.
    """
    if not (calls.size and (share > 0).any()):
        return given
    y, mu = calls[:, -RECENT_PERIODS:], mean[:, -RECENT_PERIODS:]
    surplus = ((y - mu) ** 2 - mu * (1 - np.minimum(share, MOST))[:, None]).sum(axis=1)
    code = family
    total = np.bincount(code, weights=surplus)
    squares = np.bincount(code, weights=(mu**2).sum(axis=1))
    found = np.maximum(total, 0) / (squares + _TRUST_CALLS)
    return np.where(share > 0, np.maximum(found[code], given), given)
