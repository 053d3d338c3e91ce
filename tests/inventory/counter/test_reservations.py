"""What is held for somebody is nobody else's: until it is handed over, given back, or its last day has passed."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from inventory.books.ledger import LedgerConflictError
from inventory.counter.handover import HandOver, hand_over
from inventory.counter.issues import Issue, IssueRequest, issue
from inventory.counter.reservations import HoldRequest, expire, held_for, hold, release, reservation_rows
from inventory.database import open_database, read, write
from inventory.demand_log import Request
from inventory.reading import read_snapshot
from inventory.schema import demand_line
from tests.inventory.counter.made_counter import number, places, refused, signed, worth, written
from tests.inventory.made_books import RECORDED_AT, STORE, TODAY, fill, stocked, with_parts

UNTIL = date(2026, 7, 3)
LATER = date(2026, 7, 4)
ASKED = HoldRequest(STORE, "P1", 8000, "repair_order", "RO-1", UNTIL)


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    """Six P1 in bin A, four in B, at ten each; P1 was replaced by P2, of which there are three."""
    with_parts(engine, {"P1": 10, "P2": 11})
    stocked(engine, [(STORE, "P1", "A", 6, 10, ""), (STORE, "P1", "B", 4, 10, ""), (STORE, "P2", "C", 3, 11, "")])
    replaced = {"effective_on": "2025-01-01", "quantity_milli": 1000, "kind": "replaces"}
    fill(engine, "supersession", [{"part_no": "P1", "replaced_by": "P2", **replaced}])
    return engine


def handed(engine: sa.Engine, asked: HandOver, on: date = TODAY, key: str | None = None) -> Issue:
    with write(engine) as connection:
        return hand_over(connection, asked, signed(on, key))


def test_what_is_held_stays_on_hand_and_is_not_given_away(books: sa.Engine) -> None:
    no = number(written(books, hold, ASKED))
    assert places(books, store=STORE) == {"bin/B": 2, f"reserved/{no}": 8}
    with write(books) as connection:
        answer = issue(connection, IssueRequest(STORE, "P1", 3000, "RO-2"), TODAY, "tester", None, RECORDED_AT)
    assert (answer.supplied_milli, answer.available_milli) == (0, 2000)
    (position,) = read_snapshot(books, TODAY, STORE).positions.query("part_no == 'P1'").to_dict("records")
    assert (position["on_hand_milli"], position["reserved_milli"]) == (10_000, 8000)


def test_more_than_lies_free_is_not_held_and_the_other_number_is_named(books: sa.Engine) -> None:
    written(books, hold, ASKED)
    slip = written(books, hold, replace(ASKED, quantity_milli=3000))
    assert refused(slip) == [("quantity", True)]
    assert slip.findings[0].suggestion == "P2 has 3 on the shelf"
    assert written(books, hold, replace(ASKED, quantity_milli=3000, partial=True)).quantity_milli == 2000
    assert refused(written(books, hold, replace(ASKED, quantity_milli=1000, partial=True))) == [("quantity", True)]


NOT_HELD: list[tuple[HoldRequest, str]] = [
    (replace(ASKED, part_no="P9"), "part"),
    (replace(ASKED, store=" "), "store"),
    (replace(ASKED, quantity_milli=0), "quantity"),
    (replace(ASKED, holder_kind="nobody"), "for"),
    (replace(ASKED, holder_no=""), "for"),
    (replace(ASKED, until_on=date(2026, 6, 29)), "until"),
]


def test_a_reservation_that_cannot_be_meant_is_refused(books: sa.Engine) -> None:
    for asked, column in NOT_HELD:
        assert refused(written(books, hold, asked)) == [(column, False)]


def test_it_is_handed_over_as_an_issue_with_its_demand_and_the_rest_stays_held(books: sa.Engine) -> None:
    no = number(written(books, hold, ASKED))
    answer = handed(books, HandOver(no, 5000, vin="V1", odometer_km=43_000, job_type="repair", payer="warranty"))
    assert (answer.supplied_milli, answer.missing_milli, answer.order_no) == (5000, 0, "RO-1")
    assert places(books, store=STORE) == {"bin/B": 2, f"reserved/{no}": 3}
    assert worth(books, "customer") == 50
    line = demand_line.c
    with read(books) as connection:
        question = sa.select(line.order_no, line.quantity_supplied_milli, line.outcome, line.vin, line.odometer_km)
        assert connection.execute(question).all() == [("RO-1", 5000, "shelf", "V1", 43_000)]
        (row,) = reservation_rows(connection, TODAY)
    assert (row["handed_over_milli"], row["held_milli"], row["state"]) == (5000, 3000, "held")
    too_much = handed(books, HandOver(no, 4000))
    assert [finding.column for finding in too_much.findings] == ["quantity"]
    handed(books, HandOver(no))
    assert places(books, store=STORE) == {"bin/B": 2}
    assert handed(books, HandOver(no)).findings[0].is_conflict, "it holds nothing any more"


def test_what_is_held_for_an_appointment_is_handed_over_to_a_repair_order(books: sa.Engine) -> None:
    no = number(written(books, hold, replace(ASKED, holder_kind="appointment", holder_no="APP-7")))
    assert [finding.column for finding in handed(books, HandOver(no)).findings] == ["order-no"]
    assert handed(books, HandOver(no, order_no="RO-5")).order_no == "RO-5"


def test_it_goes_back_to_the_bins_it_came_from(books: sa.Engine) -> None:
    no = number(written(books, hold, ASKED))
    handed(books, HandOver(no, 1000))
    written(books, release, no)
    assert places(books, store=STORE) == {"bin/A": 6, "bin/B": 3}
    assert worth(books, "bin") == 90
    assert refused(written(books, release, no)) == [("reservation", True)]
    assert refused(written(books, release, "RES-9")) == [("reservation", False)]


def test_it_expires_when_its_last_day_has_passed_and_not_before(books: sa.Engine) -> None:
    first = number(written(books, hold, ASKED))
    second = number(written(books, hold, replace(ASKED, quantity_milli=1000, until_on=LATER)))
    assert written(books, expire, on=UNTIL).posting is None, "its last day is not over"
    with read(books) as connection:
        assert [(row["reservation_no"], row["state"]) for row in reservation_rows(connection, LATER)] == [
            (first, "expired"),
            (second, "held"),
        ]
    assert written(books, expire, on=LATER).quantity_milli == 8000
    assert places(books, store=STORE, on=LATER) == {"bin/A": 6, "bin/B": 3, f"reserved/{second}": 1}
    assert written(books, expire, on=LATER).posting is None, "once is enough"
    with read(books) as connection:
        assert [row["state"] for row in reservation_rows(connection, LATER)] == ["done", "held"]
        assert [row["state"] for row in reservation_rows(connection, TODAY)] == ["held", "held"]


def test_nothing_is_done_with_a_reservation_before_it_was_made(books: sa.Engine) -> None:
    no = number(written(books, hold, ASKED))
    yesterday = date(2026, 6, 29)
    assert refused(written(books, release, no, on=yesterday)) == [("as-of", False)]
    with read(books) as connection:
        assert reservation_rows(connection, yesterday) == []


def test_each_step_asked_twice_under_one_key_is_done_once(books: sa.Engine) -> None:
    first = written(books, hold, ASKED, key="H")
    again = written(books, hold, ASKED, key="H")
    assert (number(again), again.movement_ids) == (number(first), first.movement_ids)
    with pytest.raises(LedgerConflictError):
        written(books, hold, replace(ASKED, quantity_milli=1000), key="H")
    given = handed(books, HandOver(number(first), 1000), key="P")
    assert handed(books, HandOver(number(first), 1000), key="P").movement_ids == given.movement_ids
    released = written(books, release, number(first), key="R")
    assert number(written(books, release, number(first), key="R")) == number(released)
    assert places(books, store=STORE) == {"bin/A": 6, "bin/B": 3}


def test_what_is_held_for_a_waiting_order_is_reserved_and_no_more_a_backorder(books: sa.Engine) -> None:
    with write(books) as connection:
        issue(connection, IssueRequest(STORE, "P1", 12_000, "RO-1"), TODAY, "tester", None, RECORDED_AT)
    written(books, hold, ASKED)
    with read(books) as connection:
        assert held_for(connection, TODAY) == {Request(STORE, "RO-1", "P1"): 8000}
    (position,) = read_snapshot(books, TODAY, STORE).positions.query("part_no == 'P1'").to_dict("records")
    assert (position["reserved_milli"], position["backorder_milli"]) == (8000, 4000)


def grab(url: str, name: str, tries: int) -> None:
    """Hold one piece at a time, in a process of its own."""
    engine = open_database(url)
    for count in range(tries):
        asked = HoldRequest(STORE, "P1", 1000, "repair_order", f"{name}-{count}", UNTIL)
        written(engine, hold, asked)
    engine.dispose()


def test_processes_that_hold_at_once_hold_what_there_is_and_no_more(books: sa.Engine, initialised_url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=grab, args=(initialised_url, name, 6)) for name in ("X", "Y")]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    lying = places(books, store=STORE)
    assert [place for place in lying if place.startswith("bin/")] == []
    assert sorted(lying.values()) == [1.0] * 10
