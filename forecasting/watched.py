"""The cells of a history as the filter reads them: in canonical order, a block of items at a time.

A panel of a million items is read several times and copied never: each pass takes a block of rows, makes of it what is
expected (exposure times rate), and keeps a number or two per item. Rows are summed each by itself and in the order of
store and part number, so neither the blocks nor the order in which the items came are seen in the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from demand.compiled import to_read
from demand.history import DemandHistory, Float64Array1D, Float64Array2D, Int64Array1D, Int64Array2D, Observation
from demand.side_by_side import by_blocks
from forecasting import filters
from forecasting.watched_compiled import add_up

_LITTLE = 1e-3
"""A call where none was thought possible still has to come from somewhere: this much of the mean in every period."""


@dataclass(frozen=True)
class Totals:
    """What adds up over the periods of each item, rows in canonical order, each ``(n_items,)``.

    Parameters
    ----------
    recent_asked, recent_possible
        Σ ω y and Σ ω e v, later periods weighing more.
    asked, possible
        Σ y and Σ (e + little) v.
    little
        What is added to every exposure of the item.
    """

    recent_asked: Float64Array1D
    recent_possible: Float64Array1D
    asked: Float64Array1D
    possible: Float64Array1D
    little: Float64Array1D


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
        self, rows: Int64Array1D, rate: Float64Array1D
    ) -> tuple[Int64Array2D, Float64Array2D, Float64Array2D, NDArray[np.bool_]]:
        """Return calls, expected calls, availability and what fades, of some canonical rows.

        Parameters
        ----------
        rows
            Canonical rows.
        rate
            What the exposure of every canonical row is multiplied by, ``(n_items,)``.
        """
        place = self.order[rows]
        expected = self.exposure[place] * rate[rows, None]
        if expected.shape[1]:
            expected += _LITTLE * expected.mean(axis=1, keepdims=True)
        calls, availability, fades = self._seen(place)
        return calls, expected, availability, fades

    def totals(self, weight: Float64Array1D) -> Totals:
        """Return what adds up over the periods of each item, later ones weighing as given, ``(n_periods,)``."""

        def block(rows: slice) -> Float64Array2D:
            place = self._place(rows)
            found = np.empty((6, rows.stop - rows.start))
            calls, availability, _ = self._seen(place)
            add_up(to_read(calls), to_read(self.exposure[place]), to_read(availability), weight, found)
            return found

        recent, recent_possible, asked, possible, available, exposed = np.concatenate(
            by_blocks(block, self.order.size), axis=1
        )
        little = _LITTLE * exposed
        return Totals(recent, recent_possible, asked, possible + little * available, little)

    def swept(
        self, totals: Totals, rate: Float64Array1D, behaviour: filters.Behaviour
    ) -> tuple[Float64Array1D, Float64Array1D]:
        """Return shape and multiplier of the filter after the last period, each ``(n_items,)``.

        Parameters
        ----------
        totals
            Of the same items.
        rate
            What the exposure of every canonical row is multiplied by, ``(n_items,)``.
        behaviour
            Of every canonical row.
        """

        def block(rows: slice) -> Float64Array2D:
            place = self._place(rows)
            calls, availability, fades = self._seen(place)
            scale = np.column_stack([totals.little[rows], rate[rows]])
            own = behaviour.take(np.arange(rows.start, rows.stop))
            state = filters.run(calls, self.exposure[place], availability, fades, own, is_judged=False, scale=scale)
            return np.stack([state.shape, state.multiplier])

        shape, multiplier = np.concatenate(by_blocks(block, self.order.size), axis=1)
        return shape, multiplier

    @cached_property
    def _is_in_order(self) -> bool:
        return bool((self.order[1:] > self.order[:-1]).all())

    def _place(self, rows: slice) -> Int64Array1D | slice:
        """Return where canonical rows stand in the history: a run of rows is read without a copy where it is one."""
        return rows if self._is_in_order else self.order[rows]

    def _seen(self, place: Int64Array1D | slice) -> tuple[Int64Array2D, Float64Array2D, NDArray[np.bool_]]:
        """Return calls, availability and what fades, of some rows of the history."""
        calls, availability = self.history.lines[place], self.history.availability[place]
        fades = self.history.observation[place] == Observation.MISSING
        if self.settled is None:
            return calls, availability, fades
        early = np.arange(self.history.axis.count)[None, :] < self.settled[place, None]
        fades |= early & (self.history.observation[place] == Observation.SEEN)
        return np.where(early, 0, calls), np.where(early, 0.0, availability), fades


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
