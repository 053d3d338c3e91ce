"""Sampled futures: the forecast drawn again and again, and levels set today lived through in each.

Where what came is one path, and short, the law tells of many. A future is drawn as the law says demand arises: the
item's rate once for the whole future (gamma of shape a about its mean), then each period's calls about it (Poisson,
clinging together by the dispersion φ), then the pieces of each call. What promises and rules of thumb are worth if the
forecast is right is told by these; whether it is right, only by a replay of what came.

Levels are those of today and are not set again. Streams told beforehand are left out of law and futures alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from demand.history import DemandHistory, Float64Array1D, Int64Array1D, Int64Array2D
from demand.periods import PeriodKind
from forecasting.forecast import Forecast, ForecastSettings
from forecasting.streams import Streams
from inventory.snapshot import Snapshot
from optimisation.simulate import Unmet
from planning.explaining.backtest import Tell, all_that_came
from planning.preparing.panel import forecast_with_heads
from planning.preparing.prepare import forecast_of_prepared, prepare
from planning.settings import Settings
from planning.simulation.books import bought_of, plan_stands, protection_periods, window_of
from planning.simulation.panel import Terms, curves_at, known_past, our_stand
from planning.simulation.rules import stand_of_rule
from planning.simulation.simulation import Simulation, Stand, Tried, World, replayed, together

Draw = Callable[[np.random.Generator], Int64Array2D]


@dataclass(frozen=True)
class Futures:
    """Which futures are wanted.

    Parameters
    ----------
    count
        How many, one or more.
    periods
        Periods of each that are counted.
    seed
        The same seed draws the same futures.

    Raises
    ------
    ValueError
        If a figure is outside its range.
    """

    count: int
    periods: int
    seed: int

    def __post_init__(self) -> None:
        if self.count < 1 or self.periods < 1:
            raise ValueError("futures are one or more, of one period or more")


@dataclass(frozen=True)
class Calls:
    """Calls drawn: item, coming period from 0, and pieces of each."""

    item: Int64Array1D
    period: Int64Array1D
    pieces: Int64Array1D


def drawn_calls(forecast: Forecast, periods: int, chance: np.random.Generator) -> Calls:
    """Return the calls of one future; beyond the horizon its last period goes on."""
    expected = forecast.calls
    ahead = np.minimum(np.arange(periods), expected.shape[1] - 1)
    rate = expected[:, ahead] * (chance.gamma(forecast.shape) / forecast.shape)[:, None]
    clinging = np.broadcast_to(np.maximum(forecast.dispersion, 1e-9)[:, None], rate.shape)
    number = chance.poisson(rate * chance.gamma(1 / clinging) * clinging)
    item, period = np.nonzero(number)
    each = np.repeat(np.arange(item.size), number[item, period])
    of, law = item[each], forecast.line_size
    running = np.cumsum(law.probability)
    before = np.concatenate([[0.0], running])[law.boundaries[:-1]]
    at = np.searchsorted(running, before[of] + chance.random(of.size), side="right")
    pieces = np.minimum(at, law.boundaries[1:][of] - 1) - law.boundaries[:-1][of]
    return Calls(of, period[each], pieces)


def simulate_panel_futures(
    history: DemandHistory,
    cost: Float64Array1D,
    terms: Terms,
    futures: Futures,
    settings: ForecastSettings,
    tell: Tell,
) -> Simulation:
    """Live through sampled futures of a panel; arguments as of `simulation_panel.simulate_panel`."""
    tell("forecasting")
    forecast = forecast_with_heads(history, settings)
    warm_up, items = terms.lead_time + terms.review, history.item_count
    steps, cost_e4 = warm_up + futures.periods, cost * history.unit_milli * 10.0
    curves = next(iter(curves_at(history, (history.axis.count,), terms, settings)))
    window = terms.window or window_of(history)
    protection = np.full(items, float(warm_up))
    rules = (stand_of_rule(rule, known_past(history), protection, window) for rule in terms.rules)
    stands = (our_stand(curves, cost_e4, terms), *rules)
    world = World(
        np.zeros((items, steps), dtype=np.int64),
        cost_e4,
        np.full(items, terms.lead_time, dtype=np.int64),
        np.ones(items, dtype=np.int64),
        np.broadcast_to(np.arange(steps) % terms.review == 0, (items, steps)),
        terms.unmet,
        warm_up,
        (0,),
    )

    def draw(chance: np.random.Generator) -> Int64Array2D:
        calls = drawn_calls(forecast, steps, chance)
        demand = np.zeros((items, steps), dtype=np.int64)
        np.add.at(demand, (calls.item, calls.period), calls.pieces)
        return demand

    found, lines = _lived(world, stands, draw, futures, tell)
    labels = history.axis.after(steps).labels()
    return Simulation(found, items, lines, (labels[warm_up], labels[-1]), terms.unmet, futures.count)


def simulate_books_futures(
    snapshot: Snapshot, settings: Settings, futures: Futures, rules: tuple[str, ...], store: str | None, tell: Tell
) -> Simulation:
    """Live through sampled futures of the books; arguments as of `simulation_books.simulate_books`."""
    tell("forecasting")
    ready = prepare(snapshot, PeriodKind(settings.planning.period), settings.forecast)
    forecast = replace(forecast_of_prepared(ready, settings.forecast), streams=Streams.none())
    history = all_that_came(ready)
    bought = bought_of(snapshot, settings, history, store)
    first = snapshot.as_of + timedelta(days=1)
    begins = [(day - first).days for day in history.axis.after(futures.periods).first_days()]
    days, start = begins[-1], np.array(begins)
    past, protection = known_past(history)[bought.row], protection_periods(history, bought)
    by_rule = (stand_of_rule(rule, past, protection, window_of(history)) for rule in rules)
    stands = (*plan_stands(snapshot, settings, forecast, history, bought), *by_rule)
    world = World(
        np.zeros((bought.row.size, days), dtype=np.int64),
        bought.cost_e4,
        bought.lead_days,
        bought.pack,
        bought.reviewed(first, days),
        Unmet((settings.of_store(store) if store else settings.planning).unmet),
        bought.warm_up(days),
        (0,),
    )

    def draw(chance: np.random.Generator) -> Int64Array2D:
        calls = drawn_calls(forecast, futures.periods, chance)
        day = start[calls.period] + (chance.random(calls.item.size) * np.diff(start)[calls.period]).astype(np.int64)
        ahead = day >= 0  # what falls into the part of the first period that is over has been
        demand = np.zeros((history.item_count, days), dtype=np.int64)
        np.add.at(demand, (calls.item[ahead], day[ahead]), calls.pieces[ahead])
        return demand[bought.row]

    found, lines = _lived(world, stands, draw, futures, tell)
    last = first + timedelta(days=days - 1)
    counted = (first + timedelta(days=world.warm_up)).isoformat(), last.isoformat()
    return Simulation(found, bought.row.size, lines, counted, world.unmet, futures.count)


def _lived(
    world: World, stands: tuple[Stand, ...], draw: Draw, futures: Futures, tell: Tell
) -> tuple[tuple[Tried, ...], int]:
    """Return the mean over the futures, and the lines asked for in an average one."""
    chance = np.random.default_rng(futures.seed)
    paths, lines = [], 0
    for turn in range(futures.count):
        tell(f"living through future {turn + 1} of {futures.count}")
        found, asked = replayed(replace(world, demand=draw(chance)), [stands])
        paths.append(found)
        lines += asked
    return together(paths), round(lines / futures.count)
