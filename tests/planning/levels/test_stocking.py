"""What is stocked at all: a part comes, stays, leaves or stays away, and every line says by which facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from forecasting.forecast import Forecast
from inventory.snapshot import Snapshot
from planning.levels.shelf import months_before, shelf_of
from planning.levels.stocking import let_in
from planning.lines import Workings, working_lines
from planning.notes import notes_of
from planning.orders.position import items_of
from planning.preparing.prepare import forecast_of
from planning.proposal import ProposalLine
from planning.run import work_out
from planning.settings import Settings
from reporting.reasons import line_row, line_sentence, note_sentence
from tests.planning.books import panel_rows, part, small_dealership, snapshot_of

STOCK = ("GPC", "stock", 5.0, 1.0, "", 1_000_000, 0, 0)
URGENT = ("GPC", "urgent", 1.0, 0.0, "", 1_150_000, 0, 0)


PRICED = {"objective": "cost", "unmet": "backorder"}


def worked_out(snapshot: Snapshot, forecast: Forecast | None = None, **planning: object) -> Workings:
    chosen = Settings.from_mapping({"planning": planning})
    return work_out(snapshot, chosen, forecast or forecast_of(snapshot, chosen))


def one_part(monthly: float, held: int = 0, **more: object) -> Snapshot:
    """Return books of one part at one store, priced 100, with a month's mean demand and something on hand."""
    rows = more.pop("rows", {})
    assert isinstance(rows, dict)
    positions = [("S01", "P", held * 1000, 0, 0, 0, held * 1_000_000)] if held else []
    pack, moq = int(str(more.pop("pack", 1))), 1
    table: dict[str, Sequence[tuple[object, ...]]] = {
        "parts": [part("P", 100.0, "GPC", pack, moq, **more)],
        "channels": [STOCK, URGENT],
        "demand_panel": panel_rows({("P", "S01"): monthly}),
        "positions": positions,
    }
    return snapshot_of(**{**table, **rows})


def line_of(workings: Workings, part_no: str = "P", store: str = "S01") -> ProposalLine:
    return next(line for kind, line in working_lines(workings, part_no, store) if kind != "urgent")


def state(workings: Workings, part_no: str, store: str) -> str:
    return str(line_of(workings, part_no, store).reason.facts["stocking"])


def forecast_of_one(monthly: float) -> Forecast:
    """The forecast of `one_part`, whatever else is told of the part."""
    return forecast_of(one_part(monthly), Settings())


@pytest.fixture(scope="module")
def seldom() -> Forecast:
    return forecast_of_one(0.1)


@pytest.fixture(scope="module")
def weekly() -> Forecast:
    return forecast_of_one(4.0)


@pytest.fixture(scope="module")
def small() -> Workings:
    return worked_out(small_dealership())


def test_every_item_says_whether_it_is_stocked(small: Workings) -> None:
    assert state(small, "00195040", "S01") == "stocked"
    assert state(small, "7701", "S02") == "phased-in"
    assert state(small, "ENG-9", "S01") == "not-stocked"


def test_a_part_that_stays_away_says_what_its_first_unit_would_be_worth(small: Workings) -> None:
    line = line_of(small, "ENG-9", "S01")
    facts = {name: int(str(line.reason.facts[f"first_{name}"])) for name in ("worth_e4", "holding_e4", "loss_e4")}
    assert facts["worth_e4"] < facts["holding_e4"] + facts["loss_e4"]
    assert line.reason.facts["first_milli"] == 1000
    for language in ("en", "zh"):
        assert line_sentence(line_row(line), language)
    assert "chance that nobody asks for it in time" in line_sentence(line_row(line), "en")


def test_a_part_new_on_the_shelf_says_why_it_comes(seldom: Forecast) -> None:
    line = line_of(worked_out(one_part(0.1), seldom))
    assert "new on the shelf: its first 1 fill 1.1 lines a year" in line_sentence(line_row(line), "en")
    assert "新备库" in line_sentence(line_row(line), "zh")


def test_what_is_on_the_shelf_stays_where_it_would_not_come_anew(seldom: Forecast) -> None:
    def stocked(held: int, waiting: int) -> bool:
        priced = worked_out(one_part(0.1, held), seldom, **PRICED, waiting_cost_per_line=waiting, phase_band=0.5)
        return bool(priced.targets.level[0] > 0)

    prices = (10, 20, 28, 45)
    assert [stocked(1, price) for price in prices] == [False, True, True, True]
    assert [stocked(0, price) for price in prices] == [False, False, False, True]


def test_return_protection_brings_a_part_onto_the_shelf_that_would_be_too_risky(seldom: Forecast) -> None:
    planning = {**PRICED, "waiting_cost_per_line": 40, "phase_band": 0.0, "sellable_days": 365}

    def level(answer: str, **returns: object) -> int:
        chosen = Settings.from_mapping({"planning": planning, "surplus": {"returns": returns}})
        return int(work_out(one_part(0.1, returnable=answer), chosen, seldom).targets.level[0])

    for_nothing: dict[str, object] = {"fee_share": 0.0, "taken_share": 1.0}
    assert [level("no", **for_nothing), level("yes", **for_nothing)] == [0, 1]
    assert level("yes", GPC=for_nothing, fee_share=1.0) == 1  # the terms are the supplier's own
    assert level("yes", **for_nothing, window_days=0) == 0  # and he who never takes back protects nothing


def test_the_dealers_rule_counts_requests_and_shows_what_it_costs() -> None:
    workings = worked_out(small_dealership(), stocking_rule="three_in_twelve")
    assert state(workings, "7701", "S02") == "phased-in"
    assert state(workings, "ENG-9", "S01") == "not-stocked"
    assert "requests" in line_of(workings, "ENG-9", "S01").reason.facts
    for language in ("en", "zh"):
        assert line_sentence(line_row(line_of(workings, "ENG-9", "S01")), language)
    (note,) = [note for note in notes_of(workings) if note.kind == "stocking-rule"]
    assert int(note.facts["items"]) == int((workings.targets.level > 0).sum())
    assert int(note.facts["worth_fill_ppm"]) >= 950_000
    assert "would do" in note_sentence(note, "en")
    assert note_sentence(note, "zh")


@pytest.mark.parametrize(
    ("requests", "months_ago", "held", "is_stocked", "why"),
    [
        (3, 1, 0, True, "three in twelve months bring it onto the shelf"),
        (2, 1, 0, False, "two do not"),
        (3, 13, 0, False, "older ones do not count"),
        (1, 8, 2, True, "one in nine months keeps it there"),
        (1, 10, 2, False, "none in nine months takes it off"),
    ],
)
def test_three_in_twelve_in_and_none_in_nine_out(
    seldom: Forecast, requests: int, months_ago: int, held: int, is_stocked: bool, why: str
) -> None:
    day = months_before(date(2026, 6, 15), months_ago)
    lines = [
        ("S01", f"RO{number}", "P", 1, day, "", "M", None, "repair", "customer", 1000, 1000, "urgent", None)
        for number in range(requests)
    ]
    snapshot = one_part(0.1, held, rows={"demand_panel": [], "demand_lines": lines})
    items = items_of(snapshot, seldom)
    ruled = Settings.from_mapping({"planning": {"stocking_rule": "three_in_twelve"}})
    allowed = let_in(items, shelf_of(snapshot, items, ruled), np.zeros(1, dtype=np.int64), ruled)
    assert allowed.tolist() == [is_stocked], why


def test_the_rule_lets_a_vital_part_in_that_is_asked_for_seldom(seldom: Forecast) -> None:
    for criticality, is_stocked in (("vital", True), ("essential", False)):
        planning = {"stocking_rule": "three_in_twelve", "phase_in_requests": 9, "vital_lines_per_year": 0.5}
        kept = worked_out(one_part(0.1, criticality=criticality), seldom, **planning)
        assert bool(kept.targets.level[0] > 0) == is_stocked


def test_a_part_sold_out_last_week_is_still_on_the_shelf(seldom: Forecast) -> None:
    def line(outcome: str, day: date) -> tuple[object, ...]:
        return ("S01", "RO1", "P", 1, day, "", "M", None, "repair", "customer", 1000, 1000, outcome, None)

    def on_shelf(outcome: str, day: date) -> bool:
        snapshot = one_part(0.0, rows={"demand_panel": [], "demand_lines": [line(outcome, day)]})
        return bool(shelf_of(snapshot, items_of(snapshot, seldom), Settings()).is_on_shelf[0])

    assert on_shelf("shelf", date(2026, 6, 23))
    assert not on_shelf("urgent", date(2026, 6, 23)), "it was never there"
    assert not on_shelf("shelf", date(2026, 2, 1)), "that is long ago"


def test_what_lies_there_for_a_customer_alone_is_not_on_the_shelf(seldom: Forecast) -> None:
    rows = {"positions": [("S01", "P", 1000, 1000, 1000, 1000, 1_000_000)]}
    snapshot = one_part(0.1, rows=rows)
    assert not shelf_of(snapshot, items_of(snapshot, seldom), Settings()).is_on_shelf[0]


def test_a_recall_is_no_request(seldom: Forecast) -> None:
    lines = [
        ("S01", f"RO{kind}", "P", 1, date(2026, 6, 1), "", "M", None, kind, "customer", 1000, 1000, outcome, None)
        for kind, outcome in (("recall", "shelf"), ("repair", "cancelled"), ("repair ", "lost"))
    ]
    snapshot = one_part(0.0, rows={"demand_panel": [], "demand_lines": lines})
    assert shelf_of(snapshot, items_of(snapshot, seldom), Settings()).requests_in.tolist() == [1]


def test_no_more_is_ordered_than_will_be_asked_for_within_the_shelf_life(weekly: Forecast) -> None:
    lasting, short = (
        line_of(worked_out(one_part(4.0, pack=48, shelf_life_days=days), weekly, unmet="backorder"))
        for days in (None, 200)
    )
    assert lasting.quantity_milli == 48_000
    assert short.quantity_milli == 0, "48 would last a year"
    assert short.reason.facts["end"] == "shelf-life"
    assert "no whole pack would be asked for in time" in line_sentence(line_row(short), "en")
    assert "within its shelf life" in line_sentence(line_row(short), "en")
    assert "保质期" in line_sentence(line_row(short), "zh")


def test_packs_are_rounded_down_to_what_keeps(weekly: Forecast) -> None:
    planning = {"fill_rate": 0.999, "unmet": "backorder"}
    long, short = (
        line_of(worked_out(one_part(4.0, pack=4, shelf_life_days=days), weekly, **planning)) for days in (None, 40)
    )
    assert (long.quantity_milli, short.quantity_milli) == (8000, 4000)
    facts = {name: int(str(value)) for name, value in short.reason.facts.items() if name.endswith("_milli")}
    assert facts["rounding_milli"] < 0
    assert facts["need_milli"] + facts["rounding_milli"] + facts["minimum_fill_milli"] == short.quantity_milli
    assert short.quantity_milli <= facts["most_milli"]
    assert "within its shelf life" in line_sentence(line_row(short), "en")


def test_who_waits_is_served_whatever_keeps(seldom: Forecast) -> None:
    rows = {"positions": [("S01", "P", 0, 0, 0, 3000, 0)], "channels": [STOCK]}
    line = line_of(worked_out(one_part(0.1, pack=4, shelf_life_days=30, rows=rows), seldom))
    assert line.quantity_milli == 4000


def replaced(forecast: Forecast, day: date, kind: str) -> ProposalLine:
    rows = {"supersessions": [("P", "NEW", day, 1000, kind)], "parts": [part("P", 100.0), part("NEW", 100.0)]}
    return line_of(worked_out(one_part(4.0, rows=rows), forecast, fill_rate=0.999, unmet="backorder"))


def test_a_part_that_another_will_replace_is_bought_for_the_days_that_are_left(weekly: Forecast) -> None:
    kept, soon, at_once = (
        replaced(weekly, day, "replaces") for day in (date(2027, 6, 30), date(2026, 7, 9), date(2026, 7, 3))
    )
    assert soon.quantity_milli < kept.quantity_milli
    assert at_once.quantity_milli == 0, "it would come when nobody uses it any more"
    assert soon.reason.facts["end"] == "use"
    assert replaced(weekly, date(2026, 7, 9), "use_up_first").quantity_milli == kept.quantity_milli, (
        "what is left serves on"
    )


def supplied_until(forecast: Forecast, day: date) -> Workings:
    return worked_out(one_part(4.0, supplied_until=day), forecast)


def test_the_last_order_a_supplier_takes_is_for_the_demand_still_to_come(weekly: Forecast) -> None:
    usual, last = (line_of(supplied_until(weekly, day)) for day in (date(2027, 1, 1), date(2026, 7, 2)))
    assert last.quantity_milli > 5 * usual.quantity_milli
    assert last.reason.facts["end"] == "supply"
    assert last.order_up_to_level_milli == int(last.reason.facts["last_buy_milli"])
    assert "the last order that its supplier takes" in line_sentence(line_row(last), "en")
    assert "最后一次" in line_sentence(line_row(last), "zh")


def test_a_last_order_keeps_its_place_in_a_purse_that_is_short() -> None:
    """What is bought for years is worth years; another week's worth of a part that comes again can wait."""
    parts = [part("P", 100.0), part("Q", 100.0, supplied_until=date(2026, 7, 2))]
    panel = panel_rows({(name, "S01"): 4.0 for name in ("P", "Q")})
    books = snapshot_of(parts=parts, channels=[STOCK, URGENT], demand_panel=panel)
    settings = Settings()
    forecast = forecast_of(books, settings)

    def ordered(budget_e4: int | None) -> dict[str, int]:
        workings = work_out(books, settings, forecast, budget_e4)
        return dict(zip(workings.items.part_no, workings.orders.regular.quantity_milli.tolist(), strict=True))

    free = ordered(None)
    assert free["Q"] > 5 * free["P"] > 0
    half = ordered(sum(free.values()) // 1000 * 100_0000 // 2)
    assert half["Q"] + half["P"] >= sum(free.values()) // 2 - 1000
    assert half["Q"] > 2 * free["P"]
    first = ordered(2 * 100_0000)
    assert first == {"P": 0, "Q": 2000}


def test_what_nobody_supplies_any_more_is_not_ordered_and_says_so(weekly: Forecast) -> None:
    workings = supplied_until(weekly, date(2026, 6, 29))
    line = line_of(workings)
    assert (line.quantity_milli, line.reason.kind) == (0, "supply-ended")
    assert "takes no order for it any more" in line_sentence(line_row(line), "en")
    assert not [note for note in notes_of(workings) if note.kind == "no-channel"]


def test_the_plan_says_how_many_parts_come_and_go(small: Workings) -> None:
    (note,) = [note for note in notes_of(small) if note.kind == "shelf"]
    assert note.facts["of"] == small.items.count
    assert int(note.facts["items"]) == int((small.targets.level > 0).sum())


def test_months_are_counted_back_to_the_last_day_where_a_month_is_short() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 12) == date(2025, 1, 15)
    assert months_before(date(2026, 12, 31), 1) == date(2026, 11, 30)
