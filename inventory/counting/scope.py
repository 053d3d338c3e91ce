"""What there is to count at a store: every bin that a part lies in, or lay in last, with its class and unit cost.

A part at zero is counted too: the bin it lay in last is a line like any other, and so is any bin that was emptied in
the last twelve months, where something may have been left behind.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from inventory.books.balances import ON_HAND_KINDS, Amount, Where, pools
from inventory.books.horizon import counted
from inventory.books.movements import PlaceKind
from inventory.books.standing import standing
from inventory.books.stock_import import KIND as STOCK_IMPORT
from inventory.schema import balance, document, movement, part

REMEMBERED_DAYS = 365
"""How long an emptied bin stays on the sheets of a part that lies elsewhere."""


@dataclass(frozen=True)
class Line:
    """A part in a bin, as the books know it on a day.

    Parameters
    ----------
    held_milli
        What the books hold there; never shown to a counter.
    first_on, moved_on
        The first and the last day on which something moved there (ISO text).
    """

    part_no: str
    bin_name: str
    held_milli: int
    first_on: str
    moved_on: str


def lines_of(connection: sa.Connection, store: str, as_of: date, known_at: int | None = None) -> list[Line]:
    """Return what there is to count at a store on a day, known by a document (all: None), sorted by part and bin."""
    found: dict[str, list[Line]] = {}
    for row in connection.execute(_moved_in_bins(store, as_of, known_at)):
        line = Line(row.part_no, row.bin_name, int(row.held), row.first_on, row.moved_on)
        found.setdefault(line.part_no, []).append(line)
    for part_no, bin_name, day in _asserted_empty(connection, store, as_of, known_at):
        if all(line.bin_name != bin_name for line in found.get(part_no, ())):
            found.setdefault(part_no, []).append(Line(part_no, bin_name, 0, day, day))
    since = (as_of - timedelta(days=REMEMBERED_DAYS)).isoformat()
    chosen = []
    for lines in found.values():
        newest = max(lines, key=lambda each: (each.moved_on, each.bin_name))
        at_zero = not any(line.held_milli for line in lines)
        chosen += [line for line in lines if line.held_milli or line.moved_on > since or (at_zero and line is newest)]
    return sorted(chosen, key=lambda each: (each.part_no, each.bin_name))


def unit_costs(connection: sa.Connection, store: str) -> dict[str, int]:
    """Return what a unit costs at a store now: the average of its stock, else the cost of the parts table."""
    question = sa.select(part.c.part_no, part.c.unit_cost_e4)
    found = {part_no: int(cost) for part_no, cost in connection.execute(question)}
    shelf = sa.select(balance).where(balance.c.store == store, balance.c.place_kind.in_(sorted(ON_HAND_KINDS)))
    held = {Where(*row[:4]): Amount(*row[4:]) for row in connection.execute(shelf)}
    for (_, part_no), pool in pools(held).items():
        found[part_no] = unit_cost(pool, found.get(part_no, 0))
    return found


def unit_cost(pool: Amount, otherwise_e4: int) -> int:
    """Return the average cost of a unit of a pool, rounded half up; another where the pool is empty."""
    if pool.quantity_milli <= 0:
        return otherwise_e4
    return (2000 * pool.value_e4 + pool.quantity_milli) // (2 * pool.quantity_milli)


def _asserted_empty(
    connection: sa.Connection, store: str, as_of: date, known_at: int | None
) -> list[tuple[str, str, str]]:
    """Return the parts and bins that stock files said to hold nothing, with the day: nothing ever moved there."""
    question = sa.select(document.c.effective_on, document.c.body).where(
        document.c.kind == STOCK_IMPORT, *standing(as_of, known_at)
    )
    return sorted(
        {
            (part_no, bin_name, day)
            for day, body in connection.execute(question)
            for at_store, part_no, bin_name, quantity, *_ in json.loads(body)["asserted"]
            if at_store == store and not quantity
        }
    )


def _moved_in_bins(store: str, as_of: date, known_at: int | None) -> sa.Select[tuple[str, str, int, str, str]]:
    sides = [
        sa.select(
            movement.c.part_no,
            name.label("bin_name"),
            (sign * movement.c.quantity_milli).label("quantity"),
            document.c.effective_on,
        )
        .join(document, document.c.sequence == movement.c.document_sequence)
        .where(movement.c.store == store, kind == PlaceKind.BIN.value, *counted(as_of, known_at))
        for kind, name, sign in (
            (movement.c.source_kind, movement.c.source_name, -1),
            (movement.c.target_kind, movement.c.target_name, 1),
        )
    ]
    both = sa.union_all(*sides).subquery()
    return sa.select(
        both.c.part_no,
        both.c.bin_name,
        sa.func.sum(both.c.quantity).label("held"),
        sa.func.min(both.c.effective_on).label("first_on"),
        sa.func.max(both.c.effective_on).label("moved_on"),
    ).group_by(both.c.part_no, both.c.bin_name)
