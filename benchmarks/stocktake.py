"""How long a stocktake of 20,000 lines takes, from its opening to its posting, on SQLite with every commit synced.

Run ``python -m benchmarks.stocktake``. Every line is counted; one in twenty differs, or, in the second run, all do.
Beside it stands the time of a loop of ten million additions: what this machine is worth at this moment.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
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
from inventory.database import initialise, open_database, write
from inventory.schema import part

LINES = 20_000
DAY = date(2026, 6, 30)
RECORDED_AT = "2026-06-30T09:00:00+00:00"
STORE = "S01"
Answer = TypeVar("Answer")


def main() -> int:
    """Print a line per step for each share of lines that differ."""
    began = time.perf_counter()
    sum(range(10_000_000))
    print(f"ten million additions: {time.perf_counter() - began:.2f} s")
    for one_in in (20, 1):
        with tempfile.TemporaryDirectory() as folder:
            engine = open_database(f"sqlite:///{Path(folder) / 'books.db'}")
            initialise(engine)
            stocktake(engine, one_in)
            engine.dispose()
    return 0


def stocktake(engine: sa.Engine, one_in: int) -> None:
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
    print(f"\n{LINES:,} lines, one in {one_in} differs")
    count = _timed(engine, "open", lambda c: open_count(
        c, STORE, Scope(), Thresholds(), ClassRule(), DAY, "chief", None, RECORDED_AT
    ))  # fmt: skip
    for counter in ("ann", "bob"):
        told = [
            Tally(part_no, name, quantity, counter)
            for (part_no, name), quantity in zip(places, counted, strict=True)
            if counter == "ann" or quantity != 10_000
        ]
        _enter(engine, count.count_no, told)
    causes = [Decision(each.part_no, each.bin_name, "unknown") for each in told]
    _timed(engine, "causes", lambda c: decide(c, count.count_no, causes, DAY, "chief", None, RECORDED_AT))
    done = _timed(engine, "approve and post", lambda c: approve(c, count.count_no, DAY, "chief", None, RECORDED_AT))
    assert (done.lines, done.differing) == (LINES, LINES // one_in)


def _enter(engine: sa.Engine, count_no: str, told: Sequence[Tally]) -> None:
    _timed(engine, f"enter {len(told):,}", lambda c: enter(c, count_no, told, DAY, "typist", None, RECORDED_AT))


def _timed(engine: sa.Engine, what: str, act: Callable[[sa.Connection], Answer]) -> Answer:
    began, at_work = time.perf_counter(), time.process_time()
    with write(engine) as connection:
        answer = act(connection)
    seconds, processor = time.perf_counter() - began, time.process_time() - at_work
    print(f"{what:<20} {seconds:6.2f} s, of which processor {processor:.2f} s")
    return answer


if __name__ == "__main__":
    sys.exit(main())
