"""How a family's calls really run over the vehicle's age, beside how the published lives say they should.

Model in words. Dated calls of a family at age group g are Poisson with mean E_g exp(f_g), E_g the calls expected there
by the published needs, scaled to the family's total. f is smooth and near zero:

    maximise  Σ_g (y_g f_g − E_g exp f_g) − ½ λ Σ_g (f_{g−1} − 2 f_g + f_{g+1})² − ½ ε Σ_g f_g²

a penalised Poisson regression (Whittaker's smoothing with a Poisson law; Eilers & Marx 1996, Flexible smoothing with
B-splines and penalties, Statistical Science 11(2), eq. 13, on the identity basis), solved by Newton's steps, all
families at once. Without calls f is zero: the published shape stands. The level is left to the family's rate, only the
shape over age is taken; it corrects needs, loyalty and survival together, which calls alone can't tell apart.

It says nothing of single parts.
"""

from __future__ import annotations

import numpy as np

from demand.history import Float64Array2D, Int64Array1D
from forecasting.population import AGES

GROUP_STARTS = (0, 1, 2, 3, 5, 7, 9, 11, 13, 16, 20, 24, 30, 36, 48, 60, 72, 84, 96, 108, 120, 144, 168, 192)
"""First month of each age group: fine where a first service or a delivery falls, coarse later."""
SMOOTHNESS = 25.0
"""λ: neighbouring slopes of log f differ by about 1/√λ = 0.2."""
NEARNESS = 0.5
"""ε: log f itself is about 1/√ε = 1.4 at most, a fourfold correction."""
_STEPS = 30


def age_groups() -> Int64Array1D:
    """Return the group of each age in months, ``(AGES,)``."""
    return np.searchsorted(np.array(GROUP_STARTS), np.arange(AGES), side="right").astype(np.int64) - 1


def corrections(asked: Float64Array2D, expected: Float64Array2D) -> Float64Array2D:
    """Return what to multiply the needs of each family by, in each age group, ``(n_families, n_groups)``.

    Parameters
    ----------
    asked
        Calls of vehicles whose age is known, ``(n_families, n_groups)``.
    expected
        Calls expected there by the published needs, same shape, zero or more.
    """
    families, groups = asked.shape
    total = np.where(expected > 0, asked, 0).sum(axis=1, keepdims=True)
    possible = expected.sum(axis=1, keepdims=True)
    scaled = expected * np.where(possible > 0, total / np.where(possible > 0, possible, 1.0), 0.0)
    bend = np.diff(np.eye(groups), n=2, axis=0)
    penalty = SMOOTHNESS * bend.T @ bend + NEARNESS * np.eye(groups)
    f = np.zeros((families, groups))
    for _ in range(_STEPS):
        mean = scaled * np.exp(f)
        slope = np.where(expected > 0, asked, 0) - mean - f @ penalty
        curvature = penalty[None, :, :] + mean[:, :, None] * np.eye(groups)
        step = np.linalg.solve(curvature, slope[:, :, None])[:, :, 0]
        f += np.clip(step, -1.0, 1.0)  # the exponential forgives small steps only
    return np.exp(f)
