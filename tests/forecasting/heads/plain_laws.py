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
    points = laws[0].shape[1]
    below = [np.minimum(np.cumsum(law, axis=1), 1.0) for law in laws]
    for cumulative in below:
        cumulative[:, -1] = 1.0
    share = np.concatenate(below, axis=1)
    order = np.argsort(share, axis=1, kind="stable")
    share = np.take_along_axis(share, order, axis=1)
    level = np.zeros(share.shape)
    for head, cumulative in enumerate(below):
        passed = np.cumsum(order // points == head, axis=1)
        low = np.where(passed > 0, np.take_along_axis(cumulative, np.maximum(passed - 1, 0), axis=1), 0.0)
        high = np.take_along_axis(cumulative, np.minimum(passed, points - 1), axis=1)
        width = high - low
        part = np.where(width > 0, (share - low) / np.where(width > 0, width, 1.0), 0.0)
        level += weights[:, head, None] * (passed - 1 + part)
    return np.diff(_share_at_whole_levels(level, share, points), axis=1, prepend=0.0)


def _share_at_whole_levels(level: Float64Array2D, share: Float64Array2D, points: int) -> Float64Array2D:
    """Return the share below each whole level by straight lines between the knots given, ``(n_items, points)``."""
    items, knots = level.shape
    level = np.maximum.accumulate(level, axis=1)
    # Knots below the level k: those whose whole part is less than k, counted row by row.
    whole = np.clip(np.floor(level + 1e-9).astype(np.int64) + 1, 0, points)
    place = whole + (points + 1) * np.arange(items)[:, None]
    counted = np.bincount(place.reshape(-1), minlength=items * (points + 1)).reshape(items, points + 1)
    right = np.cumsum(counted, axis=1)[:, :points]
    right = np.clip(right, 0, knots - 1)
    left = np.maximum(right - 1, 0)
    level_left = np.where(right > 0, np.take_along_axis(level, left, axis=1), -1.0)
    share_left = np.where(right > 0, np.take_along_axis(share, left, axis=1), 0.0)
    width = np.take_along_axis(level, right, axis=1) - level_left
    part = np.where(width > 0, (np.arange(points) - level_left) / np.where(width > 0, width, 1.0), 1.0)
    share_right = np.take_along_axis(share, right, axis=1)
    found = share_left + np.clip(part, 0, 1) * (share_right - share_left)
    found[:, -1] = 1.0
    return np.maximum.accumulate(found, axis=1)


def smooth(law: Float64Array2D, shares: tuple[float, ...]) -> Float64Array2D:
    below = np.minimum(np.cumsum(law, axis=1), 1.0)
    found = np.empty((law.shape[0], len(shares)))
    for j, share in enumerate(shares):
        k = np.minimum((below < share - ROUNDING).sum(axis=1), law.shape[1] - 1)[:, None]
        mass = np.take_along_axis(law, k, axis=1)
        before = np.take_along_axis(below, k, axis=1) - mass
        found[:, j] = (k - 1 + (share - before) / np.where(mass > 0, mass, 1.0))[:, 0]
    return found
