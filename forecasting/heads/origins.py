"""Laws at many origins of one panel: what would have been told after each of them, by what was known then.

Every origin sees the periods before it and nothing else. The filter is brought up to each origin; its habits, the
heads, their mixing and their stretching are learnt at the first origin and again after a while, and between serve as
they are: what an origin uses may be older than it, never younger. Of a young panel a few months change what it
teaches: where lessons of a year ago promised three lines in a hundred less than came, those of the day promised one.
Origins served by the same lesson need nothing of one another and are worked on side by side. It is the ground of a
backtest, which judges the laws by what came.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from demand.distribution import DemandLaw
from demand.history import DemandHistory, Int64Array1D
from demand.side_by_side import THREADS, in_turn
from forecasting.forecast import Forecast
from forecasting.heads.pooled import Filtering, PooledHeads, Standing, Taught
from forecasting.heads.rows import Target

TAUGHT_FOR, GROWN = 12, 1 / 4
"""Periods for which what was learnt serves at most, of months a year; share by which the panel may have grown."""


@dataclass(frozen=True)
class LawsAt:
    """What would have been told after one origin.

    Parameters
    ----------
    origin
        Periods known, from the history's first.
    law_of_kind
        Of demand over the stretch that begins after the origin, a row per kind of item.
    kind
        Of each of the history's items, ``(n_items,)``.
    forecast
        The filter's, of the same day.
    standing
        Who made the law.
    """

    origin: int
    law_of_kind: DemandLaw
    kind: Int64Array1D
    forecast: Forecast
    standing: Standing

    @cached_property
    def law(self) -> DemandLaw:
        """The law of each item, in the order of the history's items, in their units."""
        return self.law_of_kind.take(self.kind)


def laws_at_origins(
    history: DemandHistory,
    forecast_of: Filtering,
    origins: Sequence[int],
    length: int,
    taught_for: int | None = None,
    threads: int = THREADS,
) -> Iterator[LawsAt]:
    """Yield the laws after each origin, in the order of time.

    Parameters
    ----------
    history
        The whole panel.
    forecast_of
        The filter; its horizon is `length` or more.
    origins
        How many periods are known at each, in any order, 0 up to the number of periods.
    length
        Periods summed, one or more.
    taught_for
        Periods after which the heads are learnt anew; 1 gives at every origin what a forecast of that day gives. Where
        None, when the panel has grown by `GROWN`, and after `TAUGHT_FOR` in any case.
    threads
        Origins, or blocks of a teaching one, worked on at a time; the laws are the same for any number.

    Raises
    ------
    ValueError
        If an origin lies outside the history.
    """
    outside = [origin for origin in origins if not 0 <= origin <= history.axis.count]
    if outside:
        raise ValueError(f"an origin lies within the {history.axis.count} periods of the history; found {outside[0]}")
    target, to_come = Target(length), sorted(set(origins))
    while to_come:
        first = to_come[0]
        heads = PooledHeads.of(history.before(first), forecast_of, threads)
        taught = heads.taught(target)
        # Heads that could not stand, or stood on too little to be judged, are tried again each time.
        until = first + (taught_for or min(max(int(first * GROWN), 1), TAUGHT_FOR))
        serving = [] if taught.learnt is None else [origin for origin in to_come[1:] if origin < until]
        yield _laws_at(first, heads, target, taught)
        del heads
        yield from in_turn(serving, partial(_laws_by, history, forecast_of, target, taught), threads)
        to_come = to_come[1 + len(serving) :]


def _laws_by(history: DemandHistory, forecast_of: Filtering, target: Target, taught: Taught, origin: int) -> LawsAt:
    """Return the laws after one origin by what an earlier one has taught, worked out by one thread."""
    heads = PooledHeads.of(history.before(origin), forecast_of, threads=1, habits=taught.habits)
    return _laws_at(origin, heads, target, taught)


def _laws_at(origin: int, heads: PooledHeads, target: Target, taught: Taught) -> LawsAt:
    laws, kind, standing = heads.laws_of_kinds(target, taught)
    return LawsAt(origin, laws[0], kind, heads.forecast, standing)
