"""The sweep of `filters` over the periods of each item, compiled.

The recursion and its symbols are told in `filters`, whose `run_one` is the plain twin. The likelihood needs
Γ(r + y) / Γ(r) y!; calls of a period are few, so it is multiplied up, and only long products are left to the gamma
function.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from demand.compiled import compiled
from demand.history import Float64Array2D, Int64Array2D

_FEW = 16


@compiled
def _log_negative_binomial(y: int, mean: float, size: float) -> float:
    """Return log P(Y = y), variance μ + μ²/r; 0 where the mean is 0."""
    result = -size * math.log1p(mean / size)
    if y == 0 or mean <= 0:
        return result
    share, product = mean / (size + mean), 1.0
    if y <= _FEW:
        for j in range(y):
            product *= (size + j) / (j + 1) * share
        if product > 1e-250:
            return result + math.log(product)
    return result + math.lgamma(size + y) - math.lgamma(size) - math.lgamma(y + 1.0) + y * math.log(share)


@compiled
def sweep(
    calls: Int64Array2D,
    exposure: Float64Array2D,
    availability: Float64Array2D,
    fades: NDArray[np.bool_],
    behaviour: Float64Array2D,
    is_judged: bool,
    found: Float64Array2D,
) -> None:
    """Write a, b and the log likelihood of each item after the last period.

    Parameters
    ----------
    calls, exposure, availability, fades
        As for `filters.run`, ``(n_items, n_periods)``.
    behaviour
        A, w and φ, ``(n_items, 3)``.
    is_judged
        Whether the likelihood is wanted.
    found
        Out, ``(3, n_items)``.
    """
    for item in range(calls.shape[0]):
        strength, discount, dispersion = behaviour[item, 0], behaviour[item, 1], behaviour[item, 2]
        a, b, judged = strength, strength, 0.0
        for period in range(calls.shape[1]):
            y, v = calls[item, period], availability[item, period]
            seen = exposure[item, period] * v
            kept = discount if v == 1.0 or fades[item, period] else discount**v
            a, b = strength + kept * (a - strength), strength + kept * (b - strength)
            mean = seen * a / b
            if is_judged:
                judged += _log_negative_binomial(y, mean, 1 / (1 / a + dispersion))
            weight = 1 / (1 + dispersion * mean)
            a, b = a + weight * y, b + weight * seen
        found[0, item], found[1, item], found[2, item] = a, b, judged
