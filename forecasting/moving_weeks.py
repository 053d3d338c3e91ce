"""Which week of the year before a week answers to: a sale or a holiday may lie a week earlier or later every year.

What comes back every year need not come back 52 weeks later. A holiday goes by the moon, a sale by the third weekend
of November. Years added up week by week then blur a peak of one week into two, and expect half of it in each. Nobody
has to name the day: what items were asked for beyond their pace shows where the older year must be moved to lie on the
later one. With d_i(t) the departure of item i in week t,

    a_i(t, s) = Σ_j d_i(t + j) d_i(t + j − year + s),      j = −1, 0, 1
    z(t, s)   = Σ_i (a_i(t, s) − a_i(t, 0)) / √Σ_i (a_i(t, s) − a_i(t, 0))²,      s = −1, +1

week t answers to the one s weeks from a year before if Σ_i a_i(t, s) > 0 and z(t, s) > `SURE`, a paired test over
items, that stand for one another; s = 0 everywhere else. It is landmark registration of curves (Kneip & Gasser 1992,
Annals of Statistics 20(3)), the landmarks being found. Years before are moved to the latest by the steps between.

It moves only years on record: the coming year's day is taken to be the latest year's, for a panel doesn't tell it.
"""

from __future__ import annotations

import numpy as np

from demand.history import Float64Array2D, Int64Array1D

WEEKS_A_YEAR = 52.1775
SURE = 3.5
"""Standard errors between two weeks' agreement; of a hundred weeks tested chance moves one in twenty panels."""
_ABOUT, _YEAR = 1, 52


def year_ago(years: int) -> int:
    """Return the weeks in so many years."""
    return round(WEEKS_A_YEAR * years)


def answering(departed: Float64Array2D) -> Int64Array1D:
    """Return of each week on record which week's figures stand in its place in the latest year's calendar.

    Parameters
    ----------
    departed
        What each item was asked for beyond its pace, ``(n_items, n_weeks)``.

    Returns
    -------
    ndarray
        Weeks on record, ``(n_weeks,)``; each itself where nothing has moved.
    """
    weeks = departed.shape[1]
    source = np.arange(weeks)
    step, moved = steps(departed), np.zeros(min(_YEAR, weeks), dtype=np.int64)
    latest = np.arange(weeks - moved.size, weeks)
    for year in range(1, int(np.ceil(weeks / WEEKS_A_YEAR)) + 1):
        later = np.clip(latest - year_ago(year - 1) + moved, 0, weeks - 1)
        moved = moved + step[later]
        here = latest - year_ago(year)
        known = here >= 0
        source[here[known]] = np.clip(here + moved, 0, weeks - 1)[known]
    return source


def put_back(source: Int64Array1D) -> Int64Array1D:
    """Return of each week on record the place in the latest year's calendar whose season it had, ``(n_weeks,)``.

    A week that stands in no place, for two lie on one beside it, has the place as far on its other side.
    """
    week = np.arange(source.size)
    place = np.clip(2 * week - source, 0, max(source.size - 1, 0))
    place[source] = week
    unmoved = source == week
    place[unmoved] = week[unmoved]
    return place


def steps(departed: Float64Array2D) -> Int64Array1D:
    """Return s of each week against the year before: −1, 0 or 1; 0 in the first year, ``(n_weeks,)``."""
    found = np.zeros(departed.shape[1], dtype=np.int64)
    surest = np.full(found.size, SURE)
    same = _agreed(departed, 0)
    for step in (-1, 1):
        agreed = _agreed(departed, step)
        gain = agreed - same
        sure = gain.sum(axis=0) / np.sqrt(np.maximum((gain**2).sum(axis=0), 1e-12))
        better = (sure > surest) & (agreed.sum(axis=0) > 0)
        found[better], surest[better] = step, sure[better]
    return found


def _agreed(departed: Float64Array2D, step: int) -> Float64Array2D:
    """Return a of each item and week for one s, ``(n_items, n_weeks)``; zeros in the first year and a week."""
    weeks, first = departed.shape[1], _YEAR + 1
    product = np.zeros((departed.shape[0], weeks + 2 * _ABOUT))
    if weeks > first:
        then = departed[:, first - _YEAR + step : weeks - _YEAR + step]
        product[:, _ABOUT + first : _ABOUT + weeks] = departed[:, first:] * then
    return np.asarray(sum(product[:, j : j + weeks] for j in range(2 * _ABOUT + 1)))
