"""Demand that is told and not only expected: streams of their own beside the law of the history.

Model in words. Some calls to come are known one by one before they are made: an appointment names the part and the day,
a reservation lies on the shelf for a repair order, a recall names its vehicles. Such a call comes by a day or not at
all,

    F(T) = ρ (1 − exp(−γ min(T, E) − S))            T days after the origin; S first, E last day; ρ reach, γ pace

n vehicles of one row call independently, each for u demand units. ρ and γ may be uncertain: a few equally likely pairs
then stand for them, and n vehicles share one pair.

    G(z) = Π over rows of mean over pairs of (1 − F + F z^u)^n

The law of demand over T is the law of the history over T and that of the streams, added (convolved): their generating
functions multiply (`lead_time`). What is told must not be expected again. Of the calls of a pool (a store's family) a
share w is told beforehand, and the history's law keeps the rest,

    w = min(1, told calls / expected calls)                         in each coming period, and of each kind of part
    w′ = min(1, (told calls + s w) / (expected calls + s))

so a pool whose calls are told as often as they come is neither more nor less for it, and what is told beyond that adds
itself. Kinds differ, for an appointment names what is surely replaced (oil) and not what seldom is (a washer): what is
never told must not be taken for told because its family is. Services of vehicles followed one by one are netted car by
car instead (`appointments`).

Source of the netting: Zhu, van Jaarsveld & Dekker (2020), Reliability Engineering & System Safety 197 (maintenance
tasks as advance demand); of the pool's share: the forecast consumption of planning practice, read as a probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D

PAIRS = 8
"""Equally likely pairs of reach and pace that stand for what is uncertain about a row."""
POOL_CALLS = 10.0
"""s, calls' worth of trust in the pool of a kind."""
AT_ONCE = 1e3
"""A pace per day so fast that a call comes on its first day."""


class Stream(StrEnum):
    """Where told demand comes from."""

    BOOKED = "booked"
    """An appointment."""
    RESERVED = "reserved"
    """Held on the shelf for an appointment or a repair order: its stock is set apart, and so is its demand."""
    CAMPAIGN = "campaign"
    """A recall or a service campaign: vehicles concerned and not yet done."""
    BULK = "bulk"
    """One-off orders far beyond the usual size of a line, which may come again."""


@dataclass(frozen=True)
class Streams:
    """Told demand, a row per set of like calls.

    Parameters
    ----------
    item
        Row of the forecast, ``(n_rows,)``.
    kind
        `Stream` of each row.
    name
        What it is known by: an appointment's number, a campaign's, a reservation's.
    count, units
        n and u, whole numbers, ``(n_rows,)``.
    starts_days, ends_days
        S and E in days after the origin, ``(n_rows,)``.
    reach, pace_per_day
        ρ and γ of each pair, ``(n_rows, PAIRS)``.
    """

    item: Int64Array1D
    kind: tuple[str, ...]
    name: tuple[str, ...]
    count: Int64Array1D
    units: Int64Array1D
    starts_days: Float64Array1D
    ends_days: Float64Array1D
    reach: Float64Array2D
    pace_per_day: Float64Array2D

    @classmethod
    def none(cls) -> Streams:
        """Return no told demand at all."""
        whole, real = np.zeros(0, dtype=np.int64), np.zeros(0)
        return cls(whole, (), (), whole, whole, real, real, np.zeros((0, PAIRS)), np.zeros((0, PAIRS)))

    @classmethod
    def on_days(
        cls,
        item: Int64Array1D,
        kind: Stream,
        name: Sequence[str],
        units: Int64Array1D,
        day: Float64Array1D,
        chance: Float64Array1D,
    ) -> Streams:
        """Return calls that come on a day or not at all; `day` counts whole days after the origin, 1 is the next."""
        rows = item.size
        reach = np.repeat(chance[:, None], PAIRS, axis=1)
        pace = np.full((rows, PAIRS), AT_ONCE)
        ones = np.ones(rows, dtype=np.int64)
        return cls(item, (str(kind),) * rows, tuple(name), ones, units, day - 0.5, np.full(rows, np.inf), reach, pace)

    @property
    def row_count(self) -> int:
        """Number of rows."""
        return self.item.size

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Streams:
        """Return some rows, in the order asked."""
        chosen = np.arange(self.row_count)[rows]
        return Streams(
            self.item[chosen],
            tuple(self.kind[i] for i in chosen),
            tuple(self.name[i] for i in chosen),
            self.count[chosen],
            self.units[chosen],
            self.starts_days[chosen],
            self.ends_days[chosen],
            self.reach[chosen],
            self.pace_per_day[chosen],
        )

    def of_items(self, items: Int64Array1D) -> Streams:
        """Return the rows of some items, as rows of a forecast of these items alone; each is named once."""
        mine = self.take(np.isin(self.item, items))
        order = np.argsort(items, kind="stable")
        return replace(mine, item=order[np.searchsorted(items, mine.item, sorter=order)].astype(np.int64))

    def without(self, kind: Stream) -> Streams:
        """Return the rows of all other kinds."""
        return self.take(np.array([each != kind for each in self.kind], dtype=np.bool_))

    def chance_within(self, days: Float64Array1D) -> Float64Array2D:
        """Return F of each row and pair for a stretch of its own from the origin, ``(n_rows, PAIRS)``."""
        run = np.clip(np.minimum(days, self.ends_days) - self.starts_days, 0, None)
        with np.errstate(over="ignore"):
            chance: Float64Array2D = np.minimum(self.reach * -np.expm1(-self.pace_per_day * run[:, None]), 1.0)
        return chance

    def calls_between(self, begins: float, ends: float) -> Float64Array1D:
        """Return the calls expected of each row after `begins` up to `ends` days after the origin, ``(n_rows,)``."""
        at = [self.chance_within(np.full(self.row_count, days)).mean(axis=1) for days in (begins, ends)]
        calls: Float64Array1D = self.count * (at[1] - at[0])
        return calls

    def units_by_period(self, items: int, ends_days: Float64Array1D) -> Float64Array2D:
        """Return the demand units expected of each item in periods that end so many days after the origin.

        Parameters
        ----------
        items
            Number of items, the rows of the forecast.
        ends_days
            Days from the origin to the end of each period, rising; the first begins at the origin, ``(n_periods,)``.
        """
        result = np.zeros((items, ends_days.size))
        begins = 0.0
        for h, ends in enumerate(ends_days.tolist()):
            result[:, h] = np.bincount(
                self.item, weights=self.calls_between(begins, ends) * self.units, minlength=items
            )
            begins = ends
        return result


def joined(parts: Sequence[Streams]) -> Streams:
    """Return the rows of several streams as one."""
    parts = [part for part in parts if part.row_count] or [Streams.none()]
    return Streams(
        np.concatenate([part.item for part in parts]),
        tuple(kind for part in parts for kind in part.kind),
        tuple(name for part in parts for name in part.name),
        np.concatenate([part.count for part in parts]),
        np.concatenate([part.units for part in parts]),
        np.concatenate([part.starts_days for part in parts]),
        np.concatenate([part.ends_days for part in parts]),
        np.concatenate([part.reach for part in parts]),
        np.concatenate([part.pace_per_day for part in parts]),
    )


def still_untold(
    told: Float64Array2D, expected: Float64Array2D, pool: Int64Array1D, kind: Int64Array1D | None = None
) -> Float64Array2D:
    """Return 1 − w of each item and period: the share of the history's calls that is not told beforehand.

    Parameters
    ----------
    told, expected
        Calls told, and calls expected by the history's law, ``(n_items, horizon)``.
    pool
        Code of each item's pool, ``(n_items,)``.
    kind
        Code of its kind, finer than the pool, same shape; one kind a pool where None.
    """
    share = np.zeros(told.shape)
    for code, trust in ((pool, 0.0), (kind, POOL_CALLS)):
        if code is None:
            continue
        sums = np.zeros((2, int(code.max(initial=-1)) + 1, told.shape[1]))
        np.add.at(sums[0], code, told)
        np.add.at(sums[1], code, expected)
        calls, possible = sums[0][code] + trust * share, sums[1][code] + trust
        some = possible > 0
        share = np.where(some, np.minimum(calls / np.where(some, possible, 1.0), 1.0), 0.0)
    return 1 - share


@dataclass(frozen=True)
class ToldLaw:
    """The streams' part of the law over some stretches, ready to be multiplied in.

    Parameters
    ----------
    begins
        Rows of item i are ``begins[i]:begins[i + 1]``, ``(n_items + 1,)``.
    count, units
        n and u of each row, sorted by item.
    chance
        F of each row, stretch and pair, ``(n_rows, n_mixed, PAIRS)``.
    """

    begins: Int64Array1D
    count: Int64Array1D
    units: Int64Array1D
    chance: NDArray[np.float64]

    @classmethod
    def over(cls, streams: Streams, days: Float64Array2D) -> ToldLaw:
        """Return the streams' law over stretches from the origin, ``(n_items, n_mixed)``."""
        order = np.lexsort((streams.units, streams.item))
        rows = streams.take(order)
        chance = np.stack([rows.chance_within(days[rows.item, j]) for j in range(days.shape[1])], axis=1)
        return cls._of(rows, chance, days.shape[0])

    @classmethod
    def between(cls, streams: Streams, items: int, begins: float, ends: float) -> ToldLaw:
        """Return the streams' law between two days after the origin."""
        order = np.lexsort((streams.units, streams.item))
        rows = streams.take(order)
        at = [rows.chance_within(np.full(rows.row_count, days)) for days in (begins, ends)]
        return cls._of(rows, (at[1] - at[0])[:, None, :], items)

    @classmethod
    def _of(cls, rows: Streams, chance: NDArray[np.float64], items: int) -> ToldLaw:
        begins = np.searchsorted(rows.item, np.arange(items + 1)).astype(np.int64)
        return cls(begins, rows.count, rows.units, chance)

    def reach(self) -> Float64Array1D:
        """Return units beyond which each item's rows hardly ever ask for more, ``(n_items,)``.

        No less than any single call takes, so that no call can fold back onto small demands unseen.
        """
        item = np.repeat(np.arange(self.begins.size - 1), np.diff(self.begins))
        likely = self.chance.max(axis=(1, 2))
        mean, most = self.count * likely * self.units, self.count * self.units
        variance = mean * (1 - likely) * self.units
        largest = np.zeros(self.begins.size - 1)
        np.maximum.at(largest, item, self.units)
        sums = [np.bincount(item, weights=each, minlength=largest.size) for each in (mean, variance, most)]
        return np.asarray(np.minimum(sums[0] + 8 * np.sqrt(sums[1]) + largest, sums[2]), dtype=np.float64)

    def generating(self, items: Int64Array1D, stretch: int, points: int) -> NDArray[np.complex128]:
        """Return G at the roots of unity for some items, ``(n_items, points / 2 + 1)``."""
        turn = -2j * np.pi * np.arange(points // 2 + 1) / points
        result = np.ones((items.size, turn.size), dtype=np.complex128)
        for place, item in enumerate(items.tolist()):
            for row in range(self.begins[item], self.begins[item + 1]):
                missing = 1 - np.exp(turn * (int(self.units[row]) % points))
                pairs = 1 - self.chance[row, stretch][:, None] * missing
                if (self.chance[row, stretch] == self.chance[row, stretch, 0]).all():
                    pairs = pairs[:1]
                result[place] *= (pairs ** int(self.count[row])).mean(axis=0)
        return result
