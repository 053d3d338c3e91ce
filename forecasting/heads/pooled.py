"""The doorway of the room: a history and the filter's forecast in, laws of demand out.

For every stretch asked for, the heads are fitted on the panel given (see `rows`, `heads`), their laws and the filter's
are averaged quantile by quantile (see `laws`), with weights as the past has earned them (see `blend`), and stretched
until the past lies within them as often as they say (see `calibrate`). Nothing is taken
from elsewhere: a panel too small or too young to teach a head is left to the filter, and says so.

Items are put into the order of store and part number before anything is summed or thinned out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from demand.distribution import DemandLaw
from demand.history import DemandHistory, Float64Array1D, Float64Array2D, Int64Array1D
from forecasting.forecast import Forecast
from forecasting.heads import blend, calibrate
from forecasting.heads.alike import Kinds
from forecasting.heads.heads import Heads, Numbers, Sizes, fit, fit_sizes, numbers
from forecasting.heads.laws import law_of, smooth_quantiles, whole
from forecasting.heads.rows import Target, with_distance
from forecasting.heads.states import Means, Past, States, states_at

_ORIGINS = 6
_JUDGED, _ROWS_JUDGING = 2_000, 16_000
"""Items on which ways of mixing are judged, and rows on which the heads are fitted for it."""


class Standing(StrEnum):
    """Who made a law: a reason code for every stretch."""

    HEADS = "heads-and-filter"
    FILTER = "filter-alone"
    """Too few rows to fit a head on: a young panel, a handful of parts, or hardly a demand."""


@dataclass(frozen=True)
class PooledHeads:
    """A panel from which the law of any stretch can be had.

    Parameters
    ----------
    history
        In the order its items came.
    forecast_of
        The filter: a history in, its forecast out, row by row; a unit is a call.
    forecast
        The filter's, of the whole history.
    past
        The panel in canonical order.
    order
        Place of each canonical row in the forecast, ``(n_items,)``.
    kinds
        Canonical rows that no past and no filter tells apart.
    means
        Of the panel.
    known, states
        Past of the first row of each kind, and its states after the last period.
    """

    history: DemandHistory
    forecast_of: Callable[[DemandHistory], Forecast]
    forecast: Forecast
    past: Past
    order: Int64Array1D
    kinds: Kinds
    means: Means
    known: Past
    states: States

    @classmethod
    def of(cls, history: DemandHistory, forecast_of: Callable[[DemandHistory], Forecast]) -> PooledHeads:
        """Return the heads' view of a history."""
        names = list(zip(history.store, history.part_no, strict=True))
        order = np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int64)
        past = Past.of(history).take(order)
        means = Means.of(past)
        forecast = forecast_of(history)
        filtered = np.stack([*forecast.calls.T, forecast.shape, forecast.dispersion])[:, order]
        kinds = Kinds.of(past.demand, past.availability, past.seen, filtered)
        known = past if kinds.first.size == order.size else past.take(kinds.first)
        return cls(history, forecast_of, forecast, past, order, kinds, means, known, states_at(known, means))

    def laws(self, target: Target) -> tuple[list[DemandLaw], Standing]:
        """Return the law of the stretch begun at each step, 1 … farthest, and who made them.

        Each law has its rows in the order of the history's items, in their demand units.
        """
        heads = fit(self.past, self.means, target, self._sizes)
        ways, heights = (None, None) if heads is None else self._learnt(target)
        weights = self._weights(heads, ways)
        first = self.order[self.kinds.first]
        back = self.kinds.kind[np.argsort(self.order, kind="stable")]
        found = []
        for step in range(1, target.farthest + 1):
            mean, size = _filtered(self.forecast, step, target)
            filtered = mean[first], size[first]
            said = numbers(heads, with_distance(self.states, step), self.known, filtered, target.length)
            found.append(law_of(said, weights, heights).take(back))
        return found, Standing.FILTER if heads is None else Standing.HEADS

    @cached_property
    def _sizes(self) -> Sizes:
        return fit_sizes(self.past, self.means)

    def _weights(self, heads: Heads | None, ways: Int64Array1D | None) -> Float64Array2D:
        """Return the weight of count, calls and filter for each kind, ``(n_kinds, 3)``."""
        if heads is None or ways is None:
            alone = [0.0, 0.0, 1.0] if heads is None else [1.0, 0.0, 0.0] if heads.calls is None else blend.WAYS[0]
            return np.tile(np.array(alone), (self.known.item_count, 1))
        return ways[self._segment(self.states)]

    def _segment(self, states: States) -> Int64Array1D:
        return blend.segment_of(np.exp(states["level_12"]) / self.past.months)

    def _learnt(self, target: Target) -> tuple[Int64Array1D | None, Float64Array1D | None]:
        """Return the way of mixing of each segment and the stretching of the laws, from earlier origins."""
        periods = self.past.period_count
        reach = target.length + target.farthest - 1
        latest = periods - reach
        earliest = max(latest - (_ORIGINS if target.farthest == 1 else 1) + 1, -(-periods * 2 // 3), 2)
        if earliest > latest:
            return None, None
        origins = range(earliest, latest + 1)
        early = self.past.until(origins[0])
        means = Means.of(early)
        heads = fit(early, means, target, fit_sizes(early, means, _ROWS_JUDGING), _ROWS_JUDGING)
        if heads is None or heads.calls is None:
            return None, None
        judged = np.arange(0, self.past.item_count, max(1, -(-self.past.item_count // _JUDGED)))
        steps = sorted({1, (1 + target.farthest) // 2, target.farthest})
        trials = [trial for origin in origins for trial in self._tried(heads, means, judged, origin, steps, target)]
        ways = blend.chosen_ways(
            np.concatenate([trial.losses() for trial in trials]),
            np.concatenate([trial.items for trial in trials]),
            np.concatenate([np.full(trial.items.size, code) for code, trial in enumerate(trials)]),
            np.concatenate([trial.segment for trial in trials]),
            target.length,
        )
        total = np.stack([trial.covered(ways[trial.segment]) for trial in trials])
        return ways, calibrate.curve(total, np.array([trial.items.size for trial in trials]))

    def _tried(
        self, heads: Heads, means: Means, judged: Int64Array1D, origin: int, steps: list[int], target: Target
    ) -> Iterator[_Trial]:
        """Yield what would have been said at an earlier origin of some items, at each of these steps, and what came."""
        ahead = slice(origin, origin + steps[-1] - 1 + target.length)
        past = self.past.take(judged)
        usable = (
            past.seen[ahead].all(axis=0) & (past.availability[ahead].min(axis=0) >= 1) & past.seen[:origin].any(axis=0)
        )
        items = judged[usable]
        known, to_come = past.take(np.flatnonzero(usable)).until(origin), past.demand[ahead][:, usable]
        states = states_at(known, means)
        segment = self._segment(states)
        forecast = self.forecast_of(self.history.take(self.order[items]).before(origin))
        for step in steps:
            filtered = _filtered(forecast, step, target)
            said = numbers(heads, with_distance(states, step), known, filtered, target.length)
            came = to_come[step - 1 : step - 1 + target.length].sum(axis=0)
            yield _Trial(items, segment, said, came)


@dataclass(frozen=True)
class _Trial:
    """What would have been said of some items at an earlier origin, and what came, each ``(n_rows,)``."""

    items: Int64Array1D
    segment: Int64Array1D
    said: Numbers
    demand: Float64Array1D

    def losses(self) -> Float64Array2D:
        """Return the loss of each way of mixing, ``(n_rows, n_ways)``."""
        smooth = smooth_quantiles(self.said, blend.SHARES)
        levels = (whole(np.tensordot(np.array(way), smooth, axes=1)) for way in blend.WAYS)
        return np.stack([blend.pinball(self.demand, level) for level in levels], axis=1)


    def covered(self, weights: Float64Array2D) -> Float64Array1D:
        """Return what `calibrate.covered` says of the laws so mixed, brought to the level that came."""
        told = law_of(self.said, weights).mean().sum()
        came = float(self.demand.sum())
        said = self.said.scaled(came / told) if told > 0 and came > 0 else self.said
        return calibrate.covered(law_of(said, weights), self.demand)


def _filtered(forecast: Forecast, step: int, target: Target) -> tuple[Float64Array1D, Float64Array1D]:
    """Return mean and size of the filter's negative binomial over the stretch; its last period is taken to go on."""
    calls = forecast.calls
    columns = np.minimum(np.arange(step - 1, step - 1 + target.length), calls.shape[1] - 1)
    ahead = calls[:, columns]
    total = ahead.sum(axis=1)
    clinging = (ahead**2).sum(axis=1) / np.where(total > 0, total, 1.0) ** 2
    return total, 1 / (1 / forecast.shape + forecast.dispersion * clinging)
