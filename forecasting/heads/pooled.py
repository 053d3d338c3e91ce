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
from demand.history import DemandHistory, Float64Array1D, Float64Array2D, Int64Array1D
from demand.side_by_side import THREADS, both, by_blocks
from forecasting.filters import Habits
from forecasting.forecast import Forecast
from forecasting.heads import blend
from forecasting.heads.alike import Kinds
from forecasting.heads.heads import Heads, Sizes, fit, fit_sizes, numbers
from forecasting.heads.laws import law_of, stacked
from forecasting.heads.learnt import Learnt, filtered, learnt, season_over, segments
from forecasting.heads.rows import Target, with_distance
from forecasting.heads.states import Means, Past, States, states_at

Filtering = Callable[[DemandHistory, Habits | None], Forecast]
"""The filter: a history, and its habits of an earlier origin or none; its forecast, row by row. A unit is a call."""


class Standing(StrEnum):
    """Who made a law: a reason code for every stretch."""

    HEADS = "heads-and-filter"
    FILTER = "filter-alone"
    """Too few rows to fit a head on: a young panel, a handful of parts, or hardly a demand."""


@dataclass(frozen=True)
class Taught:
    """What a panel has taught of one target.

    Parameters
    ----------
    heads
        None where it is too small to teach any, and only the filter speaks.
    learnt
        How they are mixed and stretched; None where it is too young to show.
    habits
        Of the filter.
    """

    heads: Heads | None
    learnt: Learnt | None
    habits: Habits | None


@dataclass(frozen=True)
class PooledHeads:
    """A panel from which the law of any stretch can be had.

    Parameters
    ----------
    history
        In the order its items came.
    forecast_of
        The filter, see `Filtering`.
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
    threads
        Blocks of items worked on at a time; the laws are the same for any number.
    """

    history: DemandHistory
    forecast_of: Filtering
    forecast: Forecast
    past: Past
    order: Int64Array1D
    kinds: Kinds
    means: Means
    threads: int = THREADS

    @classmethod
    def of(
        cls, history: DemandHistory, forecast_of: Filtering, threads: int = THREADS, habits: Habits | None = None
    ) -> PooledHeads:
        """Return the heads' view of a history; with the filter's habits of an earlier origin, where they are given."""
        order, forecast = history.canonical_order, forecast_of(history, habits)
        season = forecast.exposure.season
        past = Past.of(history, None if season is None else forecast.exposure.past)
        filtered = np.column_stack([forecast.calls, forecast.shape, forecast.dispersion])
        ahead: tuple[Float64Array2D, ...] = () if season is None else (season,)
        if (order[1:] < order[:-1]).any():  # most tables come in order, and need no second copy
            past, filtered, ahead = past.take(order), filtered[order], tuple(each[order] for each in ahead)
        past = past.seen_together(threads)
        kinds = Kinds.of(past.demand, past.exposed, past.seen, filtered, *ahead, threads=threads)
        return cls(history, forecast_of, forecast, past, order, kinds, Means.of(past), threads)

    def laws(self, target: Target) -> tuple[list[DemandLaw], Standing]:
        """Return the law of the stretch begun at each step, 1 … farthest, and who made them.

        Each law has its rows in the order of the history's items, in their demand units.
        """
        laws, kind, standing = self.laws_of_kinds(target)
        return [law.take(kind) for law in laws], standing

    def taught(self, target: Target) -> Taught:
        """Return what this panel teaches of a target: heads, their mixing and their stretching."""

        def learning() -> Learnt | None:
            return learnt(self.past, self._forecast_before, target, self.threads)

        heads, found = both(lambda: fit(self.past, self.means, target, self._sizes), learning, self.threads)
        return Taught(heads, None if heads is None else found, self.forecast.habits)

    def laws_of_kinds(
        self, target: Target, taught: Taught | None = None
    ) -> tuple[list[DemandLaw], Int64Array1D, Standing]:
        """Return the laws at each step, a row per kind of item; the kind of each of the history's items; who made them.

        Where many items are alike this is smaller than `laws`: ask a kind's law, and give each item its kind's answer.

        Parameters
        ----------
        target
            The stretch wanted.
        taught
            What the same panel taught of this target at an earlier origin; learnt anew where None.
        """
        taught = taught or self.taught(target)
        heads, found = taught.heads, taught.learnt
        steps = range(1, target.farthest + 1)
        told = [filtered(self.forecast, step, target) for step in steps]
        seasons = [season_over(self.forecast, step, target) for step in steps]

        def block(rows: slice) -> list[DemandLaw]:
            first = self.kinds.first[rows]
            known, place = self.past.take(first), self.order[first]
            states = states_at(known, self.means)
            weights, heights = _weights(heads, found, states, known), None if found is None else found.heights
            laws = []
            for step, (mean, size), season in zip(steps, told, seasons, strict=True):
                by_filter, here = (mean[place], size[place]), season if isinstance(season, float) else season[place]
                said = numbers(heads, with_distance(states, step), known, by_filter, target.length, here)
                laws.append(law_of(said, weights, heights))
            return laws

        blocks = by_blocks(block, self.kinds.first.size, self.threads)
        together = [stacked([part[step] for part in blocks]) for step in range(target.farthest)]
        back = self.kinds.kind[np.argsort(self.order, kind="stable")]
        return together, back, Standing.FILTER if heads is None else Standing.HEADS

    def heard(self, item: int, taught: Taught) -> Float64Array1D:
        """Return the weight of count, calls and filter in the law of one of the history's items, ``(3,)``."""
        row = np.flatnonzero(self.order == item)
        known = self.past.take(row)
        weights: Float64Array1D = _weights(taught.heads, taught.learnt, states_at(known, self.means), known)[0]
        return weights

    @cached_property
    def _sizes(self) -> Sizes:
        return fit_sizes(self.past, self.means)

    def _forecast_before(self, items: Int64Array1D, origin: int, habits: Habits | None) -> Forecast:
        """Return what the filter would have said of some canonical rows at an earlier origin."""
        return self.forecast_of(self.history.take(self.order[items]).before(origin), habits)


def _weights(heads: Heads | None, found: Learnt | None, states: States, known: Past) -> Float64Array2D:
    """Return the weight of count, calls and filter for each item, ``(n_items, 3)``."""
    if heads is None or heads.calls is None:
        alone = [0.0, 0.0, 1.0] if heads is None else [1.0, 0.0, 0.0]
        return np.tile(np.array(alone), (known.item_count, 1))
    segment = segments(states, known)
    return blend.usual_weights(segment) if found is None else found.weights[segment]
