"""A part under all its numbers: those it replaced, and those that replaced it, as far as the chain goes.

Stock stays under the number it was bought under; a part asked for under one number is found under the others too. Two
components of a kit are not numbers of each other. This is for looking up: dates and kinds of the steps are not asked,
because an old number's stock lies on the shelf whatever replaced it; what to *order* is told by `supersession`.
"""

from __future__ import annotations

import sqlalchemy as sa

from inventory.books.balances import balances
from inventory.books.movements import PlaceKind
from inventory.schema import supersession

REPLACES, REPLACED_BY = "replaces", "replaced_by"


def other_numbers(connection: sa.Connection, part_no: str) -> dict[str, str]:
    """Return the other numbers of a part, and how it stands to each: it ``replaces`` it or is ``replaced_by`` it."""
    old, new = supersession.c.part_no, supersession.c.replaced_by
    later = dict.fromkeys(_reached(connection, part_no, old, new), REPLACED_BY)
    earlier = dict.fromkeys(_reached(connection, part_no, new, old), REPLACES)
    return {number: kind for number, kind in sorted((earlier | later).items()) if number != part_no}


def stock_elsewhere(connection: sa.Connection, store: str, part_no: str) -> tuple[tuple[str, int], ...]:
    """Return the other numbers of a part of which a store's bins hold something, and how much, in thousandths."""
    found: dict[str, int] = {}
    for where, amount in balances(connection, [store], other_numbers(connection, part_no)).items():
        if where.place_kind == PlaceKind.BIN and amount.quantity_milli:
            found[where.part_no] = found.get(where.part_no, 0) + amount.quantity_milli
    return tuple(sorted(found.items()))


def _reached(connection: sa.Connection, part_no: str, known: sa.Column[str], following: sa.Column[str]) -> set[str]:
    """Return the numbers reached from one by any number of steps in one direction."""
    found: set[str] = set()
    front = {part_no}
    while front:
        question = sa.select(following).where(known.in_(sorted(front)))
        front = set(connection.execute(question).scalars()) - found
        found |= front
    return found
