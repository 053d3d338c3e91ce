"""A special order has an owner and a day it is fitted by; it ends with an issue on its order, or is cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from inventory.counter.issues import Issue, IssueRequest, issue
from inventory.counter.reservations import HoldRequest, hold
from inventory.counter.special_orders import Change, change, special_orders
from inventory.database import read, write
from inventory.demand_log import Request, waiting
from tests.inventory.counter.made_counter import number, refused, written
from tests.inventory.made_books import RECORDED_AT, STORE, TODAY, stocked, with_parts

AT = Request(STORE, "RO-1", "P1")
ASKED = IssueRequest(STORE, "P1", 2000, "RO-1", owner="Mr Li")
NEXT_YEAR = date(2027, 1, 2)


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    with_parts(engine, {"P1": 10})
    return engine


def issued(engine: sa.Engine, asked: IssueRequest, on: date = TODAY) -> Issue:
    with write(engine) as connection:
        return issue(connection, asked, on, "tester", None, RECORDED_AT)


def listed(engine: sa.Engine, on: date = TODAY) -> list[tuple[object, ...]]:
    with read(engine) as connection:
        rows = special_orders(connection, on)
    return [(row["order_no"], row["waiting_milli"], row["arrived_milli"], row["state"]) for row in rows]


def test_it_has_an_owner_and_days_given_or_usual(books: sa.Engine) -> None:
    issued(books, ASKED)
    issued(books, replace(ASKED, order_no="RO-2", owner=None, install_by=date(2026, 7, 10)))
    with read(books) as connection:
        rows = special_orders(connection, TODAY)
    assert [(row["order_no"], row["owner"], row["install_by"], row["return_by"], row["days_left"]) for row in rows] == [
        ("RO-2", "tester", date(2026, 7, 10), date(2026, 8, 9), 10),
        ("RO-1", "Mr Li", date(2026, 7, 30), date(2026, 8, 29), 30),
    ]


def test_it_waits_arrives_grows_overdue_and_is_better_sent_back(books: sa.Engine) -> None:
    issued(books, ASKED)
    assert listed(books) == [("RO-1", 2000, 0, "waiting")]
    assert listed(books, date(2026, 7, 31)) == [("RO-1", 2000, 0, "overdue")]
    assert listed(books, NEXT_YEAR) == [("RO-1", 2000, 0, "overdue")], "what never came can't be sent back"
    stocked(books, [(STORE, "P1", "A", 1, 10, "")])
    assert listed(books) == [("RO-1", 2000, 1000, "arrived")]
    assert listed(books, NEXT_YEAR) == [("RO-1", 2000, 1000, "return")]


def test_what_lies_free_counts_for_the_earliest_and_what_is_held_for_its_own(books: sa.Engine) -> None:
    issued(books, ASKED)
    issued(books, replace(ASKED, order_no="RO-2", install_by=date(2026, 7, 10)))
    stocked(books, [(STORE, "P1", "A", 3, 10, "")])
    assert listed(books) == [("RO-2", 2000, 2000, "arrived"), ("RO-1", 2000, 1000, "arrived")]
    written(books, hold, HoldRequest(STORE, "P1", 2000, "repair_order", "RO-1", NEXT_YEAR))
    assert listed(books) == [("RO-2", 2000, 1000, "arrived"), ("RO-1", 2000, 2000, "arrived")]


def test_an_issue_on_its_order_ends_it(books: sa.Engine) -> None:
    issued(books, ASKED)
    stocked(books, [(STORE, "P1", "A", 3, 10, "")])
    issued(books, replace(ASKED, quantity_milli=1000))
    assert listed(books) == [("RO-1", 1000, 1000, "arrived")]
    issued(books, replace(ASKED, quantity_milli=1000))
    assert listed(books) == []


def test_a_part_delivery_orders_the_rest(books: sa.Engine) -> None:
    stocked(books, [(STORE, "P1", "A", 1, 10, "")])
    issued(books, replace(ASKED, partial=True))
    assert listed(books) == [("RO-1", 1000, 0, "waiting")]


def test_what_is_not_ordered_specially_is_not_on_the_list(books: sa.Engine) -> None:
    for outcome in ("urgent", "lost", "cancelled"):
        issued(books, replace(ASKED, outcome=outcome, owner=None))
    assert listed(books) == []


def test_owner_and_days_change_by_a_document_and_the_day_before_stays_as_it_was(books: sa.Engine) -> None:
    issued(books, ASKED)
    tomorrow = date(2026, 7, 1)
    written(books, change, AT, Change(owner="Mrs Wu", install_by=NEXT_YEAR), on=tomorrow)
    with read(books) as connection:
        (then,), (now,) = special_orders(connection, TODAY), special_orders(connection, tomorrow)
    assert (then["owner"], then["install_by"]) == ("Mr Li", date(2026, 7, 30))
    assert (now["owner"], now["install_by"], now["return_by"]) == ("Mrs Wu", NEXT_YEAR, NEXT_YEAR)
    assert (then["ordered_on"], now["ordered_on"]) == (TODAY, TODAY)


def test_what_the_customer_no_longer_wants_is_no_more_waited_for(books: sa.Engine) -> None:
    issued(books, ASKED)
    slip = written(books, change, AT, Change(cancelled_milli=1500, reason="sold the car"), key="K")
    assert number(written(books, change, AT, Change(cancelled_milli=1500, reason="sold the car"), key="K")) == number(
        slip
    )
    with read(books) as connection:
        assert waiting(connection, TODAY) == {AT: 500}
    assert refused(written(books, change, AT, Change(cancelled_milli=501, reason="too much"))) == [("quantity", False)]
    assert refused(written(books, change, AT, Change(cancelled_milli=500))) == [("reason", False)]
    written(books, change, AT, Change(cancelled_milli=500, reason="sold the car"))
    assert listed(books) == []
    assert refused(written(books, change, AT, Change(owner="Ann"))) == [("order", True)]
    issued(books, replace(ASKED, quantity_milli=3000))
    assert listed(books) == [("RO-1", 3000, 0, "waiting")], "asked for anew"


NOT_ORDERED: list[tuple[IssueRequest, str]] = [
    (replace(ASKED, owner=" "), "owner"),
    (replace(ASKED, install_by=date(2026, 6, 29)), "install-by"),
    (replace(ASKED, return_by=TODAY), "return-by"),
    (replace(ASKED, outcome="lost"), "outcome"),
]


def test_terms_that_cannot_be_meant_are_refused(books: sa.Engine) -> None:
    for asked, column in NOT_ORDERED:
        assert [finding.column for finding in issued(books, asked).findings] == [column]
        assert listed(books) == []
