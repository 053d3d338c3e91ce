"""A `Table` as a file to hand on: CSV for programs, or a workbook for people, by the ending of its name.

Part numbers and VINs are text, in cells of text format; the metadata are constant, so the same table makes the same
bytes.
"""

from __future__ import annotations

from pathlib import Path

from reporting.tables import Table, plain_value, render
from reporting.words import word
from reporting.wrapping import LINE_HEIGHT, lines_of

ENDINGS = (".csv", ".xlsx")
_WIDEST, _MARGIN = 48, 2
"""Places of the widest column, and those left free in every one: words do not fill their lines."""


def write_table(table: Table, path: Path, language: str) -> None:
    """Write a table as .csv or .xlsx."""
    if path.suffix.lower() == ".csv":
        path.write_text(render(table, "csv", language), "utf-8-sig")  # the mark tells spreadsheets that it is UTF-8
        return
    import xlsxwriter
    from rich.cells import cell_len

    from reporting.workbook import MADE_ON

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": table.title, "created": MADE_ON})
        sheet = book.add_worksheet()
        head = book.add_format({"bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF", "text_wrap": True})
        # A list that is wider than its column goes on below, and what stands beside it stays at the top.
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        number, share = (book.add_format({"num_format": form, "valign": "top"}) for form in ("#,##0.###", "0 %"))
        lines = [1] * (len(table.rows) + 1)
        for place, column in enumerate(table.columns):
            heading = word(column.heading, language)
            sheet.write_string(0, place, heading, head)
            width = cell_len(heading)
            for row, cells in enumerate(table.rows, start=1):
                cell = cells.get(column.key)
                value = column.text(cell, language) if column.cells else plain_value(cell, column.kind)
                if isinstance(value, int | float):
                    sheet.write_number(row, place, value, share if column.kind == "share_ppm" else number)
                elif value is not None:
                    sheet.write_string(row, place, str(value), text)
                    lines[row] = max(lines[row], lines_of([(str(value), _WIDEST - _MARGIN)]))
                width = max(width, cell_len("" if value is None else str(value)))
            sheet.set_column(place, place, min(width, _WIDEST) + _MARGIN)
        for row, count in enumerate(lines):
            if count > 1:
                sheet.set_row(row, LINE_HEIGHT * count)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_header(f"&L&B{table.title.replace('&', '&&')}&R&P / &N")
