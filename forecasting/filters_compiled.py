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
_ABREAST = 16


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
    scale: Float64Array2D,
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
    scale
        What is added to an item's exposures, and what they are multiplied by then, ``(n_items, 2)``.
    is_judged
        Whether the likelihood is wanted.
    found
        Out, ``(3, n_items)``.
    """
    # A period waits for the one before it, an item for no other: a few items abreast keep the divider busy.
    a, b, kept, seen, mean = np.empty((5, _ABREAST))
    for first in range(0, calls.shape[0], _ABREAST):
        abreast = min(_ABREAST, calls.shape[0] - first)
        own = behaviour[first : first + abreast]
        found[:, first : first + abreast] = 0.0
        a[:abreast], b[:abreast] = own[:, 0], own[:, 0]
        for period in range(calls.shape[1]):
            for i in range(abreast):
                v = availability[first + i, period]
                seen[i] = (exposure[first + i, period] + scale[first + i, 0]) * scale[first + i, 1] * v
                kept[i] = own[i, 1] if v == 1.0 or fades[first + i, period] else own[i, 1] ** v
            for i in range(abreast):
                strength, dispersion = own[i, 0], own[i, 2]
                a[i], b[i] = strength + kept[i] * (a[i] - strength), strength + kept[i] * (b[i] - strength)
                mean[i] = seen[i] * a[i] / b[i]
                if is_judged:
                    size = 1 / (1 / a[i] + dispersion)
                    found[2, first + i] += _log_negative_binomial(calls[first + i, period], mean[i], size)
                weight = 1 / (1 + dispersion * mean[i])
                a[i], b[i] = a[i] + weight * calls[first + i, period], b[i] + weight * seen[i]
        for i in range(abreast):
            found[0, first + i], found[1, first + i] = a[i], b[i]
