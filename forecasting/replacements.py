"""What is replaced when a vehicle comes for its service: each item has its own clock, set back when it is replaced.

Model in words. At a service an item is replaced with a chance that depends on how far its clock has run,

    q = max(km since / X, months since / M)          expected = expected visits × u(c, q)

X, M: the item's interval. u is read from the services in the store's own books: how many of them replaced the item at
that q. c: whether its last replacement was seen, the vehicle is new to the books, or neither. Kilometres since are the
vehicle's own pace. As for visits, the table and not a theory says how early a workshop replaces, how many owners say
no, and how many had it done elsewhere.

The sum over vehicles of expected replacements is the exposure of the part; the sum of their squares says how much of it
is certain: demand made of vehicles that come with chance p each has variance Σ p (1 − p), less than its mean.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Float64Array2D

CLOCK_EDGES = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0])
TRUST_SERVICES = 4.0
"""Services' worth of trust in the chance over all clock readings."""
REPLACED, NEW, UNSEEN = 0, 1, 2


def clock(
    registered: Float64Array1D,
    last: Float64Array2D,
    start: Float64Array1D,
    driven: NDArray[np.float64],
    driven_at_last: NDArray[np.float64],
    life_km: Float64Array1D,
    life_months: Float64Array1D,
) -> Float64Array2D:
    """Return q of each vehicle in each month, ``(n_vehicles, n_columns)``.

    Parameters
    ----------
    registered
        In months, ``(n_vehicles,)``.
    last
        When the item was last replaced, or counting began; in months, ``(n_vehicles, n_columns)``.
    start
        First moment of each month.
    driven, driven_at_last
        Kilometres driven by the middle of the month and by `last`, same shape.
    life_km, life_months
        X and M of each vehicle's model; infinite where the clock does not count.
    """
    months = np.maximum(start + 0.5 - np.maximum(last, registered[:, None]), 0)
    return np.maximum((driven - driven_at_last) / life_km[:, None], months / life_months[:, None])


def expected_replacements(
    visits: Float64Array2D,
    came: Float64Array2D,
    replaced: Float64Array2D,
    state: NDArray[np.int64],
    reading: Float64Array2D,
) -> Float64Array2D:
    """Return the chance that each vehicle has the item replaced in each month, ``(n_vehicles, n_columns)``.

    Parameters
    ----------
    visits
        Services expected, ``(n_vehicles, n_columns)``.
    came, replaced
        Services that took place in the past, and those that replaced the item, ``(n_vehicles, n_months)``.
    state
        `REPLACED`, `NEW` or `UNSEEN`, ``(n_vehicles, n_columns)``.
    reading
        q, same shape.
    """
    months = came.shape[1]
    steps = CLOCK_EDGES.size + 1
    cell = state * steps + np.searchsorted(CLOCK_EDGES, reading)
    past = cell[:, :months].reshape(-1)
    services, taken = (
        np.bincount(past, weights=each.reshape(-1), minlength=3 * steps).reshape(3, steps) for each in (came, replaced)
    )
    # Clocks that were seen to start say much of each other, and little of those that were not.
    wide = np.empty((3, steps))
    for classes in ([REPLACED, NEW], [UNSEEN]):
        whole = taken[classes].sum() / max(float(services[classes].sum()), 1.0)
        by_step = taken[classes].sum(axis=0), services[classes].sum(axis=0)
        wide[classes] = (by_step[0] + TRUST_SERVICES * whole) / (by_step[1] + TRUST_SERVICES)
    chance = (taken + TRUST_SERVICES * wide) / (services + TRUST_SERVICES)
    expected: Float64Array2D = visits * chance.reshape(-1)[cell]
    return expected
