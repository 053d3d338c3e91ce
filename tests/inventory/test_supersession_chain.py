"""A part is found under every number it has had; the components of a kit are not numbers of each other."""

from __future__ import annotations

import sqlalchemy as sa

from inventory.books.history import stock_under_all_numbers
from inventory.database import read
from inventory.supersession_chain import other_numbers, stock_elsewhere
from tests.inventory.made_books import STORE, TODAY, fill, stocked, with_parts

STEPS = [("A", "B"), ("B", "C"), ("X", "C"), ("K", "L"), ("K", "M"), ("R", "S"), ("S", "R")]


def chained(engine: sa.Engine) -> None:
    step = {"effective_on": "2026-01-01", "quantity_milli": 1000, "kind": "replaces"}
    fill(engine, "supersession", [{"part_no": old, "replaced_by": new, **step} for old, new in STEPS])


def test_the_chain_is_followed_both_ways_and_not_to_the_side(engine: sa.Engine) -> None:
    chained(engine)
    with read(engine) as connection:
        assert other_numbers(connection, "B") == {"A": "replaces", "C": "replaced_by"}
        assert other_numbers(connection, "C") == dict.fromkeys("ABX", "replaces")
        assert other_numbers(connection, "A") == {"B": "replaced_by", "C": "replaced_by"}, "not X, a stranger to it"
        assert other_numbers(connection, "L") == {"K": "replaces"}, "not M, the other part of the kit"
        assert set(other_numbers(connection, "R")) == {"S"}, "a ring ends"
        assert other_numbers(connection, "Z") == {}


def test_stock_is_found_under_both_numbers_and_stays_under_its_own(engine: sa.Engine) -> None:
    chained(engine)
    with_parts(engine, {"A": 1, "C": 2})
    stocked(engine, [(STORE, "A", "1", 5, 1, ""), (STORE, "C", "2", 3, 2, ""), ("S02", "A", "1", 7, 1, "")])
    with read(engine) as connection:
        asked_new = stock_under_all_numbers(connection, TODAY, "C", STORE)
        asked_old = stock_under_all_numbers(connection, TODAY, "A", STORE)
        asked_between = stock_under_all_numbers(connection, TODAY, "B", STORE)
        assert stock_elsewhere(connection, STORE, "B") == (("A", 5000), ("C", 3000))
    told = [
        [(row["part_no"], row["relation"], row["on_hand_milli"]) for row in rows] for rows in (asked_new, asked_old)
    ]
    assert told == [
        [("C", "asked", 3000), ("A", "replaces", 5000)],
        [("A", "asked", 5000), ("C", "replaced_by", 3000)],
    ]
    assert [row["part_no"] for row in asked_between] == ["A", "C"]
