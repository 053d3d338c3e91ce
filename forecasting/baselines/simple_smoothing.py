"""Simple exponential smoothing of many series at once, of unequal lengths, with a given or a fitted constant.

The level starts at the first value and moves to each later one by the share α of the gap (Brown 1956):
ℓ₁ = x₁, ℓₜ = ℓₜ₋₁ + α (xₜ − ℓₜ₋₁). The forecast is the last level. A series is a row, its values to the left; what
lies beyond its length is not looked at. A series of no length has the level 0.

A fitted α makes the sum of squared one-step errors least between two bounds, by golden section (Kiefer 1953): the
bracket shrinks by 1/φ a step. That sum need not have one valley only, so the bracket decides which one is found; it is
begun at the bounds, as is usual. Where no α is better than another (one or two values), it is the middle.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from forecasting.baselines.simple_smoothing_compiled import golden_section

_GOLDEN = float((np.sqrt(5.0) - 1) / 2)
_WIDTH = 1e-10
"""Bracket at which the search ends, so narrow that no forecast can tell."""


def levels(values: Float64Array2D, alpha: float | Float64Array1D) -> Float64Array2D:
    """Return the level after each value, ``(n_series, n_values)``.

    Parameters
    ----------
    values
        ``(n_series, n_values)``.
    alpha
        Share of the gap, in [0, 1]: one for all, or ``(n_series,)``.
    """
    found = np.empty_like(values)
    if values.shape[1]:
        level = found[:, 0] = values[:, 0]
        for at in range(1, values.shape[1]):
            level = found[:, at] = level + alpha * (values[:, at] - level)
    return found


def last_level(values: Float64Array2D, length: Int64Array1D, alpha: float | Float64Array1D) -> Float64Array1D:
    """Return the level after the last value of each series, 0 where there is none."""
    if not values.shape[1]:
        return np.zeros(len(values))
    every = levels(values, alpha)
    return np.where(length > 0, every[np.arange(len(values)), np.maximum(length - 1, 0)], 0.0)


def fitted_alpha(
    values: Float64Array2D, length: Int64Array1D, lowest: float = 0.1, highest: float = 0.3
) -> Float64Array1D:
    """Return the α between two bounds with the least sum of squared one-step errors, ``(n_series,)``."""
    found = np.empty(len(values))
    steps = int(np.ceil(np.log((highest - lowest) / _WIDTH) / -np.log(_GOLDEN)))
    golden_section(np.ascontiguousarray(values), length, lowest, highest, steps, _GOLDEN, found)
    return found


def fitted_level(
    values: Float64Array2D, length: Int64Array1D, lowest: float = 0.1, highest: float = 0.3
) -> Float64Array1D:
    """Return the last level with the fitted α of each series."""
    return last_level(values, length, fitted_alpha(values, length, lowest, highest))


def packed(values: Float64Array2D, wanted: NDArray[np.bool_]) -> tuple[Float64Array2D, Int64Array1D]:
    """Return the wanted values of each row, moved to the left in their order, and how many there are."""
    length = wanted.sum(axis=1).astype(np.int64)
    found = np.zeros((len(values), int(length.max(initial=0))))
    row, column = np.nonzero(wanted)
    found[row, (np.cumsum(wanted, axis=1) - 1)[row, column]] = values[row, column]
    return found, length
