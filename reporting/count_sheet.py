"""The sheet a counter takes along: where to look for what, room to write, and nothing of what the books hold.

Sorted by bin. A part number is text, in cells of text format. Row 1 holds the headings under which a filled-in sheet
is read back. The metadata are constant: the same sheet makes the same bytes.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reporting.words import word

HEADINGS = {
    "bin": ("bin", "货位", 12),
    "part_no": ("part_no", "备件编码", 20),
    "name": ("name", "备件名称", 40),
    "unit": ("unit", "单位", 8),
    "quantity": ("quantity", "数量", 12),
    "counter": ("counter", "盘点人", 14),
    "counted_at": ("counted_at", "盘点时间", 18),
    "note": ("note", "备注", 24),
}
"""Each column with its heading in English and Chinese, as the reader of filled-in sheets knows it, and its width."""

_TO_FILL_IN = ("quantity", "counter", "counted_at", "note")


def write_sheet(
    path: Path, count_no: str, store: str, lines: Sequence[Mapping[str, str]], language: str, *, recount: bool = False
) -> None:
    """Write a sheet as CSV or as a workbook, by the ending of its name.

    Parameters
    ----------
    lines
        Rows with bin, part_no, name and unit.
    recount
        It is a sheet of lines to be counted again.
    """
    ordered = sorted(lines, key=lambda line: (line["bin"], line["part_no"]))
    if path.suffix.lower() == ".csv":
        _write_csv(path, ordered, language)
    else:
        title = f"{word('recount_sheet' if recount else 'count_sheet', language)} {count_no} · {store}"
        _write_workbook(path, title, ordered, language)


def _headings(language: str) -> list[str]:
    return [chinese if language == "zh" else english for english, chinese, _ in HEADINGS.values()]


def _write_csv(path: Path, lines: Sequence[Mapping[str, str]], language: str) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:  # the mark tells spreadsheets that it is UTF-8
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(_headings(language))
        writer.writerows([line.get(name, "") for name in HEADINGS] for line in lines)


def _write_workbook(path: Path, title: str, lines: Sequence[Mapping[str, str]], language: str) -> None:
    import xlsxwriter

    from reporting.workbook import MADE_ON

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": title, "created": MADE_ON})
        sheet = book.add_worksheet("count")
        _layout(book, sheet, title, len(lines), language)
        text = book.add_format({"num_format": "@", "border": 1, "border_color": "#BFBFBF"})
        number = book.add_format({"num_format": "#,##0.###", "border": 1, "border_color": "#BFBFBF"})
        for row, line in enumerate(lines, start=1):
            sheet.set_row(row, 21)
            for place, name in enumerate(HEADINGS):
                if name in _TO_FILL_IN:
                    sheet.write_blank(row, place, None, number if name == "quantity" else text)
                else:
                    sheet.write_string(row, place, line[name], text)


def _layout(book: Any, sheet: Any, title: str, rows: int, language: str) -> None:
    """Write the headings and say how the sheet is printed."""
    head = book.add_format({"bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF", "valign": "vcenter"})
    for place, (heading, (_, _, width)) in enumerate(zip(_headings(language), HEADINGS.values(), strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heading, head)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(rows, 1), len(HEADINGS) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:D{rows + 1}"})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_header(f"&L&B{title.replace('&', '&&')}&R&P / &N")
    sheet.set_footer(f"&L{word('count_apart', language)}")
