"""Levels: the goal is met with the least money, more is never cheaper, dear and useless parts are left out."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demand.distribution import DemandLaw, negative_binomial, poisson
from demand.history import Float64Array1D
from optimisation.costs import CostTerms
from optimisation.levels import levels_for_fill_rate, levels_for_fill_rates, levels_for_price
from optimisation.majorant import concave_steps, majorant_steps
from optimisation.service import FillCurves, fill_curves


def assortment(means: list[float], cost: list[float], shape: float = 2.0) -> tuple[FillCurves, CostTerms]:
    mean = np.array(means)
    curves = fill_curves(
        negative_binomial(mean, shape),
        negative_binomial(mean * 2, shape),
        DemandLaw.from_rows([[0.0, 0.8, 0.2]] * len(means)),
    )
    cost_e4 = np.round(np.array(cost) * 10_000).astype(np.int64)
    return curves, CostTerms(cost_e4, 0.25 * cost_e4.astype(np.float64), np.full(len(means), 1_000_000.0))


def stock_value(curves: FillCurves, costs: CostTerms, level: object) -> float:
    return float((curves.stock_at(level) * costs.unit_cost_e4).sum())  # type: ignore[arg-type]


WEEK = 7.0


def review(count: int) -> Float64Array1D:
    return np.full(count, WEEK)


def test_the_goal_is_met_with_less_money_than_the_same_fill_for_every_part() -> None:
    random = np.random.default_rng(5)
    curves, costs = assortment(random.lognormal(0, 1.5, 300).tolist(), random.lognormal(4, 1.3, 300).tolist())
    chosen = levels_for_fill_rate(curves, costs, review(300), np.zeros(300, dtype=np.int64), 0.95)
    assert chosen.goal_met
    assert 0.95 <= chosen.fill_rate < 0.955
    alike = curves.least_level(np.full(300, 0.95))
    assert stock_value(curves, costs, chosen.level) < 0.8 * stock_value(curves, costs, alike)


def test_no_other_levels_reach_as_much_for_less_money() -> None:
    # At the corners of the majorant marginal analysis is exact: nothing cheaper may fill as many lines.
    curves, costs = assortment([0.5, 2.0, 0.2], [10.0, 40.0, 100.0])
    chosen = levels_for_fill_rate(curves, costs, review(3), np.zeros(3, dtype=np.int64), 0.9)
    lines = curves.complete_lines_at(chosen.level).sum()
    value = stock_value(curves, costs, chosen.level)
    for levels in itertools.product(range(7), range(16), range(5)):
        if curves.complete_lines_at(np.array(levels)).sum() >= lines - 1e-12:
            assert stock_value(curves, costs, np.array(levels)) >= value - 1e-6


@settings(max_examples=40)
@given(
    low=st.floats(0.3, 0.97),
    more=st.floats(0.001, 0.02),
    parts=st.lists(st.tuples(st.floats(0.02, 8), st.floats(1, 500)), min_size=1, max_size=12),
)
def test_a_higher_goal_never_needs_less_money(low: float, more: float, parts: list[tuple[float, float]]) -> None:
    curves, costs = assortment([mean for mean, _ in parts], [cost for _, cost in parts])
    none = np.zeros(len(parts), dtype=np.int64)
    values = []
    for goal in (low, low + more):
        chosen = levels_for_fill_rate(curves, costs, review(len(parts)), none, goal)
        assert chosen.fill_rate >= goal - 1e-9 or not chosen.goal_met
        values.append(stock_value(curves, costs, chosen.level))
    assert values[0] <= values[1] + 1e-6


def test_a_fast_mover_is_not_left_at_zero_because_its_first_units_fill_nothing() -> None:
    # Its fill rises only beyond the demand of the lead time; adding unit by unit while each pays would stop at zero.
    curves, costs = assortment([60.0, 0.3], [50.0, 20.0], shape=50.0)
    chosen = levels_for_fill_rate(curves, costs, review(2), np.zeros(2, dtype=np.int64), 0.9)
    assert chosen.level[0] > 60


def test_a_part_whose_first_unit_is_not_worth_its_price_is_not_stocked() -> None:
    curves, costs = assortment([0.001, 3.0, 2.0], [9000.0, 10.0, 12.0])
    chosen = levels_for_fill_rate(curves, costs, review(3), np.zeros(3, dtype=np.int64), 0.95)
    assert chosen.level[0] == 0
    assert (chosen.level[1:] > 0).all()


def test_a_floor_is_kept_whatever_it_costs() -> None:
    curves, costs = assortment([0.001, 3.0], [9000.0, 10.0])
    floor = np.array([1, 0])
    for chosen in (
        levels_for_fill_rate(curves, costs, review(2), floor, 0.95),
        levels_for_price(curves, costs, review(2), floor),
    ):
        assert chosen.level[0] >= 1


def test_a_goal_beyond_reach_is_said_and_all_that_helps_is_held() -> None:
    curves = FillCurves(np.array([0.0, 0.5, 0.8, 0.8]), np.array([0.0, 0.7, 1.5, 2.5]), np.array([0, 4]), np.ones(1))
    costs = CostTerms(np.array([10_000]), np.array([2500.0]), np.array([1_000_000.0]))
    chosen = levels_for_fill_rate(curves, costs, review(1), np.zeros(1, dtype=np.int64), 0.95)
    assert not chosen.goal_met
    assert chosen.fill_rate == pytest.approx(0.8)
    assert chosen.level.tolist() == [2]


def test_dearer_money_holds_less() -> None:
    curves, costs = assortment([0.2, 1.0, 4.0], [400.0, 60.0, 15.0])
    dear = CostTerms(costs.unit_cost_e4.copy(), costs.holding_per_year_e4 * 20, costs.unmet_line_e4.copy())
    none = np.zeros(3, dtype=np.int64)
    cheap_levels = levels_for_price(curves, costs, review(3), none)
    dear_levels = levels_for_price(curves, dear, review(3), none)
    assert (dear_levels.level <= cheap_levels.level).all()
    assert dear_levels.fill_rate < cheap_levels.fill_rate


@given(st.lists(st.floats(0, 10), min_size=2, max_size=30), st.lists(st.floats(0.01, 5), min_size=29, max_size=29))
def test_the_majorant_is_concave_and_nowhere_below_its_curve(rises: list[float], widths: list[float]) -> None:
    y = np.cumsum(rises)
    x = np.concatenate([[0.0], np.cumsum(widths[: y.size - 1])])
    steps = concave_steps(x, y, np.array([0, y.size]), np.ones(y.size, dtype=np.bool_))
    slopes = steps.gained / steps.spent
    assert (np.diff(slopes) <= 1e-9 * max(1.0, slopes.max(initial=0))).all()
    corners_x = np.concatenate([[0.0], np.cumsum(steps.spent), [max(x[-1], 0)]])
    corners_y = y[0] + np.concatenate([[0.0], np.cumsum(steps.gained), [steps.gained.sum()]])
    assert (np.interp(x, corners_x, corners_y) >= y - 1e-6).all()


@given(st.lists(st.integers(0, 6), min_size=1, max_size=9), st.lists(st.integers(1, 3), min_size=9, max_size=9))
def test_the_corners_are_the_points_below_no_chord(rises: list[int], widths: list[int]) -> None:
    y, x = np.cumsum(rises).astype(float), np.concatenate([[0], np.cumsum(widths[: len(rises) - 1])]).astype(float)

    def below(b: int) -> bool:
        chords = ((a, c) for a in range(b) for c in range(b + 1, y.size))
        return any((y[b] - y[a]) * (x[c] - x[b]) < (y[c] - y[b]) * (x[b] - x[a]) for a, c in chords)

    two = np.concatenate([x, x]), np.concatenate([y, y]), np.array([0, y.size, 2 * y.size])
    steps = majorant_steps(*two, np.ones(2 * y.size, dtype=np.bool_))
    corners = [b for b in range(1, y.size) if not below(b)]
    assert steps.point.tolist() == corners + [b + y.size for b in corners]


def test_levels_for_several_goals_are_those_of_each_goal_by_itself() -> None:
    curves, costs = assortment([0.2, 1.0, 4.0, 0.01], [400.0, 60.0, 15.0, 3.0])
    floor, goals = np.array([0, 1, 0, 0]), (0.98, 0.3, 0.9)
    for goal, chosen in zip(goals, levels_for_fill_rates(curves, costs, review(4), floor, goals), strict=True):
        alone = levels_for_fill_rate(curves, costs, review(4), floor, goal)
        assert chosen.level.tolist() == alone.level.tolist()
        assert (chosen.fill_rate, chosen.goal_met) == (alone.fill_rate, alone.goal_met)


@pytest.mark.parametrize("goal", [0.0, 1.0, 1.2])
def test_a_goal_that_is_no_share_is_refused(goal: float) -> None:
    curves, costs = assortment([1.0], [1.0])
    with pytest.raises(ValueError, match="between 0 and 1"):
        levels_for_fill_rate(curves, costs, review(1), np.zeros(1, dtype=np.int64), goal)


def test_a_simulated_assortment_fills_the_share_of_lines_that_was_the_goal() -> None:
    random = np.random.default_rng(17)
    rate, lead, cycles = random.lognormal(-1.5, 1.2, 60), 5.0, 4000
    one = DemandLaw.from_rows([[0.0, 1.0]] * 60)
    curves = fill_curves(poisson(rate * lead), poisson(rate * (lead + WEEK)), one)
    cost_e4 = np.round(random.lognormal(4, 1, 60) * 10_000).astype(np.int64)
    costs = CostTerms(cost_e4, 0.25 * cost_e4.astype(np.float64), np.full(60, 1.0))
    chosen = levels_for_fill_rate(curves, costs, review(60), np.zeros(60, dtype=np.int64), 0.93)
    before = random.poisson(rate * lead, (cycles, 60))
    asked = random.poisson(rate * WEEK, (cycles, 60))
    filled = np.clip(chosen.level - before, 0, asked).sum(axis=1)
    share = filled.sum() / asked.sum()
    spread = (filled - share * asked.sum(axis=1)).std() / np.sqrt(cycles) / asked.sum(axis=1).mean()
    assert chosen.fill_rate >= 0.93
    assert share == pytest.approx(chosen.fill_rate, abs=4 * spread)
