"""Levels where unmet demand is lost and both prices are told: what the shelf will ask for when the order arrives.

Where `unmet` is lost, the objective is cost, and holding a unit for a period and lacking one have their prices, the
level of an item is not one number for every day: it follows from what lies there and what is due when
(`optimisation.policies.lost_orders`). It is position + what is wanted, so that level − position is the order, and below
the position where there is too much. It is chosen anew by every plan; no level of an earlier one is held.

Time is counted in whole periods of the forecast: an order that is here after so many days arrives at the beginning of
the period nearest to that, before its demand. Items that are reviewed more often than once a period keep the level of
their curves. The most that may be held of what ends holds here too, and so does a last order.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from demand.distribution import DemandLaw
from demand.history import Int64Array1D
from forecasting.forecast import Forecast
from forecasting.lead_time import law_of_period
from forecasting.streams import Stream
from inventory.snapshot import Snapshot
from optimisation.policies.lost_orders import LostSales
from planning.levels.supply import Supply
from planning.orders.position import Items, due_milli
from planning.settings import PlanningSettings, Settings


def is_by_shelf(own: PlanningSettings) -> bool:
    """Return whether a store's settings choose levels by what its shelf will hold when the order arrives."""
    told = own.holding_cost_per_unit_period_e4 is not None and bool(own.shortage_cost_per_unit_e4)
    return own.unmet == "lost" and own.objective == "cost" and own.price_of_money is None and told


def laws_ahead(forecast: Forecast, periods: int) -> tuple[DemandLaw, ...]:
    """Return the law of each of the coming periods; the last of the forecast is taken to go on."""
    last = forecast.axis.count
    known = [law_of_period(forecast, step) for step in range(1, min(periods, last) + 1)]
    return tuple(known + known[-1:] * (periods - last))


def levels_by_shelf(
    items: Items, supply: Supply, forecast: Forecast, snapshot: Snapshot, settings: Settings
) -> Int64Array1D:
    """Return the level of each item in demand units, ``(n_items,)``; -1 where its curves are to choose it."""
    own = [settings.of_store(store) for store in items.store]
    period_days = float(forecast.axis.days()[0])
    review = np.round(supply.review_days / period_days).astype(np.int64)
    mine = np.array([is_by_shelf(each) for each in own], dtype=np.bool_)
    mine &= (supply.regular >= 0) & (items.forecast_row >= 0) & (review >= 1)
    level = np.full(items.count, -1, dtype=np.int64)
    if not mine.any():
        return level
    lead = np.round((supply.order_days + supply.lead_days_mean) / period_days).astype(np.int64)
    due = due_milli(snapshot, items, period_days, int(lead[mine].max()) + 1) // items.unit_milli[:, None]
    unit = items.unit_milli / 1000
    holding = np.array([each.holding_cost_per_unit_period_e4 or 0 for each in own]) * unit
    shortage = np.array([each.shortage_cost_per_unit_e4 or 0 for each in own]) * unit
    forecast = replace(forecast, streams=forecast.streams.without(Stream.RESERVED))
    for periods, cycle in sorted(set(zip(lead[mine].tolist(), review[mine].tolist(), strict=True))):
        rows = np.flatnonzero(mine & (lead == periods) & (review == cycle))
        ahead = laws_ahead(forecast.take(items.forecast_row[rows]), periods + cycle)
        terms = LostSales(ahead, cycle, holding[rows], shortage[rows])
        # What comes later than the order serves no demand before it, and counts with it all the same.
        coming = np.column_stack([due[rows, :periods], due[rows, periods:].sum(axis=1)])
        position = items.position_milli[rows] // items.unit_milli[rows]
        shelf = np.maximum(position - coming.sum(axis=1), 0)
        level[rows] = np.maximum(position + terms.wanted(shelf, coming), 0)
    return level
