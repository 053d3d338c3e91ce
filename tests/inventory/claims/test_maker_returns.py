"""Parts go back to the maker at what they are worth, and come to a gain or loss when he has credited them."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from inventory.books.balances import Amount
from inventory.books.ledger import LedgerConflictError, Posting, StockShortError
from inventory.claims.maker_returns import (
    Return,
    ReturnRequest,
    ReturnStateError,
    credit_return,
    open_return,
    refuse_return,
    return_rows,
)
from inventory.counter.scrapping import ScrapRequest, scrap
from inventory.database import read, write
from inventory.schema import part
from inventory.schema_claims import maker_return
from tests.inventory.claims.claiming import lying
from tests.inventory.counter.made_counter import written
from tests.inventory.made_books import RECORDED_AT, STORE, TODAY, stocked, with_parts

TOMORROW = date(2026, 7, 1)


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    with_parts(engine, {"P1": 10, "P2": 3})
    stocked(engine, [(STORE, "P1", "A", 1, 10, ""), (STORE, "P1", "B", 2, 11, "")])  # three, worth 32
    return engine


def opened(
    engine: sa.Engine, quantity: int, bin_name: str | None = None, key: str | None = None, **said: str
) -> Return:
    asked = ReturnRequest(STORE, said.get("part_no", "P1"), quantity * 1000, bin_name, said.get("supplier", ""))
    with write(engine) as connection:
        return open_return(connection, asked, TODAY, "ann", key, RECORDED_AT)


def number_of(answer: Return) -> str:
    assert answer.posting is not None
    return answer.posting.number


def credited(engine: sa.Engine, number: str, on: date = TOMORROW, key: str | None = None) -> Posting:
    with write(engine) as connection:
        return credit_return(connection, number, 25_0000, 3_0000, on, "ann", key, RECORDED_AT)


def rows(engine: sa.Engine, as_of: date) -> list[dict[str, object]]:
    with read(engine) as connection:
        return return_rows(connection, as_of)


def test_a_return_is_set_aside_at_the_moving_average_from_the_fullest_bin(books: sa.Engine) -> None:
    number = number_of(opened(books, 2))
    there = lying(books)
    assert there[f"return-to-maker {number}"] == Amount(2000, 21_3333)
    assert there["bin A"] == Amount(1000, 10_6667)
    assert [(row["state"], row["supplier"], row["result_e4"]) for row in rows(books, TODAY)] == [("open", "GPC", None)]


def test_a_credited_return_comes_to_credit_less_fee_less_value(books: sa.Engine) -> None:
    number = number_of(opened(books, 3))
    credited(books, number)
    assert lying(books)["supplier GPC"] == Amount(3000, 32_0000)
    (row,) = rows(books, TOMORROW)
    assert (row["state"], row["decided_on"], row["result_e4"]) == ("credited", "2026-07-01", -10_0000)
    assert [row["state"] for row in rows(books, TODAY)] == ["open"], "the day before it was not decided"


def test_a_refused_return_lies_on_the_shelf_again_at_what_it_left_with(books: sa.Engine) -> None:
    number = number_of(opened(books, 2, "B"))
    with write(books) as connection:
        refuse_return(connection, number, "C", TOMORROW, "ann", None, RECORDED_AT, "too old")
    assert {place: amount.quantity_milli for place, amount in lying(books).items() if place.startswith("bin")} == {
        "bin A": 1000,
        "bin C": 2000,
    }
    assert sum(amount.value_e4 for place, amount in lying(books).items() if place.startswith("bin")) == 32_0000
    with pytest.raises(ReturnStateError, match="refused since"):
        credited(books, number)


def test_what_cannot_go_back_is_refused(books: sa.Engine) -> None:
    with write(books) as connection:
        connection.execute(sa.update(part).where(part.c.part_no == "P2").values(returnable="no"))
    assert [each.column for each in opened(books, 1, part_no="P2").findings] == ["part"]
    assert [each.column for each in opened(books, 1, part_no="P9").findings] == ["part"]
    assert [each.column for each in opened(books, 0).findings] == ["quantity"]
    with pytest.raises(StockShortError):
        opened(books, 2, "A")
    with pytest.raises(ReturnStateError, match="no return"):
        credited(books, "RTM-9")
    number = number_of(opened(books, 1))
    with pytest.raises(ReturnStateError, match="not decided before"):
        credited(books, number, date(2026, 6, 29))


def test_what_is_told_twice_under_one_key_is_posted_once(books: sa.Engine) -> None:
    number = number_of(opened(books, 1, key="K", supplier="OTHER"))
    assert number_of(opened(books, 1, key="K", supplier="OTHER")) == number
    with pytest.raises(LedgerConflictError):
        opened(books, 2, key="K")
    assert credited(books, number, key="C").number == credited(books, number, key="C").number
    assert lying(books)["supplier OTHER"].quantity_milli == 1000
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), write(books) as connection:
        connection.execute(sa.delete(maker_return))


def test_what_was_scrapped_aside_is_decided_no_more(books: sa.Engine) -> None:
    number = number_of(opened(books, 1))
    slip = written(books, scrap, ScrapRequest(STORE, "P1", 1000, "crushed", f"return-to-maker/{number}"))
    assert slip.posting is not None
    with pytest.raises(ReturnStateError, match="was scrapped"):
        credited(books, number)
