"""A part leaves the shelf, or the books say that it could not; demand is counted once either way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from inventory.books.balances import balances_on, differences
from inventory.books.closing import close_month
from inventory.books.ledger import LedgerConflictError
from inventory.books.movements import Place, PlaceKind
from inventory.counter.issues import Issue, IssueRequest, issue
from inventory.database import read, write
from inventory.demand_log import Request, waiting
from inventory.schema import demand_line
from tests.inventory.made_books import (
    OPENING,
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

ASKED = IssueRequest(STORE, "P1", 4000, "RO-1")


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    """Ten P1 in two bins and one reserved; P0 was replaced by P1, P1 by P2."""
    with_parts(engine, {"P0": 9, "P1": 10, "P2": 11})
    stocked(engine, [(STORE, "P1", "A", 4, 10, ""), (STORE, "P1", "B", 6, 10, ""), (STORE, "P2", "C", 3, 11, "")])
    posted(engine, "RES", moved(shelf("A"), Place(PlaceKind.RESERVED, "RO-9"), 1, 10))
    replaced = {"effective_on": "2025-01-01", "quantity_milli": 1000, "kind": "replaces"}
    fill(
        engine,
        "supersession",
        [{"part_no": "P0", "replaced_by": "P1", **replaced}, {"part_no": "P1", "replaced_by": "P2", **replaced}],
    )
    return engine


def issued(engine: sa.Engine, asked: IssueRequest, on: date = TODAY, key: str | None = None) -> Issue:
    with write(engine) as connection:
        return issue(connection, asked, on, "tester", key, RECORDED_AT)


def demanded(engine: sa.Engine) -> list[tuple[float, float, str]]:
    line = demand_line.c
    question = sa.select(line.quantity_requested_milli, line.quantity_supplied_milli, line.outcome)
    with read(engine) as connection:
        assert differences(connection) == []
        return [(row[0] / 1000, row[1] / 1000, row[2]) for row in connection.execute(question.order_by(line.line_id))]


def left(engine: sa.Engine, kind: str = "bin") -> dict[str, float]:
    with read(engine) as connection:
        found = balances_on(connection, TODAY, STORE, "P1")
    return {
        where.place_name: amount.quantity_milli / 1000 for where, amount in found.items() if where.place_kind == kind
    }


def test_the_fullest_bin_gives_first_and_then_the_next(books: sa.Engine) -> None:
    answer = issued(books, replace(ASKED, quantity_milli=7000))
    assert (answer.supplied_milli, answer.missing_milli, len(answer.movement_ids)) == (7000, 0, 2)
    assert left(books) == {"A": 2}
    assert demanded(books) == [(7, 7, "shelf")]


def test_a_bin_that_is_named_gives_alone(books: sa.Engine) -> None:
    assert issued(books, replace(ASKED, bin_name="A")).missing_milli == 4000, "three are there, four were asked for"
    issued(books, replace(ASKED, bin_name="A", quantity_milli=3000))
    assert left(books) == {"B": 6}


def test_what_is_reserved_is_not_given_away(books: sa.Engine) -> None:
    answer = issued(books, replace(ASKED, quantity_milli=10_000))
    assert (answer.available_milli, answer.missing_milli) == (9000, 10_000)
    assert left(books, "reserved") == {"RO-9": 1}


@pytest.mark.parametrize("outcome", ["special_order", "urgent", "lost", "cancelled"])
def test_a_shortage_moves_nothing_and_is_written_down(books: sa.Engine, outcome: str) -> None:
    answer = issued(books, replace(ASKED, quantity_milli=10_000, outcome=outcome))
    assert answer.movement_ids == ()
    assert left(books) == {"A": 3, "B": 6}
    assert demanded(books) == [(10, 0, outcome)]


def test_a_part_delivery_gives_what_there_is_and_writes_down_the_whole_demand(books: sa.Engine) -> None:
    answer = issued(books, replace(ASKED, quantity_milli=10_000, partial=True, outcome="lost"))
    assert (answer.supplied_milli, answer.missing_milli) == (9000, 1000)
    assert left(books) == {}
    assert demanded(books) == [(10, 9, "lost")]


def test_other_numbers_of_the_part_with_stock_are_named(books: sa.Engine) -> None:
    answer = issued(books, replace(ASKED, quantity_milli=10_000))
    assert answer.elsewhere == (("P2", 3000),)
    assert issued(books, replace(ASKED, part_no="P0", quantity_milli=1000)).elsewhere == (("P1", 9000), ("P2", 3000))


def test_what_a_customer_waited_for_is_handed_over_without_a_second_demand(books: sa.Engine) -> None:
    issued(books, replace(ASKED, quantity_milli=10_000))
    at = Request(STORE, "RO-1", "P1")
    with read(books) as connection:
        assert waiting(connection, TODAY) == {at: 10_000}
    stocked(books, [(STORE, "P1", "D", 5, 10, "")])
    later = date(2026, 7, 3)
    issued(books, replace(ASKED, quantity_milli=8000), later)
    assert demanded(books) == [(10, 0, "special_order")]
    with read(books) as connection:
        assert waiting(connection, later) == {at: 2000}
        assert waiting(connection, TODAY) == {at: 10_000}, "on the day it was asked for he waited for all"
    issued(books, replace(ASKED, quantity_milli=5000), later)  # the two awaited, and three more
    assert demanded(books) == [(10, 0, "special_order"), (3, 3, "shelf")]
    with read(books) as connection:
        assert waiting(connection, later) == {}


def test_asking_again_for_what_is_awaited_is_no_new_demand(books: sa.Engine) -> None:
    issued(books, replace(ASKED, quantity_milli=10_000))
    assert issued(books, replace(ASKED, quantity_milli=10_000)).missing_milli == 10_000
    assert demanded(books) == [(10, 0, "special_order")]


@pytest.mark.parametrize("quantity_milli", [4000, 99_000])
def test_a_request_told_twice_under_one_key_is_answered_once(books: sa.Engine, quantity_milli: int) -> None:
    asked = replace(ASKED, quantity_milli=quantity_milli, outcome="lost")
    first = issued(books, asked, key="K")
    again = issued(books, asked, key="K")
    assert first.posting is not None
    assert again == replace(first, posting=replace(first.posting, is_new=False))
    assert len(demanded(books)) == 1
    with pytest.raises(LedgerConflictError):
        issued(books, replace(asked, quantity_milli=1000), key="K")


@pytest.mark.parametrize(
    ("asked", "column"),
    [
        (replace(ASKED, part_no="P9"), "part"),
        (replace(ASKED, quantity_milli=0), "quantity"),
        (replace(ASKED, quantity_milli=-1000), "quantity"),
        (replace(ASKED, order_no=" "), "order-no"),
        (replace(ASKED, store=""), "store"),
        (replace(ASKED, outcome="shelf"), "outcome"),
    ],
)
def test_a_request_that_cannot_be_meant_is_refused_and_not_written_down(
    books: sa.Engine, asked: IssueRequest, column: str
) -> None:
    assert [finding.column for finding in issued(books, asked).findings] == [column]
    assert demanded(books) == []


def test_the_model_of_a_known_vehicle_is_written_down_with_the_demand(books: sa.Engine) -> None:
    fill(books, "vehicle", [{"vin": "V1", "model": "M1", "store": STORE, "registered_on": "2024-01-01"}])
    issued(books, replace(ASKED, vin="V1"))
    with read(books) as connection:
        assert connection.execute(sa.select(demand_line.c.vin, demand_line.c.model)).all() == [("V1", "M1")]


def test_a_counter_sale_without_an_order_goes_under_its_own_number_and_is_paid_by_the_customer(
    books: sa.Engine,
) -> None:
    sale = issued(books, replace(ASKED, order_no="", issue_type="counter_sale"))
    own_use = issued(books, replace(ASKED, order_no="", issue_type="internal"))
    assert sale.posting is not None
    assert sale.order_no == sale.posting.number
    line = demand_line.c
    with read(books) as connection:
        rows = connection.execute(sa.select(line.order_no, line.payer).order_by(line.line_id)).all()
    assert rows == [(sale.order_no, "customer"), (own_use.order_no, "internal")]


@pytest.mark.parametrize(
    ("asked", "column"),
    [
        (replace(ASKED, issue_type="gift"), "type"),
        (replace(ASKED, job_type="wash"), "job-type"),
        (replace(ASKED, payer="nobody"), "payer"),
        (replace(ASKED, odometer_km=-1), "odometer-km"),
        (replace(ASKED, order_no=" ", issue_type="internal"), "order-no"),
    ],
)
def test_type_job_payer_and_odometer_are_of_the_house(books: sa.Engine, asked: IssueRequest, column: str) -> None:
    assert [finding.column for finding in issued(books, asked).findings] == [column]
    assert demanded(books) == []


def test_who_waits_since_a_month_that_was_closed_is_served_and_not_counted_twice(books: sa.Engine) -> None:
    """Demand and delivery both bear days of the closed June, and are recorded after it was closed."""
    with write(books) as connection:
        close_month(connection, "2026-06", date(2026, 7, 1), "tester", None, RECORDED_AT)
    issued(books, replace(ASKED, quantity_milli=12_000), date(2026, 6, 20))
    assert demanded(books) == [(12, 0, "special_order")]
    posted(books, "MORE", moved(OPENING, shelf("B"), 5, 50), on=date(2026, 7, 1))
    assert issued(books, replace(ASKED, quantity_milli=12_000), date(2026, 6, 25)).supplied_milli == 12_000
    assert demanded(books) == [(12, 0, "special_order")]
