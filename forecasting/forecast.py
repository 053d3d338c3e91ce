"""The doorway of the wing: histories and exposures in, one `Forecast` out.

    expected demand of a period = vehicles × share that comes × needs of each × busyness × season
                                  × family's rate × item's own multiplier (× what its like were asked for)
                                  × share not told beforehand × pieces per call (× what people have set)

and it is computed as that very product, from left to right, so that the factors shown are the forecast and not a
story about it. The family's rate is its calls over its exposure, recent periods weighing more; a group inside the
family (the same interval, the same band of price) is drawn to it:

    ρ ← ρ (Σ ω y + s) / (Σ ω ρ e v + s)       over all items, then each family's, then each kind's, each group's

ω = recency^(months ago), y calls, e v exposure times availability, s calls' worth of trust in the wider group. The own
multiplier is the gamma-Poisson filter's (see `filters`). Items are put into the order of store and part number before
anything is summed: the same items in any order give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demand.distribution import DemandLaw
from demand.history import DemandHistory, Float64Array1D, Float64Array2D, Int64Array1D, Observation
from demand.periods import PeriodAxis, PeriodKind
from forecasting import certainty, filters
from forecasting.borrowing import borrowed
from forecasting.filters import Habits
from forecasting.settings import ForecastSettings as ForecastSettings
from forecasting.streams import Streams
from forecasting.watched import Totals, Watched, codes, finer

_ITEM_NAMES = ("part_no", "store", "family", "basis")
_ITEM_COLUMNS = ("unit_milli", "family_rate", "shape", "multiplier", "dispersion")
_EXPOSURE_COLUMNS = ("past", "vehicles", "coming", "need", "has_vehicles", "season", "certain", "settled")


class Basis(StrEnum):
    """On what a forecast rests: a reason code for every row."""

    VEHICLES_AND_CALLS = "vehicles-and-calls"
    CALLS = "calls"
    VEHICLES = "vehicles"
    """Never asked for; forecast from the vehicles that carry it."""
    NO_VEHICLE = "no-vehicle"
    """Made for vehicles of which none is on the road here, now or in the horizon: nothing is expected."""
    NEVER_ASKED = "never-asked"
    """Watched for some periods, never asked for, and no vehicle is known to carry it."""
    FAMILY = "family"
    """No period was seen and no vehicle is known: what parts of its kind usually do."""


@dataclass(frozen=True)
class Exposure:
    """What makes calls possible, per item.

    Parameters
    ----------
    past
        Calls expected of an item of published behaviour in each period of the history, ``(n_items, n_periods)``.
    vehicles, coming, need
        For each coming period: vehicles on the road that carry the part, the share of them that comes here, and the
        calls of each a month; ones where no vehicle is known, ``(n_items, horizon)``.
    open_months
        How busy each coming period is, in average months, ``(horizon,)``.
    has_vehicles
        Whether vehicles are known to carry it, ``(n_items,)``.
    season
        Factor of each coming period's season, ``(n_items, horizon)``; ones where None.
    certain
        Σ p² / Σ p over the vehicles that may call in each coming period: by how much the variance of the calls falls
        short of their mean, ``(n_items, horizon)``; zeros where None.
    settled
        First period of the past whose exposure is known well enough for rates to be learnt from it, ``(n_items,)``;
        all teach where None.
    """

    past: Float64Array2D
    vehicles: Float64Array2D
    coming: Float64Array2D
    need: Float64Array2D
    open_months: Float64Array1D
    has_vehicles: NDArray[np.bool_]
    season: Float64Array2D | None = None
    certain: Float64Array2D | None = None
    settled: Int64Array1D | None = None


@dataclass(frozen=True)
class Adjustment:
    """What people have set over the law of the history.

    Parameters
    ----------
    factor
        What multiplies the calls of each coming period, ``(n_items, horizon)``.
    calls
        Calls set where nothing else is expected, same shape.
    number
        By which each item is changed, ``(n_items,)``; -1 where it is not.
    """

    factor: Float64Array2D
    calls: Float64Array2D
    number: Int64Array1D

    def take(self, items: Int64Array1D) -> Adjustment:
        """Return those of some items, in the order asked."""
        return Adjustment(self.factor[items], self.calls[items], self.number[items])


@dataclass(frozen=True)
class Forecast:
    """What is expected of each item in each coming period.

    Parameters
    ----------
    part_no, store
        The item's names, each of length ``n_items``.
    unit_milli
        Thousandths of the stock unit in one demand unit, ``(n_items,)``.
    axis
        The coming periods.
    days_past
        Days of the first coming period that lie before the origin.
    exposure
        Where the calls come from.
    family, family_rate
        Name of the item's family, and its group's calls per expected call.
    shape, multiplier, dispersion
        a, a/b and φ of the filter, ``(n_items,)``.
    line_size
        Law of the pieces of one call, in demand units.
    basis
        `Basis` code of each item.
    untold
        Share of the calls of each coming period that is not told beforehand, ``(n_items, horizon)``; ones where None.
    streams
        What is told beforehand, in demand units of the items: it is added to the law, and is no part of `mean`.
    adjusted
        What people have set; None where they set nothing.
    habits
        How the filter takes each family, by which the multipliers were found; None where they came from elsewhere.
    its_like
        What the pooled heads make of the filter's calls in each coming period, by what parts in a like state were asked
        for next, ``(n_items, horizon)``; ones where they are not heard, None where they are of no item (`heads.heard`).
    """

    part_no: tuple[str, ...]
    store: tuple[str, ...]
    unit_milli: Int64Array1D
    axis: PeriodAxis
    days_past: float
    exposure: Exposure
    family: tuple[str, ...]
    family_rate: Float64Array1D
    shape: Float64Array1D
    multiplier: Float64Array1D
    dispersion: Float64Array1D
    line_size: DemandLaw
    basis: tuple[str, ...]
    untold: Float64Array2D | None = None
    streams: Streams = field(default_factory=Streams.none)
    adjusted: Adjustment | None = None
    habits: Habits | None = None
    its_like: Float64Array2D | None = None

    @property
    def item_count(self) -> int:
        """Number of items, the rows."""
        return len(self.part_no)

    @property
    def calls(self) -> Float64Array2D:
        """Calls expected in each coming period, ``(n_items, horizon)``."""
        before_size = list(self.factors().values())[:-1]
        product = before_size[0]
        for factor in before_size[1:]:
            product = product * factor
        return product if self.adjusted is None else product + self.adjusted.calls

    @property
    def certain(self) -> Float64Array2D:
        """Share by which the calls of each coming period vary less than chance, ``(n_items, horizon)``."""
        if self.exposure.certain is None:
            return np.zeros(self.exposure.vehicles.shape)
        # Rates lift or lower every vehicle's chance alike.
        factors = self.factors()
        scale = factors["open_months"] * factors["season"] * factors["family_rate"] * factors["own_multiplier"]
        scale = scale * factors["untold"] * factors.get("override", 1.0)
        return np.minimum(self.exposure.certain * scale, certainty.MOST)

    @property
    def mean(self) -> Float64Array2D:
        """Demand expected in each whole coming period, in demand units, ``(n_items, horizon)``; without the streams."""
        return self.calls * self.factors()["pieces_per_call"]

    def take(self, items: Int64Array1D) -> Forecast:
        """Return the forecast of some items, in the order asked."""
        columns: dict[str, Any] = {name: getattr(self, name)[items] for name in _ITEM_COLUMNS}
        names: dict[str, Any] = {name: tuple(getattr(self, name)[i] for i in items) for name in _ITEM_NAMES}
        own = {name: getattr(self.exposure, name) for name in _EXPOSURE_COLUMNS}
        exposure: dict[str, Any] = {name: None if column is None else column[items] for name, column in own.items()}
        return replace(
            self,
            **names,
            **columns,
            exposure=replace(self.exposure, **exposure),
            untold=None if self.untold is None else self.untold[items],
            streams=self.streams.of_items(items),
            adjusted=None if self.adjusted is None else self.adjusted.take(items),
            its_like=None if self.its_like is None else self.its_like[items],
            line_size=self.line_size.take(items),
        )

    @property
    def period_ends(self) -> Float64Array1D:
        """Days from the origin to the end of each coming period, ``(horizon,)``."""
        ends: Float64Array1D = np.cumsum(self.axis.days()) - self.days_past
        return ends

    @property
    def told(self) -> Float64Array2D:
        """Demand units the streams are expected to ask for in each coming period, ``(n_items, horizon)``."""
        return self.streams.units_by_period(self.item_count, self.period_ends)

    def _season(self) -> Float64Array2D:
        return np.ones(self.exposure.vehicles.shape) if self.exposure.season is None else self.exposure.season

    def factors(self) -> dict[str, Float64Array2D]:
        """Return what multiplies, in this order, to the mean; each ``(n_items, horizon)``."""
        shape = self.exposure.vehicles.shape
        each = {
            "vehicles": self.exposure.vehicles,
            "share_coming": self.exposure.coming,
            "need_per_month": self.exposure.need,
            "open_months": self.exposure.open_months[None, :],
            "season": self._season(),
            "family_rate": self.family_rate[:, None],
            "own_multiplier": self.multiplier[:, None],
            **({} if self.its_like is None else {"its_like": self.its_like}),
            "untold": np.ones(shape) if self.untold is None else self.untold,
            **({} if self.adjusted is None else {"override": self.adjusted.factor}),
            "pieces_per_call": self.line_size.mean()[:, None],
        }
        return {name: np.broadcast_to(values, shape) for name, values in each.items()}


def forecast(
    history: DemandHistory,
    exposure: Exposure,
    line_size: DemandLaw,
    family: tuple[str, ...],
    group: tuple[str, ...],
    settings: ForecastSettings,
    days_past: float = 0.0,
    kind: tuple[str, ...] | None = None,
    habits: Habits | None = None,
) -> Forecast:
    """Forecast every item of a history.

    Parameters
    ----------
    history
        What was asked for; only its calls (`lines`) move the rates.
    exposure
        What makes calls possible, row by row the same items; its horizon is the forecast's.
    line_size
        Law of the pieces of one call, row by row the same items.
    family, group
        Names of each item's family and of its finer group.
    settings
        See there.
    days_past
        Days of the first coming period that lie before the origin.
    kind
        Name of each item's kind, between family and group; one for all where None.
    habits
        What was found of the families at an earlier origin; found anew where None.
    """
    order = history.canonical_order
    watched = Watched(history, exposure.past, order, exposure.settled)
    families = codes(family)[order]
    kinds = families if kind is None else finer(families, codes(kind)[order])
    groups = kinds if group is family else finer(kinds, codes(group)[order])
    totals = watched.totals(_recency(history.axis, settings))
    rate = _pooled_rates(totals, exposure.has_vehicles[order], (families, kinds, groups), settings)
    possible = totals.possible * rate
    names = tuple(dict.fromkeys(family))
    if habits is None:
        chosen = filters.spread_sample(families, possible > 0)
        habits = Habits(names, filters.fit(*watched.cells(chosen, rate), families[chosen], len(names)))
    # Where each part stands once, and where nothing tells how large a store is, nothing is borrowed from another.
    stands_alone = len(set(history.store)) <= 1 or not exposure.has_vehicles.any()
    parts = order if stands_alone else codes(history.part_no)[order]
    level, behaviour = borrowed(totals.asked, possible, history.axis.count, habits.of(names).take(families), parts)
    shape, multiplier = watched.swept(totals, rate * level, behaviour)
    dispersion = behaviour.dispersion
    if exposure.certain is not None:
        calls, expected, availability, _ = watched.cells(np.arange(order.size), rate * level)
        mean = expected * availability * multiplier[:, None]
        share = exposure.certain[order, 0] * rate * level * multiplier
        dispersion = certainty.dispersion_beside(calls, mean, share, families, dispersion)
    back = np.argsort(order, kind="stable")
    return Forecast(
        history.part_no,
        history.store,
        history.unit_milli,
        history.axis.after(exposure.open_months.size),
        days_past,
        exposure,
        family,
        (rate * level)[back],
        shape[back],
        multiplier[back],
        dispersion[back],
        line_size,
        _bases(history, exposure),
        habits=habits,
    )


def _recency(axis: PeriodAxis, settings: ForecastSettings) -> Float64Array1D:
    """Return ω of each period of the history, ``(n_periods,)``."""
    months = 1.0 if axis.kind is PeriodKind.MONTH else 12 / 52.18
    return np.asarray(settings.recency ** (months * np.arange(axis.count)[::-1]), dtype=np.float64)


def _pooled_rates(
    totals: Totals,
    has_vehicles: NDArray[np.bool_],
    levels: tuple[Int64Array1D, Int64Array1D, Int64Array1D],
    settings: ForecastSettings,
) -> Float64Array1D:
    """Return calls per unit of exposure of each item's group, drawn to its family's, and that to the usual one."""
    strength = settings.pooling_calls
    # Where nothing is known: published needs hold for what vehicles carry, and a counter part is asked for once a year.
    rate = np.where(has_vehicles, 1.0, 1 / 12)
    families, kinds, groups = levels
    steps = ((has_vehicles.astype(np.int64), 1.0), (families, strength / 4), (kinds, strength / 4), (groups, strength))
    for code, trust in steps:
        total = np.bincount(code, weights=totals.recent_asked)[code]
        expected = np.bincount(code, weights=totals.recent_possible * rate)[code]
        rate = rate * (total + trust) / (expected + trust)
    return rate


def _bases(history: DemandHistory, exposure: Exposure) -> tuple[str, ...]:
    asked = (history.lines > 0).any(axis=1)
    watched = (history.observation == Observation.SEEN).any(axis=1)
    carried = exposure.has_vehicles
    none_here = carried & (exposure.past.sum(axis=1) + exposure.need.sum(axis=1) == 0)
    bases = (Basis.VEHICLES_AND_CALLS, Basis.CALLS, Basis.NO_VEHICLE, Basis.VEHICLES, Basis.NEVER_ASKED, Basis.FAMILY)
    names = [str(basis) for basis in bases]
    code = np.select([asked & carried, asked, none_here, carried, watched], range(len(bases) - 1), len(bases) - 1)
    return tuple(map(names.__getitem__, code.tolist()))
