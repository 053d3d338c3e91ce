"""A purchase plan as workbooks, one per supplier: the order to send, the reasons, the totals.

A part number is written as text, in cells of text format, so that ``00195040`` keeps its zeros and a number that
begins with ``=`` or ``+`` stays a number of a part and never becomes a formula. The metadata are constant: the same
plan makes the same bytes.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from reporting.plan_tables import value_e4
from reporting.reasons import line_sentence
from reporting.tables import Column, plain_value
from reporting.words import word
from reporting.wrapping import LINE_HEIGHT, lines_of

Row = Mapping[str, object]

MADE_ON = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Creation date written into every workbook: a real one would change the bytes of an unchanged plan."""

_ORDER = (
    (Column("part_no"), 18),
    (Column("name"), 46),
    (Column("quantity_milli", "quantity_milli"), 10),
    (Column("unit"), 8),
    (Column("unit_cost_e4", "money_e4"), 12),
    (Column("value_e4", "money_e4"), 14),
    (Column("store"), 10),
)
_REASONS = (
    (Column("order_type"), 11),
    (Column("store"), 8),
    (Column("part_no"), 18),
    (Column("quantity_milli", "quantity_milli"), 10),
    (Column("on_hand_milli", "quantity_milli"), 10),
    (Column("on_order_milli", "quantity_milli"), 10),
    (Column("reserved_milli", "quantity_milli"), 10),
    (Column("backorder_milli", "quantity_milli"), 11),
    (Column("expected_demand_milli", "quantity_milli"), 12),
    (Column("safety_stock_milli", "quantity_milli"), 12),
    (Column("reorder_point_milli", "quantity_milli"), 12),
    (Column("order_up_to_level_milli", "quantity_milli"), 12),
    (Column("expected_fill_rate_ppm", "share_ppm"), 11),
    (Column("look_at"), 22),
    (Column("reason"), 72),
)
_LONG = ("reason", "look_at")
_HEAD = {"bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter"}
_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "head": {**_HEAD, "align": "left", "indent": 1},
    "number_head": {**_HEAD, "align": "right"},
    "text": {"num_format": "@", "align": "left", "indent": 1, "valign": "top"},
    "wrapped": {"num_format": "@", "text_wrap": True, "valign": "top", "align": "left", "indent": 1},
    "quantity": {"num_format": "#,##0", "valign": "top"},
    "broken_quantity": {"num_format": "#,##0.0##", "valign": "top"},
    "money": {"num_format": "#,##0.00", "valign": "top"},
    "cost": {"num_format": "#,##0.00##", "valign": "top"},
    "share": {"num_format": "0.0%", "valign": "top"},
    "total": {"bold": True, "top": 1},
    "total_money": {"bold": True, "top": 1, "num_format": "#,##0.00"},
}


@dataclass(frozen=True)
class SupplierOrders:
    """What goes into one supplier's workbook.

    Parameters
    ----------
    supplier
        Its code.
    proposals
        Per proposal its head (proposal_no, order_type, order_on, expected_on, state) and its lines, edits applied;
        `look_at` of a line lists the rules of review in words.
    totals
        Rows ``(figure, value)`` of the totals sheet: texts, or whole ten-thousandths of money as int.
    """

    supplier: str
    proposals: tuple[tuple[Row, Sequence[Row]], ...]
    totals: tuple[tuple[str, int | str], ...]


def write_workbook(path: Path, orders: SupplierOrders, language: str) -> None:
    """Write one supplier's workbook: a sheet per order, one of reasons, one of totals."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": f"{word('plan_run', language)} {orders.supplier}", "created": MADE_ON})
        formats = {name: book.add_format(form) for name, form in _FORMATS.items()}
        for head, lines in orders.proposals:
            _order_sheet(book, formats, head, lines, language)
        _reason_sheet(book, formats, orders, language)
        _total_sheet(book, formats, orders, language)


def write_csv(path: Path, lines: Sequence[Row], columns: Sequence[str]) -> None:
    """Write order lines as CSV with the columns of a supplier's template.

    Parameters
    ----------
    columns
        Column names as `plan list --json` has them, such as ``part_no, quantity``; each may be followed by
        ``=HEADING`` to be called otherwise.
    """
    chosen = [(_COLUMN_OF[name.partition("=")[0]], name.partition("=")[2] or name) for name in columns]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([heading for _, heading in chosen])
        for line in lines:
            row = {**line, "value_e4": value_e4(line)}
            writer.writerow([plain_value(row[column.key], column.kind) for column, _ in chosen])


_COLUMN_OF = {column.name: column for column, _ in (*_REASONS[:-2], *_ORDER, (Column("supplier"), 0))}
CSV_COLUMNS = tuple(sorted(_COLUMN_OF))
"""The names a template may choose from."""


def _order_sheet(book: Any, formats: Mapping[str, Any], head: Row, lines: Sequence[Row], language: str) -> None:
    sheet = book.add_worksheet(f"{word('order_sheet', language)} {head['order_type']}"[:31])
    title = f"{head['proposal_no']}   {word('order_on', language)} {head['order_on']}   "
    sheet.write_string(0, 0, f"{title}{word('expected_on', language)} {head['expected_on']}", formats["title"])
    rows = [{**line, "value_e4": value_e4(line)} for line in lines if line["quantity_milli"]]
    _grid(sheet, formats, _ORDER, rows, language, first_row=2)
    last = 3 + len(rows)
    sheet.write_string(last, 0, word("total", language), formats["total"])
    for column in range(1, len(_ORDER)):
        sheet.write_blank(last, column, None, formats["total"])
    whole = sum(value_e4(row) for row in rows)
    if rows:
        sheet.write_formula(last, 5, f"=SUM(F4:F{last})", formats["total_money"], whole / 10_000)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)


def _reason_sheet(book: Any, formats: Mapping[str, Any], orders: SupplierOrders, language: str) -> None:
    sheet = book.add_worksheet(word("reason_sheet", language))
    rows = [
        {**line, "order_type": head["order_type"], "reason": line_sentence(line, language)}
        for head, lines in orders.proposals
        for line in lines
    ]
    _grid(sheet, formats, _REASONS, rows, language, first_row=0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _total_sheet(book: Any, formats: Mapping[str, Any], orders: SupplierOrders, language: str) -> None:
    sheet = book.add_worksheet(word("total_sheet", language))
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 70)
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, word("figure", language), formats["head"])
    sheet.write_string(0, 1, word("value", language), formats["head"])
    money = {**_FORMATS["money"], "align": "left"}
    money_format = book.add_format(money)
    for number, (figure, value) in enumerate(orders.totals, start=1):
        sheet.write_string(number, 0, figure)
        if isinstance(value, int):
            sheet.write_number(number, 1, value / 10_000, money_format)
        else:
            sheet.write_string(number, 1, value, formats["wrapped"])


def _grid(
    sheet: Any,
    formats: Mapping[str, Any],
    columns: Sequence[tuple[Column, int]],
    rows: Sequence[Row],
    language: str,
    first_row: int,
) -> None:
    """Write a heading and its rows, with frozen heading, filter and widths."""
    for place, (column, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        heading = formats["head" if column.kind == "text" else "number_head"]
        sheet.write_string(first_row, place, word(column.heading, language), heading)
    sheet.set_row(first_row, 32)
    for number, row in enumerate(rows, start=first_row + 1):
        if height := _height(row, columns):
            sheet.set_row(number, height)
        for place, (column, _) in enumerate(columns):
            _write(sheet, formats, number, place, column, row.get(column.key))
    sheet.freeze_panes(first_row + 1, 0)
    sheet.autofilter(first_row, 0, first_row + max(len(rows), 1), len(columns) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:Z{first_row + len(rows) + 2}"})


def _height(row: Row, columns: Sequence[tuple[Column, int]]) -> float | None:
    """Return the height of a row whose long text needs more than one line; None where one line will do."""
    lines = lines_of((str(row.get(column.key) or ""), width - 4) for column, width in columns if column.name in _LONG)
    return LINE_HEIGHT * lines if lines > 1 else None


def _write(sheet: Any, formats: Mapping[str, Any], row: int, place: int, column: Column, value: object) -> None:
    if column.kind == "text":
        sheet.write_string(row, place, str(value or ""), formats["wrapped" if column.name in _LONG else "text"])
        return
    whole = int(str(value or 0))
    if column.kind == "quantity_milli":
        sheet.write_number(row, place, whole / 1000, formats["broken_quantity" if whole % 1000 else "quantity"])
    elif column.kind == "share_ppm":
        sheet.write_number(row, place, whole / 1_000_000, formats["share"])
    else:
        sheet.write_number(row, place, whole / 10_000, formats["cost" if column.name == "unit_cost" else "money"])
