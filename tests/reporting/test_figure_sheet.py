"""The sheet of figures tells what changed, in the figure's own way, and whether that is better."""

from __future__ import annotations

from fractions import Fraction

import pytest

from inventory.figures.catalogue import FIGURES, named
from inventory.figures.figure import Figure
from reporting.figure_sheet import Earlier, change_text, sheet_table
from reporting.tables import render


def figure(name: str, numerator: int, denominator: int = 1, store: str = "") -> Figure:
    return Figure(*named(name), store, "2026-06", numerator, denominator)


@pytest.mark.parametrize(
    ("name", "now", "before", "said", "reason"),
    [
        ("FILL_SHELF_LINE", "0.92", "0.9", "+2.0 pp better", "shares differ by points"),
        ("DEAD_12", "0.06", "0.05", "+1.0 pp worse", "less dead stock is better"),
        ("SALES", "90", "100", "-10.0 % worse", "money by a share of what it was"),
        ("SHORT_LINES_COMMON", "40", "50", "-10 better", "lines are counted"),
        ("GMROI", "2.5", "2.25", "+0.25 better", "a ratio by its difference"),
        ("TURN_GROSS", "6.6", "6", "+10.0 %", "of a band neither way is better"),
        ("STOCK_VALUE", "100", "100", "=", "nothing changed"),
        ("STOCK_VALUE", "100", "0", "–", "from nothing there is no share"),
        ("GM", "0.3", None, "–", "there was no margin then"),
        ("GM", None, "0.3", "–", "there is none now"),
    ],
)
def test_a_change_is_told_as_it_is_spoken_of(
    name: str, now: str | None, before: str | None, said: str, reason: str
) -> None:
    at = Fraction(now or 0)
    this = figure(name, at.numerator, at.denominator if now else 0)
    assert change_text(this, None if before is None else Fraction(before), "en") == said, reason


def test_figures_stand_under_their_headings_and_those_without_a_value_below() -> None:
    names = ("GM", "PRICED", "FILL_SHELF_LINE", "CLAIM_LATE")
    now = [figure("GM", 1, 3), figure("PRICED", 1), figure("FILL_SHELF_LINE", 9, 10), figure("CLAIM_LATE", 0, 0)]
    before = [figure(name, 1, 2) for name in names]
    table = sheet_table(now, [Earlier("change_before", before)])
    assert [row["heading"] for row in table.rows] == ["Sales", "", "Fill"]
    assert [row["change_before"] for row in table.rows] == ["-16.7 pp worse", "+50.0 pp better", "+40.0 pp better"]
    assert table.notes[-1] == "Nothing to divide by: Claims lapsed."
    named_ones = sheet_table(now, [], all_shown=True, over=False)
    assert [row["value"] for row in named_ones.rows][-1] == "–"
    assert "not over" in named_ones.notes[-1]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_figures_fit_a_sheet_of_a_line_each(language: str) -> None:
    figures = [figure(name, 1, 2, "S01") for name in FIGURES]
    earlier = [Earlier("change_before", figures), Earlier("change_year", figures)]
    lines = render(sheet_table(figures, earlier, language), "table", language).splitlines()
    assert len([line for line in lines if ":" in line]) >= len(FIGURES)
    assert len(lines) < len(FIGURES) + 10
    assert "S01" in lines[0]
