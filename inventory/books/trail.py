"""A back-dated entry of a part that only comes and goes: what follows is valued anew from four cells of each movement.

Behind a back-dated entry there may be thousands of movements, and to read them takes longer than to value them. Nearly
all of them bring goods from outside, or take them from the shelf to the outside. Of those it is enough to know the
document, quantity, value, and one text: the day, the two kinds of place, and the name of the place inside. Movements of
one such text are one flow of a day, and what is worth something else is told by flow and nothing finer.

The rule is that of `costing.walk`, and so is the answer; a part that does anything else, or would have held less than
nothing at some moment, is left to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from inventory.books.balances import ON_HAND_KINDS, OUTSIDE_KINDS
from inventory.books.costing import PlaceKey
from inventory.questions import Question
from inventory.schema import movement

Flow = tuple[str, str, str]
"""Day, kind of place from which, and kind of place to which."""

_BLANK = sa.literal_column("' '", sa.Text)  # no day and no kind has one
_FROM_OUTSIDE = movement.c.source_kind.in_([sa.literal_column(f"'{kind}'") for kind in sorted(OUTSIDE_KINDS)])
_INSIDE = sa.case((_FROM_OUTSIDE, movement.c.target_name), else_=movement.c.source_name)
_FLOW = movement.c.effective_on + _BLANK + movement.c.source_kind + _BLANK + movement.c.target_kind + _BLANK + _INSIDE
_TRAIL = Question(
    sa.select(movement.c.document_sequence, movement.c.quantity_milli, movement.c.value_e4, _FLOW)
    .where(
        movement.c.store == sa.bindparam("store"),
        movement.c.part_no == sa.bindparam("part_no"),
        movement.c.effective_on >= sa.bindparam("day"),
    )
    .order_by(movement.c.effective_on, movement.c.document_sequence, movement.c.line_no)
)


def trail(connection: sa.Connection, store: str, part_no: str, since: str) -> list[Any]:
    """Return document, quantity, value and flow of a part's movements from a day on, in the order of the books."""
    return _TRAIL.rows(connection, store=store, part_no=part_no, day=since)


def flows_changed(
    steps: list[Any], held: Mapping[PlaceKey, tuple[int, int]], mirrors: Mapping[int, int], known_before: int
) -> dict[Flow, int] | None:
    """Return by how much flows are worth more than their documents said; None where `costing.walk` has to tell.

    Parameters
    ----------
    steps
        As `trail` returns them.
    held, mirrors, known_before
        As `costing.walk` takes them.
    """
    if mirrors and not mirrors.keys().isdisjoint([step[0] for step in steps]):
        return None
    ways = {step[3]: _way(step[3]) for step in steps}
    if None in ways.values():
        return None
    way_of = {text: way for text, way in ways.items() if way is not None}
    left = _before(steps, held, known_before, way_of)
    if left is None:
        return None
    at, quantity, value = left
    changed = dict.fromkeys(ways, 0)
    last, place, there, more = "", ("", ""), 0, 0  # many movements in turn are of one flow: written down when it ends
    whole = double = reached = 0  # as the present document found it: quantity, twice the value, taken of it since
    found_by = -1
    for sequence, units, said, text in steps:
        if text != last:
            at[place], changed[last] = there, more
            sign, place, _ = way_of[text]
            last, there, more = text, at[place], changed[text]
        if sign < 0:
            there -= units
            if there < 0:
                return None
            if found_by != sequence:
                found_by, whole, double, reached = sequence, quantity, 2 * value, units
                worth = (double * units + whole) // (2 * whole)
            else:
                before, reached = reached, reached + units
                worth = (double * reached + whole) // (2 * whole) - (double * before + whole) // (2 * whole)
            quantity -= units
            value -= worth
            more += worth - said
        elif sign:
            there += units
            quantity += units
            value += said
            found_by = -1
    changed[last] = more
    found: defaultdict[Flow, int] = defaultdict(int)
    for text, change_e4 in changed.items():
        if change_e4:
            found[way_of[text][2]] += change_e4
    return found


def _way(text: str) -> tuple[int, PlaceKey, Flow] | None:
    """Return whether a flow comes onto the shelf (1), leaves it (−1) or passes it by (0), with its place; None: else.

    >>> _way("2026-06-30 bin customer A-01")
    (-1, ('bin', 'A-01'), ('2026-06-30', 'bin', 'customer'))
    """
    day, source, target, name = text.split(" ", 3)
    if source in OUTSIDE_KINDS:
        return int(target in ON_HAND_KINDS), (target, name), (day, source, target)
    if source in ON_HAND_KINDS and target in OUTSIDE_KINDS:
        return -1, (source, name), (day, source, target)
    return None


def _before(
    steps: list[Any],
    held: Mapping[PlaceKey, tuple[int, int]],
    known_before: int,
    way_of: Mapping[str, tuple[int, PlaceKey, Flow]],
) -> tuple[dict[PlaceKey, int], int, int] | None:
    """Return what lay at each place of the shelf before the first step, and quantity and value of all of it."""
    moved, brought = dict.fromkeys(way_of, 0), dict.fromkeys(way_of, 0)
    last, of_last, worth_of_last = "", 0, 0
    for sequence, units, said, text in steps:
        if text != last:
            moved[last], brought[last] = of_last, worth_of_last
            last, of_last, worth_of_last = text, moved[text], brought[text]
        if sequence < known_before:
            of_last += units
            worth_of_last += said
    moved[last], brought[last] = of_last, worth_of_last
    shelf = {place: amount for place, amount in held.items() if place[0] in ON_HAND_KINDS}
    at = {place: 0 for _, place, _ in way_of.values()} | {place: there for place, (there, _) in shelf.items()}
    for text, (sign, place, _) in way_of.items():
        at[place] -= sign * moved[text]
    quantity = sum(at.values())
    value = sum(worth for _, worth in shelf.values()) - sum(way_of[text][0] * brought[text] for text in way_of)
    return None if any(there < 0 for there in at.values()) else (at, quantity, value)
