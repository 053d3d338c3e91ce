"""The proof of the books: everything that can be derived is derived again, and every row that differs is told.

1. *Pages*: the database checks its own file (SQLite: pages, indexes against tables, references).
2. *Guards*: every log has the triggers that refuse changes to it, as they should be (`guard_checks`).
3. *Seals*: every row of every table has the digest it was sealed with, and the chain of seals holds (`seals`).
4. *Documents*: each content hash comes out again of the rows; each movement bears its document's day.
5. *Values* and *balances*: each part's movements are walked from the first one; see `value_checks`.
6. *Layers*: each movement onto the shelf has its layer for first in, first out, and each layer its movement; what lies
   there came in with them.
7. *Waiting*: what is held, under way, set aside or claimed is what the logs say of it; see `waiting_checks`.
8. *Closed months*: what a closing document says of its stores is what the books say of that day.

The steps read the tables once or twice from end to end and keep a few bytes per row in memory. Where the file is so
damaged that a table can't be read, that is a fault like any other, and the steps go on with what can be read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from itertools import groupby
from multiprocessing import get_context
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from inventory.books.balances import ON_HAND_KINDS
from inventory.books.closing import report_of
from inventory.books.movements import hash_of
from inventory.books.recosting import reversals
from inventory.books.standing import stands
from inventory.bulk import raw_rows
from inventory.database import open_database, read
from inventory.figures.keeping import kept_again
from inventory.proof.faults import Fault
from inventory.proof.guard_checks import guard_faults
from inventory.proof.seal_checks import read_damaged_text, seal_faults
from inventory.proof.value_checks import value_faults
from inventory.proof.waiting_checks import waiting_faults
from inventory.schema import balance, document, movement, stock_layer
from inventory.schema_books import period_close


def verify(connection: sa.Connection, checks: Collection[str] | None = None) -> list[Fault]:
    """Return every row that differs; none in sound books.

    Parameters
    ----------
    connection
        An open reading transaction.
    checks
        The steps to take, of `CHECKS`; all where not given.
    """
    found: list[Fault] = []
    unreadable = (connection.dialect.loaded_dbapi.Error, sa.exc.DBAPIError, ValueError, TypeError, KeyError)
    try:
        for check in CHECKS if checks is None else checks:
            try:
                found += _STEPS[check](connection)
            except unreadable as fault:  # so damaged that reading itself fails, and the damage is what is looked for
                found.append(Fault(check, "", "", "", "rows that can be read", str(fault).split("\n")[0]))
    finally:
        read_damaged_text(connection, allow=False)
    return found


def verify_books(engine: sa.Engine, workers: int) -> list[Fault]:
    """Return every row that differs, the steps taken side by side where the books are large.

    Parameters
    ----------
    engine
        The database.
    workers
        How many processes may work; each reads one state of the books from its beginning to its end.
    """
    with read(engine) as connection:
        moves = connection.execute(sa.select(sa.func.max(movement.c.movement_id))).scalar_one_or_none() or 0
        if workers < 2 or moves < _LARGE:
            return verify(connection)
    url = engine.url.render_as_string(hide_password=False)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        answers = {check: pool.submit(_verify_alone, url, check) for check in _LONGEST_FIRST}
        return [fault for check in CHECKS for fault in answers[check].result()]


def _verify_alone(url: str, check: str) -> list[Fault]:
    """Take one step in a process of its own."""
    engine = open_database(url)
    try:
        with read(engine) as connection:
            return verify(connection, [check])
    finally:
        engine.dispose()


def _pages(connection: sa.Connection) -> Iterator[Fault]:
    if connection.dialect.name != "sqlite":
        return
    for (told,) in connection.exec_driver_sql("PRAGMA integrity_check(1000)"):
        if told != "ok":
            yield Fault("pages", "", "", "", "ok", str(told))
    for table, row_id, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield Fault("pages", str(table), f"row {row_id}", "", f"a row in {parent}", "none")


def _documents(connection: sa.Connection) -> Iterator[Fault]:
    """Yield documents whose content hash does not come out of the rows, and movements of another day."""
    column = document.c
    heads = sa.select(
        column.sequence,
        column.kind,
        column.number,
        column.effective_on,
        column.stated_on,
        column.content_hash,
        column.body,
    ).order_by(column.sequence)
    received = _received_on_another_day(connection)
    lines = groupby(raw_rows(connection, _plain_lines()), key=itemgetter(0))
    ahead, rows = next(lines, (None, None))
    for sequence, kind, number, effective_on, stated_on, content_hash, body in raw_rows(connection, heads):
        plain: list[tuple[object, ...]] = []
        while ahead is not None and ahead <= sequence:
            for _, line_no, day, *cells in rows if ahead == sequence and rows is not None else ():
                plain.append((*cells, received.get((sequence, line_no), "")))
                if day != effective_on:
                    yield Fault(
                        "documents", "movement", f"{number} line {line_no}", "effective_on", effective_on, str(day)
                    )
            ahead, rows = next(lines, (None, None))
        said_on = stated_on or effective_on
        if hash_of(kind, number, said_on, plain, body) == content_hash:
            continue
        outright = [(*cells, received_on or said_on) for *cells, received_on in plain]
        if hash_of(kind, number, said_on, outright, body) != content_hash:  # the day went with saying in older books
            yield Fault("documents", "document", number, "content_hash", "the hash of its rows", content_hash)


def _plain_lines() -> sa.Select[Any]:
    """Return the question for all movements: document, line, day, and what a content hash has of them."""
    column = movement.c
    places = (column.source_kind, column.source_name, column.target_kind, column.target_name)
    key = (column.document_sequence, column.line_no)
    cells = (column.store, column.part_no, *places, column.quantity_milli, column.value_e4)
    return sa.select(*key, column.effective_on, *cells).order_by(*key)


def _received_on_another_day(connection: sa.Connection) -> dict[tuple[int, int], str]:
    """Return the day of receipt by document and line, where it is not the document's own."""
    layer = stock_layer.c
    question = (
        sa.select(layer.document_sequence, layer.line_no, layer.received_on)
        .join(document, document.c.sequence == layer.document_sequence)
        .where(layer.received_on != sa.func.coalesce(document.c.stated_on, document.c.effective_on))
    )
    return {(row[0], row[1]): row[2] for row in raw_rows(connection, question)}


def _layers(connection: sa.Connection) -> Iterator[Fault]:
    """Yield layers without their movement, and movements onto the shelf without their layer."""
    shelf, column, layer = sorted(ON_HAND_KINDS), movement.c, stock_layer.c
    same = sa.and_(layer.document_sequence == column.document_sequence, layer.line_no == column.line_no)
    inflow = sa.and_(column.target_kind.in_(shelf), column.source_kind.not_in(shelf))
    reversing = list(reversals(connection))
    without = (
        sa.select(column.movement_id, column.document_sequence)
        .outerjoin(stock_layer, same)
        .where(inflow, layer.line_no.is_(None))
    )
    for movement_id, sequence in connection.execute(without):
        if sequence not in reversing:
            yield Fault("layers", "stock_layer", f"movement {movement_id}", "", "a layer", "none")
    differs = sa.or_(
        column.movement_id.is_(None),
        sa.not_(inflow),
        *(layer[name] != column[name] for name in ("store", "part_no", "quantity_milli", "value_e4")),
    )
    other = sa.select(layer.document_sequence, layer.line_no).outerjoin(movement, same).where(differs)
    for sequence, line_no in connection.execute(other):
        key = f"document {sequence} line {line_no}"
        yield Fault("layers", "stock_layer", key, "", "as its movement has it", "another")
    held = balance.c
    on_hand = sa.select(held.store, held.part_no, sa.func.sum(held.quantity_milli)).where(held.place_kind.in_(shelf))
    came_in = sa.select(layer.store, layer.part_no, sa.func.sum(layer.quantity_milli)).where(
        stands(layer.document_sequence, date.max)
    )
    came = {row[:2]: int(row[2]) for row in connection.execute(came_in.group_by(layer.store, layer.part_no))}
    for *item, quantity in connection.execute(on_hand.group_by(held.store, held.part_no)):
        there = came.get(tuple(item), 0)
        if quantity > there:
            yield Fault("layers", "stock_layer", " ".join(item), "quantity_milli", f"at least {quantity}", str(there))


def _closed_months(connection: sa.Connection) -> Iterator[Fault]:
    question = (
        sa.select(document.c.sequence, document.c.number, document.c.body, period_close.c.closed_until)
        .join(period_close, period_close.c.document_sequence == document.c.sequence)
        .order_by(period_close.c.closed_until)
    )
    open_from = date.min
    for sequence, number, body, closed_until in connection.execute(question).all():
        last_day, kept = date.fromisoformat(closed_until), json.loads(body)
        expected: dict[str, object] = {"stores": report_of(connection, last_day)}
        expected |= kept_again(connection, open_from, last_day, sequence, kept)
        open_from = last_day + timedelta(days=1)
        for name, derived in expected.items():
            if derived != kept[name]:
                yield Fault("closed-months", "document", number, "body", json.dumps(derived), json.dumps(kept[name]))


CHECKS = ("pages", "guards", "seals", "documents", "values", "layers", "waiting", "closed-months")
"""The steps, in the order in which their faults are told."""

_LONGEST_FIRST = ("seals", "values", "documents", "pages", "layers", "waiting", "closed-months", "guards")
_LARGE = 100_000
"""Movements from which on several processes are worth their beginning."""

_STEPS: Mapping[str, Callable[[sa.Connection], Iterator[Fault]]] = {
    "pages": _pages,
    "guards": guard_faults,
    "seals": seal_faults,
    "documents": _documents,
    "values": value_faults,
    "layers": _layers,
    "waiting": waiting_faults,
    "closed-months": _closed_months,
}
