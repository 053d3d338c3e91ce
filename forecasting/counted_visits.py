"""When vehicles that nobody knows by name come for their next service: from counts, and from the visits of their model.

Model in words. A house may know how many vehicles of a model were registered in each month, and which of its repair
orders were for that model, but never which vehicle came. Its vehicles are then followed as numbers: of each cohort, how
many came last in which month, and how many never came. Each month some of them are due,

    due after Δ months        F(Δ | a) = mean over owners of Φ(log(φ / κ) / σ)      φ: lives run since the last visit
    comes back to this shop   ρ(Δ | a) = R(a + Δ) S(a + Δ) / R(a) S(a)              a: age at the last visit
    chance                    h(Δ | a) = ρ f / (1 − Σ ρ f over the months before)
    never came before         the same from the first day, ρ(a) = θ R(a) S(a)

h falls to nothing long after the due time: who has not come by then has gone elsewhere. What was expected of the month
is then held against the visits counted, E against Y, and all who may have come are moved alike:

    came = due × min(1, (Y + s) / (E + s))          they wait anew from this month; the others have waited a month more

So many visits ten months ago are many now, and after few last month more are still due: what single vehicles tell
(`visits`), told by numbers. It is the renewal equation of Cox (1962, Renewal Theory, ch. 4) with drop-out, and the
counts are shared out by what was expected of each, as the step of expectation of Dempster, Laird & Rubin (1977, J.
Royal Statistical Society B 39) does for counts seen only in sum.

θ, what the loyalty of new vehicles must be multiplied by, is climbed to on a grid by the Poisson likelihood of the
months counted, each as foreseen from the month before and at the level of all months together.

What is replaced at a visit is the business of the published lives and of `age_profile`. It does not know odometers, nor
owners' habits: the five owners of `hazard` stand for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from demand.compiled import to_read
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from forecasting.counted_visits_compiled import pass_months
from forecasting.hazard import LATENESS, owners_distance
from forecasting.population import months_of_driving

USUAL_LATENESS = 1.1
"""κ: the usual owner comes when a tenth more than due has gone; counts hardly tell it from more newcomers, or fewer."""
NEWCOMERS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.4, 1.6, 1.8)
"""Grid of θ."""
TRUST_VISITS = 0.5
"""s: a month without any visit moves next to nobody, and one with some where none were due moves few."""
_SUREST, _MOST_COME = 0.95, 0.95
"""No vehicle is surer to come in a month, and never do all new ones come at all."""
_JUDGED = 24
"""Series with most visits, by which θ is chosen."""
_LEAST_CHANCE = 1e-4
_LEAST_LEFT = 1e-3
_LITTLE = 1e-2


@dataclass(frozen=True)
class Series:
    """The vehicles of one model at one store, and its visits month by month.

    Parameters
    ----------
    registered
        Month of registration of each cohort, as month ordinals, ``(n_cohorts,)``, rising.
    vehicles
        How many there are of each, ``(n_cohorts,)``.
    first
        Ordinal of the first month of the books.
    visits
        Services in each month of the books, ``(n_months,)``.
    busy
        How busy each month of the books and of the horizon is, ``(n_months + horizon,)``.
    life_km, life_months
        From service to service; infinite where that clock does not count.
    km_per_month_new
        Distance of a new vehicle.
    kept
        R S: share of the vehicles that is on the road and comes here, by whole months of age, ``(n_ages,)``.
    """

    registered: Int64Array1D
    vehicles: Float64Array1D
    first: int
    visits: Float64Array1D
    busy: Float64Array1D
    life_km: float
    life_months: float
    km_per_month_new: float
    kept: Float64Array1D


@dataclass(frozen=True)
class Expected:
    """Visits expected of each cohort in each month of the books and of the horizon.

    Parameters
    ----------
    visits
        In months of the usual busyness, each as foreseen from the month before or from now; ``(n_cohorts, n_columns)``.
    squares
        Σ p² over the vehicles, same shape and scale.
    """

    visits: Float64Array2D
    squares: Float64Array2D


def counted_visits(series: Sequence[Series]) -> list[Expected]:
    """Return the visits expected of each of several series; θ is theirs together.

    Parameters
    ----------
    series
        All those whose owners may be taken to be alike.
    """
    ages = max((_months(each)[1] for each in series), default=0) + 1
    tables: dict[tuple[object, ...], Float64Array2D] = {}

    def followed(each: Series, newcomers: float) -> Expected:
        # Stores of one kind share the law of a model: it is worth more than all the rest to make it once.
        key = (each.life_km, each.life_months, each.km_per_month_new, each.kept.tobytes())
        if key not in tables:
            tables[key] = chances(each, ages)
        return _followed(each, tables[key], newcomers)

    judged = sorted(series, key=lambda each: -float(each.visits.sum()))[:_JUDGED]
    judged = [each for each in judged if each.visits.sum() > 0]
    reached: dict[int, float] = {}

    def likelihood(place: int) -> float:
        if place not in reached:
            reached[place] = sum(_log_likelihood(followed(each, NEWCOMERS[place]), each) for each in judged)
        return reached[place]

    best = NEWCOMERS.index(1.0)
    for direction in (-1, 1) if judged else ():
        while 0 <= best + direction < len(NEWCOMERS) and likelihood(best + direction) > likelihood(best):
            best += direction
    return [followed(each, NEWCOMERS[best]) for each in series]


def _log_likelihood(found: Expected, series: Series) -> float:
    """Return Σ y log μ − μ, μ as foreseen of each month, at the level of all months together."""
    months = series.visits.size
    mean = (found.visits[:, :months] * series.busy[:months]).sum(axis=0)
    # How many come at all is left to the rates of the families: months are judged at the level of all together.
    mean = np.maximum(mean, _LITTLE)
    return float((series.visits * np.log(mean / mean.sum())).sum())


def chances(series: Series, ages: int) -> Float64Array2D:
    """Return h by age at the last visit and months since, ``(ages, ages)``; column 0 is the month of the visit itself.

    Parameters
    ----------
    series
        For its lives, its distance and its owners' staying.
    ages
        Months counted.
    """
    owners = owners_distance()
    # A visit lies in the middle of its month, and a month of the future half a month to either side of its own.
    halves = np.arange(4 * ages + 2, dtype=np.float64) / 2
    km = np.multiply.outer(series.km_per_month_new * owners, months_of_driving(halves))
    advance = np.maximum(np.diff(km, axis=1) / series.life_km, 0.5 / series.life_months)
    clock = np.concatenate([np.zeros((owners.size, 1)), np.cumsum(advance, axis=1)], axis=1)
    age, since = np.arange(ages)[:, None], np.arange(ages)[None, :]
    ends = np.maximum(2 * np.arange(ages + 1) - 1, 0)[None, :]
    with np.errstate(divide="ignore"):
        run = np.log((clock[:, 2 * age + ends] - clock[:, 2 * age]) / USUAL_LATENESS)
    come = np.diff(special.ndtr(run / LATENESS).mean(axis=0), axis=1)
    return _with_leaving(come, _staying(series.kept, age, since))


def _staying(kept: Float64Array1D, age: Int64Array1D, since: Int64Array1D) -> Float64Array2D:
    last = kept.size - 1
    now, before = kept[np.minimum(age + since, last)], kept[np.minimum(age, last)]
    return np.asarray(np.minimum(now / np.maximum(before, 1e-12), 1.0))


def _with_leaving(come: Float64Array2D, stays: Float64Array2D) -> Float64Array2D:
    """Return the chance of each month for those who have not come before it; some never will."""
    here = come * stays
    before = np.cumsum(here, axis=1) - here
    return np.asarray(here / np.maximum(1 - before, _LEAST_LEFT))


def _months(series: Series) -> tuple[int, int]:
    """Return the first month followed, and the number of months from it to the end of the horizon."""
    start = min(int(series.registered.min(initial=series.first)), series.first)
    return start, series.first - start + series.busy.size


def _followed(series: Series, again: Float64Array2D, newcomers: float) -> Expected:
    """Follow the vehicles of a series from its first registration to the end of the horizon."""
    start, months = _months(series)
    begins = series.first - start
    # Of new vehicles only a share comes at all: what is true of those that have come once, times that share.
    waited = np.concatenate([[1.0], np.cumprod(1 - again[0])[:-1]])
    share = min(newcomers * float(series.kept[0]), _MOST_COME)
    first_time = _with_leaving((again[0] * waited)[None, :], np.full((1, again.shape[1]), share))[0]
    busy = np.concatenate([np.ones(begins), series.busy])
    shape = (series.registered.size, months)
    expected, squares, waiting = np.zeros(shape), np.zeros(shape), np.zeros((shape[0], months + 1))
    pass_months(
        to_read((series.registered - start).astype(np.int64)),
        to_read(series.vehicles),
        to_read(again),
        to_read(first_time),
        int(np.flatnonzero((again > _LEAST_CHANCE).any(axis=0)).max(initial=0)),
        to_read(busy),
        to_read(series.visits),
        begins,
        TRUST_VISITS,
        _SUREST,
        expected,
        squares,
        waiting,
    )
    usual = np.maximum(busy, 1e-6)
    return Expected((expected / usual)[:, begins:], (squares / usual)[:, begins:])
