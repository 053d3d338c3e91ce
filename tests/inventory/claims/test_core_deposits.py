"""A deposit is a value of its own: it comes with the purchase, waits with the core, and goes back with it."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from inventory.books.balances import Amount, on_hand
from inventory.books.ledger import LedgerConflictError, Posting, StockShortError
from inventory.claims.core_deposits import core_rows, move_cores, set_deposit
from inventory.counter.put_away import MoveRequest, put_away
from inventory.counter.scrapping import ScrapRequest, scrap
from inventory.database import read, write
from tests.inventory.claims.claiming import delivered, lying, with_order
from tests.inventory.counter.made_counter import written
from tests.inventory.made_books import RECORDED_AT, STORE, TODAY


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    """Three P1 bought with a deposit of 5 each, then two with 6: 27 owed for five cores."""
    with_order(engine)
    for deposit, units in ((5_0000, 3), (6_0000, 2)):
        with write(engine) as connection:
            assert set_deposit(connection, "P1", deposit) == ()
        delivered(engine, "P1", units, units)
    return engine


def moved(engine: sa.Engine, step: str, units: int, key: str | None = None) -> Posting:
    with write(engine) as connection:
        return move_cores(connection, step, STORE, "P1", units * 1000, TODAY, "ann", key, RECORDED_AT)


def test_the_deposit_never_enters_the_value_of_the_stock(books: sa.Engine) -> None:
    assert lying(books)["core owed"] == Amount(5000, 27_0000)
    with read(books) as connection:
        assert on_hand(connection, TODAY) == {(STORE, "P1"): Amount(5000, 60_0000)}


def test_no_deposit_is_charged_for_what_was_refused_or_has_no_core(books: sa.Engine) -> None:
    delivered(books, "P1", 3, 1, "damaged")
    delivered(books, "P2", 4, 4)
    assert lying(books)["core owed"] == Amount(6000, 33_0000)
    assert "core owed" not in lying(books, "P2")


def test_a_core_is_taken_in_sent_back_and_its_deposit_with_it(books: sa.Engine) -> None:
    moved(books, "take", 3)
    assert (lying(books)["core owed"], lying(books)["core in-hand"]) == (Amount(2000, 10_8000), Amount(3000, 16_2000))
    moved(books, "return", 3)
    moved(books, "forfeit", 2)
    assert not [place for place in lying(books) if place.startswith("core")]
    assert lying(books)["supplier GPC"] == Amount(-7000, -(60_0000 + 10_8000))
    with read(books) as connection:
        assert core_rows(connection, date(2026, 7, 1)) == []


def test_cores_are_listed_with_what_is_owed_and_what_is_in_hand(books: sa.Engine) -> None:
    moved(books, "take", 1)
    with read(books) as connection:
        (row,) = core_rows(connection, TODAY, STORE)
        assert core_rows(connection, TODAY, "S02") == []
    assert (row["owed_milli"], row["owed_deposit_e4"]) == (4000, 21_6000)
    assert (row["in_hand_milli"], row["in_hand_deposit_e4"]) == (1000, 5_4000)


def test_more_cores_than_there_are_cannot_move(books: sa.Engine) -> None:
    with pytest.raises(StockShortError):
        moved(books, "return", 1)
    with pytest.raises(StockShortError):
        moved(books, "take", 6)


def test_cores_told_twice_under_one_key_move_once(books: sa.Engine) -> None:
    assert moved(books, "take", 1, "K").number == moved(books, "take", 1, "K").number
    assert lying(books)["core in-hand"].quantity_milli == 1000
    with pytest.raises(LedgerConflictError):
        moved(books, "take", 2, "K")


def test_a_deposit_is_set_for_a_known_part_only(engine: sa.Engine) -> None:
    with write(engine) as connection:
        assert [each.column for each in set_deposit(connection, "P9", -1)] == ["part", "deposit"]


@pytest.mark.parametrize(
    ("place", "step"), [("core/owed", "core move take"), ("core/in-hand", "core move return"), ("core/x", "core list")]
)
def test_a_core_set_aside_leaves_only_by_the_steps_of_its_deposit(books: sa.Engine, place: str, step: str) -> None:
    moved(books, "take", 2)
    before = lying(books)
    verbs = ((scrap, ScrapRequest(STORE, "P1", 1000, "rusty", place)), (put_away, MoveRequest(STORE, "P1", place, "A")))
    for verb, asked in verbs:
        slip = written(books, verb, asked)
        told = {finding.column: f"{finding.reason}; {finding.suggestion}" for finding in slip.findings}
        assert "a step of its deposit" in told["from"]
        assert step in told["from"]
    assert lying(books) == before
