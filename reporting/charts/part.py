"""One part at one store on one sheet: what was asked for, what the shelf lacked, the law ahead, and what came.

What was asked for stands as bars, the share the shelf did not give hatched. The law of each coming period is a column
of three nested boxes, of 50, 80 and 95 %, with its median; what came since is a dot. Below the line a strip says when
the part could not be had at all, and a fine hatch where nothing was seen.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from demand.history import Observation
from planning.explaining.part_picture import LEAD_TIME_SHARES, PartPicture
from reporting.charts import drawing
from reporting.charts.plot import Plot, quantity, round_top
from reporting.charts.sheet import write_drawing
from reporting.words import word

_WIDTH, _HEIGHT = 1060, 520
_WIDE, _MIDDLE, _NARROW = "#dfe7ef", "#b3c7db", "#7a9dc0"
_BAR = "#8a8a8a"
_THINNEST, _LEAST_TOP = 3.0, 4.0
_GROUPS = ((0, 6, _WIDE), (1, 5, _MIDDLE), (2, 4, _NARROW))
"""Places of the ends of each interval in the fan, the widest first."""


def write_part(picture: PartPicture, path: Path, language: str) -> None:
    """Write the chart of a part as .svg or .html."""
    write_drawing(part_drawing(picture, language), path, _title(picture), language)


def part_drawing(picture: PartPicture, language: str) -> str:
    """Return the chart of a part."""
    count = len(picture.labels)
    highest = max(float(picture.asked.max(initial=0.0)), float(picture.fan.max(initial=0.0)))
    plot = Plot.within(72, 122, 950, 270, (0.0, float(count)), (0.0, max(round_top(highest), _LEAST_TOP)))
    basis = word(f"basis_{picture.basis}", language)
    told = word("chart_as_of", language).format(period=picture.labels[picture.known - 1], basis=basis)
    marks = [
        drawing.text(40, 36, _title(picture), 20, weight="bold"),
        drawing.text(40, 60, told, 13, colour=drawing.SOFT),
        *_unseen(picture, plot),
        *plot.grid(5, word("chart_units", language)),
        *_bars(picture, plot),
        *_fan(picture, plot),
        *_came(picture, plot),
        plot.base(),
        *_periods(picture, plot, language),
        *_strip(picture, plot, language),
        *_legend(picture, language),
        drawing.text(72, 502, lead_time_sentence(picture, language), 13, weight="bold"),
    ]
    return drawing.page(_WIDTH, _HEIGHT, marks, _title(picture), f"{told} {lead_time_sentence(picture, language)}")


def lead_time_sentence(picture: PartPicture, language: str) -> str:
    """Return what is expected over the lead time, and what came."""
    levels = ("，" if language == "zh" else ", ").join(
        word("chart_level", language).format(level=quantity(level), share=quantity(share, True))
        for share, level in zip(LEAD_TIME_SHARES, picture.lead_levels, strict=True)
    )
    told = word("chart_lead_time", language).format(
        count=picture.lead_time, mean=quantity(round(picture.lead_mean, 1)), levels=levels
    )
    if picture.lead_came is None:
        return told
    return told + word("chart_lead_time_came", language).format(came=quantity(picture.lead_came))


def _title(picture: PartPicture) -> str:
    return f"{picture.store}  {picture.part_no}  {picture.name}"


def _bars(picture: PartPicture, plot: Plot) -> list[str]:
    marks = []
    wide = _step(plot)
    for place in range(picture.known):
        asked, lacked = float(picture.asked[place]), float(picture.not_on_shelf[place])
        if not asked:
            continue
        left, top, middle = (float(plot.x.at(place)) + wide * 0.14, *_heights(plot, asked, asked - lacked))
        marks.append(drawing.box(left, middle, wide * 0.72, plot.y.start - middle, _BAR))
        if lacked:
            marks.append(drawing.box(left, top, wide * 0.72, middle - top, drawing.HATCH, drawing.INK))
    return marks


def _heights(plot: Plot, *values: float) -> tuple[float, ...]:
    return tuple(float(plot.y.at(max(value, 0.0))) for value in values)


def _fan(picture: PartPicture, plot: Plot) -> list[str]:
    marks = []
    wide = _step(plot)
    for ahead, levels in enumerate(picture.fan):
        left = float(plot.x.at(picture.known + ahead))
        for low, high, fill in _GROUPS:
            top, bottom = _heights(plot, levels[high], levels[low])
            thin = max(0.0, _THINNEST - (bottom - top)) / 2
            marks.append(drawing.box(left + 0.5, top - thin, wide - 1, bottom - top + 2 * thin, fill))
        (middle,) = _heights(plot, levels[3])
        marks.append(drawing.line(left + 0.5, middle, left + wide - 0.5, middle, drawing.INK, 2))
    origin = float(plot.x.at(picture.known))
    return [*marks, drawing.line(origin, plot.y.end - 6, origin, plot.y.start, drawing.INK, 1, "4 3")]


def _came(picture: PartPicture, plot: Plot) -> list[str]:
    marks = []
    for place in range(picture.known, picture.asked.size):
        if picture.observation[place] == Observation.SEEN:
            middle = float(plot.x.at(place + 0.5))
            marks.append(drawing.dot(middle, float(plot.y.at(picture.asked[place])), 4.5))
    return marks


def _unseen(picture: PartPicture, plot: Plot) -> list[str]:
    """Return a fine hatch over the periods of which nothing is known."""
    unseen = (picture.observation != Observation.SEEN) & (picture.observation != Observation.OUT_OF_STOCK)
    return [
        drawing.box(float(plot.x.at(place)), plot.y.end, _step(plot), plot.y.start - plot.y.end, drawing.THIN_HATCH)
        for place in np.flatnonzero(unseen)
    ]


def _strip(picture: PartPicture, plot: Plot, language: str) -> list[str]:
    """Return a strip below the periods that is dark for the share of each in which the part could not be had."""
    top = plot.y.start + 34
    out = (picture.observation == Observation.OUT_OF_STOCK) | (picture.observation == Observation.SEEN)
    share = np.where(out, 1 - picture.availability, 0.0)
    if not share.any():
        return []
    wide = _step(plot)
    dark = [
        drawing.box(float(plot.x.at(place)), top, wide * share[place], 9, drawing.INK)
        for place in np.flatnonzero(share > 0)
    ]
    told = drawing.text(plot.x.end, top + 24, word("chart_no_stock", language), 12, "end", drawing.SOFT)
    return [told, *dark, drawing.box(plot.x.start, top, wide * picture.asked.size, 9, "none", drawing.RULE)]


def _periods(picture: PartPicture, plot: Plot, language: str) -> list[str]:
    """Return a mark below every period, and the name of every so many."""
    every = max(1, -(-len(picture.labels) // 14))
    marks = []
    for place, label in enumerate(picture.labels):
        if (place - picture.known) % every == 0:
            x = float(plot.x.at(place + 0.5))
            marks.append(drawing.line(x, plot.y.start, x, plot.y.start + 5))
            marks.append(drawing.text(x, plot.y.start + 20, label, 12, "middle", drawing.SOFT))
    origin = float(plot.x.at(picture.known))
    marks.append(drawing.text(origin - 6, plot.y.end - 10, word("chart_known", language), 12, "end", drawing.SOFT))
    marks.append(drawing.text(origin + 6, plot.y.end - 10, word("chart_ahead", language), 12, colour=drawing.SOFT))
    return marks


def _legend(picture: PartPicture, language: str) -> list[str]:
    def patch(fill: str, edge: str = "") -> Callable[[float, float], str]:
        return lambda x, y: drawing.box(x, y - 11, 22, 12, fill, edge)

    entries: list[tuple[str, Callable[[float, float], str]]] = [("chart_asked", patch(_BAR))]
    if picture.not_on_shelf[: picture.known].any():
        entries.append(("chart_not_on_shelf", patch(drawing.HATCH, drawing.INK)))
    entries += [("chart_50", patch(_NARROW)), ("chart_80", patch(_MIDDLE)), ("chart_95", patch(_WIDE))]
    entries.append(("chart_median", lambda x, y: drawing.line(x, y - 5, x + 22, y - 5, drawing.INK, 2)))
    if picture.asked.size > picture.known:
        entries.append(("chart_came", lambda x, y: drawing.dot(x + 11, y - 5, 4.5)))
    if ((picture.observation != Observation.SEEN) & (picture.observation != Observation.OUT_OF_STOCK)).any():
        entries.append(("chart_unseen", patch(drawing.THIN_HATCH, drawing.RULE)))
    marks, x = [], 72.0
    for key, mark in entries:
        name = word(key, language)
        marks += [mark(x, 470), drawing.text(x + 28, 470, name, 12)]
        x += 28 + drawing.text_width(name, 12) + 22
    return marks


def _step(plot: Plot) -> float:
    return float(plot.x.at(1.0) - plot.x.at(0.0))
