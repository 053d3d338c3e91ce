"""What an item's past looks like at one origin, as numbers that a regression over all items can use.

Everything is a rate per period seen, drawn a little to the panel's own rate, and then a logarithm: so that an item
with two months of history and one with twenty years stand side by side, and one never asked for is a low number and
not minus infinity.

    level over a window     log((Σ y + g) / (Σ v + 1))              windows of 1, 3, 12 months, and of all
    faded level             log((Σ wᵃ y + g) / (Σ wᵃ v + 1))        a months ago; w = 0.7, 0.85, 0.93, 0.97

y demand (or, for how often, whether there was any), v availability, g the panel's mean. Beside these: months since the
last demand, and the same beside the item's own mean gap; months since the first demand, up to two years; size of a
period that has demand, of late and ever; spread of the sizes; own month-to-month dispersion, by moments.

Months and weeks: windows and fading are told in months and counted out in periods.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demand.history import DemandHistory, Float64Array1D, Float64Array2D, Int64Array1D, Observation
from demand.periods import PeriodKind

FADING = (0.7, 0.85, 0.93, 0.97)
WINDOWS = (1, 3, 12)
_LONGEST_AGE_MONTHS = 24
_BLOCK = 8_192
"""Items looked at together; it bounds memory, not the result."""
_DISPERSION_TRUST = 6.0
"""Periods' worth of trust in the panel's dispersion."""

States = dict[str, Float64Array1D]


@dataclass(frozen=True)
class Past:
    """A panel with one period of all items lying together.

    Parameters
    ----------
    demand, availability
        y and v, ``(n_periods, n_items)``; both 0 where not seen.
    seen
        1 where seen, same shape.
    months
        Length of a period in months.
    """

    demand: Float64Array2D
    availability: Float64Array2D
    seen: Float64Array2D
    months: float

    @classmethod
    def of(cls, history: DemandHistory) -> Past:
        """Return the past of a history, its rows in the order they have."""
        months = 1.0 if history.axis.kind is PeriodKind.MONTH else 12 / 52.18
        return cls(
            np.ascontiguousarray(history.quantity.T, dtype=np.float64),
            np.ascontiguousarray(history.availability.T),
            np.ascontiguousarray((history.observation == Observation.SEEN).T, dtype=np.float64),
            months,
        )

    @property
    def period_count(self) -> int:
        """Number of periods."""
        return int(self.demand.shape[0])

    @property
    def item_count(self) -> int:
        """Number of items."""
        return int(self.demand.shape[1])

    def take(self, items: Int64Array1D) -> Past:
        """Return some items, in the order asked."""
        return Past(
            np.take(self.demand, items, axis=1),
            np.take(self.availability, items, axis=1),
            np.take(self.seen, items, axis=1),
            self.months,
        )

    def until(self, period: int) -> Past:
        """Return the periods before one."""
        return Past(self.demand[:period], self.availability[:period], self.seen[:period], self.months)


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
        available = max(float(past.availability.sum()), 1.0)
        least = 1 / 120
        excess, mean, seen = _excess(past)
        dispersion = max(float(excess.sum()), 0.0) / max(float((mean**2 * seen).sum()), 1e-9)
        return cls(
            max(float(past.demand.sum()) / available, least),
            max(np.count_nonzero(past.demand) / available, least),
            dispersion,
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
    if past.item_count <= _BLOCK:
        return _states_of(past, means)
    blocks = [slice(start, start + _BLOCK) for start in range(0, past.item_count, _BLOCK)]
    each = [
        _states_of(Past(past.demand[:, b], past.availability[:, b], past.seen[:, b], past.months), means)
        for b in blocks
    ]
    return {name: np.concatenate([states[name] for states in each]) for name in each[0]}


def _states_of(past: Past, means: Means) -> States:
    demand, availability = past.demand, past.availability
    occurred = (demand > 0).astype(np.float64)
    periods = past.period_count
    found: States = {"one": np.ones(past.item_count)}
    for name, window in (*((str(w), _periods(w, past)) for w in WINDOWS), ("all", periods)):
        recent = slice(max(0, periods - window), periods)
        seen = availability[recent].sum(axis=0) + 1
        found[f"level_{name}"] = np.log((demand[recent].sum(axis=0) + means.demand) / seen)
        found[f"often_{name}"] = np.log((occurred[recent].sum(axis=0) + means.occurrence) / seen)
    ago = np.arange(periods)[::-1] * past.months
    fading = np.array(FADING)[:, None] ** ago
    faded = (np.einsum("wp,pi->wi", fading, each) for each in (demand, occurred, availability))
    for kept, level, often, seen in zip(FADING, *faded, strict=True):
        found[f"level_{kept}"] = np.log((level + means.demand) / (seen + 1))
        found[f"often_{kept}"] = np.log((often + means.occurrence) / (seen + 1))
    return found | _ages(past, occurred) | _sizes(past, occurred, means)


def _periods(months: int, past: Past) -> int:
    return max(1, round(float(months) / past.months))


def _ages(past: Past, occurred: Float64Array2D) -> States:
    """Return how long ago the last and the first demand were."""
    periods = past.period_count
    ever = occurred.any(axis=0) if periods else np.zeros(past.item_count, dtype=np.bool_)
    since_last = np.where(ever, occurred[::-1].argmax(axis=0), periods) if periods else np.zeros(past.item_count)
    since_first = np.where(ever, periods - occurred.argmax(axis=0), 0) if periods else np.zeros(past.item_count)
    gap = (past.availability.sum(axis=0) + 1) / (occurred.sum(axis=0) + 1)
    return {
        "since_last": np.log1p(since_last * past.months),
        "since_last_in_gaps": np.log1p(since_last / gap),
        "age": np.log1p(np.minimum(since_first * past.months, _LONGEST_AGE_MONTHS)),
    }


def _sizes(past: Past, occurred: Float64Array2D, means: Means) -> States:
    """Return how much is asked at a time, how that spreads, and how months cling together."""
    demand = past.demand
    total, times = demand.sum(axis=0), occurred.sum(axis=0)
    squares = np.einsum("pi,pi->i", demand, demand)
    year = slice(max(0, past.period_count - _periods(12, past)), past.period_count)
    last = np.zeros(past.item_count)
    for y in demand:
        last = np.where(y > 0, y, last)
    own = total / np.maximum(times, 1)
    excess, mean, seen = _excess(past)
    dispersion = (excess / mean**2 + _DISPERSION_TRUST * means.dispersion) / (seen + _DISPERSION_TRUST)
    return {
        "size": np.log((total + 1) / (times + 1)),
        "size_12": np.log((demand[year].sum(axis=0) + 1) / (occurred[year].sum(axis=0) + 1)),
        "size_last": np.log1p(last),
        "size_spread": np.log1p(np.maximum(squares / np.maximum(times, 1) - own**2, 0)),
        "dispersion": np.log(np.clip(dispersion, 0.02, 50)),
    }


def _excess(past: Past) -> tuple[Float64Array1D, Float64Array1D, Float64Array1D]:
    """Return Σ over periods seen of (y − m)² − y, m, and the number of periods seen, each ``(n_items,)``."""
    total, seen = past.demand.sum(axis=0), past.seen.sum(axis=0)
    mean = (total + 0.5) / (seen + 1)
    # Written out, so that the panel is read once.
    squares = np.einsum("pi,pi->i", past.demand, past.demand)
    return squares - 2 * mean * total + seen * mean**2 - total, mean, seen
