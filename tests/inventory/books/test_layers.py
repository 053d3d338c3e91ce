"""First in, first out: what is left lies in the newest receipts."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from inventory.books.layers import Layer, layers_left
from inventory.database import read
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
