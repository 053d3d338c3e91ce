"""The lists of a report as tables: typed columns for the workbook, texts for the page.

The page shows the first rows of each, the workbook all of them up to `MOST_ROWS`; both tell how many there are. Only
what is shown is put into words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from inventory.figures.figure import Figure
from reporting.pack import amounts
from reporting.pack.contents import CLAIMED, OVERDUE, SHORT, SOLD, STOCKED, Pack
from reporting.pack.idle import ways_told
from reporting.plan_tables import value_e4
from reporting.reasons import line_sentence
from reporting.tables import Column, Table, human_text
from reporting.words import word

Row = Mapping[str, object]
MOST_ROWS = 20_000
SUPPLIERS, PROPOSALS, PROPOSED = "supplier_list", "proposal_list", "proposal_lines"

_PART = (Column("store"), Column("part_no"), Column("name"))
_COLUMNS: dict[str, tuple[Column, ...]] = {
    SOLD: (*_PART, Column("revenue_e4", "money_e4"), Column("margin_e4", "money_e4"), Column("list_e4", "money_e4")),
    SHORT: (
        Column("day", "date"), Column("store"), Column("order_no"), Column("part_no"), Column("name"),
        Column("outcome"), Column("asked_for_milli", "quantity_milli"), Column("shelf_milli", "quantity_milli"),
        Column("missing_e4", "money_e4"),
    ),
    STOCKED: (
        *_PART, Column("on_hand_milli", "quantity_milli"), Column("amount_e4", "money_e4"),
        Column("last_asked", "date"), Column("last_received", "date"), Column("still_months", "count"),
        Column("never_again_ppm", "share_ppm"), Column("at_risk_e4", "money_e4"), Column("action"),
    ),
    OVERDUE: (
        Column("order_no"), Column("supplier"), Column("store"), Column("part_no"), Column("name"),
        Column("expected_on", "date"), Column("days_late", "count"), Column("open_milli", "quantity_milli"),
        Column("open_value_e4", "money_e4"),
    ),
    CLAIMED: (
        Column("claim_no"), Column("supplier"), Column("store"), Column("part_no"), Column("name"), Column("cause"),
        Column("quantity_milli", "quantity_milli"), Column("amount_e4", "money_e4"), Column("state"),
        Column("submit_until", "date"),
    ),
    SUPPLIERS: (
        Column("supplier"), Column("ordered_value_e4", "money_e4"), Column("received_value_e4", "money_e4"),
        Column("figure_fill_supplier_ppm", "share_ppm"), Column("figure_claim_rate_ppm", "share_ppm"),
        Column("figure_claim_recovery_ppm", "share_ppm"),
    ),
    PROPOSALS: (
        Column("proposal_no"), Column("supplier"), Column("order_type"), Column("state"), Column("lines", "count"),
        Column("amount_e4", "money_e4"), Column("order_on", "date"), Column("expected_on", "date"),
    ),
    PROPOSED: (
        Column("proposal_no"), Column("store"), Column("part_no"), Column("name"),
        Column("quantity_milli", "quantity_milli"), Column("amount_e4", "money_e4"), Column("why"),
    ),
}  # fmt: skip
_NAMED = {"outcome": "outcome_", "state": "state_", "order_type": "order_type_", "cause": "cause_"}
"""Columns whose cells are words of the catalogue, and with what their keys begin."""


@dataclass(frozen=True)
class Listed:
    """A list of a report: a table of its first rows, and how many rows there are in all."""

    table: Table
    count: int


def lists_of(pack: Pack, language: str, most: int = MOST_ROWS) -> dict[str, Listed]:
    """Return every list of a report by its name, with so many rows of each at the most."""
    proposed = _proposed(pack)
    rows: dict[str, Sequence[Row]] = {
        SOLD: pack.sold_parts[:most],
        SHORT: [{**row, "asked_for_milli": row["asked_milli"]} for row in pack.short_lines[:most]],
        STOCKED: [{**row, "action": ways_told(row, language)} for row in pack.stocked_parts[:most]],
        OVERDUE: [{**row, "open_value_e4": row["open_e4"]} for row in pack.overdue_lines[:most]],
        CLAIMED: [{**row, "submit_until": row["due_on"]} for row in pack.claims[:most]],
        SUPPLIERS: [_of_supplier(each) for each in pack.suppliers[:most]],
        PROPOSALS: [
            {**each.head, "lines": len(each.lines), "value_e4": each.value_e4} for each in pack.awaiting[:most]
        ],
        PROPOSED: [{**line, "why": line_sentence(line, language)} for line in proposed[:most]],
    }
    counts = {
        SOLD: len(pack.sold_parts), SHORT: len(pack.short_lines), STOCKED: len(pack.stocked_parts),
        OVERDUE: len(pack.overdue_lines), CLAIMED: len(pack.claims), SUPPLIERS: len(pack.suppliers),
        PROPOSALS: len(pack.awaiting), PROPOSED: len(proposed),
    }  # fmt: skip
    columns_of = dict(_COLUMNS)
    if not any("ways" in row for row in pack.stocked_parts):
        columns_of[STOCKED] = columns_of[STOCKED][:-1]
    return {
        name: Listed(
            Table(word(name, language), columns, [_in_words(row, columns, language) for row in rows[name]]),
            counts[name],
        )
        for name, columns in columns_of.items()
    }


def heading(column: Column, language: str) -> str:
    """Return what a column is called, amounts of money with their unit."""
    name = word(column.heading, language)
    return f"{name}{word('amount_in', language)}" if column.kind == "money_e4" else name


def cell_text(value: object, column: Column, language: str) -> str:
    """Return a cell as the page shows it."""
    if column.kind == "share_ppm" and value is not None:
        return amounts.share(Fraction(int(str(value)), 1_000_000), language)
    text = human_text(value, column.kind)
    return text.replace("-", "−", 1) if column.kind == "money_e4" else text


def _in_words(row: Row, columns: Sequence[Column], language: str) -> Row:
    named = {
        column.key: word(f"{_NAMED[column.key]}{row[column.key]}", language)
        for column in columns
        if column.key in _NAMED and row[column.key]
    }
    return {**row, **named, "amount_e4": row.get("value_e4")}


def _of_supplier(figures: Mapping[str, Figure]) -> Row:
    def share_ppm(name: str) -> int | None:
        value = figures[name].value
        return None if value is None else round(value * 1_000_000)

    def money_e4(name: str) -> int:
        return round((figures[name].value or Fraction(0)) * 10_000)

    return {
        "supplier": figures["FILL_SUPPLIER:line"].member,
        "ordered_value_e4": money_e4("PURCHASES:ordered"),
        "received_value_e4": money_e4("PURCHASES:received"),
        "figure_fill_supplier_ppm": share_ppm("FILL_SUPPLIER:line"),
        "figure_claim_rate_ppm": share_ppm("CLAIM_RATE:line"),
        "figure_claim_recovery_ppm": share_ppm("CLAIM_RECOVERY:value"),
    }


def _proposed(pack: Pack) -> list[Row]:
    """Return the lines of the proposals, the dearest first."""
    lines: list[Row] = [
        {**line, "proposal_no": each.head["proposal_no"], "value_e4": value_e4(line)}
        for each in pack.awaiting
        for line in each.lines
    ]
    lines.sort(
        key=lambda row: (-int(str(row["value_e4"])), *(str(row[n]) for n in ("proposal_no", "store", "part_no")))
    )
    return lines
