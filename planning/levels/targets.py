"""`Targets`: the order-up-to level of every item, and what it is worth: the law of demand meets the terms of supply.

Stores with the same planning settings share one price of money; a store with settings of its own has its own. What is
stocked at all, and how much of what ends, is decided with it (`planning.levels.stocking`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from demand.distribution import DemandLaw
from demand.history import Float64Array1D, Int64Array1D
from demand.periods import PeriodKind
from forecasting.forecast import Forecast
from forecasting.lead_time import law_over
from forecasting.streams import Stream
from optimisation.costs import DAYS_PER_YEAR, CostTerms
from optimisation.service import FillCurves, fill_curves
from planning.levels.goals import StoreGoal, groups, levels_of
from planning.levels.shelf import Shelf
from planning.levels.stocking import (
    Prospects,
    Stocking,
    days_that_tell,
    is_last_order,
    let_in,
    prospects_of,
    sellable_days,
    stocking_of,
)
from planning.levels.supply import MILLION, Channels, Supply
from planning.orders.position import Items
from planning.settings import PlanningSettings, Settings

_SLICES = 8
"""Slices of the years after a last order, over which what waits there is held."""


@dataclass(frozen=True)
class Targets:
    """Levels and what they rest on, ``(n_items,)`` each.

    Parameters
    ----------
    level
        Order-up-to level in demand units.
    floor
        Least level in demand units, by the floors for vital parts and for parts asked for often; 0 without one.
    line_units
        Mean size of an order line in demand units.
    demand_per_day
        Demand units a day while the regular order serves.
    protection_demand
        Demand units expected until the following order is on the shelf.
    curves
        Service of every level of every item.
    until_regular, until_urgent, until_next
        Laws of demand until the regular order, the urgent one and the following regular one are on the shelf.
    costs
        Costs per demand unit and per line.
    prospects
        What becomes of a unit bought today: the risk of each level, and the most that may be held.
    goals
        What each group of stores reaches.
    stocking
        What comes onto the shelf, stays, leaves it and stays away, with the facts.
    is_by_shelf
        Whether the level follows from what the shelf will hold when the order arrives, and is of this plan alone.
    """

    level: Int64Array1D
    floor: Int64Array1D
    line_units: Float64Array1D
    demand_per_day: Float64Array1D
    protection_demand: Float64Array1D
    curves: FillCurves
    until_regular: DemandLaw
    until_urgent: DemandLaw
    until_next: DemandLaw
    costs: CostTerms
    prospects: Prospects
    goals: tuple[StoreGoal, ...]
    stocking: Stocking
    is_by_shelf: NDArray[np.bool_]

    @property
    def most(self) -> Int64Array1D:
        """Most that may be held in demand units; `planning.levels.stocking.NO_MOST` where there is no such limit."""
        return self.prospects.risk.most


@dataclass(frozen=True)
class Ground:
    """What levels are chosen from, whatever the goal: laws, curves, costs and prospects of all items; see `Targets`.

    `by_shelf` are levels that the shelf has chosen (`planning.levels.lost`), -1 elsewhere; none where None.
    """

    items: Items
    supply: Supply
    shelf: Shelf
    curves: FillCurves
    costs: CostTerms
    floor: Int64Array1D
    allowed: NDArray[np.bool_]
    prospects: Prospects
    line_units: Float64Array1D
    until_regular: DemandLaw
    until_urgent: DemandLaw
    until_next: DemandLaw
    by_shelf: Int64Array1D | None = None


def targets_of(
    items: Items, supply: Supply, channels: Channels, shelf: Shelf, forecast: Forecast, settings: Settings
) -> Targets:
    """Return the order-up-to levels of all items; an item that nobody supplies has level 0."""
    return targets_on(ground_of(items, supply, channels, shelf, forecast, settings), settings)


def ground_of(
    items: Items, supply: Supply, channels: Channels, shelf: Shelf, forecast: Forecast, settings: Settings
) -> Ground:
    """Return what the levels are chosen from.

    What is held for somebody is out of the position, and so its demand is out of the law.
    """
    forecast = replace(forecast, streams=forecast.streams.without(Stream.RESERVED))
    supplied = supply.regular >= 0
    row = np.where(supplied, items.forecast_row, -1)
    until_regular = _law(forecast, row, supply.lead_days_mean, supply.lead_days_sd)
    until_next = _law(forecast, row, supply.lead_days_mean + supply.review_days, supply.lead_days_sd)
    until_urgent = _law(forecast, row, supply.urgent_days_mean, supply.urgent_days_sd)
    line_size = _with_empty_row(forecast.line_size, [0.0, 1.0]).take(row)
    line_units = line_size.mean()
    curves = fill_curves(until_regular, until_next, line_size)
    costs = _costs(items, supply, channels, line_units, settings)
    floor = _floors(items, supply, curves, supplied, settings)
    last = is_last_order(supply, shelf)
    per_day = _per_day(until_regular, until_next, supply)
    days = days_that_tell(sellable_days(items, shelf, settings), per_day, curves, last)
    no_spread = np.zeros(items.count)
    later = _beyond_seasons(forecast)
    ahead = _law(later, row, days, no_spread)
    slices = ((np.arange(_SLICES) + 0.5) / _SLICES).tolist() if last.any() else []
    on_the_way = [_law(later, np.where(last, row, -1), days * part, no_spread) for part in slices]
    prospects = prospects_of(items, supply, shelf, curves, costs, ahead, on_the_way, floor, line_units, settings)
    floor = np.minimum(floor, prospects.risk.most)
    allowed = let_in(items, shelf, floor, settings)
    laws = until_regular, until_urgent, until_next
    return Ground(items, supply, shelf, curves, costs, floor, allowed, prospects, line_units, *laws)


def targets_on(ground: Ground, settings: Settings) -> Targets:
    """Return the levels that the goals of the settings choose."""
    items, supply, shelf, prospects = ground.items, ground.supply, ground.shelf, ground.prospects
    curves, costs, supplied = ground.curves, ground.costs, supply.regular >= 0
    level, line_worth, goals = levels_of(
        items, supply, curves, costs, ground.floor, supplied, ground.allowed, prospects.risk, settings
    )
    by_shelf = np.full(items.count, -1) if ground.by_shelf is None else ground.by_shelf
    level = np.where(by_shelf >= 0, np.minimum(by_shelf, prospects.risk.most), level)
    level = np.where(supplied, np.maximum(level, prospects.last_buy), 0)
    return Targets(
        level,
        ground.floor,
        ground.line_units,
        _per_day(ground.until_regular, ground.until_next, supply),
        ground.until_next.mean(),
        curves,
        ground.until_regular,
        ground.until_urgent,
        ground.until_next,
        costs,
        prospects,
        goals,
        stocking_of(level, items, shelf, curves, costs, supply.review_days, prospects, line_worth, settings),
        by_shelf >= 0,
    )


def _per_day(until_regular: DemandLaw, until_next: DemandLaw, supply: Supply) -> Float64Array1D:
    return np.maximum(until_next.mean() - until_regular.mean(), 0) / supply.review_days


def _beyond_seasons(forecast: Forecast) -> Forecast:
    """Return the forecast with an average month as its last, which goes on for years: seasons come and go in them."""
    exposure = forecast.exposure
    open_months = exposure.open_months.copy()
    open_months[-1] = open_months.mean()
    season = None
    if exposure.season is not None:
        season = exposure.season.copy()
        season[:, -1] = 1.0
    return replace(forecast, exposure=replace(exposure, open_months=open_months, season=season))


def _law(forecast: Forecast, row: Int64Array1D, days_mean: Float64Array1D, days_sd: Float64Array1D) -> DemandLaw:
    """Return the law of each item's demand over its own days; nothing is asked where it is not forecast."""
    mean, sd = np.zeros(len(forecast.part_no)), np.zeros(len(forecast.part_no))
    known = row >= 0
    mean[row[known]], sd[row[known]] = days_mean[known], days_sd[known]
    return _with_empty_row(law_over(forecast, mean, sd), [1.0]).take(row)


def _with_empty_row(law: DemandLaw, last: list[float]) -> DemandLaw:
    """Return the laws and one more, which answers row -1."""
    probability = np.concatenate([law.probability, last])
    return DemandLaw(probability, np.append(law.boundaries, probability.size).astype(np.int64))


def _floors(
    items: Items, supply: Supply, curves: FillCurves, supplied: NDArray[np.bool_], settings: Settings
) -> Int64Array1D:
    floor = np.zeros(items.count, dtype=np.int64)
    for own, _, mine in groups(items, settings):
        some = mine & supplied
        floor[some] = _floor(curves.take(some), supply.review_days[some], items.is_vital[some], own)
    return floor


def _floor(
    curves: FillCurves, review_days: Float64Array1D, is_vital: NDArray[np.bool_], own: PlanningSettings
) -> Int64Array1D:
    per_year = curves.lines / review_days * DAYS_PER_YEAR
    least = np.where(per_year >= own.often_lines_per_year, own.often_fill_rate, 0.0)
    vital = is_vital & (per_year >= own.vital_lines_per_year)
    return curves.least_level(np.where(vital, np.maximum(own.vital_fill_rate, least), least))


def _costs(
    items: Items, supply: Supply, channels: Channels, line_units: Float64Array1D, settings: Settings
) -> CostTerms:
    unit = items.unit_milli / 1000
    cost = items.unit_cost_e4 * unit
    multiplier = np.append(channels.multiplier_ppm, MILLION) / MILLION
    surcharge = np.where(supply.urgent >= 0, np.maximum(multiplier[supply.urgent] - multiplier[supply.regular], 0), 0)
    margin = (items.list_price_e4 - items.unit_cost_e4) * unit
    holding, unmet = np.zeros(items.count), np.zeros(items.count)
    store = np.array(items.store, dtype=object)
    for name in sorted(set(items.store)):
        own, mine = settings.of_store(name), store == name
        rate = own.holding_cost_rate_per_year if own.price_of_money is None else own.price_of_money
        holding[mine] = cost[mine] * multiplier[supply.regular[mine]] * rate
        if own.holding_cost_per_unit_period_e4 is not None:
            periods = 12 if own.period == PeriodKind.MONTH else DAYS_PER_YEAR / 7
            holding[mine] = own.holding_cost_per_unit_period_e4 * unit[mine] * periods
        beside = {"urgent": cost * surcharge, "lost": margin, "backorder": np.zeros(items.count)}[own.unmet]
        unmet[mine] = own.waiting_cost_per_line_e4 + beside[mine] * line_units[mine]
        if own.shortage_cost_per_unit_e4 is not None:
            unmet[mine] = own.shortage_cost_per_unit_e4 * unit[mine] * line_units[mine]
    regular_cost = np.round(cost * multiplier[supply.regular]).astype(np.int64)
    return CostTerms(regular_cost, holding, unmet)
