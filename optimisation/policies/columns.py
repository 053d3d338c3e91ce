"""Inputs as columns of one length, and the questions asked of each before anything is computed."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from demand.history import Float64Array1D


def column(values: ArrayLike, count: int) -> Float64Array1D:
    """Return a number, or one per item, as a column of floats, ``(n_items,)``."""
    return np.broadcast_to(np.asarray(values, dtype=np.float64), (count,))


def columns(*values: ArrayLike) -> tuple[Float64Array1D, ...]:
    """Return numbers or columns as columns of one length.

    >>> [each.tolist() for each in columns([1, 2], 3)]
    [[1.0, 2.0], [3.0, 3.0]]
    """
    return tuple(np.broadcast_arrays(*(np.atleast_1d(np.asarray(each, dtype=np.float64)) for each in values)))


def require(holds: bool | np.bool_ | NDArray[np.bool_], sentence: str) -> None:
    """Raise a `ValueError` that says what is expected, unless it holds for every item."""
    if not np.all(holds):
        raise ValueError(sentence)
