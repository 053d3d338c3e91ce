"""What bears a day in a closed month is taken from every door, keeps that day, and counts from the first open day."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from inventory.books.closing import close_month
from inventory.books.history import stock_rows
from inventory.books.reversing import reverse
from inventory.claims.core_deposits import core_rows, move_cores
from inventory.claims.maker_returns import ReturnRequest, credit_return, open_return, return_rows
from inventory.claims.views import claim_rows
from inventory.claims.warranty_custody import KeepRequest, keep, tag_rows
from inventory.counter.adjustment import AdjustRequest, adjust
from inventory.counter.handover import HandOver, hand_over
from inventory.counter.issues import IssueRequest
from inventory.counter.line_judgements import Judgement, judge
from inventory.counter.put_away import MoveRequest, put_away
from inventory.counter.reservations import HoldRequest, hold, release, reservation_rows
from inventory.counter.scrapping import ScrapRequest, scrap
from inventory.counter.special_orders import Change, change, special_orders
from inventory.counter.transfers import SendRequest, close, receive, send, transfer_rows
from inventory.counter.workshop_returns import ReturnRequest as Back
from inventory.counter.workshop_returns import bring_back
from inventory.counting.heads import heads
from inventory.database import read, write
from inventory.demand_log import Request
from inventory.proof.verification import verify
from inventory.purchasing.orders import order_lines
from inventory.schema import document
from tests.inventory.claims.claiming import delivered, step
from tests.inventory.counter.made_counter import number, signed, written
from tests.inventory.counting.made_counting import approved, caused, entered
from tests.inventory.every_kind import FAR, KINDS, VIN, Made, given, live
from tests.inventory.figures.shown import all_figures
from tests.inventory.made_books import RECORDED_AT, STORE, TODAY, stocked

JUNE, JUNE_END = 24317, date(2026, 6, 30)
SAID, OPEN = date(2026, 6, 25), "2026-07-01"


@pytest.fixture
def closed(engine: sa.Engine) -> tuple[sa.Engine, Made, int]:
    """Books of every kind whose June is closed, what they go on from, and the last document of then."""
    made = live(engine)
    with write(engine) as connection:
        posting = close_month(connection, "2026-06", date(2026, 7, 3), "tester", None, RECORDED_AT)
    return engine, made, posting.sequence


def june(engine: sa.Engine) -> list[object]:
    """What every report says of the last day of June."""
    with read(engine) as connection:
        assert verify(connection) == []
        return [
            stock_rows(connection, JUNE_END),
            stock_rows(connection, JUNE_END, method="fifo"),
            [(each.numerator, each.denominator) for each in all_figures(connection, JUNE, JUNE_END)],
            *(report(connection, JUNE_END) for report in (core_rows, tag_rows, return_rows, order_lines)),
            *(report(connection, JUNE_END) for report in (reservation_rows, special_orders, transfer_rows)),
            claim_rows(connection, JUNE_END, RECORDED_AT),
        ]


def dated_corrections(engine: sa.Engine, since: int) -> dict[str, set[tuple[str, str | None]]]:
    """By kind, the days that documents count from and those they bear."""
    head = document.c
    found: dict[str, set[tuple[str, str | None]]] = {}
    with read(engine) as connection:
        for row in connection.execute(sa.select(document).where(head.sequence > since)):
            found.setdefault(row.kind, set()).add((row.effective_on, row.stated_on))
    return found


def test_a_document_of_every_kind_dated_in_a_closed_month_is_a_correction_in_the_first_open_one(
    closed: tuple[sa.Engine, Made, int],
) -> None:
    engine, made, last = closed
    before = june(engine)
    _counter(engine)
    _supplier(engine, made)
    with write(engine) as connection:
        reverse(connection, made.handed_over, "a mistake", SAID, "tester", None, RECORDED_AT)
    stocked(engine, [(STORE, "P9", "Y", 3, 9, "")], SAID)
    assert june(engine) == before
    days = dated_corrections(engine, last)
    assert {said for each in days.values() for said in each} == {(OPEN, SAID.isoformat())}
    elsewhere = {"purchase-order", "reservation-expiry", "declaration", "period-close"}  # move nothing, or not by June
    counting = {"count-opening", "count-entry", "count-review", "count-cancel", "stocktake"}  # below
    assert set(days) == KINDS - elsewhere - counting


def _counter(engine: sa.Engine) -> None:
    """Do on a day in June what a counter does, each step resting on the one before, which bears the same day."""
    given(engine, IssueRequest(STORE, "P1", 2000, "RO-80", VIN), SAID)
    written(engine, bring_back, Back(STORE, "P1", 1000, "RO-80"), on=SAID)
    kept = number(written(engine, hold, HoldRequest(STORE, "P1", 2000, "repair_order", "RO-81", SAID), on=SAID))
    with write(engine) as connection:
        assert hand_over(connection, HandOver(kept, 1000), signed(SAID)).posting
    number(written(engine, release, kept, on=SAID))
    sent = number(written(engine, send, SendRequest(STORE, "S02", "P1", 2000), on=SAID))
    number(written(engine, receive, sent, 1000, "R", on=SAID))
    number(written(engine, close, sent, "lost", on=SAID))
    number(written(engine, put_away, MoveRequest(STORE, "P1", "A", "D", 1000), on=SAID))
    number(written(engine, scrap, ScrapRequest(STORE, "P1", 1000, "rusty"), on=SAID))
    number(written(engine, adjust, AdjustRequest(STORE, "P1", "A", 1000, "found"), on=SAID))
    given(engine, IssueRequest(STORE, "P2", 50_000, "RO-82"), SAID)
    number(written(engine, change, Request(STORE, "RO-82", "P2"), Change(owner="Zoe"), on=SAID))
    number(written(engine, judge, Judgement(STORE, "RO-82", "P2", 1, "usual", "his own garage"), on=SAID))


def _supplier(engine: sa.Engine, made: Made) -> None:
    """Receive, claim, count, send back and keep on a day in June."""
    (claimed,) = delivered(engine, "P1", 2, 1, "damaged", on=SAID).claims
    for name in ("submitted", "accepted", "credited", "closed"):
        step(engine, claimed.claim_no, name, on=SAID)
    step(engine, made.claim, "accepted", on=SAID)
    with write(engine) as connection:
        move_cores(connection, "take", STORE, "P1", 1000, SAID, "ann", None, RECORDED_AT)
        aside = open_return(connection, ReturnRequest(STORE, "P1", 1000, "A"), SAID, "ann", None, RECORDED_AT).posting
        assert aside is not None
        credit_return(connection, aside.number, 9_0000, 0, SAID, "ann", None, RECORDED_AT)
        keep(connection, KeepRequest(STORE, "RO-80", "P1", 1000, VIN), SAID, "ann", None, RECORDED_AT)


def test_a_stocktake_of_a_closed_month_counts_from_the_first_open_day(engine: sa.Engine) -> None:
    made = live(engine)
    with write(engine) as connection:
        reverse(connection, made.stocktake, "to be counted again", FAR, "tester", None, RECORDED_AT)
        last = close_month(connection, "2026-06", date(2026, 7, 3), "tester", None, RECORDED_AT).sequence
        (count_no,) = (head.count_no for head in heads(connection) if head.state == "open")
    before = june(engine)
    entered(engine, count_no, ("P9", "Z", 1, "ben", "10:45"))
    entered(engine, count_no, ("P9", "Z", 1, "cat", "10:50"))
    assert caused(engine, count_no, "P9", "lost", "Z") == []
    done = approved(engine, count_no, leave=True)
    assert (done.posting is not None, done.differing) == (True, 1), done.findings
    assert june(engine) == before
    days = dated_corrections(engine, last)
    assert days == {key: {(OPEN, TODAY.isoformat())} for key in ("count-entry", "count-review", "stocktake")}
