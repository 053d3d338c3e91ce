"""The last pack of a need is ordered where it is worth its money, and left out where the goal is reached without."""

from functools import cache

import numpy as np
import pytest

from forecasting.forecast import Forecast
from inventory.snapshot import Snapshot
from planning.lines import Workings, levels_of
from planning.preparing.prepare import forecast_of
from planning.proposal import ProposalLine
from planning.run import work_out
from planning.settings import Settings
from tests.planning.books import panel_rows, part, snapshot_of

CHANNELS = [("GPC", "stock", 5.0, 1.0, "", 1_000_000, 0, 0)]


def shop(pack: int, held: int, moq: int = 1, waiting: int = 0, criticality: str = "essential") -> Snapshot:
    """A dear part in packs beside cheap ones, and another dear one of which too much lies there: service to spare."""
    cheap = [f"C{i}" for i in range(6)]
    dear_one = part("DEAR", 900.0, pack=pack, moq=moq, criticality=criticality)
    means = {"DEAR": 4.0, "LOTS": 4.0} | dict.fromkeys(cheap, 20.0)
    return snapshot_of(
        parts=[dear_one, part("LOTS", 900.0), *(part(number, 2.0) for number in cheap)],
        channels=CHANNELS,
        demand_panel=panel_rows({(number, "S01"): mean for number, mean in means.items()}),
        positions=[
            ("S01", "DEAR", held * 1000, 0, 0, waiting * 1000, 0),
            ("S01", "LOTS", 30_000, 0, 0, 0, 0),
            *(("S01", number, 60_000, 0, 0, 0, 0) for number in cheap),
        ],
    )


@cache
def forecast_of_the_shop() -> Forecast:
    return forecast_of(shop(pack=1, held=2), Settings())


def worked(snapshot: Snapshot, **planning: object) -> Workings:
    return work_out(snapshot, Settings.from_mapping({"planning": planning}), forecast_of_the_shop())


def dear(snapshot: Snapshot, **planning: object) -> ProposalLine:
    return next(level.line for level in levels_of(worked(snapshot, **planning)) if level.line.part_no == "DEAR")


def test_a_pack_of_which_little_is_needed_is_left_out_and_the_sum_says_so() -> None:
    line = dear(shop(pack=10, held=2), often_fill_rate=0.0, fill_rate=0.985)
    facts = line.reason.facts
    assert int(facts["need_milli"]) > 0
    assert facts["rounding_milli"] == -int(facts["need_milli"])
    assert (line.quantity_milli, line.reason.kind) == (0, "nothing")


def test_what_is_left_out_costs_more_than_the_goal_pays_and_the_goal_stays_reached() -> None:
    workings = worked(shop(pack=10, held=2), often_fill_rate=0.0, fill_rate=0.985)
    wanted = workings.orders.regular.wanted
    out = wanted.rounding_milli < 0
    assert out.any()
    assert workings.fill_rate_ppm() >= 985_000
    reached = workings.reached_milli() // workings.items.unit_milli
    with_it = (workings.reached_milli() + workings.items.pack_milli) // workings.items.unit_milli
    assert (workings.worth.net_e4(reached, with_it)[out] < 0).all()


@pytest.mark.parametrize(
    ("snapshot", "reason"),
    [
        (shop(pack=10, held=0, waiting=1), "a customer waits"),
        (shop(pack=10, held=0, criticality="vital"), "a vital part's floor needs it"),
        (shop(pack=1, held=0), "nothing is rounded"),
    ],
)
def test_a_pack_that_must_be_there_is_ordered_in_full(snapshot: Snapshot, reason: str) -> None:
    facts = dear(snapshot).reason.facts
    assert int(facts["rounding_milli"]) >= 0, reason


def test_least_cost_leaves_out_exactly_the_packs_that_cost_more_than_they_fill() -> None:
    workings = worked(shop(pack=3, held=1), objective="cost", often_fill_rate=0.0, vital_fill_rate=0.0)
    orders, items = workings.orders.regular, workings.items
    pack, unit, level = items.pack_milli, items.unit_milli, workings.targets.level * items.unit_milli
    need = np.maximum(level - orders.position_milli, 0)
    up, down = -(-need // pack) * pack, need // pack * pack
    for item in np.flatnonzero(need % pack > 0):
        steps = [(orders.position_milli[item] + quantity[item]) // unit[item] for quantity in (down, up)]
        curve = workings.targets.curves.take(np.arange(items.count) == item)
        lines, stock = ([at(step)[0] for step in steps] for at in (curve.complete_lines_at, curve.stock_at))
        costs = workings.targets.costs
        filled = (lines[1] - lines[0]) / workings.supply.review_days[item] * 365 * costs.unmet_line_e4[item]
        held = (stock[1] - stock[0]) * costs.holding_per_year_e4[item]
        assert orders.quantity_milli[item] == (up if filled >= held else down)[item]


def test_a_least_order_far_beyond_the_need_is_all_or_nothing() -> None:
    line = dear(shop(pack=1, held=2, moq=40), often_fill_rate=0.0, fill_rate=0.985)
    assert int(line.reason.facts["need_milli"]) > 0
    assert line.quantity_milli == 0
    assert int(line.reason.facts["minimum_fill_milli"]) == 0
