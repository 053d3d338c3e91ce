"""How long a stocktake of 20,000 lines takes, step by step from its opening to its posting, each with its commit.

Every line is counted; one in so many differs, is counted again by another person, and has a cause.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import TypeVar

import sqlalchemy as sa

from inventory.books.ledger import post
from inventory.books.movements import Document, Movement, Place, PlaceKind
from inventory.bulk import insert_rows
from inventory.counting.classes import ClassRule
from inventory.counting.decisions import Decision, decide
from inventory.counting.entries import Tally, enter
from inventory.counting.opening import Scope, open_count
from inventory.counting.posting import approve
from inventory.counting.rules import Thresholds
from inventory.database import open_database, write
from inventory.schema import part
from inventory.scratch import scratch_database

LINES = 20_000
DAY = date(2026, 6, 30)
RECORDED_AT = "2026-06-30T09:00:00+00:00"
STORE = "S01"
Answer = TypeVar("Answer")


def measure_stocktake(url: str, one_in: int) -> dict[str, float]:
    """Return the seconds of each step of a count in books of their own."""
    with scratch_database(url) as made:
        engine = open_database(made)
        seconds: dict[str, float] = {}
        _stocktake(engine, one_in, seconds)
        engine.dispose()
    return seconds


def _stocktake(engine: sa.Engine, one_in: int, seconds: dict[str, float]) -> None:
    """Count all of a made store and post it; one line in so many differs."""
    places = [(f"P{n:05d}", f"B{n // 20:04d}") for n in range(LINES)]
    counted = [10_000 + (n % one_in == 0) * (1000 if n % 2 else -1000) for n in range(LINES)]
    with write(engine) as connection:
        texts = ("name", "wear", "each", 10_0000, "GPC", 1000, 1000, "", "")
        names = ("name", "category", "unit", "unit_cost_e4", "supplier", "pack_size_milli", "moq_milli")
        rows = [(part_no, *texts) for part_no, _ in places]
        insert_rows(connection, part, ("part_no", *names, "criticality", "returnable"), rows)
        opening = tuple(
            Movement(STORE, part_no, Place(PlaceKind.OPENING), Place(PlaceKind.BIN, name), 10_000, 100_0000)
            for part_no, name in places
        )
        post(connection, Document("opening", "O1", DAY, "anybody", "O1", opening, {}), RECORDED_AT)
    count = _timed(engine, seconds, "opened", lambda c: open_count(
        c, STORE, Scope(), Thresholds(), ClassRule(), DAY, "chief", None, RECORDED_AT
    ))  # fmt: skip
    for counter, step in (("ann", "entered"), ("bob", "counted again")):
        told = [
            Tally(part_no, name, quantity, counter)
            for (part_no, name), quantity in zip(places, counted, strict=True)
            if counter == "ann" or quantity != 10_000
        ]
        _timed(engine, seconds, step, lambda c, told=told: enter(  # type: ignore[misc]
            c, count.count_no, told, DAY, "typist", None, RECORDED_AT
        ))  # fmt: skip
    causes = [Decision(each.part_no, each.bin_name, "unknown") for each in told]
    _timed(engine, seconds, "causes", lambda c: decide(c, count.count_no, causes, DAY, "chief", None, RECORDED_AT))
    done = _timed(engine, seconds, "approved", lambda c: approve(
        c, count.count_no, DAY, "chief", None, RECORDED_AT
    ))  # fmt: skip
    assert (done.lines, done.differing) == (LINES, LINES // one_in)


def _timed(engine: sa.Engine, seconds: dict[str, float], step: str, act: Callable[[sa.Connection], Answer]) -> Answer:
    began = time.perf_counter()
    with write(engine) as connection:
        answer = act(connection)
    seconds[step] = time.perf_counter() - began
    return answer
