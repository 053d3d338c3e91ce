"""Appointments say who comes, and so who is less likely to come without one: netted vehicle by vehicle.

Model in words. A vehicle that is due comes with chance c. Of those who come a share w has booked a day by now; who has
booked comes with its appointment's chance s. So a vehicle without an appointment comes with what is left of its chance,

    c′ = c (1 − w) / (1 − w c / s)                  over a store's vehicles in one month

and w is such that the sum over all vehicles stays what it was, Σ c′ = Σ c − Σ s ρ: an appointment of a vehicle that is
due adds certainty and nothing else. Some appointments are of vehicles that were not due (a new customer's habit, a
promise at the last visit). They come from outside the reckoning and add themselves. ρ is the chance that an appointment
is one of those reckoned with,

    ρ = π f / (π f + (1 − π) g)      f = c / c̄      g ∝ max(0, 1 − c / c̄)      π ← (Σ ρ + 1) / (n + 2)

Where parts were lacking and refusals were not written down, a visit that lost its every line is in no book: chances are
of visits that leave a line, appointments of all visits. Of a visit with parts i, each to be had a share v of the time,

    P(it leaves no line) = Π (1 − v_i)          log P estimated by Σ over the lines left of log(1 − v_i) / v_i

for each line left stands for 1 / v that were asked for (Horvitz & Thompson 1952, J. American Statistical Association
47), and each visit left for 1 / (1 − P). An appointment's chance counts as what it would have left (`share_written`).

c̄: mean chance of the store's vehicles; π: the share of appointments that are reckoned with, found by expectation and
maximisation (Dempster, Laird & Rubin 1977, J. Royal Statistical Society B 39) with one appointment's worth of trust on
either side. Who is likelier than the usual vehicle to come is always one of those reckoned with.
"""

from __future__ import annotations

import numpy as np

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D

_MOST_BOOKED = 0.98
"""Of those who come, never all are taken to have booked."""
_LEAST_WRITTEN = 0.1
"""No visit stands for more than ten."""
_TURNS = 30
_HALVINGS = 40


def with_appointments(
    chance: Float64Array2D, booked: Float64Array2D, store: Int64Array1D, open_share: Float64Array1D
) -> Float64Array2D:
    """Return each vehicle's chance to come, now that some have appointments and the others have none.

    Parameters
    ----------
    chance
        c of each vehicle in each month ahead, ``(n_vehicles, horizon)``.
    booked
        s, the chance that its appointment is kept; 0 without one, same shape.
    store
        Code of each vehicle's store, ``(n_vehicles,)``.
    open_share
        Share of each month that is still ahead, ``(horizon,)``; appointments are only for that.
    """
    result = chance.copy()
    for month in np.flatnonzero(booked.any(axis=0)):
        for place in np.unique(store[booked[:, month] > 0]):
            mine = np.flatnonzero(store == place)
            result[mine, month] = _of_one_store(chance[mine, month], booked[mine, month], float(open_share[month]))
    return result


def share_written(
    visit: Int64Array1D, store: Int64Array1D, availability: Float64Array1D, stores: int
) -> Float64Array1D:
    """Return the share of visits that leave a line in the books, by store, ``(stores,)``; one where all was to be had.

    Parameters
    ----------
    visit
        Code of the visit of each line, ``(n_lines,)``.
    store
        Code of each line's store; a visit is at one store.
    availability
        Share of the time in which the line's part was to be had then, above zero up to one.
    stores
        Number of stores.
    """
    if not (availability < 1).any():
        return np.ones(stores)
    with np.errstate(divide="ignore"):
        log_lost = np.bincount(visit, weights=np.log1p(-np.minimum(availability, 1.0)) / availability)
    lines = np.bincount(visit)
    stands_for = np.where(lines > 0, 1 / np.maximum(-np.expm1(log_lost), _LEAST_WRITTEN), 0.0)
    at = np.zeros(lines.size, dtype=np.int64)
    at[visit] = store
    left = np.bincount(at, weights=lines > 0, minlength=stores)
    asked = np.bincount(at, weights=stands_for, minlength=stores)
    return np.where(left > 0, left / np.where(asked > 0, asked, 1.0), 1.0)


def _of_one_store(chance: Float64Array1D, booked: Float64Array1D, open_share: float) -> Float64Array1D:
    has = booked > 0
    reckoned = _reckoned(chance, has)
    # Appointments are for the days still ahead; what was expected of those gone by is beside the point.
    wanted = float(chance.sum()) - float((booked[has] * reckoned).sum()) / max(open_share, 1e-9)
    others = chance[~has]
    ratio = np.minimum(others / float(booked[has].mean()), 1.0)
    least, most = 0.0, _MOST_BOOKED
    for _ in range(_HALVINGS):  # what is left falls as w rises
        share = (least + most) / 2
        left = float((others * (1 - share) / (1 - share * ratio)).sum())
        least, most = (share, most) if left > wanted else (least, share)
    result = booked.copy()
    result[~has] = others * (1 - least) / (1 - least * ratio)
    return result


def _reckoned(chance: Float64Array1D, has: np.ndarray) -> Float64Array1D:
    """Return ρ of each appointment."""
    usual = float(chance.mean())
    if usual <= 0:
        return np.zeros(int(has.sum()))
    inside = chance / usual
    outside = np.maximum(1 - inside, 0)
    weight = float(outside.mean())
    if weight <= 0:
        return np.ones(int(has.sum()))
    f, g = inside[has], outside[has] / weight
    part, rho = 0.5, np.ones(f.size)
    for _ in range(_TURNS):
        rho = part * f / (part * f + (1 - part) * g)
        part = (float(rho.sum()) + 1) / (f.size + 2)
    return rho
