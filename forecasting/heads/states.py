"""What an item's past looks like at one origin, as numbers that a regression over all items can use.

Everything is a rate per period seen, drawn a little to the panel's own rate, and then a logarithm: so that an item
with two months of history and one with twenty years stand side by side, and one never asked for is a low number and
not minus infinity.

    level over a window     log((Σ y + g) / (Σ v + 1))              windows of 1, 3, 12 months, and of all
    faded level             log((Σ wᵃ y + g) / (Σ wᵃ v + 1))        a months ago; w = 0.7, 0.85, 0.93, 0.97

y demand (or, for how often, whether there was any), v availability times season, g the panel's mean. What all items did
together of late is taken out of the levels, see `together`. Beside these:
months since the last demand, and the same beside the item's own mean gap; months since the first demand, up to ten
years, for parts are asked for less and less as their models go; size of a period that has demand, of late and ever;
spread of the sizes; own dispersion between periods.

Months and weeks: windows and fading are told in months and counted out in periods.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from demand.compiled import to_read
from demand.history import (
    DemandHistory,
    Float64Array1D,
    Float64Array2D,
    Int64Array1D,
    Int64Array2D,
    Observation,
)
from demand.periods import PeriodKind
from demand.side_by_side import THREADS
from forecasting.heads.states_compiled import item_states, panel_sums
from forecasting.heads.together import Together

FADING = (0.7, 0.85, 0.93, 0.97)
WINDOWS = (1, 3, 12)
_BLOCK = 8_192
"""Items summed together; the order in which the panel's sums are taken."""
_DISPERSION_TRUST = 6.0
"""Periods' worth of trust in the panel's dispersion."""

_LEVELS = (*(str(window) for window in WINDOWS), "all", *(str(fading) for fading in FADING))
STATES = (
    *(f"level_{name}" for name in _LEVELS),
    *(f"often_{name}" for name in _LEVELS),
    *("since_last", "since_last_in_gaps", "age", "size", "size_12", "size_last", "size_spread", "dispersion"),
)
"""Names of the states, in the order in which they are worked out."""

States = dict[str, Float64Array1D]


@dataclass(frozen=True)
class Past:
    """What is known of a panel.

    Parameters
    ----------
    demand, availability
        y and v, ``(n_items, n_periods)``; both 0 where not seen.
    seen
        Whether seen, same shape.
    period_count
        Periods known, from the first; the columns after them are not looked at.
    months
        Length of a period in months.
    season
        Factor of each cell's season, same shape; ones where None. Rates are per period of the usual season.
    together
        What all items of the panel did; nothing in common where None.
    """

    demand: Int64Array2D
    availability: Float64Array2D
    seen: NDArray[np.bool_]
    period_count: int
    months: float
    season: Float64Array2D | None = None
    together: Together | None = None

    @classmethod
    def of(cls, history: DemandHistory, season: Float64Array2D | None = None) -> Past:
        """Return the past of a history, its rows in the order they have."""
        months = 1.0 if history.axis.kind is PeriodKind.MONTH else 12 / 52.18
        seen = history.observation == Observation.SEEN
        return cls(history.quantity, history.availability, seen, history.axis.count, months, season)

    @property
    def item_count(self) -> int:
        """Number of items."""
        return int(self.demand.shape[0])

    @property
    def exposed(self) -> Float64Array2D:
        """Availability times season: what a rate is told per."""
        return self.exposed_of(slice(None))

    def take(self, items: Int64Array1D) -> Past:
        """Return some items, in the order asked."""
        season = self.season
        if season is not None:  # one row that stands for all still does
            is_shared = season.strides[0] == 0
            season = np.broadcast_to(season[:1], (items.size, season.shape[1])) if is_shared else season[items]
        return replace(
            self,
            demand=self.demand[items],
            availability=self.availability[items],
            seen=self.seen[items],
            season=season,
        )

    def exposed_of(self, rows: slice) -> Float64Array2D:
        """Return availability times season of some items next to one another."""
        return self.availability[rows] if self.season is None else self.availability[rows] * self.season[rows]

    def seen_together(self, threads: int = THREADS) -> Past:
        """Return the same past, with what all its items did together."""
        found = Together.of(self.demand, self.exposed_of, self.period_count, threads)
        return replace(self, together=found)

    def until(self, period: int) -> Past:
        """Return the past as it was known before a period."""
        return replace(self, period_count=period)


@dataclass(frozen=True)
class Means:
    """What the panel does on average: where an item without a past of its own begins.

    Parameters
    ----------
    demand, occurrence
        Demand, and periods with demand, per period seen.
    dispersion
        How much more than by chance an item's periods differ, Σ((y − m)² − y) / Σ m², zero or more.
    """

    demand: float
    occurrence: float
    dispersion: float

    @classmethod
    def of(cls, past: Past) -> Means:
        """Return the means of a panel; of one without any demand, those of a part asked for once in ten years."""
        sums = np.zeros(5)
        for start in range(0, past.item_count, _BLOCK):
            rows = slice(start, start + _BLOCK)
            cells = to_read(past.demand[rows]), to_read(past.exposed_of(rows)), to_read(past.seen[rows])
            sums += panel_sums(*cells, past.period_count)
        demand, occurrence, available, excess, squares = sums.tolist()
        least, available = 1 / 120, max(available, 1.0)
        return cls(
            max(demand / available, least), max(occurrence / available, least), max(excess, 0.0) / max(squares, 1e-9)
        )


def states_at(past: Past, means: Means) -> States:
    """Return what is known of every item after the last period, by name, each ``(n_items,)``.

    Parameters
    ----------
    past
        The periods known.
    means
        The panel's means over the same periods.
    """
    count = past.period_count
    windows = np.array([min(max(1, round(w / past.months)), count) for w in WINDOWS] + [count], dtype=np.int64)
    found, fading = np.empty((len(STATES), past.item_count)), np.array(FADING) ** past.months
    item_states(
        to_read(past.demand),
        to_read(past.exposed),
        to_read(past.seen),
        count,
        windows,
        fading,
        np.array([means.demand, means.occurrence, means.dispersion, past.months, _DISPERSION_TRUST]),
        found,
    )
    np.log(found, out=found)
    if past.together is not None:
        found[: 2 * len(_LEVELS)] -= past.together.departures(count, windows, fading)[:, None]
    return {"one": np.ones(past.item_count)} | dict(zip(STATES, found, strict=True))
