"""Small charts of the months: a month without a value is a gap, and every mark lies within the drawing."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as some

from reporting.charts.months import HEIGHT, WIDTH, Frame, Series, columns, lines, shares, spark

FRAME = Frame("Fill", [f"M{at}" for at in range(12)], "lines", "nothing here")
VALUES = some.lists(some.one_of(some.none(), some.floats(-1e9, 1e9, allow_subnormal=False)), min_size=12, max_size=12)


def places(drawing: str) -> list[tuple[float, float]]:
    """The corners of every line drawn through months."""
    found = re.findall(r'points="([^"]*)"', drawing)
    return [(float(x), float(y)) for points in found for x, y in (pair.split(",") for pair in points.split())]


def boxes(drawing: str) -> list[tuple[float, float]]:
    """Top and bottom of every box."""
    found = re.findall(r'<rect x="[-\d.]+" y="([-\d.]+)" width="[\d.]+" height="([\d.]+)"', drawing)
    return [(float(y), float(y) + float(height)) for y, height in found]


@given(VALUES)
@example([*[None] * 10, 4e-303, -1797694.0])  # what the first part takes down the second brings up again
def test_every_mark_lies_within_the_drawing(values: list[float | None]) -> None:
    for drawing in (
        lines(FRAME, [Series("all", values)], Series("goal", (0.9,)), percent=False),
        columns(FRAME, [Series("all", values), Series("more", [abs(value or 0.0) for value in values])]),
    ):
        assert all(-0.01 <= x <= WIDTH and -0.01 <= y <= HEIGHT for x, y in places(drawing))
        assert all(-0.01 <= top <= bottom <= HEIGHT for top, bottom in boxes(drawing))
        assert "nan" not in drawing


def test_a_line_is_broken_where_a_month_has_no_value() -> None:
    drawing = lines(FRAME, [Series("all", [0.9, 0.8, None, 0.7, None, *[0.9] * 7])])
    assert [len(points.split()) for points in re.findall(r'points="([^"]*)"', drawing)] == [2, 7]
    assert drawing.count("<circle") == 2, "the month that stands alone, and the last"


def test_a_line_in_a_cell_marks_the_last_value_and_shows_a_goal_within_reach_only() -> None:
    near, far = spark([0.90, 0.92, 0.91], 0.93, "Fill"), spark([0.90, 0.92, 0.91], 9.0, "Fill")
    assert near.count("stroke-dasharray") == 1
    assert "stroke-dasharray" not in far
    assert near.count("<circle") == 1
    assert spark([None, 0.9, None], None, "Fill") == "", "one value is no trend"
    assert spark([5.0, 5.0], None, "Flat").count("<polyline") == 1


def test_what_has_no_value_at_all_says_so() -> None:
    nothing: list[float | None] = [None] * 12
    for drawing in (lines(FRAME, [Series("", nothing)]), columns(FRAME, [Series("", nothing)])):
        assert "nothing here" in drawing
    assert "nothing here" in shares(FRAME, [Series("S01", nothing)])


def test_shares_fill_their_bar_and_stores_stand_below_each_other() -> None:
    frame = Frame("Age", ["0", "3", "6", "9", "12"], "", "")
    drawing = shares(frame, [Series("all", [0.5, 0.2, 0.1, 0.1, 0.1]), Series("S01", [1.0, 0.0, 0.0, 0.0, 0.0])])
    boxes = [
        (float(x), float(width)) for x, width in re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', drawing)
    ]
    bars = [each for each in boxes if each[1] > 13]
    assert round(sum(width for _, width in bars)) == 2 * (WIDTH - 16)
    assert "50 %" in drawing
    assert "100 %" in drawing
