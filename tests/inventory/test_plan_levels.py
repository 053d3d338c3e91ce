"""Levels of a plan in the books, and what is approved and not yet sent; on both databases."""

import dataclasses
import json
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from inventory import plans
from inventory.database import read, write
from inventory.plan_levels import last_levels, levels_of
from inventory.plan_runs import LAST_PLAN_DAYS, RunToStore, last_runs
from inventory.plans import LineEdit, approved_lines
from inventory.reading import read_snapshot
from inventory.schema import budget, part
from inventory.schema_plans import LEVEL_FIGURES
from tests.inventory.test_plans import AS_OF, FIRST, WHEN, decide, proposal_of

PRICES = json.dumps({"price_per_line_e4": {"S01": 2_000_000}})
RUN = RunToStore("20260630-aaa", AS_OF, PRICES, ("S01", "S02"))
NEXT_DAY = AS_OF + timedelta(days=1)


def level(store: str, part_no: str, units: int) -> dict[str, object]:
    figures = dict.fromkeys(LEVEL_FIGURES, 0) | {"order_up_to_level_milli": units * 1000}
    reason = '{"facts":{},"kind":"nothing"}'
    return {"store": store, "part_no": part_no, "supplier": "GPC", "order_type": "stock", "reason": reason, **figures}


LEVELS = [level("S02", "A", 3), level("S01", "B", 2), level("S01", "A", 1)]


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    with write(engine) as connection:
        connection.execute(budget.insert().values(store="S01", period="2026-07", amount_e4=9_000_0000))
        plans.append_plan(connection, RUN, proposal_of("a"), LEVELS, "mei", WHEN)
    return engine


def test_the_level_of_every_part_is_stored_with_the_plan(books: sa.Engine) -> None:
    with read(books) as connection:
        rows = levels_of(connection, RUN.run_id)
        assert [(row["store"], row["part_no"]) for row in rows] == [("S01", "A"), ("S01", "B"), ("S02", "A")]
        assert [row["order_up_to_level_milli"] for row in rows] == [1000, 2000, 3000]
        assert [row["store"] for row in levels_of(connection, RUN.run_id, "A", "S02")] == ["S02"]


def test_the_same_run_again_stores_its_levels_once(books: sa.Engine) -> None:
    with write(books) as connection:
        plans.append_plan(connection, RUN, proposal_of("a"), LEVELS, "mei", WHEN)
        assert len(levels_of(connection, RUN.run_id)) == len(LEVELS)


def test_the_last_plan_is_that_of_an_earlier_day_and_of_the_store(books: sa.Engine) -> None:
    later = RunToStore("20260701-bbb", NEXT_DAY, "{}", ("S02",))
    with write(books) as connection:
        plans.append_plan(connection, later, [], [level("S02", "A", 9)], "mei", WHEN)
    with read(books) as connection:
        assert last_levels(connection, AS_OF) == []
        assert {row["level_milli"] for row in last_levels(connection, NEXT_DAY)} == {1000, 2000, 3000}
        third = last_levels(connection, NEXT_DAY + timedelta(days=1))
        assert {(row["store"], row["level_milli"]) for row in third} == {("S01", 1000), ("S01", 2000), ("S02", 9000)}
        assert {row["store"]: row["price_per_line_e4"] for row in third} == {"S01": 2_000_000, "S02": -1}
        assert last_runs(connection, NEXT_DAY, "S02") == {"S02": RUN.run_id}
        assert last_runs(connection, AS_OF + timedelta(days=LAST_PLAN_DAYS + 1), "S01") == {}


def test_what_is_approved_counts_as_on_order_and_has_left_its_budget_until_it_is_sent(books: sa.Engine) -> None:
    with write(books) as connection:
        connection.execute(part.insert().values(
            part_no="00195040", name="Filter", category="wear", unit="each", unit_cost_e4=1, supplier="GPC",
            pack_size_milli=10_000, moq_milli=0, criticality="essential", returnable="yes",
        ))  # fmt: skip
        plans.edit_line(connection, FIRST, LineEdit("S01", "00195040", 30_000, "fleet"), "mei", WHEN)
    assert read_snapshot(books, AS_OF).under_way.empty, "a draft does not count: the next plan takes its place"
    decide(books, FIRST, "approved")
    found = read_snapshot(books, AS_OF)
    (coming,) = found.under_way.to_dict("records")
    assert (coming["kind"], coming["number"], coming["open_milli"]) == ("approved", FIRST, 30_000)
    assert str(coming["expected_on"])[:10] == "2026-07-07"
    (position,) = found.positions.to_dict("records")
    assert (position["part_no"], position["on_order_milli"]) == ("00195040", 30_000)
    assert read_snapshot(books, AS_OF, "S02").under_way.empty
    assert str(read_snapshot(books, date(2026, 7, 4)).under_way["expected_on"][0])[:10] == "2026-07-09", "sent late"
    with read(books) as connection:
        assert approved_lines(connection, AS_OF - timedelta(days=1)) == []
    decide(books, FIRST, "sent")
    assert read_snapshot(books, AS_OF).under_way.empty


def test_what_is_approved_has_left_the_budget_of_its_month(books: sa.Engine) -> None:
    (head, (line,)) = proposal_of("dear")[0]
    with write(books) as connection:
        run = dataclasses.replace(RUN, run_id="20260630-ccc")
        dear = [(head, [{**line, "unit_cost_e4": 2_0000}])]
        number = plans.append_plan(connection, run, dear, [], "mei", WHEN).proposals[0].proposal_no
    decide(books, number, "approved")
    (purse,) = read_snapshot(books, AS_OF).budgets.to_dict("records")
    assert (purse["period"], purse["ordered_e4"]) == ("2026-07", 40_0000)


def test_a_run_says_which_drafts_it_has_put_aside(books: sa.Engine) -> None:
    with write(books) as connection:
        run = dataclasses.replace(RUN, run_id="20260630-ddd")
        assert plans.append_plan(connection, run, proposal_of("b"), [], "mei", WHEN).put_aside == (FIRST,)
