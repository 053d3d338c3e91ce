"""Transfers before buying: what one store can spare, another does not buy, where it saves money."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from forecasting.forecast import Forecast
from inventory.snapshot import Snapshot
from planning.lines import Workings, working_lines
from planning.preparing.prepare import forecast_of
from planning.run import plan, work_out
from planning.settings import Settings
from planning.surplus.settings import SurplusSettings
from tests.planning.books import panel_rows, part, snapshot_of

CHANNEL = ("GPC", "stock", 5.0, 1.0, "", 1_000_000, 0, 0)


def two_stores(spare: int = 12, pack: int = 1, cost: float = 50.0, reserved: int = 0) -> Snapshot:
    """A part both stores ask for; S02 has far too much of it, S01 nothing."""
    return snapshot_of(
        parts=[part("P", cost, pack=pack)],
        channels=[CHANNEL],
        demand_panel=panel_rows({("P", "S01"): 4.0, ("P", "S02"): 0.5}),
        positions=[("S02", "P", spare * 1000, reserved * 1000, 0, 0, round(spare * cost * 10_000))],
    )


@cache
def forecast_of_two_stores() -> Forecast:
    """What is on the shelf changes nothing of it."""
    return forecast_of(two_stores(), Settings())


def worked_out(snapshot: Snapshot, forecast: Forecast | None = None, **changed: object) -> Workings:
    settings = Settings(surplus=replace(SurplusSettings(), **changed))  # type: ignore[arg-type]
    return work_out(snapshot, settings, forecast or forecast_of_two_stores())


def test_what_another_store_has_too_much_of_is_not_bought() -> None:
    without, found = (worked_out(two_stores(), transfers=each) for each in (False, True))
    assert without.transfers == ()
    (sent,) = found.transfers
    assert (sent.from_store, sent.to_store, sent.part_no) == ("S02", "S01", "P")
    bought, still_bought = (int(each.orders.regular.quantity_milli.sum()) for each in (without, found))
    assert bought - still_bought == sent.quantity_milli > 0
    assert sent.gain_e4 > 0
    assert sent.value_e4 == sent.quantity_milli * 500


def test_no_more_is_sent_than_lies_free_beyond_the_level_and_no_more_than_is_needed() -> None:
    for spare, reserved in ((12, 0), (4, 0), (12, 11), (40, 0)):
        found = worked_out(two_stores(spare, reserved=reserved))
        items, level = found.items, found.targets.level * found.items.unit_milli
        giver, taker = items.store.index("S02"), items.store.index("S01")
        sent = sum(each.quantity_milli for each in found.transfers)
        free = int(items.on_hand_milli[giver] - items.reserved_milli[giver])
        assert sent <= max(free - int(level[giver]), 0)
        assert sent <= int(level[taker])
        assert items.transfer_milli.sum() == 0
        assert items.transfer_milli[taker] == sent
        assert items.position_milli[giver] >= level[giver] or not sent


def test_a_transfer_that_costs_more_than_it_saves_is_not_made() -> None:
    assert worked_out(two_stores(), transfer_cost_per_line_e4=10_000_0000).transfers == ()


def test_nothing_is_sent_where_a_whole_pack_would_be_bought_all_the_same() -> None:
    # S02 can spare one piece; without it as with it S01 buys one pack of twenty, so freight would buy nothing
    assert worked_out(two_stores(spare=3, pack=20, cost=5.0)).transfers == ()


def test_the_line_of_either_store_says_where_it_goes_and_its_sum_adds_up() -> None:
    found = worked_out(two_stores())
    (sent,) = found.transfers
    lines = {line.store: line for _, line in working_lines(found, "P", None)}
    facts = lines["S01"].reason.facts
    assert (facts["transfer_from"], facts["transfer_from_milli"]) == ("S02", sent.quantity_milli)
    assert lines["S02"].reason.facts["transfer_to"] == "S01"
    for line in lines.values():
        own = line.on_hand_milli + line.on_order_milli - line.reserved_milli - line.backorder_milli
        came, went = (int(line.reason.facts.get(f"transfer_{way}_milli", 0)) for way in ("from", "to"))
        assert line.reason.facts["position_milli"] == own + came - went


def test_only_what_lies_under_the_number_itself_is_sent() -> None:
    snapshot = two_stores()
    old = snapshot.positions.assign(part_no="OLD")
    replaced = snapshot_of(
        parts=[part("P", 50.0), part("OLD", 50.0)], channels=[CHANNEL],
        supersessions=[("OLD", "P", snapshot.as_of, 1000, "use_up_first")],
    )  # fmt: skip
    under_old = replace(replaced, demand_panel=snapshot.demand_panel, positions=old)
    assert worked_out(under_old, forecast_of(under_old, Settings())).transfers == ()


def test_where_customers_wait_is_served_first() -> None:
    snapshot = snapshot_of(
        parts=[part("P", 50.0)],
        channels=[CHANNEL],
        demand_panel=panel_rows({("P", store): 3.0 for store in ("S01", "S02")} | {("P", "S03"): 0.2}),
        positions=[("S02", "P", 0, 0, 0, 2000, 0), ("S03", "P", 4000, 0, 0, 0, 2_000_000)],
    )
    found = worked_out(snapshot, forecast_of(snapshot, Settings()), transfer_cost_per_line_e4=0)
    assert {each.to_store for each in found.transfers} == {"S02"}
    assert np.all(found.items.transfer_milli[[store == "S01" for store in found.items.store]] == 0)


def test_the_plan_holds_its_transfers_and_tells_what_they_save() -> None:
    made = plan(two_stores(), Settings())
    (note,) = (note for note in made.notes if note.kind == "transfers")
    assert note.facts["gain_e4"] == sum(each.gain_e4 for each in made.transfers)
    assert note.facts["lines"] == len(made.transfers) == 1
