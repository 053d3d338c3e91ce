"""The books replayed day by day: what the plan's levels and rules of thumb would have done with the lines that came.

A step is a day. At each earlier origin (the end of a period) everything is forecast again by what was known then and
the plan's own levels are set, for a row of goals and as the settings say; they hold until the next origin. Orders go
out on the supplier's days (or every so many days where any day will do) and are here after the mean lead time, in
whole packs. Least order values, fees, urgent bridging and chance of lead times are not replayed. A part that only a
demand panel knows is asked for unit by unit on days of its period drawn with the seed.

Parts whose supplier has no channel are left out: nobody could have ordered them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.history import DemandHistory, Float64Array1D, Int64Array1D, Int64Array2D
from demand.periods import PeriodKind
from forecasting.forecast import Forecast
from forecasting.line_size import in_units
from inventory.snapshot import Snapshot
from optimisation.calendar import parse_weekdays
from optimisation.levels import levels_for_fill_rate
from optimisation.simulate import Unmet
from planning.explaining.backtest import Asked, Tell, all_that_came, forecast_then
from planning.levels.shelf import shelf_of
from planning.levels.supply import channels_of, supply_of
from planning.levels.targets import Targets, targets_of
from planning.orders.position import items_of
from planning.preparing.earlier import as_known_on
from planning.preparing.prepare import Prepared, prepare
from planning.settings import Settings
from planning.simulation.panel import GOALS, known_past
from planning.simulation.rules import stand_of_rule
from planning.simulation.simulation import AS_SET, OURS, Simulation, Stand, World, replayed


@dataclass(frozen=True)
class Bought:
    """How the items of the books are bought, ``(n_items,)`` each; only those that somebody supplies.

    Parameters
    ----------
    row
        In the history.
    cost_e4
        Of a demand unit.
    lead_days, pack
        Days until an order is here, and demand units of a pack.
    review_days
        Days one order serves, on the average.
    weekdays
        Days of the week on which its supplier takes the order, ``(n_items, 7)``; all false where any day will do.
    """

    row: Int64Array1D
    cost_e4: Float64Array1D
    lead_days: Int64Array1D
    pack: Int64Array1D
    review_days: Float64Array1D
    weekdays: NDArray[np.bool_]

    def reviewed(self, first: date, days: int) -> NDArray[np.bool_]:
        """Return whose turn it is on each day, ``(n_items, days)``."""
        day = np.arange(days)
        by_weekday = self.weekdays[:, (first.weekday() + day) % 7]
        in_turn = day[None, :] % np.maximum(np.round(self.review_days), 1)[:, None] == 0
        has_days: NDArray[np.bool_] = np.asarray(self.weekdays.any(axis=1), dtype=np.bool_)
        return np.where(has_days[:, None], by_weekday, in_turn)

    def warm_up(self, days: int) -> int:
        """Return the first days that are lived through only: the longest way of an order, a quarter at the most."""
        return int(min((self.lead_days + self.review_days).max(), days // 4))


def simulate_books(
    snapshot: Snapshot, settings: Settings, asked: Asked, rules: tuple[str, ...], store: str | None, tell: Tell
) -> Simulation:
    """Replay the days since the first origin.

    Parameters
    ----------
    snapshot
        The books today.
    settings
        As a plan takes them; the seed of the forecast section draws the days of a panel's units.
    asked
        Which origins.
    rules
        Rules of thumb beside ours.
    store
        Only this store; all where None.
    tell
        Is told of each step before it is taken.

    Raises
    ------
    ValueError
        If the history is too short, the store is not known, or nobody supplies anything.
    """
    tell("laying out what came")
    ready = prepare(snapshot, PeriodKind(settings.planning.period), settings.forecast)
    history = all_that_came(ready)
    origins = asked.of(history)
    bought = bought_of(snapshot, settings, history, store)
    begins = history.axis.first_days()
    first, days = begins[origins[0]], (begins[-1] - begins[origins[0]]).days
    demand = demand_by_day(ready, history, first, days, settings.forecast.seed)[bought.row]
    world = World(
        demand,
        bought.cost_e4,
        bought.lead_days,
        bought.pack,
        bought.reviewed(first, days),
        Unmet((settings.of_store(store) if store else settings.planning).unmet),
        bought.warm_up(days),
        tuple((begins[origin] - first).days for origin in origins),
    )
    found, lines = replayed(world, _stands(snapshot, settings, history, origins, bought, rules, tell))
    counted = (first + timedelta(days=world.warm_up)).isoformat(), (begins[-1] - timedelta(days=1)).isoformat()
    return Simulation(found, bought.row.size, lines, counted, world.unmet)


def bought_of(snapshot: Snapshot, settings: Settings, history: DemandHistory, store: str | None) -> Bought:
    """Return how the items are bought today.

    Raises
    ------
    ValueError
        If the store is not known, or nobody supplies anything.
    """
    names = pd.DataFrame({"store": list(history.store), "part_no": list(history.part_no)})
    if store is not None and store not in set(history.store):
        raise ValueError(f"a store is one of {', '.join(sorted(set(history.store)))}; found {store}")
    regular = snapshot.channels.sort_values(["supplier", "order_type"], kind="stable").drop_duplicates("supplier")
    rows = names.assign(row=np.arange(len(names))).merge(snapshot.parts, on="part_no", how="inner")
    rows = rows.merge(regular, on="supplier", how="inner")
    rows = rows[(rows["unit_cost_e4"] >= 0) & ((rows["store"] == store) | (store is None))].sort_values("row")
    if rows.empty:
        raise ValueError("nobody supplies what was asked for: give its supplier an order channel")
    row = rows["row"].to_numpy(np.int64)
    unit = history.unit_milli[row]
    texts = rows["order_weekdays"].fillna("").astype(str)
    weekdays = np.array([[day in parse_weekdays(text) for day in range(7)] for text in texts], dtype=np.bool_)
    own = np.array([settings.of_store(name).review_days for name in rows["store"]], dtype=np.float64)
    number = weekdays.sum(axis=1)
    return Bought(
        row,
        rows["unit_cost_e4"].to_numpy(np.float64) * unit / 1000,
        np.round(rows["lead_time_days_mean"].to_numpy(np.float64)).astype(np.int64),
        np.maximum(-(-rows["pack_size_milli"].fillna(1000).to_numpy(np.int64) // unit), 1),
        np.where(number > 0, 7 / np.maximum(number, 1), own),
        weekdays,
    )


def window_of(history: DemandHistory) -> int:
    """Return the periods of a year, which rules of thumb look back on."""
    return 12 if history.axis.kind is PeriodKind.MONTH else 52


def protection_periods(history: DemandHistory, bought: Bought) -> Float64Array1D:
    """Return the periods from an order until the one after it is in, ``(n_items,)``."""
    period_days = 365 / 12 if history.axis.kind is PeriodKind.MONTH else 7.0
    periods: Float64Array1D = (bought.lead_days + bought.review_days) / period_days
    return periods


def demand_by_day(ready: Prepared, history: DemandHistory, first: date, days: int, seed: int) -> Int64Array2D:
    """Return demand units asked for on each day, ``(n_items, days)``, the rows those of the history."""
    index = pd.MultiIndex.from_arrays([history.store, history.part_no])
    total = np.zeros((history.item_count, days), dtype=np.int64)
    has_lines = np.zeros(history.item_count, dtype=np.bool_)
    for lines in (ready.asked.history, ready.asked.actions, ready.asked.bulk):
        item = index.get_indexer(pd.MultiIndex.from_frame(lines[["store", "part_no"]]))
        day = (lines["opened_on"] - pd.Timestamp(first)).dt.days.to_numpy(np.int64)
        has_lines[item[item >= 0]] = True
        inside = (item >= 0) & (day >= 0) & (day < days)
        size = in_units(lines["quantity_requested_milli"].to_numpy(np.int64), history.unit_milli[item])
        np.add.at(total, (item[inside], day[inside]), np.maximum(size[inside], 1))
    chance = np.random.default_rng(seed)
    begins = np.array([(begin - first).days for begin in history.axis.first_days()])
    item, period = np.nonzero(np.where(has_lines[:, None] | (begins[:-1] < 0), 0, history.quantity))
    units = np.repeat(np.arange(item.size), history.quantity[item, period])
    within = (chance.random(units.size) * np.diff(begins)[period[units]]).astype(np.int64)
    np.add.at(total, (item[units], begins[period[units]] + within), 1)
    return total


def _stands(
    snapshot: Snapshot,
    settings: Settings,
    history: DemandHistory,
    origins: tuple[int, ...],
    bought: Bought,
    rules: tuple[str, ...],
    tell: Tell,
) -> Iterator[tuple[Stand, ...]]:
    past, begins = known_past(history)[bought.row], history.axis.first_days()
    window, protection = window_of(history), protection_periods(history, bought)
    for origin in origins:
        forecast = forecast_then(snapshot, settings, history, origin, 1, tell)
        then = as_known_on(snapshot, begins[origin] - timedelta(days=1))
        ours = plan_stands(then, settings, forecast, history, bought)
        yield (*ours, *(stand_of_rule(rule, past[:, :origin], protection, window) for rule in rules))


def plan_stands(
    snapshot: Snapshot, settings: Settings, forecast: Forecast, history: DemandHistory, bought: Bought
) -> tuple[Stand, Stand]:
    """Return the plan's levels for a row of goals, and as the settings say, in the items bought."""
    items = items_of(snapshot, forecast)
    channels = channels_of(snapshot, settings)
    shelf = shelf_of(snapshot, items, settings)
    supply = supply_of(items, channels, shelf.supply_days, settings, snapshot.as_of)
    targets = targets_of(items, supply, channels, shelf, forecast, settings)
    index = pd.MultiIndex.from_arrays([items.store, items.part_no])
    wanted = pd.MultiIndex.from_arrays(
        [[history.store[row] for row in bought.row], [history.part_no[row] for row in bought.row]]
    )
    place = index.get_indexer(wanted).astype(np.int64)

    def in_history_units(level: Int64Array2D) -> Int64Array2D:
        milli = np.where((place >= 0)[:, None], (level * items.unit_milli[:, None])[place], 0)
        return -(-milli // history.unit_milli[bought.row][:, None])

    mine = np.zeros(items.count, dtype=np.bool_)
    mine[place[place >= 0]] = True
    mine &= supply.regular >= 0
    levels, promised = _of_goals(targets, mine, supply.review_days)
    as_set = targets.level[:, None]
    curves, per_day = targets.curves.take(mine), 1 / supply.review_days[mine]
    asked = float(curves.lines @ per_day)
    said = float(curves.complete_lines_at(targets.level[mine]) @ per_day) / asked if asked else 1.0
    return (
        Stand.up_to(OURS, GOALS, in_history_units(levels), promised),
        Stand.up_to(AS_SET, (settings.planning.fill_rate,), in_history_units(as_set), np.array([said])),
    )


def _of_goals(
    targets: Targets, mine: NDArray[np.bool_], review_days: Float64Array1D
) -> tuple[Int64Array2D, Float64Array1D]:
    """Return levels and promised shares of each goal, one price of money over all the items that are mine."""
    curves, costs = targets.curves.take(mine), targets.costs.take(mine)
    level, said = np.zeros((mine.size, len(GOALS)), dtype=np.int64), np.zeros(len(GOALS))
    for column, goal in enumerate(GOALS):
        found = levels_for_fill_rate(curves, costs, review_days[mine], targets.floor[mine], goal)
        level[mine, column], said[column] = found.level, found.fill_rate
    return level, said
