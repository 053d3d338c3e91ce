"""Workbooks: they open, part numbers keep their zeros, nothing becomes a formula, the same plan is the same file."""

from pathlib import Path

import openpyxl
import pytest

from reporting.workbook import SupplierOrders, write_csv, write_workbook
from tests.reporting.test_plan_words import line

HEAD = {
    "proposal_no": "20260630-GPC-stock", "order_type": "stock", "order_on": "2026-07-02", "expected_on": "2026-07-07",
}  # fmt: skip
LINES = [
    {**line(), "unit": "each", "look_at": ""},
    {**line(), "part_no": "=1+1", "name": "+cmd", "unit": "L", "quantity_milli": 2_500, "look_at": "a rule"},
    {**line(), "part_no": "@X", "name": "-x", "unit": "each", "quantity_milli": 0, "look_at": ""},
]
ORDERS = SupplierOrders("GPC", ((HEAD, LINES),), (("Total", 2_812_500), ("Run", "20260630-abc")))


@pytest.fixture
def book(tmp_path: Path) -> openpyxl.Workbook:
    write_workbook(tmp_path / "GPC.xlsx", ORDERS, "en")
    return openpyxl.load_workbook(tmp_path / "GPC.xlsx")


def test_a_part_number_is_text_and_keeps_its_zeros(book: openpyxl.Workbook) -> None:
    cell = book["Order stock"]["A4"]
    assert (cell.value, cell.data_type, cell.number_format) == ("00195040", "s", "@")


def test_text_that_looks_like_a_formula_stays_text(book: openpyxl.Workbook) -> None:
    for place, text in (("A5", "=1+1"), ("B5", "+cmd")):
        cell = book["Order stock"][place]
        assert (cell.value, cell.data_type) == (text, "s")


def test_quantities_and_money_are_numbers_and_add_up(book: openpyxl.Workbook) -> None:
    sheet = book["Order stock"]
    assert [sheet[f"C{row}"].value for row in (4, 5)] == [20, 2.5]
    assert [sheet[f"F{row}"].value for row in (4, 5)] == [250, 31.25]
    assert sheet["F6"].value == "=SUM(F4:F5)"


def test_a_line_set_to_zero_is_explained_and_not_ordered(book: openpyxl.Workbook) -> None:
    assert [row[0].value for row in book["Order stock"].iter_rows(min_row=4, max_row=5)] == ["00195040", "=1+1"]
    assert book["Order stock"]["A6"].value == "Total"
    assert book["Reasons"].max_row == 4


def test_headings_are_frozen_and_filtered(book: openpyxl.Workbook) -> None:
    assert book["Order stock"].freeze_panes == "A4"
    assert book["Order stock"].auto_filter.ref == "A3:G5"
    assert book["Reasons"].freeze_panes == "A2"


def test_totals_tell_money_and_where_it_came_from(book: openpyxl.Workbook) -> None:
    sheet = book["Totals"]
    assert [(row[0].value, row[1].value) for row in sheet.iter_rows(min_row=2)] == [
        ("Total", 281.25), ("Run", "20260630-abc"),
    ]  # fmt: skip


def test_the_same_plan_is_the_same_file_byte_for_byte(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(tmp_path / name, ORDERS, "zh")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["订单 stock"]["A3"].value == "备件编码"


def test_a_csv_follows_the_suppliers_template(tmp_path: Path) -> None:
    write_csv(tmp_path / "order.csv", LINES[:2], ["part_no=Item", "quantity", "unit_cost=Price"])
    assert (tmp_path / "order.csv").read_text("utf-8").splitlines() == [
        "Item,quantity,Price", "00195040,20,12.5", "=1+1,2.5,12.5",
    ]  # fmt: skip
