"""A closed month is closed: what comes later stands in the first open month, with the day it is about."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from inventory.books.balances import Amount, on_hand
from inventory.books.closing import PeriodError, close_month
from inventory.books.history import part_history, stock_rows
from inventory.books.ledger import Posting
from inventory.books.periods import first_open_day, known_by
from inventory.counter.issues import IssueRequest, issue
from inventory.database import read, write
from inventory.proof.verification import verify
from inventory.schema import document
from tests.inventory.figures.shown import all_figures
from tests.inventory.made_books import CUSTOMER, OPENING, RECORDED_AT, STORE, moved, posted, shelf, with_parts

JUNE = 24317
NEXT = date(2026, 7, 3)


def close(engine: sa.Engine, month: str = "2026-06", on: date = NEXT, key: str | None = None) -> Posting:
    with write(engine) as connection:
        return close_month(connection, month, on, "tester", key, RECORDED_AT)


def held(engine: sa.Engine, when: date, known_at: int | None = None) -> Amount:
    with read(engine) as connection:
        return on_hand(connection, when, known_at=known_at).get((STORE, "P1"), Amount(0, 0))


def test_what_bears_a_day_in_a_closed_month_counts_from_the_first_open_day(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100), on=date(2026, 6, 10))
    posted(engine, "D2", moved(shelf("A"), CUSTOMER, 5, 50), on=date(2026, 7, 2))
    close(engine)
    posted(engine, "D3", moved(OPENING, shelf("A"), 10, 200), on=date(2026, 6, 20))
    assert held(engine, date(2026, 6, 30)) == Amount(10_000, 100_0000)
    assert held(engine, date(2026, 7, 1)) == Amount(20_000, 300_0000)
    assert held(engine, date(2026, 7, 2)) == Amount(15_000, 225_0000)  # the issue of July is worth 15 each now
    with read(engine) as connection:
        rows = {row["document"]: row for row in part_history(connection, "P1", NEXT)}
        assert (rows["D3"]["effective_on"], rows["D3"]["stated_on"]) == ("2026-07-01", "2026-06-20")
        assert verify(connection) == []


def test_asking_twice_for_a_document_of_a_closed_month_gets_the_first_answer(engine: sa.Engine) -> None:
    close(engine)
    first = posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100), on=date(2026, 6, 20))
    close(engine, "2026-07", date(2026, 8, 1))
    again = posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100), on=date(2026, 6, 20))
    assert again == Posting(first.sequence, "D1", is_new=False)


def test_the_report_of_a_closed_month_never_changes(engine: sa.Engine) -> None:
    with_parts(engine, {"P1": 10})
    end = date(2026, 6, 30)
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100), on=date(2026, 6, 10))

    def report() -> object:
        with read(engine) as connection:
            shown = [(each.numerator, each.denominator) for each in all_figures(connection, JUNE, end)]
            return stock_rows(connection, end), stock_rows(connection, end, method="fifo"), shown

    before = report()
    close(engine)
    posted(engine, "D2", moved(OPENING, shelf("A"), 10, 200), on=date(2026, 6, 20))
    posted(engine, "D3", moved(shelf("A"), CUSTOMER, 3, 30), on=date(2026, 6, 5))
    with write(engine) as connection:  # a request of June that is written down in July is no demand of June any more
        asked = IssueRequest(STORE, "P1", 99_000, "RO-9")
        issue(connection, asked, date(2026, 6, 28), "tester", None, RECORDED_AT)
    assert report() == before
    with read(engine) as connection:
        assert verify(connection) == []


def test_a_month_is_closed_when_it_is_over_and_once(engine: sa.Engine) -> None:
    with pytest.raises(PeriodError, match="lasts until 2026-06-30"):
        close(engine, on=date(2026, 6, 30))
    first = close(engine)
    assert close(engine) == Posting(first.sequence, "CLOSE-2026-06", is_new=False)
    with pytest.raises(PeriodError, match="closed already"):
        close(engine, "2026-05")
    with read(engine) as connection:
        assert first_open_day(connection) == date(2026, 7, 1)
        assert known_by(connection, date(2026, 6, 15)) == first.sequence
        assert known_by(connection, date(2026, 7, 15)) is None
        assert known_by(connection, date(2026, 6, 15), known_at=0) == 0


def test_closing_under_one_key_closes_once(engine: sa.Engine) -> None:
    assert close(engine, key="K").is_new
    assert not close(engine, key="K").is_new


def test_the_closing_document_says_what_every_store_had(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100), on=date(2026, 6, 10))
    posted(engine, "D2", moved(OPENING, shelf("A"), 10, 300), on=date(2026, 6, 11))
    posted(engine, "D3", moved(shelf("A"), CUSTOMER, 5, 100), on=date(2026, 6, 12))
    close(engine)
    with read(engine) as connection:
        body = connection.execute(sa.select(document.c.body).where(document.c.number == "CLOSE-2026-06")).scalar_one()
    assert '"stores":[["S01",15000,3000000,3500000]]' in body  # average 300, first in first out 350
