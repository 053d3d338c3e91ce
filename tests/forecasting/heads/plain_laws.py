"""The plain twin of the compiled laws: whole tables of every head, averaged, stretched and asked at once by NumPy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from demand.history import Float64Array2D
from forecasting.heads.heads import Numbers
from forecasting.heads.laws import calls_table, negative_binomial_table

ROUNDING = 1e-10
TABLES: tuple[Callable[[Numbers, int], Float64Array2D], ...] = (
    lambda numbers, points: negative_binomial_table(numbers.count_mean, numbers.count_size, points),
    calls_table,
    lambda numbers, points: negative_binomial_table(numbers.filter_mean, numbers.filter_size, points),
)
"""Count, calls, filter."""


def average(laws: list[Float64Array2D], weights: Float64Array2D) -> Float64Array2D:
    """Return the law of the averaged quantiles.

    Parameters
    ----------
    laws
        Probabilities, each ``(n_items, points)``.
    weights
        ``(n_items, n_laws)``, each row summing to one.
    """
    items, points = laws[0].shape
    below = [np.minimum(np.cumsum(law, axis=1), 1.0) for law in laws]
    for cumulative in below:
        cumulative[:, -1] = 1.0
    share = np.concatenate(below, axis=1)
    order = np.argsort(share, axis=1, kind="stable")
    share = np.take_along_axis(share, order, axis=1)
    level = np.zeros(share.shape)
    for head in range(len(laws)):
        is_own = order // points == head
        quantile = np.minimum(np.cumsum(is_own, axis=1) - is_own, points - 1)
        level += weights[:, head, None] * quantile
    mass = np.diff(share, axis=1, prepend=0.0)
    whole = np.minimum((level + ROUNDING).astype(np.int64), points - 1)
    upward = np.where(whole < points - 1, np.maximum(level - whole, 0.0), 0.0) * mass
    row = (points * np.arange(items))[:, None]
    found = np.bincount((row + whole).reshape(-1), weights=(mass - upward).reshape(-1), minlength=items * points)
    above = row + np.minimum(whole + 1, points - 1)
    found += np.bincount(above.reshape(-1), weights=upward.reshape(-1), minlength=items * points)
    return np.asarray(found.reshape(items, points), dtype=np.float64)


def quantiles_of(law: Float64Array2D, shares: tuple[float, ...]) -> Float64Array2D:
    """Return the least number with at least so much at or below it, of each row, ``(n_items, n_shares)``."""
    below = np.minimum(np.cumsum(law, axis=1), 1.0)
    least = [(below < share - ROUNDING).sum(axis=1) for share in shares]
    return np.asarray(np.minimum(np.stack(least, axis=1), law.shape[1] - 1), dtype=np.float64)
