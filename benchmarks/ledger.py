"""How fast the ledger posts, beside the same rows written bare into an equal table of the same database.

Run as ``python -m benchmarks.ledger [URL …]``; an address that is not given is an SQLite file in the temporary folder.
Everything happens in databases of its own beside those named.

*Bulk*: documents of 1,000 movements, receipts and issues by turns over 2,000 parts, in one transaction. *Bare*: the
movements those documents have, by the driver's own ``executemany`` into a table with the same columns and indexes, in
one transaction; no balances, no layers, no hashes, no rules. The ratio of the two rates is what the promises of a
ledger cost. *Receipt*: a delivery of 20,000 lines against one purchase order, from the inspected lines to the commit.
The middle of `ROUNDS` runs each.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import sqlalchemy as sa

from inventory.books.balances import differences
from inventory.books.ledger import post_all
from inventory.books.movements import Document, Movement, Place, PlaceKind
from inventory.database import open_database, read, write
from inventory.purchasing.orders import post_open_orders
from inventory.purchasing.receiving import ReceivedLine, receive
from inventory.schema import movement
from inventory.scratch import scratch_database

DAY = date(2026, 6, 30)
RECORDED_AT = "2026-06-30T08:00:00+00:00"
STORE, USER, UNIT_COST_E4 = "S01", "benchmark", 12_3400
DOCUMENTS, LINES, PARTS = 20, 1000, 2000
RECEIPT_LINES = 20_000
ROUNDS = 3
BIN, SUPPLIER, CUSTOMER = (
    Place(PlaceKind.BIN, "A-01"),
    Place(PlaceKind.SUPPLIER, "MAKER"),
    Place(PlaceKind.CUSTOMER, "RO-1"),
)


def documents(round_: int) -> list[Document]:
    """Return receipts and issues by turns: each part comes in as five and leaves as three."""
    made = []
    for number in range(DOCUMENTS):
        first = number // 2 * LINES % PARTS
        source, target, quantity = (SUPPLIER, BIN, 5) if number % 2 == 0 else (BIN, CUSTOMER, 3)
        moves = tuple(
            Movement(STORE, f"P{first + line:06d}", source, target, quantity * 1000, quantity * UNIT_COST_E4)
            for line in range(LINES)
        )
        name = f"BULK-{round_}-{number}"
        made.append(Document("benchmark", name, DAY, USER, name, moves, {}))
    return made


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that a piece of work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def post_bulk(engine: sa.Engine, made: list[Document]) -> None:
    """Post documents in one transaction."""
    with write(engine) as connection:
        post_all(connection, made, RECORDED_AT)


def write_bare(engine: sa.Engine, rows: list[tuple[object, ...]], columns: list[str]) -> None:
    """Write rows by the driver's own means into a table like that of the movements, in one transaction."""
    sign = "%s" if engine.dialect.name == "postgresql" else "?"
    statement = f"INSERT INTO bare ({', '.join(columns)}) VALUES ({', '.join([sign] * len(columns))})"  # noqa: S608
    with write(engine) as connection:
        connection.connection.cursor().executemany(statement, rows)


def bare_table(engine: sa.Engine) -> None:
    """Make a table with the columns, keys and indexes of the movements."""
    bare = movement.to_metadata(sa.MetaData(), name="bare")
    for index in bare.indexes:
        index.name = sa.sql.quoted_name(f"bare_{index.name}", quote=False)
    for constraint in list(bare.constraints):
        if isinstance(constraint, sa.ForeignKeyConstraint):
            bare.constraints.remove(constraint)
    with write(engine) as connection:
        bare.create(connection)


def measure_bulk(url: str) -> tuple[float, float]:
    """Return movements per second: posted, and written bare."""
    with scratch_database(url) as made:
        engine = open_database(made)
        bare_table(engine)
        posted, bare = [], []
        columns = [column.name for column in movement.columns if column.name != "movement_id"]
        for round_ in range(ROUNDS):
            bulk = documents(round_)
            posted.append(timed(lambda bulk=bulk: post_bulk(engine, bulk)))  # type: ignore[misc]
            newest = sa.select(*(movement.c[name] for name in columns)).order_by(movement.c.movement_id.desc())
            with read(engine) as connection:
                rows = [tuple(row) for row in connection.execute(newest.limit(DOCUMENTS * LINES))][::-1]
            bare.append(timed(lambda rows=rows: write_bare(engine, rows, columns)))  # type: ignore[misc]
        with read(engine) as connection:
            assert differences(connection) == []
        engine.dispose()
    count = DOCUMENTS * LINES
    return count / statistics.median(posted), count / statistics.median(bare)


def measure_receipt(url: str) -> float:
    """Return the seconds from the inspected lines of a large delivery to its commit."""
    seconds = []
    for _ in range(ROUNDS):
        with scratch_database(url) as made:
            engine = open_database(made)
            parts = [f"P{line:06d}" for line in range(RECEIPT_LINES)]
            frame = pd.DataFrame({"part_no": parts, "quantity_milli": 5000, "unit_cost_e4": UNIT_COST_E4})
            head = {"order_no": "PO-1", "supplier": "MAKER", "order_type": "stock", "store": STORE}
            lines = [ReceivedLine(part_no, 5000, 5000, "", "A-01") for part_no in parts]
            with write(engine) as connection:
                days = {"ordered_on": DAY.isoformat(), "expected_on": DAY.isoformat()}
                done = post_open_orders(connection, frame.assign(**head, **days), USER, RECORDED_AT)
                assert not done.findings
            seconds.append(timed(lambda engine=engine, lines=lines: post_receipt(engine, lines)))  # type: ignore[misc]
            engine.dispose()
    return statistics.median(seconds)


def post_receipt(engine: sa.Engine, lines: list[ReceivedLine]) -> None:
    """Receive a delivery in one document."""
    with write(engine) as connection:
        answer = receive(connection, "PO-1", lines, DAY, USER, None, RECORDED_AT)
        assert not answer.findings


def main(urls: list[str]) -> None:
    """Measure each database and print one line per figure."""
    with tempfile.TemporaryDirectory() as folder:
        for url in urls or [f"sqlite:///{Path(folder) / 'books.db'}"]:
            kind = sa.make_url(url).get_backend_name()
            posted, bare = measure_bulk(url)
            print(
                f"{kind}: bulk posting {posted:,.0f} movements/s, bare insert {bare:,.0f}/s, ratio {posted / bare:.2f}"
            )
            print(f"{kind}: receipt of {RECEIPT_LINES:,} lines {measure_receipt(url):.2f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
