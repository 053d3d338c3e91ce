"""The cells of a history as the filter reads them: in canonical order, a block of items at a time.

A panel of a million items is read several times and copied never: each pass takes a block of rows, makes of it what is
expected (exposure times rate), and keeps a number or two per item. Rows are summed each by itself and in the order of
store and part number, so neither the blocks nor the order in which the items came are seen in the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.history import DemandHistory, Float64Array1D, Float64Array2D, Int64Array1D, Int64Array2D, Observation
from demand.side_by_side import by_blocks
from forecasting import filters

_LITTLE = 1e-3
"""A call where none was thought possible still has to come from somewhere: this much of the mean in every period."""


@dataclass(frozen=True)
class Watched:
    """A history with its exposure, rows in canonical order.

    Parameters
    ----------
    history
        What was asked for.
    exposure
        Of each period, ``(n_items, n_periods)``, rows as in the history.
    order
        Place of each canonical row in the history, ``(n_items,)``.
    settled
        First period that teaches, rows as in the history; what was before is as if it was missing. All where None.
    """

    history: DemandHistory
    exposure: Float64Array2D
    order: Int64Array1D
    settled: Int64Array1D | None = None

    def cells(
        self, rows: Int64Array1D, rate: Float64Array1D, level: Float64Array1D | None = None
    ) -> tuple[Int64Array2D, Float64Array2D, Float64Array2D, NDArray[np.bool_]]:
        """Return calls, expected calls, availability and what fades, of some canonical rows.

        Parameters
        ----------
        rows
            Canonical rows.
        rate, level
            What the exposure of every canonical row is multiplied by, first and last, ``(n_items,)``.
        """
        place = self.order[rows]
        expected = self.exposure[place] * rate[rows, None]
        if expected.shape[1]:
            expected += _LITTLE * expected.mean(axis=1, keepdims=True)
        if level is not None:
            expected *= level[rows, None]
        fades = self.history.observation[place] == Observation.MISSING
        calls, availability = self.history.lines[place], self.history.availability[place]
        early = self._early(place)
        if early is not None:
            fades |= early & (self.history.observation[place] == Observation.SEEN)
            calls, availability = np.where(early, 0, calls), np.where(early, 0.0, availability)
        return calls, expected, availability, fades

    def weighted(self, weight: Float64Array1D) -> tuple[Float64Array1D, Float64Array1D]:
        """Return Σ weight × calls and Σ weight × exposure × availability over the periods, each ``(n_items,)``."""

        def block(rows: slice) -> Float64Array2D:
            place = self.order[rows]
            asked, possible = self.history.lines[place], self.exposure[place] * self.history.availability[place]
            early = self._early(place)
            if early is not None:
                asked, possible = np.where(early, 0, asked), np.where(early, 0.0, possible)
            return np.stack([(asked * weight).sum(axis=1), (possible * weight).sum(axis=1)])

        asked, possible = np.concatenate(by_blocks(block, self.order.size), axis=1)
        return asked, possible

    def totals(self, rate: Float64Array1D) -> tuple[Float64Array1D, Float64Array1D]:
        """Return calls, and calls expected where they could be seen, over the periods, each ``(n_items,)``."""

        def block(rows: slice) -> Float64Array2D:
            calls, expected, availability, _ = self.cells(np.arange(rows.start, rows.stop), rate)
            return np.stack([calls.sum(axis=1), (expected * availability).sum(axis=1)])

        asked, possible = np.concatenate(by_blocks(block, self.order.size), axis=1)
        return asked, possible

    def swept(
        self, rate: Float64Array1D, level: Float64Array1D, behaviour: filters.Behaviour
    ) -> tuple[Float64Array1D, Float64Array1D]:
        """Return shape and multiplier of the filter after the last period, each ``(n_items,)``."""

        def block(rows: slice) -> Float64Array2D:
            chosen = np.arange(rows.start, rows.stop)
            state = filters.run(*self.cells(chosen, rate, level), behaviour.take(chosen), is_judged=False)
            return np.stack([state.shape, state.multiplier])

        shape, multiplier = np.concatenate(by_blocks(block, self.order.size), axis=1)
        return shape, multiplier

    def _early(self, place: Int64Array1D) -> NDArray[np.bool_] | None:
        """Say which cells of some rows of the history are not settled; None where all are."""
        if self.settled is None:
            return None
        return np.asarray(np.arange(self.history.axis.count)[None, :] < self.settled[place, None])


def codes(names: Sequence[str]) -> Int64Array1D:
    """Return a number for each name, equal names equal, in the order of their coming.

    >>> codes(["oil", "pad", "oil"]).tolist()
    [0, 1, 0]
    """
    place = dict(zip(dict.fromkeys(names), range(len(names)), strict=False))
    return np.fromiter(map(place.__getitem__, names), np.int64, len(names))


def finer(code: Int64Array1D, within: Int64Array1D) -> Int64Array1D:
    """Return a number for each pair of numbers, equal pairs equal.

    >>> finer(np.array([0, 0, 1]), np.array([5, 6, 5])).tolist()
    [0, 1, 2]
    """
    if not within.size or within.min() == within.max():
        return code
    pair = code * (int(within.max()) + 1) + within
    return np.asarray(np.unique(pair, return_inverse=True)[1].reshape(-1), dtype=np.int64)
