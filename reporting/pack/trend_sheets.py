"""Twelve months in the workbook: a row per store and month, and the workbook's own charts over them.

The rows of all stores together come first, so that the charts stand on rows 2 to 13 whatever stores there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from demand.periods import PeriodKind, first_day_of
from inventory.figures.scope import month_end
from reporting.pack.contents import Pack
from reporting.words import word

_FORM = {"share": "share", "money": "money", "count": "count"}
_MONTHS = 12
_CHARTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("column", "chart_revenue", ("REVENUE_NET",)),
    ("line", "chart_margin", ("GM",)),
    ("line", "chart_fill", ("FILL_SHELF_LINE", "FILL_SAMEDAY")),
    ("stacked", "chart_short", ("SHORT_LINES_COMMON", "SHORT_LINES_GENERAL")),
    ("column", "chart_stock", ("STOCK_VALUE",)),
    ("line", "chart_on_time", ("FILL_SUPPLIER",)),
)
"""Kind, title, and the figures drawn."""

_GREYS = ("#404040", "#A6A6A6")
_FAINT = {"visible": True, "line": {"color": "#D9D9D9", "width": 0.75}}
_WIDTH, _HEIGHT = 560, 280
_CHART_ROWS, _CHART_COLUMNS = 15, 9
"""Cells of the usual size that a chart takes, with some room."""


def write_trends(book: Any, formats: Mapping[str, Any], pack: Pack, language: str) -> None:
    """Write the sheet of the twelve months and the sheet of charts over it."""
    name = word("sheet_trends", language)
    sheet = book.add_worksheet(name)
    figures = [definition for definition, _ in pack.chosen if definition.figure_id in pack.overview.trends[""]]
    heads = [word("store", language), word("month", language), word("figure_stock_value", language)]
    heads += [word(definition.name_key, language) for definition in figures]
    for column, heading in enumerate(heads):
        sheet.write_string(0, column, heading, formats["head" if column < 2 else "number_head"])
    sheet.set_column(0, 1, 12)
    sheet.set_column(2, len(heads) - 1, 12)
    sheet.set_row(0, 48)
    stores = ["", *(pack.overview.stores if len(pack.overview.stores) > 1 else ())]
    year = pack.overview.scope.year()
    for at in range(len(stores) * _MONTHS):
        store, month = stores[at // _MONTHS], year.first_month + at % _MONTHS
        together = ("、" if language == "zh" else ", ").join(pack.overview.stores)
        sheet.write_string(at + 1, 0, store or together, formats["text"])
        sheet.write_datetime(at + 1, 1, first_day_of(month, PeriodKind.MONTH), formats["month"])
        known = pack.overview.stock_values[store].get(_end(month, year.until))
        if known is not None:
            sheet.write_number(at + 1, 2, known / 10_000, formats["money"])
        for column, definition in enumerate(figures, start=3):
            value = pack.overview.trends[store][definition.figure_id][at % _MONTHS].value
            if value is not None:
                form = formats[_FORM.get(definition.unit, "decimal")]
                sheet.write_number(at + 1, column, float(round(value, 6)), form)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, len(stores) * _MONTHS, len(heads) - 1)
    sheet.repeat_rows(0)
    laid_out(sheet, 0)
    places = {definition.figure_id: column for column, definition in enumerate(figures, start=3)} | {"STOCK_VALUE": 2}
    _charts(book, name, places, language)


def laid_out(sheet: Any, pages_high: int) -> None:
    """Have a sheet print on A4 across, one page wide and so many high (0: as many as it takes), the pages numbered."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, pages_high)
    sheet.set_footer("&L&A&R&P / &N")


def _end(month: int, until: date) -> date:
    return min(month_end(month), until)


def _charts(book: Any, data: str, places: Mapping[str, int], language: str) -> None:
    sheet = book.add_worksheet(word("sheet_charts", language))
    sheet.hide_gridlines(2)
    laid_out(sheet, 1)
    sheet.print_area(0, 0, _CHART_ROWS * (len(_CHARTS) // 2) + 1, 2 * _CHART_COLUMNS + 1)
    for number, (kind, title, figures) in enumerate(_CHARTS):
        form = {"type": "line"} if kind == "line" else {"type": "column"}
        chart = book.add_chart(form | {"subtype": "stacked"} if kind == "stacked" else form)
        for turn, figure_id in enumerate(figures):
            column, colour = places[figure_id], _GREYS[turn]
            marks = {"line": {"color": colour, "width": 2.25}, "marker": {"type": ("circle", "square")[turn]}}
            chart.add_series(
                {
                    "name": [data, 0, column],
                    "categories": [data, 1, 1, _MONTHS, 1],
                    "values": [data, 1, column, _MONTHS, column],
                    **(marks if kind == "line" else {"fill": {"color": colour}}),
                }
            )
        chart.set_title({"name": word(title, language), "name_font": {"size": 12}})
        chart.set_x_axis({"num_format": "yyyy-mm", "text_axis": True, "num_font": {"rotation": -45}})
        unit = {"line": "chart_share", "column": "amount", "stacked": "chart_count"}[kind]
        named = {"name": word(unit, language) + (word("amount_in", language) if kind == "column" else "")}
        numbers = "0.0%" if kind == "line" else "#,##0"
        small = {"size": 9, "bold": False}
        chart.set_y_axis({**named, "num_format": numbers, "major_gridlines": _FAINT, "name_font": small})
        chart.set_legend({"position": "bottom"} if len(figures) > 1 else {"none": True})
        chart.set_size({"width": _WIDTH, "height": _HEIGHT})
        sheet.insert_chart(1 + _CHART_ROWS * (number // 2), 1 + _CHART_COLUMNS * (number % 2), chart)
