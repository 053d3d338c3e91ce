"""Parts of wholes that may be nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def ratio_of(part: NDArray[np.float64], whole: NDArray[np.float64], least: float = 0.0) -> NDArray[np.float64]:
    """Return part / whole, 0 where the whole is not above `least`; arrays of shapes that go together.

    >>> ratio_of(np.array([1.0, 3.0]), np.array([2.0, 0.0])).tolist()
    [0.5, 0.0]
    """
    some = whole > least
    return np.where(some, part / np.where(some, whole, 1.0), 0.0)
