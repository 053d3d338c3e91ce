"""The doorway of the room: a history and the filter's forecast in, laws of demand out.

For every stretch asked for, the heads are fitted on the panel given (see `rows`, `heads`), their laws and the filter's
are averaged quantile by quantile (see `laws`), with weights as the past has earned them (see `blend`), and stretched
until the past lies within them as often as they say (see `calibrate`). Nothing is taken
from elsewhere: a panel too small or too young to teach a head is left to the filter, and says so.

Items are put into the order of store and part number before anything is summed or thinned out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from demand.distribution import DemandLaw
from demand.history import DemandHistory, Float64Array2D, Int64Array1D
from forecasting.forecast import Forecast
from forecasting.heads import blend
from forecasting.heads.alike import Kinds
from forecasting.heads.heads import Heads, Sizes, fit, fit_sizes, numbers
from forecasting.heads.laws import law_of
from forecasting.heads.learnt import Learnt, filtered, learnt, segments
from forecasting.heads.rows import Target, with_distance
from forecasting.heads.states import Means, Past, States, states_at


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
        taught = None if heads is None else learnt(self.past, self._forecast_before, target)
        weights, heights = self._weights(heads, taught), None if taught is None else taught.heights
        first = self.order[self.kinds.first]
        back = self.kinds.kind[np.argsort(self.order, kind="stable")]
        found = []
        for step in range(1, target.farthest + 1):
            mean, size = filtered(self.forecast, step, target)
            said = numbers(
                heads, with_distance(self.states, step), self.known, (mean[first], size[first]), target.length
            )
            found.append(law_of(said, weights, heights).take(back))
        return found, Standing.FILTER if heads is None else Standing.HEADS

    @cached_property
    def _sizes(self) -> Sizes:
        return fit_sizes(self.past, self.means)

    def _forecast_before(self, items: Int64Array1D, origin: int) -> Forecast:
        """Return what the filter would have said of some canonical rows at an earlier origin."""
        return self.forecast_of(self.history.take(self.order[items]).before(origin))

    def _weights(self, heads: Heads | None, taught: Learnt | None) -> Float64Array2D:
        """Return the weight of count, calls and filter for each kind, ``(n_kinds, 3)``."""
        if heads is None or taught is None:
            alone = [0.0, 0.0, 1.0] if heads is None else [1.0, 0.0, 0.0] if heads.calls is None else blend.WAYS[0]
            return np.tile(np.array(alone), (self.known.item_count, 1))
        return taught.weights[segments(self.states, self.past)]
