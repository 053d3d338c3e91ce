"""Marks and scales: round numbers on the axes, words that can't break a drawing, greys that a copier keeps apart."""

from itertools import pairwise
from xml.etree import ElementTree as Tree

import pytest
from hypothesis import given
from hypothesis import strategies as some

from reporting.charts import drawing
from reporting.charts.part import _GROUPS
from reporting.charts.plot import Plot, Scale, nice_step, quantity, round_top
from reporting.charts.sheet import html_page


@given(highest=some.floats(1e-3, 1e7), about=some.integers(2, 10))
def test_an_axis_ends_in_a_round_number_that_holds_all(highest: float, about: int) -> None:
    top = round_top(highest, about)
    assert top >= highest * (1 - 1e-9)
    ticks = Scale(0.0, top, 0.0, 100.0).ticks(about)
    assert ticks[0] == 0
    assert len(ticks) >= 2
    assert ticks == sorted(ticks)
    assert nice_step(highest) >= highest * (1 - 1e-9)


def test_quantities_are_laid_out_in_proportion_and_upward() -> None:
    plot = Plot.within(10, 20, 100, 50, (0.0, 10.0), (0.0, 5.0))
    assert plot.x.at([0, 5, 10]).tolist() == [10, 60, 110]
    assert plot.y.at([0, 5]).tolist() == [70, 20]


@pytest.mark.parametrize(("value", "told"), [(0.0, "0"), (12_000.0, "12,000"), (2.5, "2.5"), (1200.4, "1,200")])
def test_a_number_on_an_axis_is_as_short_as_it_can_be(value: float, told: str) -> None:
    assert quantity(value) == told


def test_words_of_any_kind_are_words_in_the_drawing() -> None:
    words = "Filter <3> & \"左\" '右'"
    svg = drawing.page(100, 100, [drawing.text(1, 2, words)], words, words)
    root = Tree.fromstring(svg)  # noqa: S314 - our own
    texts = [node.text for node in root.iter() if node.tag.endswith(("text", "title", "desc"))]
    assert texts == [words] * 3
    assert words not in html_page(svg, words, "zh", (words,))
    assert 'lang="zh-CN"' in html_page(svg, words, "zh", ())


def test_chinese_is_as_wide_as_it_is() -> None:
    assert drawing.text_width("备件", 10) == 20
    assert drawing.text_width("parts", 10) < 30


def test_the_fan_is_darker_towards_the_middle_so_that_a_copier_keeps_it() -> None:
    lightness = [sum(int(fill[i : i + 2], 16) for i in (1, 3, 5)) for _, _, fill in _GROUPS]
    assert lightness == sorted(lightness, reverse=True)
    assert min(a - b for a, b in pairwise(lightness)) > 80
