"""When the next service of a single vehicle is due, and when it will really come: dates for the front desk.

Model in words. An item is due when its clock has run one life since it was last replaced, by distance or by calendar,
whichever is first; the vehicle drives on at its own pace u, less each year (`population`),

    due = min(t₀ + M, t_X)        u (G(t_X) − G(t₀)) = X        G(a) = ∫ 0.96^x dx over the age in months

Owners come late or early as those before them did; the chances of the months ahead (`visits`) are the law of that
lateness. The days between which four of five of those come that come at all within the months given are its tenth and
ninetieth per cent.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Float64Array2D
from forecasting.population import DISTANCE_KEPT_PER_YEAR, months_of_driving

EARLY, LATE = 0.1, 0.9


def due_moment(
    registered: Float64Array1D,
    since: Float64Array1D,
    pace_km: Float64Array1D,
    life_km: Float64Array1D,
    life_months: Float64Array1D,
) -> Float64Array1D:
    """Return when an item is due on each vehicle, in months; infinite where it never is, ``(n_vehicles,)``.

    Parameters
    ----------
    registered, since
        Registration, and the last replacement, in months.
    pace_km
        Kilometres a month when new.
    life_km, life_months
        X and M; infinite where the clock does not count.
    """
    fall = -np.log(DISTANCE_KEPT_PER_YEAR) / 12
    start = np.maximum(since, registered)
    wanted = months_of_driving(start - registered) + life_km / pace_km
    left = 1 - fall * wanted
    ever = np.isfinite(wanted) & (left > 0)
    by_distance = np.where(ever, registered - np.log(np.where(ever, left, 1.0)) / fall, np.inf)
    due: Float64Array1D = np.minimum(by_distance, start + life_months)
    return due


def coming_between(chance: Float64Array2D, starts: Float64Array1D, length: Float64Array1D) -> NDArray[np.float64]:
    """Return the moments by which `EARLY` and `LATE` of those that come have come, ``(n_vehicles, 2)``.

    Parameters
    ----------
    chance
        Services expected in each month ahead, ``(n_vehicles, n_months)``; only the first service counts.
    starts, length
        First moment and length of what is left of each month, in months, ``(n_months,)``.

    Notes
    -----
    NaN where nobody is expected at all.
    """
    not_yet = np.cumprod(1 - np.clip(chance, 0, 1), axis=1)
    come = 1 - not_yet
    whole = come[:, -1]
    result = np.full((len(chance), 2), np.nan)
    before = np.concatenate([np.zeros((len(chance), 1)), come], axis=1)
    for place, share in enumerate((EARLY, LATE)):
        level = share * whole
        month = np.minimum((come < level[:, None]).sum(axis=1), chance.shape[1] - 1)
        row = np.arange(len(chance))
        step = before[row, month + 1] - before[row, month]
        inside = np.where(step > 0, (level - before[row, month]) / np.where(step > 0, step, 1.0), 0.0)
        result[:, place] = np.where(whole > 0, starts[month] + inside * length[month], np.nan)
    return result
