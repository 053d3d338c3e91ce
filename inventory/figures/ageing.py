"""Measures of what nobody asks for: stock without demand for some months, and stock by months since the last demand.

Months are calendar months that end with the period: *six months without demand* means that the six months to the end
of the period hold none. A part counts as asked for by any line that was not cancelled, or by a bare demand panel; as
sold by what it left the shelf for a customer or the workshop, or by what imported history supplied; as received by what
came onto the shelf, on the day it came into the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import sqlalchemy as sa

from inventory.books.standing import stands
from inventory.bulk import raw_rows
from inventory.demand_log import asked
from inventory.figures.columns import Whole
from inventory.figures.grouping import LEAVES, Grain, Measures, by_part
from inventory.figures.sight import Sight
from inventory.schema import demand_line, demand_panel, movement

LINES = ("store", "part_no")
DEAD_MONTHS = (6, 7, 9, 12, 13)
AGES = (("0_3", 3), ("4_6", 6), ("7_9", 9), ("10_12", 12))
"""Buckets of months since the last demand, each with the months that still belong to it."""


def dead(sight: Sight, grain: Grain) -> Measures:
    """Return the value of stock without demand for so many months; without receipt as well, or whatever came in."""
    return _dead(sight, grain, _last_asked(sight))


def unsold(sight: Sight, grain: Grain) -> Measures:
    """Return the same of stock that was not sold."""
    return _dead(sight, grain, _last_sold(sight))


def _dead(sight: Sight, grain: Grain, last: Whole) -> Measures:
    """Return it from the day of each part on the shelf, by its number; 0: never."""
    columns = {"value_e4": sight.shelf.value_e4}
    for months in DEAD_MONTHS:
        cut = sight.scope.day_before(months).toordinal()
        dead_ones = np.where(last <= cut, sight.shelf.value_e4, 0)
        columns[f"any_{months}_e4"] = dead_ones
        columns[f"old_{months}_e4"] = np.where(sight.received <= cut, dead_ones, 0)
    return by_part(sight, grain, sight.shelf.pairs, columns)


def ages(sight: Sight, grain: Grain) -> Measures:
    """Return the value of stock by months since it was last asked for, and since it was last received."""
    cuts = np.array([sight.scope.day_before(months).toordinal() for _, months in AGES])
    columns = {"value_e4": sight.shelf.value_e4}
    for what, days in (("demand", _last_asked(sight)), ("receipt", sight.received)):
        bucket = (days[:, None] <= cuts).sum(axis=1)
        for number, name in enumerate((*(name for name, _ in AGES), "over_12")):
            columns[f"{what}_{name}_e4"] = np.where(bucket == number, sight.shelf.value_e4, 0)
    return by_part(sight, grain, sight.shelf.pairs, columns)


def _last_asked(sight: Sight) -> Whole:
    """Return when each part on the shelf was last asked for; a month or week of a panel from its first day on."""
    panel = demand_panel.c
    question = (
        sa.select(panel.store, panel.part_no, sa.func.max(panel.period))
        .where(panel.quantity_milli > 0, panel.period <= sight.scope.until.isoformat())
        .group_by(panel.store, panel.part_no)
    )
    told = {(row[0], row[1]): _number(row[2]) for row in raw_rows(sight.connection, question)}
    demand = sight.demand
    if "" in demand.pairs.stores:
        told |= {
            pair: max(told.get(pair, 0), number)
            for pair, number in zip(demand.pairs, demand.last.tolist(), strict=True)
            if not pair[0]
        }
    return np.maximum(sight.last_asked, _of_any_store(sight, told))


def _number(day: str) -> int:
    """Return the number of a day, or of the first one of a month.

    >>> _number("2026-06") == _number("2026-06-01")
    True
    """
    return date.fromisoformat(day if len(day) > len("2026-06") else f"{day}-01").toordinal()


def _of_any_store(sight: Sight, last: Mapping[tuple[str, str], int]) -> Whole:
    """Return the last day of each part on the shelf in its store, or where no store was named; 0: never."""
    if not last:
        return np.zeros(len(sight.shelf.pairs), np.int64)
    return np.array([max(last.get(pair, 0), last.get(("", pair[1]), 0)) for pair in sight.shelf.pairs], np.int64)


def _last_sold(sight: Sight) -> Whole:
    """Return when each part on the shelf was last issued, or supplied by imported history.

    No further back than the longest time that is asked for.
    """
    scope, moved, line = sight.scope, movement.c, demand_line.c
    after = scope.day_before(max(DEAD_MONTHS)).isoformat()
    issued = sa.select(moved.store, moved.part_no, sa.func.max(moved.effective_on)).where(
        LEAVES,
        moved.effective_on > after,
        moved.effective_on <= scope.until.isoformat(),
        stands(moved.document_sequence, scope.until, scope.known_at),
        *scope.of(moved.store),
        *scope.known(moved.document_sequence),
    )
    supplied = sa.select(line.store, line.part_no, sa.func.max(line.opened_on)).where(
        line.document_sequence.is_(None),
        line.outcome != "cancelled",
        line.quantity_supplied_milli > 0,
        *asked(scope.until, scope.known_at),
        *scope.of(line.store),
    )
    found: dict[tuple[str, str], int] = {}
    for question, table in ((issued, moved), (supplied, line)):
        for store, part_no, day in raw_rows(sight.connection, question.group_by(table.store, table.part_no)):
            found[store, part_no] = max(found.get((store, part_no), 0), _number(day))
    return _of_any_store(sight, found)
