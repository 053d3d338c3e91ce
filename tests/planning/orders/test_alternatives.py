"""The next best choice is the nearest in worth of those that were not made, and its effects are what would come."""

import numpy as np
import pytest

from planning.explaining.service_figures import figures_of, service_of
from planning.lines import Workings, working_lines
from planning.orders.alternatives import KINDS
from planning.run import work_out
from planning.settings import Settings
from reporting.reasons import alternative_sentence, line_row, sum_rows
from tests.planning.books import small_dealership, small_forecast


@pytest.fixture(scope="module")
def workings() -> Workings:
    return work_out(small_dealership(), Settings(), small_forecast())


def rows_of(workings: Workings) -> list[dict[str, object]]:
    return [
        {**line_row(line), "order_type": order_type}
        for part_no in sorted(set(workings.items.part_no))
        for order_type, line in working_lines(workings, part_no, None)
    ]


def test_every_line_has_another_choice_with_its_effect_in_both_languages(workings: Workings) -> None:
    for row in rows_of(workings):
        for language in ("en", "zh"):
            told = alternative_sentence(row, language)
            assert told.endswith((".", "。"))
            assert "{" not in told


def test_a_pack_more_or_fewer_fills_and_costs_what_the_plan_with_it_would(workings: Workings) -> None:
    items, curves = workings.items, workings.targets.curves
    reached = workings.reached_milli()
    for row in rows_of(workings):
        facts = working_facts(row)
        if facts["alternative"] not in ("one-more", "one-less"):
            continue
        item = list(zip(items.store, items.part_no, strict=True)).index((str(row["store"]), str(row["part_no"])))
        change = int(facts.get("alternative_quantity_milli", 0)) - int(str(row["quantity_milli"]))
        assert change % items.pack_milli[item] == 0
        assert (change > 0) == (facts["alternative"] == "one-more")
        level = np.maximum((reached + change) // items.unit_milli, 0)
        assert facts.get("alternative_fill_ppm", 0) == round(1e6 * curves.fill_at(level)[item])
        assert facts["alternative_money_e4"] == change * int(str(row["unit_cost_e4"])) // 1000


def working_facts(row: dict[str, object]) -> dict[str, int | str]:
    import json

    facts: dict[str, int | str] = json.loads(str(row["reason"]))["facts"]
    return facts


def test_the_choice_made_is_worth_no_less_than_a_pack_more_where_nothing_cuts_it(workings: Workings) -> None:
    items, worth = workings.items, workings.worth
    reached = np.maximum(workings.reached_milli() // items.unit_milli, 0)
    more = (workings.reached_milli() + items.pack_milli) // items.unit_milli
    beyond = reached >= workings.targets.level
    assert (worth.net_e4(reached, np.maximum(more, 0))[beyond] <= 1e-6).all()


def test_the_sum_of_a_line_holds_with_what_lies_beyond_its_target(workings: Workings) -> None:
    for row in rows_of(workings):
        steps = {step["step"]: int(str(step["quantity_milli"])) for step in sum_rows(row, "en")}
        assert steps["target"] - steps["position"] + steps.get("surplus", 0) == steps["need"]
        total = steps["need"] + steps["rounding"] + steps["minimum_fill"] - steps["budget_cut"]
        assert total == steps["quantity"]


def test_who_is_served_urgently_waits_the_urgent_days_and_who_is_lost_waits_no_longer(workings: Workings) -> None:
    service = service_of(workings, Settings())
    urgent = workings.supply.urgent >= 0
    expected = (1 - service.unit_fill) * workings.supply.urgent_days_mean
    assert service.waiting_days[urgent] == pytest.approx(expected[urgent])
    lost = service_of(workings, Settings.from_mapping({"planning": {"unmet": "lost"}}))
    assert not lost.waiting_days.any()
    assert KINDS[0] == ""


def test_the_figures_of_a_plan_stand_beside_its_goal(workings: Workings) -> None:
    figures = figures_of(workings, Settings())
    assert figures["line_fill_ppm"] == workings.fill_rate_ppm()
    shares = [figures[name] for name in ("unit_fill_ppm", "cycle_service_ppm", "ready_rate_ppm")]
    assert all(0 < share <= 1_000_000 for share in shares)
    assert figures["order_lines"] == sum(
        int((getattr(workings.orders, side).quantity_milli > 0).sum()) for side in ("regular", "urgent")
    )
