"""The proof of the books: everything that can be derived is derived again, and every row that differs is told.

1. *Pages*: the database checks its own file (SQLite: pages, indexes against tables, references).
2. *Seals*: every row of every table has the digest it was sealed with, and the chain of seals holds (`seals`).
3. *Documents*: each content hash comes out again of the rows; each movement bears its document's day.
4. *Values*: each part's movements are walked from the first one (`costing`); no place ever held less than nothing, and
   what the documents said plus what the revaluations changed is what the movements are worth.
5. *Layers*: each movement onto the shelf has its layer for first in, first out, and each layer its movement.
6. *Balances*: quantity and value of every place, the reserved among them, are the sum of its movements.
7. *Closed months*: what a closing document says of its stores is what the books say of that day.

The steps read the tables once or twice from end to end and keep a few bytes per row in memory. Where the file is so
damaged that a table can't be read, that is a fault like any other, and the steps go on with what can be read.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from inventory.balances import ON_HAND_KINDS, differences
from inventory.closing import report_of
from inventory.costing import walk
from inventory.movements import hash_of
from inventory.recosting import SHELF, ordered_steps, raw_rows, revalued, reversals
from inventory.schema import document, movement, stock_layer
from inventory.schema_books import period_close, revaluation
from inventory.seal_checks import read_damaged_text, seal_faults


@dataclass(frozen=True)
class Fault:
    """A row that differs.

    Parameters
    ----------
    check
        Which step found it: pages, seals, documents, values, layers, balances or closed-months.
    table, key
        The row.
    column
        What of it differs; empty: the row as a whole.
    expected, found
        What follows from the rest of the books, and what is there.
    """

    check: str
    table: str
    key: str
    column: str = ""
    expected: str = ""
    found: str = ""


def verify(connection: sa.Connection, tell: Callable[[str], object] = str) -> list[Fault]:
    """Return every row that differs; none in sound books.

    Parameters
    ----------
    connection
        An open reading transaction.
    tell
        Is told each step as it begins.
    """
    found: list[Fault] = []
    unreadable = (connection.dialect.loaded_dbapi.Error, sa.exc.DBAPIError, ValueError, TypeError, KeyError)
    try:
        for check, step in _STEPS.items():
            tell(check)
            try:
                found += step(connection)
            except unreadable as fault:  # so damaged that reading itself fails, and the damage is what is looked for
                found.append(Fault(check, "", "", "", "rows that can be read", str(fault).split("\n")[0]))
    finally:
        read_damaged_text(connection, allow=False)
    return found


def _pages(connection: sa.Connection) -> Iterator[Fault]:
    if connection.dialect.name != "sqlite":
        return
    for (told,) in connection.exec_driver_sql("PRAGMA integrity_check(1000)"):
        if told != "ok":
            yield Fault("pages", "", "", "", "ok", str(told))
    for table, row_id, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield Fault("pages", str(table), f"row {row_id}", "", f"a row in {parent}", "none")


def _seals(connection: sa.Connection) -> Iterator[Fault]:
    for table, key, expected, told in seal_faults(connection):
        yield Fault("seals", table, key, "", expected, told)


def _documents(connection: sa.Connection) -> Iterator[Fault]:
    """Yield documents whose content hash does not come out of the rows, and movements of another day."""
    heads = (
        sa.select(
            document.c.sequence,
            document.c.kind,
            document.c.number,
            document.c.effective_on,
            document.c.stated_on,
            document.c.content_hash,
            document.c.body,
        )
        .order_by(document.c.sequence)
        .execution_options(yield_per=1000)
    )
    lines = groupby(raw_rows(connection, _plain_lines()), key=itemgetter(0))
    ahead = next(lines, None)
    for sequence, kind, number, effective_on, stated_on, content_hash, body in connection.execute(heads):
        rows: list[tuple[object, ...]] = []
        while ahead is not None and ahead[0] <= sequence:
            rows += list(ahead[1]) if ahead[0] == sequence else []
            ahead = next(lines, None)
        for row in rows:
            if row[10] != effective_on:
                yield Fault(
                    "documents", "movement", f"{number} line {row[1]}", "effective_on", effective_on, str(row[10])
                )
        said_on = stated_on or effective_on
        said = json.loads(body)
        plain = [(*row[2:10], row[11] if row[11] not in (None, said_on) else "") for row in rows]
        if hash_of(kind, number, said_on, plain, said) == content_hash:
            continue
        outright = [
            (*row[2:10], row[11] or "") for row in rows
        ]  # written before the document's own day went without saying
        if hash_of(kind, number, said_on, outright, said) != content_hash:
            yield Fault("documents", "document", number, "content_hash", "the hash of its rows", content_hash)


def _plain_lines() -> sa.Select[Any]:
    """Return the question for all movements as a content hash has them, after document and line; then both days."""
    column = movement.c
    names = (
        "store",
        "part_no",
        "source_kind",
        "source_name",
        "target_kind",
        "target_name",
        "quantity_milli",
        "value_e4",
    )
    return (
        sa.select(
            column.document_sequence,
            column.line_no,
            *(column[name] for name in names),
            column.effective_on,
            stock_layer.c.received_on,
        )
        .outerjoin(
            stock_layer,
            sa.and_(
                stock_layer.c.document_sequence == column.document_sequence, stock_layer.c.line_no == column.line_no
            ),
        )
        .order_by(column.document_sequence, column.line_no)
    )


def _values(connection: sa.Connection) -> Iterator[Fault]:
    """Yield the places and days whose value is not what the movements are worth."""
    change = revaluation.c
    key = (change.store, change.part_no, change.effective_on, change.place_kind, change.place_name)
    told: defaultdict[tuple[str, str], dict[tuple[str, str, str], int]] = defaultdict(dict)
    totals = sa.select(*key, sa.cast(sa.func.sum(change.change_e4), sa.BigInteger)).group_by(*key)
    for store, part_no, day, kind, name, total in connection.execute(totals):
        told[store, part_no][day, kind, name] = total
    mirrors = reversals(connection)
    for item, group in groupby(raw_rows(connection, ordered_steps()), key=itemgetter(9, 10)):
        steps = list(group)
        found = walk(steps, {}, mirrors)
        if found.shortage is not None:
            day, sequence, place, lacking = found.shortage
            yield Fault(
                "values",
                "movement",
                f"{item} {place} on {day}, document {sequence}",
                "quantity_milli",
                "0",
                str(-lacking),
            )
        due, known = revalued(steps, found.values_e4), told.pop(item, {})
        yield from _gaps(item, due, known)
    for item, known in told.items():
        yield from _gaps(item, {}, known)


def _gaps(
    item: tuple[str, str], due: Mapping[tuple[str, str, str], int], known: Mapping[tuple[str, str, str], int]
) -> Iterator[Fault]:
    for key in sorted(due.keys() | known.keys()):
        expected, there = due.get(key, 0), known.get(key, 0)
        if expected != there:
            day, kind, name = key
            at = "the shelf" if (kind, name) == SHELF else f"{kind} {name}".strip()
            told = " ".join((*item, at, "on", day))
            yield Fault("values", "revaluation", told, "change_e4", str(expected), str(there))


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


def _balances(connection: sa.Connection) -> Iterator[Fault]:
    for each in differences(connection):
        key = " ".join(each.where)
        for name in each.cached._fields:
            expected, found = getattr(each.moved, name), getattr(each.cached, name)
            if expected != found:
                yield Fault("balances", "balance", key, name, str(expected), str(found))


def _closed_months(connection: sa.Connection) -> Iterator[Fault]:
    question = (
        sa.select(document.c.number, document.c.body, period_close.c.closed_until)
        .join(period_close, period_close.c.document_sequence == document.c.sequence)
        .order_by(period_close.c.closed_until)
    )
    for number, body, closed_until in connection.execute(question):
        expected, found = report_of(connection, date.fromisoformat(closed_until)), json.loads(body)["stores"]
        if expected != found:
            yield Fault("closed-months", "document", number, "body", json.dumps(expected), json.dumps(found))


_STEPS: Mapping[str, Callable[[sa.Connection], Iterator[Fault]]] = {
    "pages": _pages,
    "seals": _seals,
    "documents": _documents,
    "values": _values,
    "layers": _layers,
    "balances": _balances,
    "closed-months": _closed_months,
}
