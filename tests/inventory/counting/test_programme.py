"""What is due to be counted: often what moves much, everything once a year, and every day about as much."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from inventory.counting.classes import ClassRule
from inventory.counting.opening import Scope
from inventory.counting.programme import DueLine, Programme, cycle_days, next_slot, programme
from inventory.database import read
from tests.inventory.counting.made_counting import approved, entered, opened
from tests.inventory.made_books import CUSTOMER, STORE, fill, moved, posted, shelf, stocked, with_parts

OPENED = date(2026, 1, 1)
DAYS = st.dates(date(2024, 1, 1), date(2030, 1, 1))


def due(engine: sa.Engine, day: date) -> dict[str, DueLine]:
    return {line.part_no: line for line in found(engine, day).due}


def found(engine: sa.Engine, day: date, rule: ClassRule = ClassRule()) -> Programme:  # noqa: B008 - frozen
    with read(engine) as connection:
        return programme(connection, day, rule, STORE)


def counted(engine: sa.Engine, part_no: str, quantity: float, on: date) -> None:
    """Count a part on a day and post it."""
    from inventory.counting.opening import Place

    count_no = opened(engine, Scope(places=(Place(part_no),)), on=on).count_no
    entered(engine, count_no, (part_no, None, quantity, "ann", ""), on=on)
    assert approved(engine, count_no).findings == ()


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    """Parts of every class: P1 to P4 issued at 800, 150, 50 and nothing, and PF asked for every week."""
    with_parts(engine, {"P1": 10, "P2": 10, "P3": 10, "P4": 10, "PF": 0})
    stocked(engine, [(STORE, part, f"BIN-{part}", 100, 10, "") for part in ("P1", "P2", "P3", "P4", "PF")], on=OPENED)
    for part, quantity in (("P1", 80), ("P2", 15), ("P3", 5)):
        issue = moved(shelf(f"BIN-{part}"), CUSTOMER, quantity, quantity * 10, part)
        posted(engine, f"ISSUE-{part}", issue, on=date(2026, 2, 1))
    fill(engine, "demand_line", [
        {"store": STORE, "order_no": f"RO{week}", "part_no": "PF", "line_no": 1,
         "opened_on": (OPENED + timedelta(weeks=week)).isoformat(), "quantity_requested_milli": 1000,
         "quantity_supplied_milli": 0, "outcome": "lost"}
        for week in range(40)
    ])  # fmt: skip
    return engine


def test_classes_follow_the_cost_of_issues_and_fast_movers_the_lines_asked_for(books: sa.Engine) -> None:
    classes = {part: line.count_class for part, line in due(books, date(2026, 12, 1)).items()}
    assert classes == {"P1": "A", "P2": "B", "P3": "C", "P4": "C", "PF": "fast"}
    rows = {row.count_class: row for row in found(books, date(2026, 12, 1), ClassRule(950_000, 950_000, 100)).progress}
    assert {name: row.lines for name, row in rows.items()} == {"fast": 0, "A": 2, "B": 0, "C": 3}
    assert (rows["A"].counts_wanted, rows["C"].counts_wanted, rows["C"].never_counted) == (8, 3, 3)


def test_a_year_later_the_costs_of_then_are_forgotten(books: sa.Engine) -> None:
    assert {line.count_class for line in due(books, date(2027, 2, 2)).values()} <= {"C", "fast"}


def test_what_was_never_counted_is_due_and_comes_up_within_a_cycle(books: sa.Engine) -> None:
    lines = due(books, OPENED)
    assert {line.reason for line in lines.values()} == {"never"}
    for line in lines.values():
        assert OPENED <= line.due_on < OPENED + timedelta(days=cycle_days(line.count_class))


def test_a_line_counted_comes_again_after_half_to_one_and_a_half_cycles(books: sa.Engine) -> None:
    day = date(2026, 6, 30)
    counted(books, "P1", 20, day)
    assert "P1" not in due(books, day)
    first = next(day + timedelta(days=n) for n in range(400) if "P1" in due(books, day + timedelta(days=n)))
    assert 45 <= (first - day).days <= 137
    assert due(books, first)["P1"].reason == "A"
    assert due(books, first)["P1"].counted_on == day


def test_a_part_that_ran_out_is_counted_and_one_that_was_empty_then_is_not(books: sa.Engine) -> None:
    day = date(2026, 6, 30)
    counted(books, "P4", 100, day)
    posted(books, "LAST", moved(shelf("BIN-P4"), CUSTOMER, 100, 1000, "P4"), on=day + timedelta(days=1))
    assert due(books, day + timedelta(days=1))["P4"].reason == "zero"
    counted(books, "P4", 0, day + timedelta(days=1))
    assert "P4" not in due(books, day + timedelta(days=1))


def test_what_is_being_counted_is_not_on_the_list(books: sa.Engine) -> None:
    opened(books, Scope(bins=("BIN-P1",)), on=date(2026, 6, 30))
    assert "P1" not in due(books, date(2026, 6, 30))


def test_the_programme_of_a_past_day_does_not_know_later_counts(books: sa.Engine) -> None:
    before = found(books, date(2026, 6, 29)).due
    counted(books, "P4", 100, date(2026, 6, 30))
    assert found(books, date(2026, 6, 29)).due == before


@given(st.text(max_size=5), DAYS, st.sampled_from([30, 91, 182, 365]))
def test_the_next_slot_is_less_than_a_cycle_away_and_slots_are_a_cycle_apart(part: str, day: date, cycle: int) -> None:
    slot = next_slot(STORE, part, "A", cycle, day)
    assert 0 <= (slot - day).days < cycle
    assert next_slot(STORE, part, "A", cycle, slot) == slot
    assert next_slot(STORE, part, "A", cycle, slot + timedelta(days=1)) == slot + timedelta(days=cycle)


def test_a_years_work_is_spread_evenly_over_its_days() -> None:
    days = Counter(next_slot(STORE, f"P{n:05d}", "A", 365, OPENED) for n in range(36_500))
    assert len(days) == 365
    assert 60 < min(days.values()) <= max(days.values()) < 140, "a hundred a day, more or less"
