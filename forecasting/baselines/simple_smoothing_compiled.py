"""The search for each series' own smoothing constant, series by series, compiled.

What is searched, and between which bounds, is told in `simple_smoothing`; a plain twin stands in the tests.
"""

from __future__ import annotations

from demand.compiled import compiled
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D


@compiled
def _errors(values: Float64Array1D, length: int, alpha: float) -> float:
    """Return the sum of squared one-step errors."""
    level, total = values[0], 0.0
    for at in range(1, length):
        gap = values[at] - level
        total += gap * gap
        level += alpha * gap
    return float(total)


@compiled
def golden_section(
    values: Float64Array2D,
    length: Int64Array1D,
    lowest: float,
    highest: float,
    steps: int,
    golden: float,
    found: Float64Array1D,
) -> None:
    """Write the constant with the least sum of squared one-step errors of each series.

    Parameters
    ----------
    values, length
        Series, and how many values each has, ``(n_series, n_values)`` and ``(n_series,)``.
    lowest, highest
        Bounds.
    steps, golden
        How often the bracket shrinks, and to which share of it.
    found
        Out, ``(n_series,)``; the middle where no constant is better than another.
    """
    for series in range(length.size):
        count = length[series]
        low, high = lowest, highest
        found[series] = (lowest + highest) / 2
        if count < 2:
            continue
        row = values[series]
        left, right = high - golden * (high - low), low + golden * (high - low)
        at_left, at_right = _errors(row, count, left), _errors(row, count, right)
        if at_left == at_right and at_left == _errors(row, count, low):
            continue
        for _ in range(steps):
            if at_left < at_right:  # the valley lies left of `right`
                high, right, at_right = right, left, at_left
                left = high - golden * (high - low)
                at_left = _errors(row, count, left)
            else:
                low, left, at_left = left, right, at_right
                right = low + golden * (high - low)
                at_right = _errors(row, count, right)
        found[series] = (low + high) / 2
