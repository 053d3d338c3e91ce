"""Three objectives: a share of lines, least cost, or what a budget pays for; each reaches what it promises."""

from typing import Any

import numpy as np
import pytest

from planning.lines import Workings
from planning.run import work_out
from planning.settings import Settings
from tests.planning.books import small_dealership, small_forecast

NO_FLOORS: dict[str, Any] = {"often_fill_rate": 0.0, "vital_fill_rate": 0.0}


def worked(budget_e4: int | None = None, **planning: object) -> Workings:
    settings = Settings.from_mapping({"planning": planning})
    return work_out(small_dealership(), settings, small_forecast(), budget_e4)


def test_least_cost_is_the_least_over_every_level_tried_one_by_one() -> None:
    workings = worked(objective="cost", **NO_FLOORS)
    curves, costs, review = workings.targets.curves, workings.targets.costs, workings.supply.review_days
    for item, level in enumerate(workings.targets.level.tolist()):
        points = slice(int(curves.boundaries[item]), int(curves.boundaries[item + 1]))
        unmet = (curves.lines[item] - curves.complete_lines[points]) * 365 / review[item] * costs.unmet_line_e4[item]
        cost = curves.stock_units[points] * costs.holding_per_year_e4[item] + unmet
        assert cost[level] == pytest.approx(cost.min(), rel=1e-9), workings.items.part_no[item]


def test_a_dearer_car_that_waits_holds_no_less_stock_at_least_cost() -> None:
    cheap, dear = (worked(objective="cost", waiting_cost_per_line=cost, **NO_FLOORS) for cost in (10, 1000))
    assert (cheap.targets.level <= dear.targets.level).all()
    assert (cheap.targets.level < dear.targets.level).any()


@pytest.mark.parametrize("money", [3_000, 12_000])
def test_a_budget_buys_the_highest_goal_it_pays_for(money: int) -> None:
    workings = worked(money * 10_000, objective="budget", unmet="backorder", **NO_FLOORS)
    (goal,) = workings.targets.goals
    value = sum(value for _, value in workings.order_values_e4().values())
    assert 0 < value <= money * 10_000
    beyond = worked(fill_rate=min(goal.asked_fill_rate + 0.002, 0.9998), unmet="backorder", **NO_FLOORS)
    need = np.maximum(beyond.targets.level * beyond.items.unit_milli - beyond.items.position_milli, 0)
    packs = -(-np.maximum(need, np.where(need > 0, beyond.items.least_milli, 0)) // beyond.items.pack_milli)
    quantity = packs * beyond.items.pack_milli
    assert (quantity * beyond.items.unit_cost_e4).sum() > money * 10_000_000


def test_more_money_buys_no_lower_goal_and_without_a_budget_the_goal_stands() -> None:
    goals = [worked(m * 10_000, objective="budget").targets.goals[0].asked_fill_rate for m in (2_000, 6_000)]
    assert goals == sorted(goals)
    assert worked(objective="budget").targets.goals[0].asked_fill_rate == 0.95
