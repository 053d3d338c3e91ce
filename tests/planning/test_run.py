"""The plan of a small dealership: complete, explained, repeatable, within its budgets."""

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demand.periods import PeriodKind
from inventory.snapshot import Snapshot
from planning.lines import Workings, working_lines
from planning.preparing.prepare import forecast_of
from planning.proposal import Plan, ProposalLine
from planning.review import review_rules
from planning.run import plan, work_out
from planning.settings import Settings
from planning.stored import manifest_text, proposal_of_rows, proposal_rows
from tests.planning.books import panel_rows, part, small_dealership, snapshot_of


def shuffled(snapshot: Snapshot, seed: int) -> Snapshot:
    frames = {
        field.name: getattr(snapshot, field.name).sample(frac=1, random_state=seed).reset_index(drop=True)
        for field in dataclasses.fields(snapshot)[2:]
    }
    return dataclasses.replace(snapshot, **frames)


def lines_of(made: Plan, order_type: str) -> dict[tuple[str, str], ProposalLine]:
    return {
        (line.store, line.part_no): line
        for proposal in made.proposals
        if proposal.order_type == order_type
        for line in proposal.lines
    }


def workings_of(snapshot: Snapshot, **planning: object) -> Workings:
    chosen = Settings.from_mapping({"planning": planning})
    return work_out(snapshot, chosen, forecast_of(snapshot, chosen))


@pytest.fixture(scope="module")
def made() -> Plan:
    return plan(small_dealership(), Settings())


def test_there_is_one_proposal_per_supplier_and_order_type(made: Plan) -> None:
    keys = [(proposal.supplier, proposal.order_type) for proposal in made.proposals]
    assert keys == sorted(set(keys))
    assert ("GPC", "stock") in keys
    assert ("GPC", "urgent") in keys
    assert made.stores == ("S01", "S02")


def test_every_line_is_a_sum_that_adds_up(made: Plan) -> None:
    for proposal in made.proposals:
        for line in proposal.lines:
            facts = {name: int(value) for name, value in line.reason.facts.items() if name.endswith("_milli")}
            need = facts["target_milli"] - facts["position_milli"]
            assert facts["need_milli"] == max(need, 0)
            added = facts["rounding_milli"] + facts["minimum_fill_milli"] - facts["budget_cut_milli"]
            assert line.quantity_milli == facts["need_milli"] + added
            assert line.quantity_milli % facts["pack_milli"] == 0


def test_lines_are_sorted_by_store_and_part(made: Plan) -> None:
    for proposal in made.proposals:
        keys = [(line.store, line.part_no) for line in proposal.lines]
        assert keys == sorted(keys)


def test_who_waits_is_served_urgently(made: Plan) -> None:
    line = lines_of(made, "urgent")[("S01", "7701")]
    assert line.reason.kind == "backorder"
    assert line.quantity_milli >= 2000


def test_a_part_with_stock_for_years_is_not_ordered(made: Plan) -> None:
    assert ("S01", "OIL-5W") not in lines_of(made, "stock")


def test_figures_of_a_line_follow_from_its_level(made: Plan) -> None:
    for line in lines_of(made, "stock").values():
        assert line.safety_stock_milli == line.order_up_to_level_milli - line.expected_demand_milli
        assert line.reorder_point_milli == line.order_up_to_level_milli - 1000


def test_the_same_books_make_the_same_bytes(made: Plan) -> None:
    again = plan(small_dealership(), Settings())
    assert [proposal_rows(p) for p in again.proposals] == [proposal_rows(p) for p in made.proposals]
    assert manifest_text(again) == manifest_text(made)
    assert again.manifest.run_id == made.manifest.run_id


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_the_rows_does_not_matter(made: Plan, seed: int) -> None:
    again = plan(shuffled(small_dealership(), seed), Settings())
    assert [p.content_hash() for p in again.proposals] == [p.content_hash() for p in made.proposals]


def test_a_proposal_comes_back_from_its_rows(made: Plan) -> None:
    for proposal in made.proposals:
        head, lines = proposal_rows(proposal)
        assert proposal_of_rows(head, list(reversed(lines))) == proposal


@pytest.mark.parametrize("kind", list(PeriodKind))
def test_a_bare_panel_gives_a_plan_by_month_and_by_week(kind: PeriodKind) -> None:
    snapshot = small_dealership(kind)
    settings = Settings.from_mapping({"planning": {"period": kind.value}})
    made = plan(snapshot, settings)
    assert made.proposals
    assert made.expected_fill_rate_ppm >= 940_000


def test_a_part_without_a_way_to_order_is_said_and_the_rest_planned() -> None:
    snapshot = small_dealership(channels=[("GPC", "stock", 5.0, 1.0, "", 1_000_000, 0, 0)])
    made = plan(snapshot, Settings())
    notes = {note.kind: note.facts for note in made.notes}
    assert notes["no-channel"] == {"supplier": "LUB", "parts": 1}
    assert [proposal.supplier for proposal in made.proposals] == ["GPC"]


def test_a_budget_is_kept_and_the_cut_is_told() -> None:
    free = sum(proposal.value_e4 for proposal in plan(small_dealership(), Settings()).proposals)
    made = plan(small_dealership(), Settings(), budget_e4=free // 2)
    assert 0 < sum(proposal.value_e4 for proposal in made.proposals) <= free // 2
    assert any(note.kind in ("budget-cut", "order-waits") for note in made.notes)


def test_every_plan_says_how_much_better_another_could_be_at_most() -> None:
    def better_ppm(budget_e4: int | None) -> object:
        notes = {note.kind: note.facts for note in plan(small_dealership(), Settings(), budget_e4).notes}
        return notes["better-at-most"]["better_ppm"]

    free = sum(proposal.value_e4 for proposal in plan(small_dealership(), Settings()).proposals)
    assert better_ppm(None) == 0
    assert isinstance(short := better_ppm(free // 2), int)
    assert 0 <= short < 100_000


def test_a_store_spends_what_its_budget_of_the_month_has_left() -> None:
    rows = [("S01", month, 5_000_000, 4_000_000) for month in ("2026-06", "2026-07")]
    made = plan(small_dealership(budgets=rows), Settings())
    per_month: dict[str, int] = {}
    for proposal in made.proposals:
        month = f"{proposal.order_on:%Y-%m}"
        value = sum(line.value_e4 for line in proposal.lines if line.store == "S01")
        per_month[month] = per_month.get(month, 0) + value
    assert per_month
    assert all(value <= 1_000_000 for value in per_month.values())
    assert any(line.store == "S02" for proposal in made.proposals for line in proposal.lines)


def test_stock_of_a_superseded_number_counts_for_the_number_that_replaced_it() -> None:
    old = ("OLD-1", "BRK-1", date(2026, 1, 1), 1000)
    held = [("S01", "OLD-1", 50_000, 0, 0, 0, 1)]
    parts = [part("BRK-1", 55.0), part("OLD-1", 50.0)]
    channels = [("GPC", "stock", 5.0, 1.0, "", 1_000_000, 0, 0)]
    demand = panel_rows({("BRK-1", "S01"): 8.0})

    def position(kind: str) -> int:
        snapshot = snapshot_of(
            parts=parts, channels=channels, demand_panel=demand, positions=held, supersessions=[(*old, kind)]
        )
        workings = workings_of(snapshot)
        return int(workings.items.position_milli[workings.items.part_no.index("BRK-1")])

    assert position("use_up_first") == 50_000
    assert position("replaces") == 0


def test_what_is_ordered_urgently_is_not_ordered_again() -> None:
    made = plan(small_dealership(), Settings.from_mapping({"planning": {"fill_rate": 0.99}}))
    stock, urgent = lines_of(made, "stock"), lines_of(made, "urgent")
    both = set(stock) & set(urgent)
    assert both
    for key in both:
        assert stock[key].reason.facts["urgent_milli"] == urgent[key].quantity_milli


@pytest.mark.parametrize(("days_sooner", "counts"), [(0, False), (1, True)])
def test_what_is_approved_bridges_only_the_days_before_the_next_regular_order(days_sooner: int, counts: bool) -> None:
    base = workings_of(small_dealership())
    item = list(zip(base.items.store, base.items.part_no, strict=True)).index(("S01", "00195040"))
    urgent = int(base.orders.urgent.quantity_milli[item])
    expected_on = base.channels.days[int(base.supply.regular[item])].expected_on - timedelta(days=days_sooner)
    books = small_dealership(under_way=[("approved", "P", "S01", "00195040", expected_on, 20_000)])
    books.positions["on_order_milli"] += 20_000 * (
        (books.positions["store"] == "S01") & (books.positions["part_no"] == "00195040")
    )
    then = workings_of(books)
    assert urgent > 0
    assert int(then.orders.urgent.quantity_milli[item]) == (0 if counts else urgent)
    assert int(then.orders.regular.quantity_milli[item]) == 0
    assert int(then.items.approved_milli[item]) == 20_000


def test_a_part_not_ordered_has_its_working_too() -> None:
    ((order_type, line),) = working_lines(workings_of(small_dealership()), "OIL-5W", "S01")
    assert order_type == "stock"
    assert line.reason.kind == "nothing"
    assert line.quantity_milli == 0
    assert line.reason.facts["position_milli"] == 500_000


def test_a_vital_part_asked_for_often_enough_is_held() -> None:
    workings = workings_of(small_dealership(), fill_rate=0.5, vital_lines_per_year=0.5, often_fill_rate=0.0)
    vital = workings.items.part_no.index("LMP-2")
    assert workings.targets.curves.fill_at(workings.targets.level)[vital] >= 0.9


@settings(max_examples=8)
@given(low=st.floats(0.5, 0.95), more=st.floats(0.005, 0.04))
def test_a_higher_goal_holds_no_less_stock(low: float, more: float) -> None:
    values = []
    for goal in (low, low + more):
        targets = workings_of(small_dealership(), fill_rate=goal).targets
        values.append(float((targets.curves.stock_at(targets.level) * targets.costs.unit_cost_e4).sum()))
    assert values[0] <= values[1]


def test_customers_who_wait_for_the_stock_order_cause_no_urgent_one() -> None:
    made = plan(small_dealership(), Settings.from_mapping({"planning": {"unmet": "backorder"}}))
    assert {proposal.order_type for proposal in made.proposals} == {"stock"}
    assert lines_of(made, "stock")[("S01", "7701")].backorder_milli == 2000


def test_a_pack_far_larger_than_its_target_is_shown_for_review() -> None:
    snapshot = snapshot_of(
        parts=[part("BIG", 5.0, pack=500)],
        channels=[("GPC", "stock", 5.0, 1.0, "", 1_000_000, 0, 0)],
        demand_panel=panel_rows({("BIG", "S01"): 4.0}),
    )
    (proposal,) = plan(snapshot, Settings()).proposals
    assert "far-above-target" in review_rules(proposal.lines[0], proposal, 3.0)
    assert review_rules(proposal.lines[0], proposal, 1e9) == ()
