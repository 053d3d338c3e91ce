"""What stands behind the pages of a report: the lines, parts and orders that a manager would ask to see, as rows.

`kpi lines` prints the lines of one figure; these lists serve several figures at once and name what people know things
by. Each is sorted so that what weighs most comes first; of equal ones the key decides.

Amounts are in thousandths of the stock unit (`_milli`) and ten-thousandths of the currency (`_e4`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from inventory.bulk import raw_rows
from inventory.claims.views import claim_rows
from inventory.figures.ageing import DEAD_MONTHS, dead
from inventory.figures.catalogue import named
from inventory.figures.computing import figure_of
from inventory.figures.figure import Exact, Figure
from inventory.figures.overview import Looked
from inventory.figures.requests import LINES as REQUEST_LINES
from inventory.purchasing.orders import open_lines
from inventory.schema import part

Row = dict[str, object]

_REQUESTS = tuple(named(name)[1] for name in ("FILL_SHELF_LINE", "FILL_SHELF_LINE:quantity", "FILL_SHELF_LINE:value"))
_SOLD = (named("GM")[1], named("SALES")[1])
_PART = ("store", "part_no")
_SUPPLIED = ("PURCHASES:ordered", "PURCHASES:received", "FILL_SUPPLIER", "CLAIM_RATE", "CLAIM_RECOVERY")
SUPPLIER_FIGURES = tuple(named(name) for name in _SUPPLIED)
"""What is told of each supplier."""

WAITING = ("open", "submitted", "accepted")
"""States in which a claim waits for the store or for the supplier."""


def short_lines(looked: Looked) -> list[Row]:
    """Return the lines of the period that the shelf did not fill whole, what is missing most of value first.

    ``store, day, order_no, part_no, name, outcome, asked_milli, shelf_milli, missing_e4`` (at the price of the line).
    """
    rows = [
        {**dict(zip(REQUEST_LINES, cell, strict=True)), **_missing(measured)}
        for cell, measured in looked.cells(_REQUESTS, REQUEST_LINES).items()
        if measured["requests.filled"] < measured["requests.lines"]
    ]
    rows.sort(key=lambda row: (-int(str(row["missing_e4"])), *(str(row[name]) for name in REQUEST_LINES)))
    return _with_names(looked, rows)


def sold_parts(looked: Looked) -> list[Row]:
    """Return what was sold of each part in the period, the greatest revenue first.

    ``store, part_no, name, revenue_e4, margin_e4`` (of priced issues), ``list_e4``.
    """
    rows: list[Row] = [
        {
            **dict(zip(_PART, cell, strict=True)),
            "revenue_e4": measured.get("sales.revenue_e4", 0),
            "margin_e4": measured.get("sales.revenue_e4", 0) - measured.get("sales.priced_cost_e4", 0),
            "list_e4": measured.get("sales.list_e4", 0),
        }
        for cell, measured in looked.cells(_SOLD, _PART).items()
    ]
    rows.sort(key=lambda row: (-int(str(row["revenue_e4"])), *_part_of(row)))
    return _with_names(looked, rows)


def stocked_parts(looked: Looked) -> list[Row]:
    """Return the parts on the shelf at the end of the period, those longest without demand and receipt first.

    ``store, part_no, name, on_hand_milli, value_e4, last_asked, last_received`` (days as text, empty: never),
    ``still_months`` (the greatest of the months of `DEAD_MONTHS` that passed without demand and receipt; 0: fewer).
    """
    rows: list[Row] = []
    for reading in looked.by_store.values():
        sight = reading.sight
        still, shelf = dead(sight, _PART), sight.shelf
        columns = (shelf.quantity_milli, shelf.value_e4, sight.last_asked, sight.received)
        for pair, on_hand, value, asked, received in zip(
            shelf.pairs, *(column.tolist() for column in columns), strict=True
        ):
            rows.append(
                {
                    "store": pair[0],
                    "part_no": pair[1],
                    "on_hand_milli": on_hand,
                    "value_e4": value,
                    "last_asked": date.fromordinal(asked).isoformat() if asked else "",
                    "last_received": date.fromordinal(received).isoformat() if received else "",
                    "still_months": _still(still.get(pair, {})),
                }
            )
    rows.sort(
        key=lambda row: (-int(str(row["still_months"])), -int(str(row["value_e4"])), row["store"], row["part_no"])
    )
    return _with_names(looked, rows)


def overdue_lines(looked: Looked) -> list[Row]:
    """Return the order lines promised for a day that is over and still open, the longest overdue first.

    The columns of `open_lines`, ``name``, ``days_late`` and ``open_e4``.
    """
    until = looked.scope.until
    rows: list[Row] = []
    for store in looked.stores:
        for line in open_lines(looked.connection, until, store, looked.scope.known_at):
            late = (until - date.fromisoformat(str(line["expected_on"]))).days
            if late > 0:
                open_e4 = (int(str(line["open_milli"])) * int(str(line["unit_cost_e4"])) + 500) // 1000
                rows.append({**line, "days_late": late, "open_e4": open_e4})
    rows.sort(
        key=lambda row: (-int(str(row["days_late"])), -int(str(row["open_e4"])), str(row["order_no"]), *_part_of(row))
    )
    return _with_names(looked, rows)


def unsettled_claims(looked: Looked) -> list[Row]:
    """Return the claims that wait for somebody at the end of the period, by the day until which each can be submitted.

    ``claim_no, store, supplier, order_no, part_no, name, cause, quantity_milli, value_e4, state, opened_on, due_on``.
    """
    scope, rows = looked.scope, list[Row]()
    moment = f"{scope.until.isoformat()}T23:59:59+00:00"
    for store in looked.stores:
        for claim in claim_rows(looked.connection, scope.until, moment, store, known_at=scope.known_at):
            if claim["state"] in WAITING:
                rows.append({**claim, "due_on": str(claim["due_at"])[:10]})
    rows.sort(key=lambda row: (str(row["due_on"]), str(row["claim_no"])))
    return _with_names(looked, rows)


def suppliers(looked: Looked) -> list[dict[str, Figure]]:
    """Return `SUPPLIER_FIGURES` of each supplier of the period by id, the greatest value ordered first.

    The supplier is the member of each figure.
    """
    variants = [variant for _, variant in SUPPLIER_FIGURES]
    rows = [
        {
            f"{definition.figure_id}:{variant.name}": replace(
                figure_of(definition, variant, looked.scope, measured), dimension="supplier", member=cell[0]
            )
            for definition, variant in SUPPLIER_FIGURES
        }
        for cell, measured in looked.cells(variants, ("supplier",)).items()
    ]
    first = f"{SUPPLIER_FIGURES[0][0].figure_id}:{SUPPLIER_FIGURES[0][1].name}"
    return sorted(rows, key=lambda row: (-(row[first].value or 0), row[first].member))


def _missing(measured: Mapping[str, Exact]) -> Row:
    """Return what was asked for, what the shelf gave of it, and what the rest is worth."""
    return {
        "asked_milli": measured["requests.asked_milli"],
        "shelf_milli": measured["requests.shelf_milli"],
        "missing_e4": measured["requests.asked_e4"] - measured["requests.shelf_e4"],
    }


def _still(measured: Mapping[str, Exact]) -> int:
    return max((months for months in DEAD_MONTHS if measured.get(f"old_{months}_e4")), default=0)


def _part_of(row: Row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in _PART)


def _with_names(looked: Looked, rows: list[Row]) -> list[Row]:
    """Return rows with the name of each part."""
    names = dict(raw_rows(looked.connection, sa.select(part.c.part_no, part.c.name))) if rows else {}
    return [{**row, "name": names.get(str(row["part_no"]), "")} for row in rows]
