"""A bare panel replayed: levels set each review by what was known then, over the latest periods of the table.

A step is a period. What is ordered at the beginning of one arrives L periods later, before its demand, and the next
order is placed R periods after this one: laws of demand over one period and over L … L + R of them, as filter and
pooled heads tell them (`forecasting.heads`), give complete lines of every level (`optimisation.period_service`), and
one price of money over all items the levels for each goal (`optimisation.levels`). A line is what a period asks for of
an item. What is promised is told from where orders lift each item: above its level, where that has come down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from demand.distribution import DemandLaw
from demand.history import DemandHistory, Float64Array1D, Float64Array2D, Int64Array1D, Observation
from demand.periods import PeriodKind
from forecasting.forecast import ForecastSettings
from forecasting.heads.origins import laws_at_origins
from forecasting.line_size import line_size_law
from optimisation.costs import DAYS_PER_YEAR, CostTerms
from optimisation.levels import levels_for_fill_rates, levels_for_price
from optimisation.period_service import period_fill_curves
from optimisation.policies.lost_orders import LostSales
from optimisation.service import FillCurves
from optimisation.simulate import Unmet
from planning.explaining.backtest import LEAST_MONTHS, Tell
from planning.levels.lost import laws_ahead
from planning.preparing.panel import forecast_panel, forecast_with_heads
from planning.simulation.rules import stand_of_rule
from planning.simulation.simulation import AS_SET, OURS, Simulation, Stand, World, replayed

GOALS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99, 0.995, 0.999)
"""Shares of lines that our levels are set for, one curve's points."""
_MONTHS_A_WEEK = 12 / 52.18


@dataclass(frozen=True)
class Terms:
    """How a panel's items are bought.

    Parameters
    ----------
    lead_time, review
        L, zero or more, and R, one or more, in periods.
    unmet
        What becomes of demand that the shelf cannot fill.
    goals
        Shares of lines to set levels for, rising.
    rules
        Rules of thumb beside ours.
    window
        Latest periods that these count; a year's where None.
    prices
        Of holding and lacking; where told, the levels of least cost stand beside those of the goals.

    Raises
    ------
    ValueError
        If a figure is outside its range.
    """

    lead_time: int
    review: int = 1
    unmet: Unmet = Unmet.URGENT
    goals: tuple[float, ...] = GOALS
    rules: tuple[str, ...] = ("z-sigma", "mad")
    window: int | None = None
    prices: Prices | None = None

    def __post_init__(self) -> None:
        if self.lead_time < 0 or self.review < 1:
            raise ValueError("a lead time is zero periods or more, a review one or more")
        if not self.goals or not all(0 < goal < 1 for goal in self.goals):
            raise ValueError("goals are shares above 0 and below 1")


@dataclass(frozen=True)
class Prices:
    """What holding and lacking costs, in place of a goal.

    Parameters
    ----------
    holding_per_period, shortage
        Of one stock unit, in one currency: held at the end of a period, and not there when asked for.
    """

    holding_per_period: float
    shortage: float

    def of_units(self, unit_milli: Int64Array1D) -> tuple[Float64Array1D, Float64Array1D]:
        """Return both for items of such demand units, ``(n_items,)`` each."""
        return self.holding_per_period * unit_milli / 1000, self.shortage * unit_milli / 1000


def simulate_panel(
    history: DemandHistory, cost: Float64Array1D, terms: Terms, periods: int, settings: ForecastSettings, tell: Tell
) -> Simulation:
    """Replay the latest periods of a panel under our levels and rules of thumb.

    Parameters
    ----------
    history
        The whole panel; each moment sees only what lies before it.
    cost
        Of a stock unit, ``(n_items,)``.
    terms
        How the items are bought, and what is tried.
    periods
        Periods to be counted, one or more; L + R more before them are lived through, for nothing is on order at first.
    settings
        Of the forecast.
    tell
        Is told of each step before it is taken.

    Raises
    ------
    ValueError
        If the history is too short.
    """
    world, first = world_of_panel(history, cost, terms, periods)
    stands = stands_of_panel(history, world, first, terms, settings, tell)
    found, lines = replayed(world, stands)
    labels = history.axis.labels()
    return Simulation(found, history.item_count, lines, (labels[first + world.warm_up], labels[-1]), terms.unmet)


def world_of_panel(history: DemandHistory, cost: Float64Array1D, terms: Terms, periods: int) -> tuple[World, int]:
    """Return the latest periods of a panel as a world, and the periods known before its first step."""
    warm_up = terms.lead_time + terms.review
    first, least = history.axis.count - periods - warm_up, least_known(history)
    if periods < 1 or first < least:
        raise ValueError(
            f"a replay of {periods} periods needs {least + warm_up + periods} of them; there are {history.axis.count}"
        )
    items, steps = history.item_count, periods + warm_up
    is_review = np.arange(steps) % terms.review == 0
    world = World(
        history.quantity[:, first:],
        cost * history.unit_milli * 10.0,
        np.full(items, terms.lead_time, dtype=np.int64),
        np.ones(items, dtype=np.int64),
        np.broadcast_to(is_review, (items, steps)),
        terms.unmet,
        warm_up,
        tuple(np.flatnonzero(is_review).tolist()),
    )
    return world, first


def least_known(history: DemandHistory) -> int:
    """Return the periods that are known before levels are set for the first time: a year, or a third if younger."""
    months = 1.0 if history.axis.kind is PeriodKind.MONTH else _MONTHS_A_WEEK
    return max(2, round(min(LEAST_MONTHS / months, history.axis.count / 3)))


def stands_of_panel(
    history: DemandHistory, world: World, first: int, terms: Terms, settings: ForecastSettings, tell: Tell
) -> Iterator[tuple[Stand, ...]]:
    """Yield our levels and those of the rules at each review of the world."""
    labels, past = history.axis.labels(), known_past(history)
    protection = np.full(history.item_count, float(terms.lead_time + terms.review))
    months = 1.0 if history.axis.kind is PeriodKind.MONTH else _MONTHS_A_WEEK
    window = terms.window or round(LEAST_MONTHS / months)
    origins = tuple(first + step for step in world.set_at)
    for origin, curves in zip(origins, curves_at(history, origins, terms, settings), strict=True):
        tell(f"setting levels as of {labels[origin - 1]}")
        rules = [stand_of_rule(rule, past[:, :origin], protection, window) for rule in terms.rules]
        if terms.prices is not None:
            known = history.before(origin)
            rules.append(stand_at_prices(known, curves, terms, terms.prices, settings))
        yield (our_stand(curves, world.cost_e4, terms), *rules)


@dataclass(frozen=True)
class PeriodLaws:
    """Laws of demand by what was known at one origin, a row per item of the panel.

    Parameters
    ----------
    period
        Over one period.
    spans
        Over L, L + 1, …, L + R periods.
    """

    period: DemandLaw
    spans: tuple[DemandLaw, ...]


def laws_at(
    history: DemandHistory, origins: tuple[int, ...], terms: Terms, settings: ForecastSettings
) -> Iterator[PeriodLaws]:
    """Yield the laws that the terms of supply ask for, by what was known at each origin.

    What the panel teaches serves for a month: a plan of the day learns anew, and levels set by what was learnt a year
    before promise something else than it would.
    """
    nothing = DemandLaw.from_rows([[1.0]]).take(np.zeros(history.item_count, dtype=np.int64))

    def laws(length: int) -> Iterator[DemandLaw]:
        if length == 0:
            yield from (nothing for _ in origins)
            return
        ahead = replace(settings, horizon=length)
        serves = 1 if history.axis.kind is PeriodKind.MONTH else round(1 / _MONTHS_A_WEEK)
        found = laws_at_origins(
            history, lambda known, habits: forecast_panel(known, ahead, habits), origins, length, taught_for=serves
        )
        for told in found:
            yield told.law

    spans = range(terms.lead_time, terms.lead_time + terms.review + 1)
    each = {length: laws(length) for length in sorted({1, *spans})}
    for _ in origins:
        now = {length: next(of) for length, of in each.items()}
        yield PeriodLaws(now[1], tuple(now[length] for length in spans))


def curves_of(laws: PeriodLaws, terms: Terms) -> FillCurves:
    """Return complete lines and stock of every level."""
    return period_fill_curves(laws.period, laws.spans, terms.lead_time, waits=terms.unmet is Unmet.BACKORDER)


def curves_at(
    history: DemandHistory, origins: tuple[int, ...], terms: Terms, settings: ForecastSettings
) -> Iterator[FillCurves]:
    """Yield complete lines and stock of every level, by what was known at each origin."""
    for laws in laws_at(history, origins, terms, settings):
        yield curves_of(laws, terms)


def size_of_lines(history: DemandHistory, origin: int) -> DemandLaw:
    """Return the law of what a period with demand asks for of each item, by the periods before the origin."""
    known = history.quantity[:, :origin]
    item, period = np.nonzero(known)
    asked = np.bincount(item, minlength=history.item_count)
    usual = np.round(known.sum(axis=1) / np.maximum(asked, 1)).astype(np.int64)
    return line_size_law(item, known[item, period], np.arange(history.item_count), np.maximum(usual, 1))


def our_stand(curves: FillCurves, cost_e4: Float64Array1D, terms: Terms) -> Stand:
    """Return the levels that fill each goal's share of all lines with the least money on the shelf."""
    costs = CostTerms(np.round(cost_e4).astype(np.int64), cost_e4, np.zeros(cost_e4.size))
    review = np.full(cost_e4.size, float(terms.review))
    floor = np.zeros(cost_e4.size, dtype=np.int64)
    chosen = levels_for_fill_rates(curves, costs, review, floor, terms.goals)
    levels = np.stack([each.level for each in chosen], axis=1)
    promised = np.array([each.fill_rate for each in chosen])
    return replace(Stand.up_to(OURS, terms.goals, levels, promised), curves=curves)


def stand_at_prices(
    known: DemandHistory, curves: FillCurves, terms: Terms, prices: Prices, settings: ForecastSettings
) -> Stand:
    """Return the levels of least cost where holding and lacking a unit have their price.

    Where what the shelf lacks is lost, they follow from the shelf at every review.

    Parameters
    ----------
    known
        The history up to the day.
    curves
        Of the same day.
    terms
        How the items are bought.
    prices
        Of holding and lacking.
    settings
        Of the forecast.
    """
    if terms.unmet is Unmet.LOST:
        return Stand.of_shelf(AS_SET, lost_sales(known, terms, prices, settings))
    holding, shortage = prices.of_units(known.unit_milli)
    days = 7.0 if known.axis.kind is PeriodKind.WEEK else DAYS_PER_YEAR / 12
    line_units = size_of_lines(known, known.axis.count).mean()
    costs = CostTerms(np.ones(holding.size, dtype=np.int64), holding * DAYS_PER_YEAR / days, shortage * line_units)
    review_days = np.full(holding.size, terms.review * days)
    found = levels_for_price(curves, costs, review_days, np.zeros(holding.size, dtype=np.int64))
    return Stand.up_to(AS_SET, (0.0,), found.level[:, None], np.array([found.fill_rate]))


def lost_sales(known: DemandHistory, terms: Terms, prices: Prices, settings: ForecastSettings) -> LostSales:
    """Return demand and costs of the periods to come, by which a plan orders where unmet demand is lost."""
    periods = terms.lead_time + terms.review
    forecast = forecast_with_heads(known, replace(settings, horizon=periods))
    return LostSales(laws_ahead(forecast, periods), terms.review, *prices.of_units(known.unit_milli))


def known_past(history: DemandHistory) -> Float64Array2D:
    """Return what was asked for in demand units, NaN where nothing is known of it."""
    past: Float64Array2D = np.where(history.observation == Observation.SEEN, history.quantity, np.nan)
    return past
