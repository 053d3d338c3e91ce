"""Rules lived through: compared at the same service, set from what was known, and promises held against what came."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from demand.history import DemandHistory
from demand.periods import PeriodAxis, PeriodKind
from forecasting.forecast import ForecastSettings
from inventory.snapshot import Snapshot
from optimisation.service import FillCurves
from optimisation.simulate import Unmet
from planning.explaining.backtest import Asked
from planning.preparing.panel import forecast_panel, series_history
from planning.preparing.prepare import prepare
from planning.settings import Settings
from planning.simulation.books import bought_of, demand_by_day, simulate_books
from planning.simulation.futures import Futures, drawn_calls, simulate_books_futures, simulate_panel_futures
from planning.simulation.panel import Prices, Terms, curves_at, simulate_panel, stand_at_prices
from planning.simulation.rules import RULES, moments, stand_of_rule
from planning.simulation.simulation import AS_SET, OURS, Stand, Tried, World, replayed
from tests.planning.books import AS_OF, frame, part, small_dealership, snapshot_of


def _silent(_step: str) -> None:
    return None


def _history(items: int = 40, periods: int = 30, seed: int = 5) -> DemandHistory:
    draw = np.random.default_rng(seed)
    asked = draw.poisson(draw.uniform(0.2, 3.0, items)[:, None], (items, periods))
    axis = PeriodAxis(PeriodKind.MONTH, 24000, periods)
    rows = [
        (f"P{item:02d}", "", label, int(asked[item, at]) * 1000, 1_000_000)
        for item in range(items)
        for at, label in enumerate(axis.labels())
    ]
    return series_history(frame("demand_panel", rows))


def test_a_curve_is_read_between_two_settings() -> None:
    share, money = np.array([0.8, 0.9, 1.0]), np.array([100.0, 200.0, 400.0])
    tried = Tried("mad", (0.0, 1.0, 2.0), money, share, share, None, money, money, money)
    assert tried.stock_at(0.95) == pytest.approx(300.0)
    assert tried.stock_at(0.7) is None
    assert tried.promised_at(0.95) is None


def test_levels_hold_until_they_are_set_again() -> None:
    demand = np.array([[1, 1, 1, 1]])
    one = np.array([1])
    world = World(demand, one * 10.0, one * 0, one, np.ones((1, 4), dtype=np.bool_), Unmet.LOST, 0, (0, 2))
    stands = [(Stand.up_to("mad", (0.0,), np.array([[level]])),) for level in (0, 1)]
    (found,), lines = replayed(world, stands)
    assert lines == 4
    assert found.line_fill.tolist() == [0.5]
    assert found.short_units.tolist() == [2.0]


def test_a_promise_is_told_of_what_is_there_and_not_of_the_level_that_has_come_down() -> None:
    one, curves = np.array([1]), FillCurves(np.array([0, 0.5, 0.8, 1.0]), np.arange(4.0), np.array([0, 4]), np.ones(1))
    world = World(
        np.array([[0, 0, 1, 0]]), one * 10.0, one, one, np.ones((1, 4), dtype=np.bool_), Unmet.LOST, 1, (0, 1)
    )
    high, low = (replace(Stand.up_to(OURS, (0.9,), np.array([[level]])), curves=curves) for level in (3, 1))
    (found,), _ = replayed(world, [(high,), (low,)])
    assert found.promised is not None
    # Told at steps 0, 1 and 2 for the steps after them; three lie there until the third step takes one.
    assert found.promised.tolist() == pytest.approx([1.0])


def test_rules_of_thumb_are_what_they_are_called() -> None:
    past = np.array([[1.0, 2.0, 3.0, np.nan]])
    mean, spread = moments(past)
    assert mean.tolist() == [2.0]
    assert spread.tolist() == [1.0]
    two = np.array([2.0])
    assert stand_of_rule("z-sigma", past, two, 12, (1.0,)).order_up_to.tolist() == [[6]]  # 2·2 + √2, rounded up
    assert stand_of_rule("mad", past, two, 12, (1.0,)).order_up_to.tolist() == [[6]]
    assert stand_of_rule("months", past, two, 12, (1.5,)).order_up_to.tolist() == [[3]]
    least = stand_of_rule("min-max", past, two, 12, (0.0,))
    assert (least.reorder_point.tolist(), least.order_up_to.tolist()) == ([[4]], [[6]])
    with pytest.raises(ValueError, match="a rule is one of"):
        stand_of_rule("by feel", past, two, 12)


@pytest.mark.parametrize("rule", RULES)
def test_a_part_never_asked_for_is_not_ordered_by_any_rule(rule: str) -> None:
    stand = stand_of_rule(rule, np.zeros((1, 6)), np.array([2.0]), 12)
    assert not stand.order_up_to.any()
    assert (stand.reorder_point < stand.order_up_to).all()


def test_a_panel_is_replayed_and_what_is_promised_comes_true() -> None:
    history = _history(90, 24)
    found = simulate_panel(history, np.ones(90), Terms(1), 6, ForecastSettings(), _silent)
    ours = found.rule(OURS)
    assert [tried.rule for tried in found.rules] == [OURS, "z-sigma", "mad"]
    assert (np.diff(ours.line_fill) >= 0).all()
    promised = ours.promised_at(0.95)
    assert promised is not None
    assert promised == pytest.approx(0.95, abs=0.02)
    theirs, mine = found.rule("mad").stock_at(0.95), ours.stock_at(0.95)
    assert theirs is not None
    assert mine is not None
    assert mine < theirs


def test_levels_know_nothing_of_what_comes_after_them() -> None:
    history = _history(25, 24)
    quantity = history.quantity.copy()
    quantity[:, -1] = 40
    other = replace(history, quantity=quantity, lines=quantity.copy())
    terms, settings = Terms(1, goals=(0.9,)), ForecastSettings()
    here, there = (next(iter(curves_at(each, (23,), terms, settings))) for each in (history, other))
    assert here.complete_lines.tobytes() == there.complete_lines.tobytes()


def test_levels_of_a_replay_are_those_of_a_plan_of_that_month() -> None:
    history, terms, settings = _history(300, 30), Terms(1, goals=(0.9,)), ForecastSettings()
    replayed, alone = (tuple(curves_at(history, origins, terms, settings))[-1] for origins in ((24, 25, 26), (26,)))
    assert replayed.complete_lines.tobytes() == alone.complete_lines.tobytes()


def test_a_history_too_short_is_told() -> None:
    with pytest.raises(ValueError, match="needs"):
        simulate_panel(_history(5, 8), np.ones(5), Terms(1), 12, ForecastSettings(), _silent)


@pytest.mark.parametrize("unmet", [Unmet.BACKORDER, Unmet.LOST])
def test_the_dearer_a_shortage_the_higher_the_level(unmet: Unmet) -> None:
    history, settings = _history(10, 24), ForecastSettings()
    terms = Terms(2, unmet=unmet)
    curves = next(iter(curves_at(history, (24,), terms, settings)))
    low, high = (
        stand_at_prices(history, curves, terms, Prices(0.2, shortage), settings).order_up_to for shortage in (0.5, 5.0)
    )
    assert (low <= high).all()
    assert low.sum() < high.sum()


def test_told_prices_and_lost_sales_cost_less_than_any_goal_does() -> None:
    history, settings = _history(60, 30), ForecastSettings()
    terms = Terms(2, unmet=Unmet.LOST, rules=(), prices=Prices(0.2, 1.0))
    found = simulate_panel(history, np.ones(60), terms, 10, settings, _silent)
    cost = {tried.rule: 0.2 * tried.left_units + tried.short_units for tried in found.rules}
    assert cost[AS_SET].size == 1
    assert cost[AS_SET][0] < cost[OURS].min()


def test_futures_are_drawn_as_the_forecast_expects_and_the_same_for_the_same_seed() -> None:
    history = _history(60, 24)
    forecast = forecast_panel(history, ForecastSettings(horizon=4))
    chance = np.random.default_rng(2)
    drawn = [drawn_calls(forecast, 4, chance).pieces.sum() for _ in range(200)]
    expected = float(forecast.mean.sum())
    assert np.mean(drawn) == pytest.approx(expected, abs=4 * np.std(drawn) / np.sqrt(200))
    terms = Terms(1, goals=(0.9, 0.95, 0.99), rules=("mad",))
    one, again = (
        simulate_panel_futures(history, np.ones(60), terms, Futures(3, 6, 7), ForecastSettings(), _silent)
        for _ in range(2)
    )
    assert one.rules[0].stock_e4.tolist() == again.rules[0].stock_e4.tolist()
    assert one.futures == 3


def _dealership() -> Snapshot:
    """Return a store in which one part is asked for every third day, over thirteen months."""
    days = [AS_OF - timedelta(days=3 * turn) for turn in range(130)]
    lines = [
        ("S01", f"RO{turn}", "P1", 1, day, "", "", None, "repair", "customer", 1000, 1000, "shelf", None)
        for turn, day in enumerate(days)
    ]
    return snapshot_of(
        parts=[part("P1", 50.0)],
        suppliers=[("GPC", "Genuine Parts")],
        channels=[("GPC", "stock", 4.0, 0.0, "MON", 1_000_000, 0, 0)],
        demand_lines=lines,
    )


def test_the_books_are_replayed_by_days_with_the_plans_own_levels() -> None:
    found = simulate_books(_dealership(), Settings(), Asked(1, 1, 1), ("months",), None, _silent)
    assert [tried.rule for tried in found.rules] == [OURS, AS_SET, "months"]
    assert found.items == 1
    assert found.counted[1] == AS_OF.isoformat()
    by_goal, as_set = found.rule(OURS), found.rule(AS_SET)
    place = by_goal.knobs.index(0.95)
    assert as_set.stock_e4[0] == by_goal.stock_e4[place]
    assert as_set.promised is not None
    assert by_goal.promised is not None
    assert as_set.promised[0] == pytest.approx(by_goal.promised[place])
    with pytest.raises(ValueError, match="a store is one of S01"):
        simulate_books(_dealership(), Settings(), Asked(1, 1, 1), (), "S09", _silent)


def test_futures_of_the_books_begin_tomorrow() -> None:
    found = simulate_books_futures(_dealership(), Settings(), Futures(2, 2, 1), ("mad",), None, _silent)
    assert found.futures == 2
    assert found.counted[0] > AS_OF.isoformat()
    assert found.lines > 0


def test_units_of_a_panel_fall_on_days_of_their_period() -> None:
    books = small_dealership()
    ready = prepare(books, PeriodKind.MONTH, ForecastSettings())
    begins = ready.history.axis.first_days()
    first, days = begins[-3], (begins[-1] - begins[-3]).days
    by_day = demand_by_day(ready, ready.history, first, days, 1)
    middle = (begins[-2] - first).days
    assert by_day[:, :middle].sum(axis=1).tolist() == ready.history.quantity[:, -2].tolist()
    assert by_day[:, middle:].sum(axis=1).tolist() == ready.history.quantity[:, -1].tolist()


def test_orders_go_out_on_the_suppliers_days_and_parts_nobody_supplies_are_left_out() -> None:
    books = small_dealership()
    ready = prepare(books, PeriodKind.MONTH, ForecastSettings())
    bought = bought_of(books, Settings(), ready.history, None)
    reviewed = bought.reviewed(AS_OF + timedelta(days=6), 14)  # from a Monday on
    names = [ready.history.part_no[row] for row in bought.row]
    by_part = {name: turn.nonzero()[0].tolist() for name, turn in zip(names, reviewed, strict=True)}
    assert by_part["BRK-1"] == [0, 3, 7, 10]
    assert by_part["OIL-5W"] == [0, 7]
    with pytest.raises(ValueError, match="nobody supplies"):
        bought_of(replace(books, channels=books.channels.iloc[:0]), Settings(), ready.history, None)
