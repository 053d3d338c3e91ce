"""What earlier origins of a panel teach: how the heads are mixed, and how far their laws are stretched.

Heads and habits of the filter are found once more by what was known at the first of a few late origins, and at each of
these they say what they would have said; what came after is known. Mixing is learnt from the losses (see `blend`),
stretching from how often demand lay within the laws so mixed (see `calibrate`). Of a young panel, whose heads would
stand on much less than those that are to be judged, nothing is learnt.

The late origins of a long stretch are almost one witness. How often laws hold what comes hardly depends on whether the
heads had seen it, for thousands of rows have but a few dozen coefficients: so stretches before these, side by side,
are heard as well when laws are stretched. Who is heard how much is learnt from the late ones alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from demand.side_by_side import THREADS, by_blocks
from forecasting.filters import Habits
from forecasting.forecast import Forecast
from forecasting.heads import blend, calibrate
from forecasting.heads.heads import Heads, Numbers, fit, fit_sizes, numbers
from forecasting.heads.laws import law_of, quantiles
from forecasting.heads.rows import Target, first_origin, with_distance
from forecasting.heads.states import Means, Past, States, states_at

_ORIGINS = 4
"""Origins judged, one period apart."""
_EARLIER = 3
"""Origins before these, a stretch apart, that tell how often the laws hold what comes."""
_KNOWN = 2 / 3
"""Share of the panel's periods that the first of them knows."""
_JUDGED, _ROWS_JUDGING = 1_500, 16_000
"""Items judged, and rows on which the heads are fitted for it."""


@dataclass(frozen=True)
class Learnt:
    """What was learnt.

    Parameters
    ----------
    weights
        Of count, calls and filter in each segment, ``(n_segments, 3)``.
    heights
        How far laws are stretched, see `calibrate.curve`.
    """

    weights: Float64Array2D
    heights: Float64Array1D


@dataclass(frozen=True)
class Trial:
    """What would have been said of some items at an earlier origin, and what came, each ``(n_rows,)``."""

    items: Int64Array1D
    segment: Int64Array1D
    said: Numbers
    demand: Float64Array1D

    def losses(self) -> Float64Array2D:
        """Return the loss of each way of mixing, ``(n_rows, n_ways)``.

        An averaged quantile between two whole levels is at times the one and at times the other (see `laws`). Between
        whole levels the loss of a whole demand is a straight line, so it is the loss of the average itself.
        """
        whole = quantiles(self.said, blend.SHARES)
        levels = (np.tensordot(np.array(way), whole, axes=1) for way in blend.WAYS)
        return np.stack([blend.pinball(self.demand, level) for level in levels], axis=1)

    def covered(self, weights: Float64Array2D) -> Float64Array1D:
        """Return what `calibrate.covered` says of the laws so mixed, brought to the level that came."""
        mean = law_of(self.said, weights).mean()
        said = self.said.scaled(calibrate.level_that_came(mean, self.said.count_size, self.demand))
        return calibrate.covered(law_of(said, weights), self.demand)


def learnt(
    past: Past,
    forecast_before: Callable[[Int64Array1D, int, Habits | None], Forecast],
    target: Target,
    threads: int = THREADS,
) -> Learnt | None:
    """Return what the panel teaches of a target, or None where it is too young or too small to teach.

    Parameters
    ----------
    past
        The panel in canonical order.
    forecast_before
        The filter's forecast of some of its rows, as it was known after so many periods, with the habits given.
    target
        The stretch wanted.
    threads
        Origins worked on at a time.
    """
    periods = past.period_count
    latest = periods - (target.length + target.farthest - 1)
    # Of laws of single periods each distance is a trial of its own, and one origin gives three.
    earliest = latest - (_ORIGINS - 1 if target.farthest == 1 else 0)
    origins = range(max(earliest, int(np.ceil(periods * _KNOWN)), 2), latest + 1)
    if not origins:
        return None
    early = past.until(origins[0])
    means = Means.of(early)
    heads = fit(early, means, target, fit_sizes(early, means, _ROWS_JUDGING), _ROWS_JUDGING)
    if heads is None or heads.calls is None:
        return None
    judged = np.arange(0, past.item_count, max(1, -(-past.item_count // _JUDGED)))
    habits = forecast_before(judged, origins[0], None).habits

    def filtering(items: Int64Array1D, origin: int) -> Forecast:
        return forecast_before(items, origin, habits)

    before = earlier_origins(past, target, origins[0])
    every = [*origins, *before]

    def tried(at: slice) -> list[tuple[Trial, Float64Array2D | None]]:
        found = _tried(heads, means, past, judged, every[at.start], filtering)
        return [(trial, trial.losses() if at.start < len(origins) else None) for trial in found]

    told = [pair for pairs in by_blocks(tried, len(every), threads, block=1) for pair in pairs]
    late = [(trial, losses) for trial, losses in told if losses is not None]
    weights = blend.learnt_weights(
        np.concatenate([losses for _, losses in late]),
        np.concatenate([trial.items for trial, _ in late]),
        np.concatenate([np.full(trial.items.size, code) for code, (trial, _) in enumerate(late)]),
        np.concatenate([trial.segment for trial, _ in late]),
        target.length,
    )

    def covered(at: slice) -> Float64Array1D:
        trial: Trial = told[at.start][0]
        return trial.covered(weights[trial.segment])

    total = np.stack(by_blocks(covered, len(told), threads, block=1))
    side_by_side = 1 + (origins[-1] - min(every)) // target.length
    overlap = len(told) / side_by_side if target.farthest == 1 else 1
    return Learnt(weights, calibrate.curve(total, np.array([trial.items.size for trial, _ in told]), overlap))


def earlier_origins(past: Past, target: Target, origin: int) -> list[int]:
    """Return the origins before one whose stretches lie side by side, the latest first; only of whole lead times."""
    if target.farthest > 1:
        return []
    return list(range(origin - target.length, first_origin(past) - 1, -target.length))[:_EARLIER]


def segments(states: States, past: Past) -> Int64Array1D:
    """Return the segment of items in these states."""
    return blend.segment_of(np.exp(states["level_12"]) / past.months)


def season_over(forecast: Forecast, step: int, target: Target) -> Float64Array1D | float:
    """Return the mean factor of the season over the stretch, ``(n_items,)``; its last period is taken to go on."""
    season = forecast.exposure.season
    return 1.0 if season is None else np.asarray(season[:, _columns(forecast, step, target)].mean(axis=1))


def _columns(forecast: Forecast, step: int, target: Target) -> Int64Array1D:
    last = forecast.exposure.open_months.size - 1
    return np.minimum(np.arange(step - 1, step - 1 + target.length, dtype=np.int64), last)


def filtered(forecast: Forecast, step: int, target: Target) -> tuple[Float64Array1D, Float64Array1D]:
    """Return mean and size of the filter's negative binomial over the stretch; its last period is taken to go on."""
    ahead = forecast.calls[:, _columns(forecast, step, target)]
    total = ahead.sum(axis=1)
    clinging = (ahead**2).sum(axis=1) / np.where(total > 0, total, 1.0) ** 2
    return total, 1 / (1 / forecast.shape + forecast.dispersion * clinging)


def _tried(
    heads: Heads,
    means: Means,
    past: Past,
    judged: Int64Array1D,
    origin: int,
    filtering: Callable[[Int64Array1D, int], Forecast],
) -> Iterator[Trial]:
    """Yield what would have been said at an earlier origin of some items, at a few distances, and what came."""
    target = heads.target
    steps = sorted({1, (1 + target.farthest) // 2, target.farthest})
    ahead = slice(origin, origin + steps[-1] - 1 + target.length)
    few = past.take(judged)
    usable = (
        few.seen[:, ahead].all(axis=1)
        & (few.availability[:, ahead].min(axis=1) >= 1)
        & few.seen[:, :origin].any(axis=1)
    )
    items = judged[usable]
    known, to_come = few.take(np.flatnonzero(usable)).until(origin), few.demand[usable, ahead].astype(np.float64)
    states = states_at(known, means)
    segment = segments(states, past)
    forecast = filtering(items, origin)
    for step in steps:
        by_filter, season = filtered(forecast, step, target), season_over(forecast, step, target)
        said = numbers(heads, with_distance(states, step), known, by_filter, target.length, season)
        yield Trial(items, segment, said, to_come[:, step - 1 : step - 1 + target.length].sum(axis=1))
