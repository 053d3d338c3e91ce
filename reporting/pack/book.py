"""The report as a workbook: what needs doing, all figures with their goals, twelve months with charts, and every list.

Cells are typed (a share is a share, a day a day, a part number text in a cell of text format), heads are frozen and can
be filtered, charts are the workbook's own, and each figure leads to the sheet of its lines and to its definition. The
metadata are constant: the same report makes the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import xlsxwriter

from inventory.figures.figure import Figure, FigureDefinition
from reporting.pack import attention
from reporting.pack.contents import CLAIMED, OVERDUE, PAGES, SHORT, SOLD, STOCKED, Pack
from reporting.pack.lists import MOST_ROWS, PROPOSALS, PROPOSED, SUPPLIERS, Listed, heading, lists_of
from reporting.pack.page import call_of, known_told, stores_told, title
from reporting.pack.trend_sheets import laid_out, write_trends
from reporting.pack.views import definitions
from reporting.tables import Column, plain_value
from reporting.words import word
from reporting.workbook import MADE_ON
from reporting.wrapping import LINE_HEIGHT, lines_of

_SHEETS = {
    SOLD: "sheet_sold_parts",
    SHORT: "sheet_short_lines",
    STOCKED: "sheet_stocked_parts",
    OVERDUE: "sheet_overdue_lines",
    CLAIMED: "sheet_claims",
    SUPPLIERS: "sheet_suppliers",
    PROPOSALS: "sheet_proposals",
    PROPOSED: "sheet_proposal_lines",
}
_HEAD = {"bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter"}
_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "verdict": {"bold": True, "font_size": 14},
    "soft": {"font_color": "#595959"},
    "head": {**_HEAD, "align": "left", "indent": 1},
    "number_head": {**_HEAD, "align": "right"},
    "text": {"num_format": "@", "valign": "top", "align": "left", "indent": 1},
    "wrapped": {"text_wrap": True, "align": "left", "indent": 1, "valign": "top"},
    "bold": {"bold": True, "valign": "top"},
    "link": {"font_color": "#1F3864", "underline": 1, "valign": "top"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left", "indent": 1, "valign": "top"},
    "month": {"num_format": "yyyy-mm", "align": "left", "valign": "top"},
    "count": {"num_format": "#,##0", "valign": "top"},
    "quantity": {"num_format": "#,##0", "valign": "top"},
    "broken_quantity": {"num_format": "#,##0.0##", "valign": "top"},
    "money": {"num_format": "#,##0.00", "valign": "top"},
    "share": {"num_format": "0.0%", "valign": "top"},
    "decimal": {"num_format": "#,##0.00", "valign": "top"},
    "right": {"align": "right", "valign": "top"},
}
_OF_KIND = {"money_e4": "money", "quantity_milli": "quantity", "share_ppm": "share", "count": "count"}
_OF_UNIT = {"money": "money", "share": "share", "count": "count"}
_WIDTHS = {"name": 44, "why": 80, "action": 44, "part_no": 18, "order_no": 20, "proposal_no": 24, "claim_no": 22}
_WIDTH = 14
_FIRST_WIDTHS = (32, 14, 24, 16, 20, 56)


def write_report(pack: Pack, path: Path, language: str) -> None:
    """Write the report as a workbook."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": f"{title(pack, language)} {stores_told(pack, language)}", "created": MADE_ON})
        formats = {name: book.add_format(form) for name, form in _FORMATS.items()}
        _first_sheet(_sheet(book, "sheet_first", language), formats, pack, language)
        _figure_sheet(_sheet(book, "sheet_figures", language), formats, pack, language)
        write_trends(book, formats, pack, language)
        for name, listed in lists_of(pack, language, MOST_ROWS).items():
            _list_sheet(_sheet(book, _SHEETS[name], language), formats, listed, language)
        _definition_sheet(_sheet(book, "sheet_definitions", language), formats, pack, language)


def _sheet(book: Any, key: str, language: str) -> Any:
    sheet = book.add_worksheet(word(key, language))
    laid_out(sheet, 0)
    return sheet


def _first_sheet(sheet: Any, formats: Mapping[str, Any], pack: Pack, language: str) -> None:
    """Write what a manager reads first: the verdict, the gaps, what waits."""
    for column, width in enumerate(_FIRST_WIDTHS):
        sheet.set_column(column, column, width)
    told = (
        (title(pack, language), "title"), (stores_told(pack, language), "soft"), (known_told(pack, language), "soft"),
        (attention.verdict(pack, language), "verdict"), (attention.score(pack, language), "soft"),
    )  # fmt: skip
    for row, (text, form) in enumerate(told):
        sheet.write_string(row, 0, text, formats[form])
        if form in ("title", "verdict"):
            sheet.set_row(row, 24)
    row = len(told) + 1
    keys = ("pack_repair_first", f"this_{pack.every}", "pack_goal", "pack_gap", "pack_worth", "pack_next_step")
    for column, key in enumerate(keys):
        sheet.write_string(row, column, word(key, language), formats["head"])
    for gap in attention.gaps(pack, language):
        row += 1
        place = _place_of_definition(pack, gap.figure_id, language)
        sheet.write_url(row, 0, place, formats["link"], f"{gap.mark} {gap.name}")
        for column, text in enumerate((gap.value, gap.goal, gap.gap, gap.worth), start=1):
            sheet.write_string(row, column, text, formats["bold" if column == 1 else "text"])
        sheet.write_string(row, 5, gap.next_step, formats["wrapped"])
        sheet.set_row(row, _height((gap.next_step, _FIRST_WIDTHS[5])))
    row += 2
    for column, key in enumerate(("pack_waiting", "unit_count", "amount_or_more")):
        sheet.write_string(row, column, word(key, language), formats["number_head" if column == 1 else "head"])
    for tile in attention.tiles(pack, language):
        row += 1
        where = _SHEETS.get({"proposals": PROPOSALS, "service": SHORT}.get(tile.anchor, tile.anchor), "sheet_figures")
        sheet.write_url(row, 0, f"internal:'{word(where, language)}'!A1", formats["link"], tile.what)
        sheet.write_number(row, 1, tile.count, formats["count"])
        sheet.write_string(row, 2, tile.more, formats["text"])


def _figure_sheet(sheet: Any, formats: Mapping[str, Any], pack: Pack, language: str) -> None:
    """Write a row per figure and store, with the period before, the goal, and links to lines and definition."""
    heads = (
        ("id", 22, False), ("name", 34, False), ("store", 12, False), ("month", 14, False), ("value", 15, True),
        ("unit", 12, False), ("pack_previous", 15, True), ("pack_change", 13, True), ("goal_low", 11, True),
        ("goal_high", 11, True), ("goal_state", 10, False), ("weight", 9, True), ("points", 9, True),
        ("pack_lines", 18, False),
    )  # fmt: skip
    for column, (key, width, is_number) in enumerate(heads):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, word(key, language), formats["number_head" if is_number else "head"])
    lists = {figure_id: name for page in PAGES for figure_id, name in page.figures}
    row = 0
    for definition, _ in pack.chosen:
        figure_id = definition.figure_id
        named = [("", pack.overview.together), *pack.overview.by_store.items()]
        for store, values in named if len(pack.overview.stores) > 1 else named[:1]:
            row += 1
            figure = values[figure_id]
            sheet.write_url(row, 0, _place_of_definition(pack, figure_id, language), formats["link"], figure_id)
            sheet.write_string(row, 1, word(definition.name_key, language), formats["text"])
            sheet.write_string(row, 2, store or figure.store or word("all_stores", language), formats["text"])
            sheet.write_string(row, 3, figure.month, formats["text"])
            _write_value(sheet, formats, (row, 4), figure.value, definition)
            unit = word(f"unit_{definition.unit.replace(' ', '_')}", language)
            sheet.write_string(row, 5, unit, formats["text"])
            if not store:
                _write_goal(sheet, formats, row, pack, figure, language)
            where = word(_SHEETS.get(lists.get(figure_id, ""), "sheet_definitions"), language)
            sheet.write_url(row, len(heads) - 1, f"internal:'{where}'!A1", formats["link"], where)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(row, 1), len(heads) - 1)
    sheet.repeat_rows(0)


def _write_goal(sheet: Any, formats: Mapping[str, Any], row: int, pack: Pack, figure: Figure, language: str) -> None:
    """Write the period before, the change, the goal and whether it is met."""
    definition = figure.definition
    change, before = pack.change(definition.figure_id)
    _write_value(sheet, formats, (row, 6), before, definition)
    _write_value(sheet, formats, (row, 7), change, definition)
    reference = pack.references.get(definition.figure_id)
    if reference is None:
        return
    for column, end in ((8, reference.low), (9, reference.high)):
        if end is not None:
            _write_value(sheet, formats, (row, column), end, definition)
    if figure.value is not None:
        missed = any(each.figure.definition == definition for each in pack.scored.repair_first)
        sheet.write_string(row, 10, word("pack_missed" if missed else "pack_met", language), formats["bold"])
    scored = next(each for each in pack.scored.kpis if each.figure.definition == definition)
    sheet.write_number(row, 11, float(scored.weight), formats["decimal"])
    if scored.points is not None:
        sheet.write_number(row, 12, float(round(scored.points, 6)), formats["decimal"])


def _write_value(
    sheet: Any, formats: Mapping[str, Any], at: tuple[int, int], value: Fraction | None, definition: FigureDefinition
) -> None:
    if value is None:
        sheet.write_string(*at, "–", formats["right"])
    else:
        sheet.write_number(*at, float(round(value, 6)), formats[_OF_UNIT.get(definition.unit, "decimal")])


def _place_of_definition(pack: Pack, figure_id: str, language: str) -> str:
    at = next(row for row, (each, _) in enumerate(pack.chosen, start=2) if each.figure_id == figure_id)
    return f"internal:'{word('sheet_definitions', language)}'!A{at}"


def _list_sheet(sheet: Any, formats: Mapping[str, Any], listed: Listed, language: str) -> None:
    """Write a list with typed cells, frozen head and filter; its last row tells where it was cut."""
    table = listed.table
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, _WIDTHS.get(column.name, _WIDTH))
        is_number = column.kind not in ("text", "date")
        form = formats["number_head" if is_number else "head"]
        sheet.write_string(0, place, heading(column, language), form)
    shown = table.rows
    for number, row in enumerate(shown, start=1):
        if "why" in row:
            sheet.set_row(number, _height((str(row["why"]), _WIDTHS["why"])))
        for place, column in enumerate(table.columns):
            _write_cell(sheet, formats, (number, place), column, row.get(column.key))
    if len(shown) < listed.count:
        told = word("shown_of", language).format(shown=f"{len(shown):,}", total=f"{listed.count:,}")
        sheet.write_string(len(shown) + 1, 0, told, formats["soft"])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(shown), 1), len(table.columns) - 1)
    sheet.repeat_rows(0)
    sheet.ignore_errors({"number_stored_as_text": f"A1:Z{len(shown) + 2}"})


def _write_cell(sheet: Any, formats: Mapping[str, Any], at: tuple[int, int], column: Column, value: object) -> None:
    plain = plain_value(value, column.kind)
    if plain is None or plain == "":
        return
    if column.kind == "date":
        sheet.write_datetime(*at, date.fromisoformat(str(plain)), formats["date"])
    elif isinstance(plain, int | float):
        name = _OF_KIND[column.kind]
        sheet.write_number(*at, plain, formats["broken_quantity" if name == "quantity" and plain % 1 else name])
    else:
        sheet.write_string(*at, str(plain), formats["wrapped" if column.name == "why" else "text"])


def _height(*cells: tuple[str, int]) -> float:
    """Return how high a row has to be for texts in columns of such widths."""
    return LINE_HEIGHT * lines_of((text, width - 3) for text, width in cells)


def _definition_sheet(sheet: Any, formats: Mapping[str, Any], pack: Pack, language: str) -> None:
    heads = (("id", 22), ("name", 30), ("version", 9), ("variant", 14), ("definition", 90), ("pack_goal", 18),
             ("goal_source", 40), ("pack_command", 70))  # fmt: skip
    for column, (key, width) in enumerate(heads):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, word(key, language), formats["head"])
    for row, each in enumerate(definitions(pack, call_of(pack), language), start=1):
        texts: Sequence[str] = (
            each.figure_id, each.name, str(each.version), each.variant, each.text, each.goal, each.source, each.command,
        )  # fmt: skip
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, formats["wrapped"])
        sheet.set_row(row, _height(*((text, width) for text, (_, width) in zip(texts, heads, strict=True))))
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, len(pack.chosen), len(heads) - 1)
    sheet.repeat_rows(0)
