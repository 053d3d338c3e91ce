"""How stock is valued and whether its costs contain tax is declared in the books and printed with the value."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from inventory.books.declarations import declarations, declare
from inventory.books.history import stock_rows
from inventory.books.ledger import Posting
from inventory.database import read, write
from inventory.proof.verification import verify
from tests.inventory.made_books import CUSTOMER, OPENING, RECORDED_AT, STORE, TODAY, moved, posted, shelf


def said(engine: sa.Engine, store: str, name: str, value: str, key: str | None = None) -> Posting:
    with write(engine) as connection:
        return declare(connection, store, name, value, TODAY, "tester", key, RECORDED_AT)


def test_a_store_declares_for_itself_and_the_rest_follow_the_declaration_for_all(engine: sa.Engine) -> None:
    before = said(engine, "", "tax-basis", "included", key="K")
    assert said(engine, "", "tax-basis", "included", key="K") == Posting(before.sequence, before.number, is_new=False)
    said(engine, STORE, "tax-basis", "excluded")
    with read(engine) as connection:
        known = declarations(connection)
        assert (known.of(STORE, "tax-basis"), known.of("S02", "tax-basis")) == ("excluded", "included")
        assert known.of(STORE, "valuation") == "average"  # the first choice, where nothing is declared
        assert declarations(connection, known_at=before.sequence).of(STORE, "tax-basis") == "included"
        assert verify(connection) == []
    with pytest.raises(ValueError, match="is one of"):
        said(engine, STORE, "valuation", "lifo")


def test_stock_is_valued_as_declared_and_by_the_other_method_on_request(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100))
    posted(engine, "D2", moved(OPENING, shelf("A"), 10, 300))
    posted(engine, "D3", moved(shelf("A"), CUSTOMER, 10, 200))
    average = posted(engine, "D4", moved(shelf("A"), shelf("B"), 1, 20)).sequence
    said(engine, STORE, "valuation", "fifo")

    def told(method: str | None = None, known_at: int | None = None) -> tuple[object, ...]:
        with read(engine) as connection:
            (row,) = stock_rows(connection, TODAY, known_at=known_at, method=method)
        return row["value_e4"], row["unit_cost_e4"], row["valuation"], row["tax_basis"]

    assert told() == (300_0000, 30_0000, "fifo", "excluded")
    assert told("average") == (200_0000, 20_0000, "average", "excluded")
    assert told(known_at=average) == (200_0000, 20_0000, "average", "excluded")
