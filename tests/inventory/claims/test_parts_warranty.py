"""A fitted part is covered to the last day and the last kilometre of its terms, and no further."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from inventory.claims.parts_warranty import Terms, add_months, set_terms, terms_rows, warranty_rows
from inventory.counter.issues import IssueRequest, issue
from inventory.database import read, write
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

VIN = "LVSHFFAL8EF123456"
YEAR_LATER = date(2027, 6, 30)


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    """Two P1 fitted on 30 June 2026 at 50,000 km."""
    with_parts(engine, {"P1": 10, "P2": 3})
    stocked(engine, [(STORE, "P1", "A", 5, 10, ""), (STORE, "P2", "A", 5, 3, "")])
    issued(engine, "P1", 2)
    return engine


def issued(
    engine: sa.Engine, part_no: str, units: int, km: int | None = 50_000, on: date = TODAY, partial: bool = False
) -> None:
    asked = IssueRequest(STORE, part_no, units * 1000, "RO-1", VIN, partial=partial, odometer_km=km)
    with write(engine) as connection:
        assert issue(connection, asked, on, "ann", None, RECORDED_AT).findings == ()


def covered(engine: sa.Engine, as_of: date, km: int | None = None) -> dict[str, object]:
    with read(engine) as connection:
        return {str(row["part_no"]): row["covered"] for row in warranty_rows(connection, VIN, as_of, km)}


@pytest.mark.parametrize(
    ("as_of", "km", "answer", "reason"),
    [
        (TODAY, 50_000, {"P1": "yes"}, "just fitted"),
        (YEAR_LATER, 70_000, {"P1": "yes"}, "the last day and kilometre"),
        (date(2027, 7, 1), 60_000, {"P1": "no"}, "a day too late"),
        (date(2026, 9, 1), 70_001, {"P1": "no"}, "a kilometre too far"),
        (YEAR_LATER, None, {"P1": "yes"}, "the last reading known is of the fitting"),
        (date(2026, 6, 29), None, {}, "not fitted yet"),
    ],
)
def test_months_and_kilometres_both_count(
    books: sa.Engine, as_of: date, km: int | None, answer: dict[str, object], reason: str
) -> None:
    assert covered(books, as_of, km) == answer, reason


def test_the_row_says_until_when_and_how_much_is_left(books: sa.Engine) -> None:
    with read(books) as connection:
        (row,) = warranty_rows(connection, VIN, date(2027, 6, 1), 61_500)
        assert warranty_rows(connection, "another", date(2027, 6, 1)) == []
    said = {name: row[name] for name in ("quantity_milli", "until_on", "until_km", "days_left", "km_left", "months")}
    assert said == {"quantity_milli": 2000, "until_on": "2027-06-30", "until_km": 70_000, "days_left": 29,
                    "km_left": 8500, "months": 12}  # fmt: skip


def test_what_came_back_was_not_fitted(books: sa.Engine) -> None:
    posted(books, "BACK", moved(CUSTOMER, shelf("A"), 2, 20), on=date(2026, 7, 1))
    assert covered(books, TODAY) == {"P1": "yes"}
    assert covered(books, date(2026, 7, 1)) == {}


def test_a_special_order_is_covered_from_the_day_it_was_handed_over(books: sa.Engine) -> None:
    issued(books, "P2", 8, partial=True)
    later = date(2026, 8, 15)
    stocked(books, [(STORE, "P2", "A", 3, 3, ""), (STORE, "P1", "A", 3, 10, "")], on=later)
    issued(books, "P2", 3, on=later)
    with read(books) as connection:
        found = {row["fitted_on"]: row["quantity_milli"] for row in warranty_rows(connection, VIN, later)
                 if row["part_no"] == "P2"}  # fmt: skip
    assert found == {"2026-06-30": 5000, "2026-08-15": 3000}


def test_imported_history_counts_by_what_was_supplied(books: sa.Engine) -> None:
    head = {"store": STORE, "vin": VIN, "opened_on": "2026-01-10", "line_no": 1, "outcome": "shelf"}
    fill(
        books,
        "demand_line",
        [
            {**head, "order_no": "OLD", "part_no": "P2", "quantity_requested_milli": 1000,
             "quantity_supplied_milli": 1000, "odometer_km": None},
            {**head, "order_no": "OLD", "part_no": "P7", "quantity_requested_milli": 1000,
             "quantity_supplied_milli": 0, "odometer_km": None},
        ],
    )  # fmt: skip
    assert covered(books, date(2027, 1, 10), 900_000) == {"P1": "no", "P2": "yes"}, "its kilometres are not known"
    assert covered(books, date(2027, 1, 11), 1) == {"P1": "yes", "P2": "no"}


def test_the_most_particular_terms_of_the_day_of_fitting_hold(books: sa.Engine) -> None:
    def months() -> object:
        with read(books) as connection:
            return warranty_rows(connection, VIN, TODAY)[0]["months"]

    with write(books) as connection:
        assert [each.column for each in set_terms(connection, "", "", None, Terms(-1, 5))] == ["months"]
    tried = [("", "", 6), ("", "wear", 7), ("GPC", "", 8), ("GPC", "wear", 9)]
    for supplier, category, length in tried:
        with write(books) as connection:
            assert set_terms(connection, supplier, category, None, Terms(length, 1)) == ()
        assert months() == length
    with write(books) as connection:
        set_terms(connection, "GPC", "wear", date(2026, 6, 30), Terms(0, 0))
        set_terms(connection, "GPC", "wear", date(2026, 7, 1), Terms(36, 0))
        assert len(terms_rows(connection)) == 7
    assert months() == 0
    assert covered(books, TODAY) == {"P1": "no"}, "no months, no warranty"


@given(day=st.dates(date(2000, 1, 1), date(2090, 1, 1)), months=st.integers(0, 120))
def test_months_later_is_the_same_day_or_the_last_of_its_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and add_months(later.replace(day=1), 1).replace(day=1) > later)
