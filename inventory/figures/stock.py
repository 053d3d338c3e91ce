"""Measures of what there is at the end of a period: the stock, and what stands outside it, each place for itself.

*Stock* is what lies on the shelf: in bins, the reserved included, at moving average. Cores, warranty parts, claims,
goods in transit or on the dock, work in process and what waits to go back to the maker are none of it; each has a value
of its own. A part replaced under warranty is worth nothing to the store, so those are counted in units.

A part number is *stocked* where it lies on the shelf at the end, or came to it or left it in the twelve months that
end with the period. It is at zero on a day where nothing of it lies on the shelf when the day is over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import sqlalchemy as sa

from inventory.books.movements import PlaceKind
from inventory.books.standing import standing
from inventory.bulk import raw_rows
from inventory.figures.classes import COMMON, wanted_parts
from inventory.figures.columns import Pair
from inventory.figures.figure import Exact
from inventory.figures.grouping import SHELF, Grain, Measures, added, by_part, from_rows
from inventory.figures.pairs import Pairs
from inventory.figures.sight import Sight
from inventory.schema import document, movement
from inventory.schema_counter import reservation

LINES = ("store", "part_no")
HELD_DAYS = 30
"""From how many days on what is held for a repair order is told as not fitted."""

_OUTSIDE = {
    PlaceKind.CORE.value: "core_e4",
    PlaceKind.CLAIM_SHORT.value: "claims_e4",
    PlaceKind.QUARANTINE.value: "claims_e4",
    PlaceKind.TRANSIT.value: "transit_e4",
    PlaceKind.DOCK.value: "dock_e4",
    PlaceKind.WORKSHOP.value: "workshop_e4",
    PlaceKind.RETURN_TO_MAKER.value: "maker_return_e4",
}
_MOVED = movement.c


def stock(sight: Sight, grain: Grain) -> Measures:
    """Return the value of the stock and of every place outside it, and how many part numbers there are."""
    outside: defaultdict[tuple[str, str], dict[str, Exact]] = defaultdict(dict)
    for (store, part_no, kind), amount in sight.places.items():
        if kind == PlaceKind.WARRANTY_HOLD:
            outside[store, part_no]["warranty_milli"] = amount.quantity_milli
        elif kind in _OUTSIDE:
            name, measured = _OUTSIDE[kind], outside[store, part_no]
            measured[name] = measured.get(name, 0) + amount.value_e4
    shelf, demand = sight.shelf, sight.demand
    wanted = wanted_parts(demand, sight.scope)
    is_wanted = np.append(wanted, [False])[sight.asked_row]  # row -1 was never asked for
    there = {
        "value_e4": shelf.value_e4,
        "parts": np.ones(len(shelf.pairs), np.int64),
        "wanted_there": is_wanted.astype(np.int64),
        "idle_e4": np.where(is_wanted, 0, shelf.value_e4),
        "below_zero": (shelf.quantity_milli < 0).astype(np.int64),
    }
    pairs = demand.pairs.take(np.flatnonzero(wanted))
    return added(
        by_part(sight, grain, shelf.pairs, there),
        by_part(sight, grain, pairs, {"wanted": np.ones(len(pairs), np.int64)}),
        by_part(sight, grain, *from_rows(outside)),
    )


def layers(sight: Sight, grain: Grain) -> Measures:
    """Return value by first in, first out, and value times days since receipt, over what is left of each receipt."""
    left = sight.layers
    age = np.maximum(sight.scope.until.toordinal() - left.day, 0)
    pairs = sight.shelf.pairs.take(left.row) if grain else []
    return by_part(sight, grain, pairs, {"value_e4": left.value_e4, "value_days": left.value_e4 * age})


def held(sight: Sight, grain: Grain) -> Measures:
    """Return what has been held for repair orders for more than `HELD_DAYS` days: reservations, and their value."""
    scope, kept = sight.scope, reservation.c
    long_ago = (scope.until - timedelta(days=HELD_DAYS)).isoformat()
    question = (
        sa.select(kept.reservation_no, kept.store, kept.part_no)
        .join(document, document.c.sequence == kept.document_sequence)
        .where(
            *standing(scope.until, scope.known_at),
            kept.holder_kind == "repair_order",
            document.c.effective_on < long_ago,
            *scope.of(kept.store),
        )
    )
    found: defaultdict[tuple[str, str], dict[str, Exact]] = defaultdict(lambda: {"lines": 0, "value_e4": 0})
    reservations = list(raw_rows(sight.connection, question))
    pools = sight.shelf.amounts(Pairs.of([(store, part_no) for _, store, part_no in reservations]))
    for (number, store, part_no), pool in zip(reservations, pools, strict=True):
        still = _still_held(sight, number)
        if still > 0:
            at = found[store, part_no]
            at["lines"] += 1
            at["value_e4"] += (2 * still * pool.value_e4 + pool.quantity_milli) // (2 * pool.quantity_milli)
    return by_part(sight, grain, *from_rows(found))


def _still_held(sight: Sight, reservation_no: str) -> int:
    """Return what lies in the place of a reservation at the end of the period (thousandths)."""
    kind, scope = PlaceKind.RESERVED.value, sight.scope
    into = sa.and_(_MOVED.target_kind == kind, _MOVED.target_name == reservation_no)
    out_of = sa.and_(_MOVED.source_kind == kind, _MOVED.source_name == reservation_no)
    sign = sa.case((into, 1), else_=0) - sa.case((out_of, 1), else_=0)
    question = sa.select(sa.func.sum(sign * _MOVED.quantity_milli)).where(
        sa.or_(into, out_of), _MOVED.effective_on <= scope.until.isoformat(), *scope.known(_MOVED.document_sequence)
    )
    return int(sight.connection.execute(question).scalar_one() or 0)


def shelf_days(sight: Sight, grain: Grain) -> Measures:
    """Return days at zero and days of the period, and part numbers at zero at its end, over the stocked parts."""
    scope = sight.scope
    days = (scope.until - scope.since).days + 1
    shelf_changes = _shelf_changes(sight, scope.since.isoformat())
    stocked: list[Pair] = list({*sight.shelf.pairs, *_moved_pairs(sight)})
    last = scope.months[-1]
    found: dict[tuple[str, str], dict[str, Exact]] = {}
    for key, (at_end, _) in zip(stocked, sight.shelf.amounts(Pairs.of(stocked)), strict=True):
        kind = "common" if sight.class_of(*key, last) == COMMON else "general"
        found[key] = {
            f"{kind}_days": days,
            f"{kind}_zero_days": _days_at_zero(at_end, shelf_changes.get(key, ()), scope.since, scope.until),
            f"{kind}_parts": 1,
            f"{kind}_zero_parts": int(at_end == 0),
        }
    return by_part(sight, grain, *from_rows(found))


def _days_at_zero(at_end_milli: int, changes: Iterable[tuple[str, int]], since: date, until: date) -> int:
    """Return on how many days nothing lay there when the day was over, told backwards from the end."""
    zero, quantity, last = 0, at_end_milli, until
    for day, change in sorted(changes, reverse=True):
        on = date.fromisoformat(day)
        if quantity == 0:
            zero += (last - on).days + 1
        quantity, last = quantity - change, on - timedelta(days=1)
    if quantity == 0:
        zero += (last - since).days + 1
    return zero


def _shelf_changes(sight: Sight, since: str) -> dict[tuple[str, str], list[tuple[str, int]]]:
    """Return by how much the quantity of each part on the shelf changed, day by day from a day on."""
    into = sa.case((_MOVED.target_kind.in_(SHELF), _MOVED.quantity_milli), else_=0)
    out_of = sa.case((_MOVED.source_kind.in_(SHELF), _MOVED.quantity_milli), else_=0)
    keys = (_MOVED.store, _MOVED.part_no, _MOVED.effective_on)
    question = sa.select(*keys, sa.cast(sa.func.sum(into - out_of), sa.BigInteger))
    found: defaultdict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for store, part_no, day, change in raw_rows(
        sight.connection, question.where(*_on_the_shelf(sight, since)).group_by(*keys)
    ):
        if change:
            found[store, part_no].append((day, change))
    return found


def _moved_pairs(sight: Sight) -> Iterable[tuple[str, str]]:
    """Yield the stores and parts that came to the shelf or left it in twelve months."""
    question = sa.select(_MOVED.store, _MOVED.part_no).distinct()
    for row in raw_rows(sight.connection, question.where(*_on_the_shelf(sight, sight.scope.year().since.isoformat()))):
        yield row[0], row[1]


def _on_the_shelf(sight: Sight, since: str) -> list[sa.ColumnElement[bool]]:
    scope = sight.scope
    return [
        _MOVED.effective_on.between(since, scope.until.isoformat()),
        sa.or_(_MOVED.target_kind.in_(SHELF), _MOVED.source_kind.in_(SHELF)),
        *scope.of(_MOVED.store),
        *scope.known(_MOVED.document_sequence),
    ]
