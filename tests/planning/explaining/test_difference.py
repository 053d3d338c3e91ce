"""Two plans beside each other: what has changed has causes, and they add up to the change."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.snapshot import Snapshot
from planning.explaining.difference import CAUSES, Change, changes
from planning.explaining.what_if import Wish, both_outcomes
from planning.lines import Workings, levels_of
from planning.run import work_out
from planning.settings import Settings
from planning.stored import level_rows
from reporting.plan_views import changes_table
from tests.planning.books import small_dealership, small_forecast

Row = dict[str, object]
UNITS = st.integers(0, 40).map(lambda units: units * 1000)


@st.composite
def levels(draw: st.DrawFn) -> Row:
    """One item of a plan, its sum as the plan makes it."""
    names = ("order_up_to_level", "on_hand", "reserved", "on_order", "backorder", "urgent", "expected_demand")
    row: Row = {f"{name}_milli": draw(UNITS) for name in names}
    level, on_hand, reserved, on_order, backorder, urgent = (int(str(row[f"{name}_milli"])) for name in names[:6])
    need = max(level - (on_hand - reserved + on_order - backorder + urgent), 0)
    rounding, fill = draw(st.integers(-need // 1000, 9)) * 1000, draw(UNITS)
    cut = draw(st.integers(0, (need + rounding + fill) // 1000)) * 1000
    facts = {"need_milli": need, "rounding_milli": rounding, "minimum_fill_milli": fill, "budget_cut_milli": cut}
    facts |= {"covered_days": draw(st.integers(0, 30))}
    if draw(st.booleans()):
        facts |= {"has_last": 1}
        facts |= {name: draw(UNITS) for name in ("at_last_price_milli", "free_level_milli")}
    return row | {
        "store": "S01",
        "part_no": draw(st.sampled_from("AB")),
        "unit_cost_e4": 12_5000,
        "reorder_point_milli": max(level - 1000, 0),
        "quantity_milli": need + rounding + fill - cut,
        "reason": json.dumps({"kind": "replenish", "facts": facts}),
    }


def ordered(rows: list[Row]) -> dict[object, int]:
    return {row["part_no"]: int(str(row["quantity_milli"])) + int(str(row["urgent_milli"])) for row in rows}


@settings(max_examples=60)
@given(before=st.lists(levels(), max_size=2, unique_by=lambda row: row["part_no"]),
       now=st.lists(levels(), max_size=2, unique_by=lambda row: row["part_no"]))  # fmt: skip
def test_the_causes_of_every_change_add_up_to_it(before: list[Row], now: list[Row]) -> None:
    found = {each.now["part_no"]: each for each in changes(before, now)}
    then, today = ordered(before), ordered(now)
    for part_no in then.keys() | today.keys():
        change = today.get(part_no, 0) - then.get(part_no, 0)
        assert (part_no in found) == (change != 0)
        if change:
            assert tuple(found[part_no].causes) == CAUSES
            assert sum(found[part_no].causes.values()) == found[part_no].change_milli == change


def worked(books: Snapshot, fill_rate: float = 0.95) -> Workings:
    return work_out(books, Settings.from_mapping({"planning": {"fill_rate": fill_rate}}), small_forecast())


@pytest.fixture(scope="module")
def first() -> list[Row]:
    return [dict(row) for row in level_rows(levels_of(worked(small_dealership())))]


def since(first: list[Row], more_milli: int = 0, fill_rate: float = 0.95) -> dict[tuple[object, object], Change]:
    """What has changed in the plan of the day after the first, with books or settings changed in between."""
    price = worked(small_dealership()).targets.goals[0].price_per_line_e4
    books = small_dealership(
        last_levels=[
            (row["store"], row["part_no"], "R1", "2026-06-29", row["order_up_to_level_milli"], price) for row in first
        ]
    )
    held = books.positions
    it = (held["store"] == "S02") & (held["part_no"] == "00195040")
    held["on_hand_milli"] = held["on_hand_milli"].where(~it, held["on_hand_milli"] + more_milli)
    now = level_rows(levels_of(worked(books, fill_rate)))
    return {(each.now["store"], each.now["part_no"]): each for each in changes(first, now)}


def test_what_came_onto_the_shelf_in_between_is_the_cause_of_ordering_less(first: list[Row]) -> None:
    found = since(first, more_milli=20_000)
    assert set(found) == {("S02", "00195040")}
    causes = {name: amount for name, amount in found[("S02", "00195040")].causes.items() if amount}
    assert causes["on_hand"] == -20_000
    assert set(causes) <= {"on_hand", "surplus", "pack"}


def test_another_goal_is_the_cause_of_ordering_more_and_is_told_so(first: list[Row]) -> None:
    found = since(first, fill_rate=0.99)
    assert found
    assert any(each.causes["price"] > 0 for each in found.values())
    assert all(each.causes["demand"] == each.causes["dead_band"] == 0 for each in found.values())
    rows = changes_table(list(found.values()), ["2026-06-29"], "table", "en", 1).rows
    assert len(rows) == 1
    assert "goal and price of money +" in str(rows[0]["causes"])


def test_what_if_changes_what_is_asked_and_nothing_else() -> None:
    books, chosen = small_dealership(), Settings()
    forecast = small_forecast()

    def then(wish: Wish) -> dict[str, int]:
        today, changed = both_outcomes(books, chosen, forecast, wish)
        assert today.figures["order_value_e4"] == sum(value for _, value in today.orders.values())
        return {name: changed.figures[name] - today.figures[name] for name in today.figures}

    assert not any(then(Wish(fill_rate=0.95)).values())
    assert then(Wish(fill_rate=0.99))["line_fill_ppm"] > 0
    assert then(Wish(longer_days={"GPC": 14}))["stock_value_e4"] > 0
    assert then(Wish(budget_e4=500_0000))["order_value_e4"] < 0
    assert then(Wish(cost_e4={"7701": 1400_0000}))["line_fill_ppm"] <= 0
    assert Wish(longer_days={"NOBODY": 1}, cost_e4={"7701": 1}).unknown(books) == ["NOBODY"]
    assert work_out(books, chosen, forecast).channels.days[0].lead_days_mean > 0
