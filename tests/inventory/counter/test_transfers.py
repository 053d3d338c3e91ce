"""Between stores parts are in transit: no more on the sender's shelf, not yet on the receiver's, and worth the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from inventory.books.balances import balances_on
from inventory.books.history import stock_rows
from inventory.counter.transfers import SendRequest, close, receive, send, transfer_rows
from inventory.database import read
from inventory.reading import read_snapshot
from tests.inventory.counter.made_counter import number, places, refused, worth, written
from tests.inventory.made_books import STORE, TODAY, stocked, with_parts

OTHER = "S02"
ASKED = SendRequest(STORE, OTHER, "P1", 3000)
LATER = date(2026, 7, 2)


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    """The first store has three P1 that cost ten together and one that cost two; the second has one at nine."""
    with_parts(engine, {"P1": 10})
    rows = [(STORE, "P1", "A", 3, 3.3334, ""), (STORE, "P1", "B", 1, 2.0, ""), (OTHER, "P1", "Z", 1, 9, "")]
    stocked(engine, rows)
    return engine


def sums(engine: sa.Engine, on: date = LATER) -> dict[str, tuple[int, int]]:
    """Quantity and value over all places, by store; and over the outside places between stores, of all."""
    found: dict[str, tuple[int, int]] = {}
    with read(engine) as connection:
        for where, amount in balances_on(connection, on).items():
            keys = [where.store, *(["between"] if where.place_kind == "other-store" else [])]
            for key in keys:
                quantity, value = found.get(key, (0, 0))
                found[key] = (quantity + amount.quantity_milli, value + amount.value_e4)
    return found


def listed(engine: sa.Engine, on: date = LATER) -> list[tuple[object, ...]]:
    with read(engine) as connection:
        rows = transfer_rows(connection, on)
    names = ("received_milli", "lost_milli", "in_transit_milli", "value_e4")
    return [tuple(row[name] for name in names) for row in rows]


def test_what_is_sent_is_in_transit_in_the_senders_books(books: sa.Engine) -> None:
    no = number(written(books, send, ASKED))
    assert places(books) == {"S01 bin/B": 1, f"S01 transit/{no}": 3, "S02 bin/Z": 1}
    positions = read_snapshot(books, TODAY).positions.set_index("store")
    assert positions["on_hand_milli"].to_dict() == {STORE: 1000, OTHER: 1000}
    assert positions["on_order_milli"].to_dict() == {STORE: 0, OTHER: 3000}, "the receiver need not order it again"
    with read(books) as connection:
        rows = stock_rows(connection, TODAY)
    assert [(row["store"], row["on_hand_milli"], row["on_order_milli"]) for row in rows] == [
        (STORE, 1000, 0),
        (OTHER, 1000, 3000),
    ]


def test_its_value_travels_with_it_and_both_books_sum_to_zero(books: sa.Engine) -> None:
    no = number(written(books, send, ASKED))
    left = worth(books, "transit")
    written(books, receive, no, None, None, on=LATER)
    assert places(books, on=LATER) == {"S01 bin/B": 1, "S02 bin/Z": 4}
    assert worth(books, "bin", store=OTHER, on=LATER) == pytest.approx(9 + left)
    assert sums(books) == {STORE: (0, 0), OTHER: (0, 0), "between": (0, 0)}
    assert refused(written(books, receive, no, None, None, on=LATER)) == [("transfer", True)]


def test_what_comes_short_stays_in_transit_until_it_comes_or_is_closed_as_lost(books: sa.Engine) -> None:
    no = number(written(books, send, ASKED))
    written(books, receive, no, 2000, "Y", on=LATER)
    assert places(books, on=LATER) == {"S01 bin/B": 1, f"S01 transit/{no}": 1, "S02 bin/Y": 2, "S02 bin/Z": 1}
    left = round(worth(books, "transit", on=LATER) * 10_000)
    assert listed(books) == [(2000, 0, 1000, left)]
    assert listed(books, TODAY)[0][:3] == (0, 0, 3000), "on the day it was sent it was all under way"
    assert refused(written(books, receive, no, 1001, None, on=LATER)) == [("quantity", True)]
    assert refused(written(books, close, no, " ", on=LATER)) == [("reason", False)]
    written(books, close, no, "carton open", on=LATER)
    assert listed(books) == [(2000, 1000, 0, 0)]
    assert worth(books, "count-difference", store=STORE, on=LATER) == left / 10_000
    assert sums(books) == {STORE: (0, 0), OTHER: (0, 0), "between": (0, 0)}
    assert refused(written(books, close, no, "again", on=LATER)) == [("transfer", True)]


NOT_SENT: list[tuple[SendRequest, tuple[str, bool]]] = [
    (replace(ASKED, quantity_milli=5000), ("quantity", True)),
    (replace(ASKED, quantity_milli=2000, bin_name="B"), ("quantity", True)),
    (replace(ASKED, to_store=STORE), ("to", False)),
    (replace(ASKED, to_store=""), ("to", False)),
    (replace(ASKED, from_store=""), ("store", False)),
    (replace(ASKED, part_no="P9"), ("part", False)),
    (replace(ASKED, quantity_milli=0), ("quantity", False)),
]


def test_a_transfer_that_cannot_be_meant_is_refused(books: sa.Engine) -> None:
    for asked, answer in NOT_SENT:
        assert refused(written(books, send, asked)) == [answer]


def test_nothing_is_received_that_was_not_sent(books: sa.Engine) -> None:
    assert refused(written(books, receive, "TRANSFER-9", None, None)) == [("transfer", False)]
    no = number(written(books, send, ASKED, on=LATER))
    assert refused(written(books, receive, no, None, None, on=TODAY)) == [("as-of", False)]
    assert refused(written(books, receive, no, 0, None, on=LATER)) == [("quantity", False)]


def test_each_step_told_twice_under_one_key_happens_once(books: sa.Engine) -> None:
    no = number(written(books, send, ASKED, key="S"))
    assert number(written(books, send, ASKED, key="S")) == no
    for _ in range(2):
        written(books, receive, no, 1000, None, on=LATER, key="R")
    for _ in range(2):
        written(books, close, no, "lost", on=LATER, key="C")
    assert listed(books) == [(1000, 2000, 0, 0)]
