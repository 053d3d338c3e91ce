"""A document is taken back by its mirror, once, at its value, and never below zero."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from inventory.books.balances import Amount, balances_on, on_hand
from inventory.books.layers import layers_left
from inventory.books.ledger import LedgerConflictError, Posting
from inventory.books.reversing import ReversalError, reverse
from inventory.counter.issues import IssueRequest, issue
from inventory.database import read, write
from inventory.demand_log import waiting
from inventory.proof.verification import verify
from inventory.purchasing.orders import open_lines
from inventory.purchasing.receiving import receive
from inventory.schema_books import reversal
from tests.inventory.made_books import (
    CUSTOMER,
    OPENING,
    RECORDED_AT,
    STORE,
    TODAY,
    moved,
    posted,
    shelf,
    stocked,
    with_parts,
)
from tests.inventory.purchasing.test_orders import ROWS, imported


def back(
    engine: sa.Engine, number: str, on: date = TODAY, key: str | None = None, reason: str = "typed twice"
) -> Posting:
    with write(engine) as connection:
        return reverse(connection, number, reason, on, "tester", key, RECORDED_AT)


def held(engine: sa.Engine) -> Amount:
    with read(engine) as connection:
        assert verify(connection) == []
        return on_hand(connection, TODAY).get((STORE, "P1"), Amount(0, 0))


def test_an_issue_taken_back_lies_where_it_lay_at_the_value_it_left_with(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100))
    posted(engine, "D2", moved(shelf("A"), CUSTOMER, 4, 40))
    posted(engine, "D3", moved(OPENING, shelf("A"), 4, 400))
    back(engine, "D2")
    assert held(engine) == Amount(14_000, 500_0000)
    with read(engine) as connection:
        assert all(where.place_kind != "customer" for where in balances_on(connection, TODAY))


def test_layers_are_as_if_neither_document_had_been(engine: sa.Engine) -> None:
    stocked(engine, [(STORE, "P1", "A", 4, 10, "2026-01-31"), (STORE, "P1", "A", 6, 12, "2026-05-31")])
    with read(engine) as connection:
        before = list(layers_left(connection, TODAY))
    posted(engine, "D2", moved(shelf("A"), CUSTOMER, 5, 56))
    posted(engine, "D3", moved(OPENING, shelf("A"), 7, 700))
    back(engine, "D2")
    back(engine, "D3")
    with read(engine) as connection:
        assert list(layers_left(connection, TODAY)) == before


def test_a_document_is_reversed_once_and_a_reversal_not_at_all(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100))
    taken_back = back(engine, "D1", key="K")
    assert back(engine, "D1", key="K") == Posting(taken_back.sequence, taken_back.number, is_new=False)
    with pytest.raises(LedgerConflictError):
        back(engine, "D1", key="K", reason="another")
    for number, why in (("D1", "reversed once"), (taken_back.number, "as a new document"), ("D9", "no document D9")):
        with pytest.raises(ReversalError, match=why):
            back(engine, number)
    assert held(engine) == Amount(0, 0)
    with pytest.raises(sa.exc.IntegrityError), write(engine) as connection:
        connection.execute(
            sa.insert(reversal), {"document_sequence": 1, "reverses_sequence": 1, "reason": "the table refuses it too"}
        )


def test_what_has_left_since_cannot_be_taken_back(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100))
    posted(engine, "D2", moved(shelf("A"), CUSTOMER, 4, 40))
    with pytest.raises(ReversalError, match="lacks 4 of P1; took from there since, to be reversed first: D2"):
        back(engine, "D1")
    with pytest.raises(ReversalError, match="after 2026-06-29"):
        back(engine, "D2", on=date(2026, 6, 29))


def test_what_was_dear_cannot_be_taken_out_of_what_is_cheap(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100))
    posted(engine, "D2", moved(OPENING, shelf("A"), 5, 500))
    posted(engine, "D3", moved(shelf("A"), CUSTOMER, 9, 360))  # 40 each; 6 are left, worth 240
    with pytest.raises(ReversalError, match="less is left"):
        back(engine, "D2")
    posted(engine, "D4", moved(shelf("A"), CUSTOMER, 1, 40))
    back(engine, "D2")  # the last five take what is left
    assert held(engine) == Amount(0, 0)


def test_a_mirror_follows_its_original_when_that_is_valued_anew(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100), on=date(2026, 6, 1))
    posted(engine, "D2", moved(shelf("A"), CUSTOMER, 4, 40), on=date(2026, 6, 10))
    back(engine, "D2")
    posted(engine, "D3", moved(OPENING, shelf("A"), 10, 300), on=date(2026, 6, 5))
    assert held(engine) == Amount(20_000, 400_0000)
    posted(engine, "D4", moved(OPENING, shelf("A"), 1, 1), on=date(2026, 6, 20))  # between a document and its mirror
    assert held(engine) == Amount(21_000, 401_0000)


def test_goods_of_a_receipt_taken_back_are_on_order_again(engine: sa.Engine) -> None:
    with_parts(engine, {"P1": 10, "P2": 3})
    imported(engine, ROWS[:2])
    with read(engine) as connection:
        before = open_lines(connection, TODAY)
    with write(engine) as connection:
        receipt = receive(connection, "PO1", None, TODAY, "tester", None, RECORDED_AT)
    assert receipt.posting is not None
    back(engine, receipt.posting.number)
    with read(engine) as connection:
        assert open_lines(connection, TODAY) == before
    back(engine, "PO1")
    with read(engine) as connection:
        assert [line["order_no"] for line in open_lines(connection, TODAY)] == []


def test_a_customer_whose_part_was_taken_back_waits_again(engine: sa.Engine) -> None:
    with_parts(engine, {"P1": 10})
    asked = IssueRequest(STORE, "P1", 2000, "RO-7")
    with write(engine) as connection:
        issue(connection, asked, TODAY, "tester", None, RECORDED_AT)
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100))
    with write(engine) as connection:
        handed = issue(connection, asked, TODAY, "tester", None, RECORDED_AT)
    with read(engine) as connection:
        assert waiting(connection, TODAY) == {}
    assert handed.posting is not None
    back(engine, handed.posting.number)
    with read(engine) as connection:
        assert list(waiting(connection, TODAY).values()) == [2000]
