"""Measures of what nobody asks for: stock without demand for some months, and stock by months since the last demand.

Months are calendar months that end with the period: *six months without demand* means that the six months to the end
of the period hold none. A part counts as asked for by any line that was not cancelled, or by a bare demand panel; as
sold by what it left the shelf for a customer or the workshop, or by what imported history supplied; as received by what
came onto the shelf, on the day it came into the store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from inventory.books.standing import stands
from inventory.bulk import raw_rows
from inventory.demand_log import asked
from inventory.figures.figure import Exact
from inventory.figures.grouping import LEAVES, Grain, Measures, by_part
from inventory.figures.sight import Sight
from inventory.schema import demand_line, demand_panel, movement

LINES = ("store", "part_no")
DEAD_MONTHS = (6, 7, 9, 12, 13)
AGES = (("0_3", 3), ("4_6", 6), ("7_9", 9), ("10_12", 12))
"""Buckets of months since the last demand, each with the months that still belong to it."""

Days = Mapping[tuple[str, str], str]
"""Days as ISO text by store and part; an empty store stands for any."""


def dead(sight: Sight, grain: Grain) -> Measures:
    """Return the value of stock without demand for so many months; without receipt as well, or whatever came in."""
    return _dead(sight, grain, _last_asked(sight))


def unsold(sight: Sight, grain: Grain) -> Measures:
    """Return the same of stock that was not sold."""
    return _dead(sight, grain, _last_sold(sight))


def _dead(sight: Sight, grain: Grain, last: Days) -> Measures:
    pairs, values = _on_the_shelf(sight)
    days, received = _of_any_store(last, pairs), [sight.received.get(pair, "") for pair in pairs]
    columns: dict[str, list[Exact]] = {"value_e4": values}
    for months in DEAD_MONTHS:
        cut = sight.scope.day_before(months).isoformat()
        dead_ones = [value if day <= cut else 0 for day, value in zip(days, values, strict=True)]
        columns[f"any_{months}_e4"] = dead_ones
        columns[f"old_{months}_e4"] = [
            value if day <= cut else 0 for day, value in zip(received, dead_ones, strict=True)
        ]
    return by_part(sight, grain, pairs, columns)


def _on_the_shelf(sight: Sight) -> tuple[list[tuple[str, str]], list[Exact]]:
    """Return what lies on the shelf, by store and part, and what it is worth."""
    return list(sight.shelf), [amount.value_e4 for amount in sight.shelf.values()]


def _of_any_store(last: Days, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Return the last day of each part in its store, or where no store was named."""
    anywhere = {part_no: day for (store, part_no), day in last.items() if not store}
    if not anywhere:
        return [last.get(pair, "") for pair in pairs]
    return [max(last.get(pair, ""), anywhere.get(pair[1], "")) for pair in pairs]


def ages(sight: Sight, grain: Grain) -> Measures:
    """Return the value of stock by months since it was last asked for, and since it was last received."""
    pairs, values = _on_the_shelf(sight)
    cuts = [sight.scope.day_before(months).isoformat() for _, months in AGES]
    columns: dict[str, list[Exact]] = {"value_e4": values}
    for what, days in (
        ("demand", _of_any_store(_last_asked(sight), pairs)),
        ("receipt", [sight.received.get(pair, "") for pair in pairs]),
    ):
        bucket_of = {day: sum(day <= cut for cut in cuts) for day in set(days)}
        buckets = [bucket_of[day] for day in days]
        for number, name in enumerate((*(name for name, _ in AGES), "over_12")):
            columns[f"{what}_{name}_e4"] = [
                value if number == bucket else 0 for bucket, value in zip(buckets, values, strict=True)
            ]
    return by_part(sight, grain, pairs, columns)


def _last_asked(sight: Sight) -> Days:
    """Return when each part was last asked for; a month or week of a panel by the label of it."""
    found = {key: seen.last_day for key, seen in sight.asked.items()}
    panel = demand_panel.c
    question = (
        sa.select(panel.store, panel.part_no, sa.func.max(panel.period))
        .where(panel.quantity_milli > 0, panel.period <= sight.scope.until.isoformat())
        .group_by(panel.store, panel.part_no)
    )
    for store, part_no, period in raw_rows(sight.connection, question):
        found[store, part_no] = max(found.get((store, part_no), ""), period)
    return found


def _last_sold(sight: Sight) -> Days:
    """Return when each part was last issued, or supplied by imported history, in the longest time that is asked for."""
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
    found: dict[tuple[str, str], str] = {}
    for question, table in ((issued, moved), (supplied, line)):
        for store, part_no, day in raw_rows(sight.connection, question.group_by(table.store, table.part_no)):
            found[store, part_no] = max(found.get((store, part_no), ""), day)
    return found
