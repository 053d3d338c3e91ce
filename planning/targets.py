"""`Targets`: the order-up-to level of every item, and what it is worth: the law of demand meets the terms of supply.

Stores with the same planning settings share one price of money; a store with settings of its own has its own.
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
from optimisation.levels import levels_for_fill_rate, levels_for_price
from optimisation.service import FillCurves, fill_curves
from planning.position import Items
from planning.settings import PlanningSettings, Settings
from planning.supply import MILLION, Channels, Supply


@dataclass(frozen=True)
class StoreGoal:
    """What stores with the same settings reach: for the notes of the plan."""

    stores: tuple[str, ...]
    fill_rate: float
    asked_fill_rate: float
    is_met: bool
    price_per_line_e4: int


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
    goals
        What each group of stores reaches.
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
    goals: tuple[StoreGoal, ...]


def targets_of(items: Items, supply: Supply, channels: Channels, forecast: Forecast, settings: Settings) -> Targets:
    """Return the order-up-to levels of all items; an item that nobody supplies has level 0.

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
    level, floor, goals = _levels(items, supply, curves, costs, supplied, settings)
    return Targets(
        level,
        floor,
        line_units,
        np.maximum(until_next.mean() - until_regular.mean(), 0) / supply.review_days,
        until_next.mean(),
        curves,
        until_regular,
        until_urgent,
        until_next,
        costs,
        goals,
    )


def relevelled(targets: Targets, items: Items, supply: Supply, settings: Settings) -> Targets:
    """Return the targets with their levels set anew by other goals; laws, curves and costs stay as they are."""
    level, floor, goals = _levels(items, supply, targets.curves, targets.costs, supply.regular >= 0, settings)
    return replace(targets, level=level, floor=floor, goals=goals)


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


def _levels(
    items: Items,
    supply: Supply,
    curves: FillCurves,
    costs: CostTerms,
    supplied: NDArray[np.bool_],
    settings: Settings,
) -> tuple[Int64Array1D, Int64Array1D, tuple[StoreGoal, ...]]:
    level, floors = np.zeros(items.count, dtype=np.int64), np.zeros(items.count, dtype=np.int64)
    store = np.array(items.store, dtype=object)
    goals: list[StoreGoal] = []
    stores = sorted(set(items.store))
    for own in dict.fromkeys(settings.of_store(name) for name in stores):
        alike = tuple(name for name in stores if settings.of_store(name) == own)
        mine = supplied & np.isin(store, alike)
        theirs, cost = curves.take(mine), _some(costs, mine)
        floor = _floor(theirs, supply.review_days[mine], items.is_vital[mine], own)
        if own.objective == "cost" or own.price_of_money is not None:
            chosen, asked = levels_for_price(theirs, cost, supply.review_days[mine], floor), 0.0
        else:
            chosen = levels_for_fill_rate(theirs, cost, supply.review_days[mine], floor, own.fill_rate)
            asked = own.fill_rate
        level[mine], floors[mine] = chosen.level, floor
        per_year = chosen.lines_per_day_per_e4 * DAYS_PER_YEAR
        price = round(1 / per_year) if per_year > 0 else 0
        goals.append(StoreGoal(alike, chosen.fill_rate, asked, chosen.goal_met, price))
    return level, floors, tuple(goals)


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


def _some(costs: CostTerms, mine: NDArray[np.bool_]) -> CostTerms:
    return CostTerms(costs.unit_cost_e4[mine], costs.holding_per_year_e4[mine], costs.unmet_line_e4[mine])
