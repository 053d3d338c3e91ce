"""Documents for the measures of the ledger, and how long the books take for them, each in a transaction of its own.

*Bulk*: documents of 1,000 movements, receipts and issues by turns over 2,000 parts, in one transaction. *Bare*: the
movements those documents have, by the driver's own ``executemany`` into a table with the same columns, checks and
indexes, in one transaction; no balances, no layers, no hashes, no rules. *Copied*: the same by PostgreSQL's ``COPY``.
*Back-dated*: a receipt at another price, dated before 5,000 issues of its part, all of which it values anew.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd
import sqlalchemy as sa

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
SUCCESSORS, SUCCESSORS_PER_DAY = 5_000, 20
SINGLES = 200
BIN, SUPPLIER, CUSTOMER = (
    Place(PlaceKind.BIN, "A-01"),
    Place(PlaceKind.SUPPLIER, "MAKER"),
    Place(PlaceKind.CUSTOMER, "RO-1"),
)


class Rates(NamedTuple):
    """Movements per second: posted, written bare, and copied (None where the database has no ``COPY``)."""

    posted: float
    bare: float
    copied: float | None


def documents(round_: int, parts: int = PARTS) -> list[Document]:
    """Return receipts and issues by turns: each part comes in as five and leaves as three."""
    made = []
    for number in range(DOCUMENTS):
        first = (round_ * DOCUMENTS + number) // 2 * LINES % parts
        source, target, quantity = (SUPPLIER, BIN, 5) if number % 2 == 0 else (BIN, CUSTOMER, 3)
        moves = tuple(
            Movement(STORE, f"P{first + line:06d}", source, target, quantity * 1000, quantity * UNIT_COST_E4)
            for line in range(LINES)
        )
        made.append(_document(f"BULK-{round_}-{number}", DAY, moves))
    return made


def measure_bulk(url: str, rounds: int) -> Rates:
    """Measure posting in bulk beside the bare rows, by turns in one database."""
    with scratch_database(url) as made:
        engine = open_database(made)
        _bare_tables(engine)
        columns = [column.name for column in movement.columns if column.name != "movement_id"]
        newest = sa.select(*(movement.c[name] for name in columns)).order_by(movement.c.movement_id.desc())
        posted, bare, copied = [], [], []
        for round_ in range(rounds):
            bulk = documents(round_)
            posted.append(timed(lambda bulk=bulk: post_bulk(engine, bulk)))  # type: ignore[misc]
            with read(engine) as connection:
                rows = [tuple(row) for row in connection.execute(newest.limit(DOCUMENTS * LINES))][::-1]
            bare.append(timed(lambda rows=rows: _write_bare(engine, rows, columns)))  # type: ignore[misc]
            if engine.dialect.name == "postgresql":
                copied.append(timed(lambda rows=rows: _copy_bare(engine, rows, columns)))  # type: ignore[misc]
        engine.dispose()
    count = DOCUMENTS * LINES
    by_copy = count / statistics.median(copied) if copied else None
    return Rates(count / statistics.median(posted), count / statistics.median(bare), by_copy)


def measure_receipt(url: str, rounds: int) -> float:
    """Return the seconds from the inspected lines of a large delivery to its commit."""
    seconds = []
    for _ in range(rounds):
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
            seconds.append(timed(lambda engine=engine, lines=lines: _post_receipt(engine, lines)))  # type: ignore[misc]
            engine.dispose()
    return statistics.median(seconds)


def measure_back_dated(url: str, rounds: int) -> float:
    """Return the seconds of a back-dated receipt, from the beginning of its transaction to its end."""
    with scratch_database(url) as made:
        engine = open_database(made)
        stocked = Movement(STORE, "P1", SUPPLIER, BIN, 2 * SUCCESSORS * 1000, 2 * SUCCESSORS * UNIT_COST_E4)
        sold = Movement(STORE, "P1", BIN, CUSTOMER, 1000, UNIT_COST_E4)
        days = [DAY + timedelta(days=2 + number // SUCCESSORS_PER_DAY) for number in range(SUCCESSORS)]
        issues = [_document(f"ISSUE-{number}", day, (sold,)) for number, day in enumerate(days)]
        post_bulk(engine, [_document("STOCK", DAY, (stocked,)), *issues])
        seconds = []
        for round_ in range(rounds):
            dearer = Movement(STORE, "P1", SUPPLIER, BIN, 1000, 7 * UNIT_COST_E4)
            late = _document(f"LATE-{round_}", DAY + timedelta(days=1), (dearer,))
            seconds.append(timed(lambda late=late: post_bulk(engine, [late])))  # type: ignore[misc]
        engine.dispose()
    return statistics.median(seconds)


def measure_single(url: str) -> float:
    """Return the seconds of posting one line in one document, each committed by itself."""
    with scratch_database(url) as made:
        engine = open_database(made)
        post_bulk(engine, documents(0))
        sold = Movement(STORE, "P000001", BIN, CUSTOMER, 10, UNIT_COST_E4 // 100)
        singles = [_document(f"SINGLE-{number}", DAY, (sold,)) for number in range(SINGLES)]
        seconds = [timed(lambda each=each: post_bulk(engine, [each])) for each in singles]  # type: ignore[misc]
        engine.dispose()
    return statistics.median(seconds)


def post_bulk(engine: sa.Engine, made: list[Document]) -> None:
    """Post documents in one transaction."""
    with write(engine) as connection:
        post_all(connection, made, RECORDED_AT)


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that a piece of work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _document(name: str, day: date, moves: tuple[Movement, ...]) -> Document:
    return Document("benchmark", name, day, USER, name, moves, {})


def _post_receipt(engine: sa.Engine, lines: list[ReceivedLine]) -> None:
    with write(engine) as connection:
        answer = receive(connection, "PO-1", lines, DAY, USER, None, RECORDED_AT)
        assert not answer.findings


def _bare_tables(engine: sa.Engine) -> None:
    """Make two tables with the columns, keys, checks and indexes of the movements, and no references."""
    for name in ("bare", "copied"):
        table = movement.to_metadata(sa.MetaData(), name=name)
        for index in table.indexes:
            index.name = sa.sql.quoted_name(f"{name}_{index.name}", quote=False)
        for constraint in list(table.constraints):
            constraint.name = None
            if isinstance(constraint, sa.ForeignKeyConstraint):
                table.constraints.remove(constraint)
        with write(engine) as connection:
            table.create(connection)


def _write_bare(engine: sa.Engine, rows: Sequence[tuple[object, ...]], columns: Sequence[str]) -> None:
    """Write rows by the driver's own means, in one transaction."""
    sign = "%s" if engine.dialect.name == "postgresql" else "?"
    statement = f"INSERT INTO bare ({', '.join(columns)}) VALUES ({', '.join([sign] * len(columns))})"  # noqa: S608
    with write(engine) as connection:
        connection.connection.cursor().executemany(statement, rows)


def _copy_bare(engine: sa.Engine, rows: Sequence[tuple[object, ...]], columns: Sequence[str]) -> None:
    """Write rows by ``COPY``, in one transaction."""
    with write(engine) as connection:
        cursor = connection.connection.dbapi_connection.cursor()  # type: ignore[union-attr]
        with cursor.copy(f"COPY copied ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
