"""First in, first out: what is left lies in the newest receipts."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from inventory.books.balances import on_hand
from inventory.books.layers import Layer, layers_left
from inventory.database import read
from tests.inventory.every_kind import FAR, live
from tests.inventory.made_books import CUSTOMER, STORE, TODAY, moved, posted, shelf, stocked


def test_the_oldest_layers_leave_first(engine: sa.Engine) -> None:
    stocked(engine, [(STORE, "P1", "A", 4, 10, "2026-01-31"), (STORE, "P1", "A", 6, 12, "2026-05-31")])
    posted(engine, "I1", moved(shelf("A"), CUSTOMER, 5, 56))  # the four old ones, and one of the six
    with read(engine) as connection:
        assert list(layers_left(connection, TODAY)) == [Layer(STORE, "P1", date(2026, 5, 31), 5000, 60_0000)]


def test_a_layer_of_a_later_day_does_not_count_yet(engine: sa.Engine) -> None:
    stocked(engine, [(STORE, "P1", "A", 4, 10, "")])
    posted(engine, "R1", moved(CUSTOMER, shelf("A"), 1, 10), on=date(2026, 7, 2))
    with read(engine) as connection:
        assert [layer.quantity_milli for layer in layers_left(connection, TODAY)] == [4000]
        assert [layer.quantity_milli for layer in layers_left(connection, date(2026, 7, 2), STORE)] == [1000, 4000]
        assert list(layers_left(connection, date(2026, 7, 2), "S02")) == []


def test_both_methods_value_what_documents_of_every_kind_left_on_the_shelf(engine: sa.Engine) -> None:
    live(engine)
    with read(engine) as connection:
        on_shelf = on_hand(connection, FAR)
        left: dict[tuple[str, str], int] = {}
        for layer in layers_left(connection, FAR):
            left[layer.store, layer.part_no] = left.get((layer.store, layer.part_no), 0) + layer.quantity_milli
            assert layer.value_e4 > 0
    assert left == {pair: amount.quantity_milli for pair, amount in on_shelf.items()}
    assert ("S02", "P1") in left, "what arrived from another store"
