"""Each figure on books so small that its answer is worked out by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
import sqlalchemy as sa

from demand.periods import PeriodKind, ordinal_of
from inventory.counter.issues import IssueRequest, issue
from inventory.database import read, write
from inventory.figures.catalogue import FIGURES
from inventory.figures.computing import figures
from inventory.figures.figure import Figure
from inventory.figures.scope import month_end, scope_of
from tests.inventory.made_books import (
    CUSTOMER,
    RECORDED_AT,
    STORE,
    TODAY,
    fill,
    moved,
    posted,
    shelf,
    stocked,
    with_parts,
)

JUNE = ordinal_of(TODAY, PeriodKind.MONTH)


def found(
    engine: sa.Engine, month: int = JUNE, as_of: date = TODAY, store: str | None = None
) -> dict[str, Fraction | None]:
    with read(engine) as connection:
        scope = scope_of(connection, month, as_of, store)
        chosen = [(definition, definition.variant()) for definition in FIGURES.values()]
        return {each.definition.figure_id: each.value for each in figures(connection, scope, chosen)}


def line(
    part_no: str, opened_on: str, requested: int, supplied: int, outcome: str, store: str = STORE
) -> dict[str, object]:
    return {
        "store": store,
        "order_no": f"RO-{opened_on}-{part_no}-{outcome}-{requested}",
        "part_no": part_no,
        "line_no": 1,
        "opened_on": opened_on,
        "quantity_requested_milli": requested * 1000,
        "quantity_supplied_milli": supplied * 1000,
        "outcome": outcome,
    }


def test_without_books_there_is_no_figure_rather_than_zero_or_all(engine: sa.Engine) -> None:
    amounts = {name for name, definition in FIGURES.items() if not definition.variant().denominator}
    assert found(engine) == {name: 0 if name in amounts else None for name in FIGURES}


def test_fill_rate_counts_lines_complete_from_the_shelf(engine: sa.Engine) -> None:
    fill(
        engine,
        "demand_line",
        [
            line("P1", "2026-06-01", 2, 2, "shelf"),  # filled
            line("P2", "2026-06-30", 1, 1, "shelf"),  # filled, on the last day
            line("P1", "2026-06-15", 3, 2, "special_order"),  # in part: not filled
            line("P1", "2026-06-15", 1, 1, "urgent"),  # got the same day, not from the shelf
            line("P1", "2026-06-16", 1, 0, "lost"),  # not filled
            line("P1", "2026-06-17", 1, 0, "cancelled"),  # does not count
            line("P1", "2026-05-31", 1, 0, "lost"),  # another month
            line("P1", "2026-07-01", 1, 0, "lost"),  # another month
            line("P1", "2026-06-02", 1, 1, "shelf", "S02"),  # filled, in another store
        ],
    )
    assert found(engine)["FILL_SHELF_LINE"] == Fraction(3, 6)
    assert found(engine, store=STORE)["FILL_SHELF_LINE"] == Fraction(2, 5)
    assert found(engine, store="S02")["FILL_SHELF_LINE"] == 1
    assert found(engine, as_of=date(2026, 6, 1))["FILL_SHELF_LINE"] == 1, "the month is not over: one line so far"


def test_turns_divide_the_cost_of_a_year_by_the_mean_of_the_month_ends_known(engine: sa.Engine) -> None:
    with_parts(engine, {"P1": 10})
    stocked(engine, [(STORE, "P1", "A", 10, 10, "")], date(2026, 4, 30))  # April ends with 100
    posted(engine, "I1", moved(shelf("A"), CUSTOMER, 4, 40), on=date(2026, 5, 20))  # May ends with 60
    posted(engine, "I2", moved(shelf("A"), CUSTOMER, 3, 30), on=date(2026, 6, 30))  # June ends with 30
    posted(engine, "B1", moved(CUSTOMER, shelf("A"), 1, 10), on=date(2026, 6, 30))  # one comes back: 40
    # cost 40 + 30 − 10 = 60; mean of 100, 60 and 40 is 200/3; turns 60 × 3 / 200 = 0.9; 365 / 0.9 days
    assert found(engine)["TURN_GROSS"] == Fraction(9, 10)
    assert found(engine)["DAYS_SUPPLY"] == Fraction(3650, 9)
    assert found(engine, as_of=date(2026, 6, 15))["TURN_GROSS"] == Fraction(40 * 3, 100 + 60 + 60), "June so far"
    assert found(engine, JUNE - 1)["TURN_GROSS"] == Fraction(40 * 2, 160)


def test_imported_history_counts_at_todays_unit_cost_and_the_ledgers_own_lines_once(engine: sa.Engine) -> None:
    with_parts(engine, {"P1": 10, "P2": 7})
    stocked(engine, [(STORE, "P1", "A", 10, 9, "")])  # 90
    fill(
        engine,
        "demand_line",
        [
            line("P2", "2025-07-01", 3, 3, "shelf"),  # 21, the first day of the twelve months
            line("P2", "2025-06-30", 9, 9, "shelf"),  # too early
            line("P2", "2026-01-10", 2, 1, "special_order"),  # 7: what was supplied
            line("P2", "2026-01-11", 1, 0, "lost"),  # nothing
        ],
    )
    with write(engine) as connection:
        asked = IssueRequest(STORE, "P1", 2000, "RO-7")
        issue(connection, asked, TODAY, "tester", None, RECORDED_AT)  # 2 at 9 is 18; 72 is left
    assert found(engine)["TURN_GROSS"] == Fraction(21 + 7 + 18, 72)


def test_issues_without_a_known_stock_value_give_no_turns_and_no_days(engine: sa.Engine) -> None:
    with_parts(engine, {"P1": 10})
    fill(engine, "demand_line", [line("P1", "2026-06-01", 3, 3, "shelf")])
    assert found(engine)["TURN_GROSS"] is None
    assert found(engine)["DAYS_SUPPLY"] is None


def test_a_store_that_opened_its_books_later_sets_the_first_month_end_of_all(engine: sa.Engine) -> None:
    stocked(engine, [("S01", "P1", "A", 10, 10, "")], date(2026, 4, 30))
    stocked(engine, [("S02", "P1", "A", 2, 10, "")], date(2026, 6, 10))
    posted(engine, "I1", moved(shelf("A"), CUSTOMER, 6, 60), on=date(2026, 6, 20))
    assert found(engine)["TURN_GROSS"] == Fraction(60, 40 + 20), "only June's end knows both stores"
    assert found(engine, store="S01")["TURN_GROSS"] == Fraction(60 * 3, 100 + 100 + 40)


def test_age_is_weighted_by_value_over_what_is_left_of_each_receipt(engine: sa.Engine) -> None:
    stocked(engine, [(STORE, "P1", "A", 4, 10, "2026-05-31"), (STORE, "P1", "A", 2, 20, "2026-06-20")])
    posted(engine, "I1", moved(shelf("A"), CUSTOMER, 3, 40))  # takes three of the four old ones
    # left: 1 at 10, 30 days old; 2 at 20, 10 days old: (10 × 30 + 40 × 10) / 50 = 14 days
    assert found(engine)["STOCK_AGE_DAYS"] == 14


@pytest.mark.parametrize(
    ("part_no", "demand", "received_on", "is_dead", "reason"),
    [
        ("P1", None, "2025-06-30", True, "never asked for, come in a year ago"),
        ("P1", None, "2025-07-01", False, "come in within the twelve months"),
        ("P1", ("2025-06-30", "shelf"), "2024-01-01", True, "last asked for before the twelve months"),
        ("P1", ("2025-07-01", "lost"), "2024-01-01", False, "asked for within them, though nothing was sold"),
        ("P1", ("2026-06-01", "cancelled"), "2024-01-01", True, "a cancelled request is no demand"),
    ],
)
def test_dead_is_what_had_neither_demand_nor_receipt_for_twelve_months(
    engine: sa.Engine, part_no: str, demand: tuple[str, str] | None, received_on: str, is_dead: bool, reason: str
) -> None:
    stocked(engine, [(STORE, part_no, "A", 3, 10, received_on), (STORE, "P2", "A", 1, 70, "")])
    if demand:
        fill(engine, "demand_line", [line(part_no, demand[0], 1, 0, demand[1])])
    assert found(engine)["DEAD_12"] == (Fraction(30, 100) if is_dead else 0), reason


@pytest.mark.parametrize(
    ("store", "period", "is_dead"), [("", "2025-07", False), ("S02", "2026-01", True), ("", "2025-06", True)]
)
def test_a_bare_panel_is_demand_too(engine: sa.Engine, store: str, period: str, is_dead: bool) -> None:
    stocked(engine, [(STORE, "P1", "A", 3, 10, "2024-01-01")])
    row = {"part_no": "P1", "store": store, "period": period, "quantity_milli": 1000, "available_ppm": 1_000_000}
    fill(engine, "demand_panel", [row])
    assert found(engine)["DEAD_12"] == int(is_dead)


def test_a_figure_without_a_denominator_has_no_value() -> None:
    definition = FIGURES["FILL_SHELF_LINE"]
    assert Figure(definition, definition.variant(), "", "2026-06", 0, 0).value is None
    assert Figure(definition, definition.variant(), "", "2026-06", 0, 3).value == 0


@pytest.mark.parametrize(("month", "day"), [((2026, 2), 28), ((2024, 2), 29), ((2025, 12), 31)])
def test_a_month_ends_on_its_last_day(month: tuple[int, int], day: int) -> None:
    assert month_end(ordinal_of(date(*month, 1), PeriodKind.MONTH)) == date(*month, day)
