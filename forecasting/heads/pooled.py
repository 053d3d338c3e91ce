"""The doorway of the room: a history and the filter's forecast in, laws of demand out.

For every stretch asked for, the heads are fitted on the panel given (see `rows`, `heads`), their laws and the filter's
are averaged quantile by quantile (see `laws`), with weights as the past has earned them (see `blend`). Nothing is taken
from elsewhere: a panel too small or too young to teach a head is left to the filter, and says so.

Items are put into the order of store and part number before anything is summed or thinned out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from demand.distribution import DemandLaw
from demand.history import DemandHistory, Float64Array1D, Float64Array2D, Int64Array1D
from forecasting.forecast import Forecast
from forecasting.heads import blend
from forecasting.heads.heads import Heads, fit, numbers
from forecasting.heads.laws import law_of, smooth_quantiles, whole
from forecasting.heads.rows import Target, with_distance
from forecasting.heads.states import Means, Past, States, states_at

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
    means, states
        Of the panel, after its last period.
    """

    history: DemandHistory
    forecast_of: Callable[[DemandHistory], Forecast]
    forecast: Forecast
    past: Past
    order: Int64Array1D
    means: Means
    states: States

    @classmethod
    def of(cls, history: DemandHistory, forecast_of: Callable[[DemandHistory], Forecast]) -> PooledHeads:
        """Return the heads' view of a history."""
        names = list(zip(history.store, history.part_no, strict=True))
        order = np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int64)
        past = Past.of(history).take(order)
        means = Means.of(past)
        return cls(history, forecast_of, forecast_of(history), past, order, means, states_at(past, means))

    def laws(self, target: Target) -> tuple[list[DemandLaw], Standing]:
        """Return the law of the stretch begun at each step, 1 … farthest, and who made them.

        Each law has its rows in the order of the history's items, in their demand units.
        """
        heads = fit(self.past, self.means, target)
        weights = self._weights(heads, target)
        back = np.argsort(self.order, kind="stable")
        found = []
        for step in range(1, target.farthest + 1):
            mean, size = _filtered(self.forecast, step, target)
            filtered = mean[self.order], size[self.order]
            said = numbers(heads, with_distance(self.states, step), self.past, filtered, target.length)
            found.append(law_of(said, weights).take(back))
        return found, Standing.FILTER if heads is None else Standing.HEADS

    def _weights(self, heads: Heads | None, target: Target) -> Float64Array2D:
        """Return the weight of count, calls and filter for each item, ``(n_items, 3)``."""
        ways = np.array(blend.WAYS)
        if heads is None:
            return np.tile([0.0, 0.0, 1.0], (self.past.item_count, 1))
        monthly = np.exp(self.states["level_12"]) / self.past.months
        weights = ways[self._ways(target)[blend.segment_of(monthly)]]
        if heads.calls is None:  # what the calls would have said, the count says
            weights = weights[:, [0, 1, 2]] @ np.array([[1.0, 0, 0], [1.0, 0, 0], [0, 0, 1.0]])
        return weights

    def _ways(self, target: Target) -> Int64Array1D:
        """Return the way of mixing of each segment, judged on what came after two earlier origins."""
        equal = np.zeros(len(blend.SEGMENTS) + 1, dtype=np.int64)
        periods = self.past.period_count
        reach = target.length + target.farthest - 1
        origins = [periods - 2 * reach, periods - reach] if target.farthest == 1 else [periods - reach]
        if origins[0] < 2:
            return equal
        early = self.past.until(origins[0])
        means = Means.of(early)
        heads = fit(early, means, target, _ROWS_JUDGING)
        if heads is None or heads.calls is None:
            return equal
        judged = np.arange(0, self.past.item_count, max(1, -(-self.past.item_count // _JUDGED)))
        losses, items, segments = [], [], []
        for origin in origins:
            for step in sorted({1, (1 + target.farthest) // 2, target.farthest}):
                rows, loss, segment = self._judge(heads, means, judged, origin, step, target)
                losses.append(loss)
                items.append(rows)
                segments.append(segment)
        return blend.chosen_ways(np.concatenate(losses), np.concatenate(items), np.concatenate(segments))

    def _judge(
        self, heads: Heads, means: Means, judged: Int64Array1D, origin: int, step: int, target: Target
    ) -> tuple[Int64Array1D, Float64Array2D, Int64Array1D]:
        """Return the rows judged, the loss of each way, and the rows' segments, at one origin and step."""
        past = self.past.take(judged)
        ahead = slice(origin + step - 1, origin + step - 1 + target.length)
        usable = (
            past.seen[ahead].all(axis=0) & (past.availability[ahead].min(axis=0) >= 1) & past.seen[:origin].any(axis=0)
        )
        rows = np.flatnonzero(usable)
        known = past.take(rows).until(origin)
        states = states_at(known, means)
        forecast = self.forecast_of(self.history.before(origin).take(self.order[judged[rows]]))
        filtered = _filtered(forecast, step, target)
        said = numbers(heads, with_distance(states, step), known, filtered, target.length)
        smooth = smooth_quantiles(said, blend.SHARES)
        demand = past.demand[ahead].sum(axis=0)[rows]
        loss = np.stack(
            [blend.pinball(demand, whole(np.tensordot(np.array(way), smooth, axes=1))) for way in blend.WAYS], axis=1
        )
        return judged[rows], loss, blend.segment_of(np.exp(states["level_12"]) / past.months)


def _filtered(forecast: Forecast, step: int, target: Target) -> tuple[Float64Array1D, Float64Array1D]:
    """Return mean and size of the filter's negative binomial over the stretch; its last period is taken to go on."""
    calls = forecast.calls
    columns = np.minimum(np.arange(step - 1, step - 1 + target.length), calls.shape[1] - 1)
    ahead = calls[:, columns]
    total = ahead.sum(axis=1)
    clinging = (ahead**2).sum(axis=1) / np.where(total > 0, total, 1.0) ** 2
    return total, 1 / (1 / forecast.shape + forecast.dispersion * clinging)
