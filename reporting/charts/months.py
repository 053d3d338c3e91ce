"""Small charts of the twelve months: a line in a table's cell, lines with a goal, stacked columns, and a bar of shares.

They stand inside a page, so their hatches are drawn once for all of them (`hatches`). Stores are told apart by dashes,
parts of a column by a hatch; what holds for all together is the thick line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, floor

from reporting.charts import drawing
from reporting.charts.plot import Plot, nice_step, quantity, round_top

Values = Sequence[float | None]
"""One per month; None where there is none."""

SPARK_WIDTH, SPARK_HEIGHT = 110.0, 24.0
WIDTH, HEIGHT = 410.0, 222.0
_LEFT, _TOP, _DOWN = 46.0, 52.0, 116.0
_ACROSS = WIDTH - _LEFT - 34
_DASHES = ("6 3", "2 2.5", "8 2.5 2 2.5", "10 4", "4 4", "1 3")
_FILLS = ("#6d7f92", drawing.HATCH, "#c9d3dd")
_SHADES = ("#e4eaf0", "#c3cfdb", "#93a7ba", "#56708a", "#1f3550")


@dataclass(frozen=True)
class Series:
    """A name and its value in each month; the name is empty for what needs none."""

    name: str
    values: Values


@dataclass(frozen=True)
class Frame:
    """What a chart is called, what its months are called, and what is measured upward.

    Parameters
    ----------
    nothing
        What is said where there is nothing to show.
    years
        The year of each month, told below the first and wherever it changes; none where the labels are no months.
    sign
        How a language writes per cent after a number.
    """

    title: str
    labels: Sequence[str]
    unit: str
    nothing: str
    years: Sequence[str] = ()
    sign: str = " %"


def spark(values: Values, goal: float | None, told: str) -> str:
    """Return a line without axes, its last value marked; the goal dashed where it lies within reach."""
    seen = [value for value in values if value is not None]
    if len(seen) < 2 or not any(seen):
        return ""
    low, high = min(seen), max(seen)
    if goal is not None and low - (high - low) <= goal <= high + (high - low):
        low, high = min(low, goal), max(high, goal)
    span = (high - low) or 1.0
    plot = Plot.within(4, 4, SPARK_WIDTH - 8, SPARK_HEIGHT - 8, (0, len(values) - 1), (low, low + span))
    if high == low:
        plot = Plot.within(4, 4, SPARK_WIDTH - 8, SPARK_HEIGHT - 8, (0, len(values) - 1), (low - 1, low + 1))
    marks = []
    if goal is not None and low <= goal <= high:
        at = float(plot.y.at(goal))
        marks.append(drawing.line(2, at, SPARK_WIDTH - 2, at, drawing.SOFT, 0.8, "2 2"))
    marks += _runs(plot, values, drawing.INK, 1.4, "")
    last = max(place for place, value in enumerate(values) if value is not None)
    marks.append(drawing.dot(float(plot.x.at(last)), float(plot.y.at(float(values[last] or 0))), 2.6))
    return drawing.inline(SPARK_WIDTH, SPARK_HEIGHT, marks, told, "")


def lines(frame: Frame, series: Sequence[Series], goal: Series | None = None, percent: bool = True) -> str:
    """Return lines over the months, the first of them thick with its last value; a goal as a thin dashed line."""
    seen = [value for each in series for value in each.values if value is not None]
    if not seen:
        return _empty(frame)
    aim = goal.values[0] if goal is not None else None
    if aim is not None:
        seen.append(aim)
    low, high = _round_range(min(seen), max(seen))
    plot = Plot.within(_LEFT, _TOP, _ACROSS, _DOWN, (-0.5, len(frame.labels) - 0.5), (low, high))
    marks = [
        _title(frame),
        *plot.grid(4, "" if percent else frame.unit, percent, frame.sign),
        plot.base(),
        *_months(frame, plot),
    ]
    if goal is not None and aim is not None:
        at = float(plot.y.at(aim))
        marks.append(drawing.line(plot.x.start, at, plot.x.end, at, drawing.INK, 1, "1.5 2.5"))
        marks.append(drawing.text(plot.x.end + 3, at + 4, goal.name, 11, colour=drawing.SOFT))
    for turn, each in reversed(list(enumerate(series))):
        dash = "" if turn == 0 else _DASHES[(turn - 1) % len(_DASHES)]
        marks += _runs(plot, each.values, drawing.INK if turn == 0 else drawing.SOFT, 2.4 if turn == 0 else 1.3, dash)
    marks += _last(plot, series[0].values, percent, frame.sign)
    if len(series) > 1:
        marks += _legend(series)
    return drawing.inline(WIDTH, HEIGHT, marks, frame.title, "")


def columns(frame: Frame, parts: Sequence[Series]) -> str:
    """Return a column per month, of parts that are stacked upward; the last with its sum."""
    stacked = [list(accumulate(each.values[at] or 0.0 for each in parts)) for at in range(len(frame.labels))]
    sums = [reached[-1] for reached in stacked]
    if not any(sums):
        return _empty(frame)
    # A part below zero takes a column down, and the next one up again: the axis holds every step.
    steps = [step for reached in stacked for step in reached]
    up = min(0.0, *steps), round_top(max(steps), 4)
    plot = Plot.within(_LEFT, _TOP, _ACROSS, _DOWN, (-0.5, len(frame.labels) - 0.5), up)
    wide = (float(plot.x.at(1.0)) - float(plot.x.at(0.0))) * 0.7
    marks = [_title(frame), *plot.grid(4, frame.unit), *_months(frame, plot)]
    for at, whole in enumerate(sums):
        left, below = float(plot.x.at(at)) - wide / 2, 0.0
        for turn, each in enumerate(parts):
            value = each.values[at] or 0.0
            if value:
                top, bottom = float(plot.y.at(below + value)), float(plot.y.at(below))
                marks.append(drawing.box(left, min(top, bottom), wide, abs(bottom - top), _FILLS[turn], drawing.INK))
            below += value
        if at == len(sums) - 1:
            marks.append(_told(float(plot.x.at(at)), float(plot.y.at(max(whole, 0.0))) - 5, whole, ""))
    marks.append(plot.base())
    if len(parts) > 1:
        marks += _patches(parts)
    return drawing.inline(WIDTH, HEIGHT, marks, frame.title, "")


def shares(frame: Frame, bars: Sequence[Series]) -> str:
    """Return a bar per store that is divided into shares; the labels name the parts, the darkest is the last."""
    told = [each for each in bars if any(each.values)]
    if not told:
        return _empty(frame)
    height = min(34.0, (HEIGHT - _TOP - 54) / len(told) - 8)
    marks, x = [_title(frame)], 8.0
    for label, shade in zip(frame.labels, _SHADES, strict=True):
        marks += [drawing.box(x, 30, 13, 11, shade, drawing.INK), drawing.text(x + 17, 40, label, 11)]
        x += 17 + drawing.text_width(label, 11) + 9
    for turn, each in enumerate(told):
        top, left = _TOP + 8 + turn * (height + 16), 8.0
        marks.append(drawing.text(left, top - 2, each.name, 11, colour=drawing.SOFT))
        for value, shade in zip(each.values, _SHADES, strict=True):
            wide = (WIDTH - 16) * (value or 0.0)
            if wide:
                marks.append(drawing.box(left, top + 2, wide, height - 4, shade, drawing.INK))
            if wide > 34:
                paint = drawing.PAPER if shade in _SHADES[3:] else drawing.INK
                share = quantity(round(value or 0, 2), True, frame.sign)
                marks.append(drawing.text(left + wide / 2, top + height / 2 + 4, share, 11, "middle", paint))
            left += wide
    return drawing.inline(WIDTH, HEIGHT, marks, frame.title, "")


def _title(frame: Frame) -> str:
    return drawing.text(8, 17, frame.title, 13, weight="bold")


def _empty(frame: Frame) -> str:
    marks = [_title(frame), drawing.text(WIDTH / 2, HEIGHT / 2, frame.nothing, 12, "middle", drawing.SOFT)]
    return drawing.inline(WIDTH, HEIGHT, marks, frame.title, frame.nothing)


def _months(frame: Frame, plot: Plot) -> list[str]:
    """Return the name of every other month, the last among them, with the year where another begins."""
    last, year, marks = len(frame.labels) - 1, "", []
    for at in range(last % 2, last + 1, 2):
        x = float(plot.x.at(at))
        marks.append(drawing.text(x, plot.y.start + 16, frame.labels[at], 11, "middle", drawing.SOFT))
        if frame.years and frame.years[at] != year:
            year = frame.years[at]
            marks.append(drawing.text(x, plot.y.start + 28, year, 10, "middle", drawing.SOFT))
    return marks


def _runs(plot: Plot, values: Values, colour: str, width: float, dash: str) -> list[str]:
    """Return a line through each run of months that have a value; a dot for a month that stands alone."""
    marks: list[str] = []
    run: list[int] = []
    for at in range(len(values) + 1):
        if at < len(values) and values[at] is not None:
            run.append(at)
            continue
        heights = [float(values[place] or 0.0) for place in run]
        if len(run) > 1:
            marks.append(drawing.path(plot.x.at(run), plot.y.at(heights), colour, width, dash))
        elif run:
            marks.append(drawing.dot(float(plot.x.at(run[0])), float(plot.y.at(heights[0])), 2.6, colour))
        run = []
    return marks


def _last(plot: Plot, values: Values, percent: bool, sign: str) -> list[str]:
    places = [at for at, value in enumerate(values) if value is not None]
    if not places:
        return []
    value = float(values[places[-1]] or 0.0)
    x, y = float(plot.x.at(places[-1])), float(plot.y.at(value))
    return [drawing.dot(x, y, 3.2), _told(x, max(y - 9, _TOP - 4), value, sign if percent else "")]


def _told(x: float, y: float, value: float, sign: str) -> str:
    """Return a value above its mark: a share where the sign of per cent is given."""
    shown = (
        f"{value * 100:.1f}{sign}"
        if sign
        else f"{value:,.1f}"
        if value < 100 and value != round(value)
        else f"{value:,.0f}"
    )
    return drawing.text(min(x, WIDTH - 20), y, shown, 12, "middle", weight="bold", halo=True)


def _legend(series: Sequence[Series]) -> list[str]:
    marks, x, y = [], _LEFT, HEIGHT - 5
    for turn, each in enumerate(series):
        dash = "" if turn == 0 else _DASHES[(turn - 1) % len(_DASHES)]
        colour, width = (drawing.INK, 2.4) if turn == 0 else (drawing.SOFT, 1.3)
        marks += [drawing.line(x, y - 4, x + 24, y - 4, colour, width, dash), drawing.text(x + 29, y, each.name, 11)]
        x += 29 + drawing.text_width(each.name, 11) + 14
    return marks


def _patches(parts: Sequence[Series]) -> list[str]:
    marks, x, y = [], _LEFT, HEIGHT - 5
    for turn, each in enumerate(parts):
        marks += [drawing.box(x, y - 10, 13, 11, _FILLS[turn], drawing.INK), drawing.text(x + 18, y, each.name, 11)]
        x += 18 + drawing.text_width(each.name, 11) + 14
    return marks


def _round_range(low: float, high: float) -> tuple[float, float]:
    """Return round numbers that hold two values with room between.

    >>> _round_range(0.90, 0.94)
    (0.9, 0.94)
    """
    step = nice_step(max((high - low) / 4, abs(high) * 0.005, 1e-9))
    below, above = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return round(below * step, 10), round(max(above, below + 1) * step, 10)
