"""A simulation on one sheet: stock value against lines filled, one curve a rule, and promise beside fact."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from planning.simulation.simulation import OURS, Simulation, Tried
from reporting.charts import drawing
from reporting.charts.plot import Plot, round_top
from reporting.charts.sheet import write_drawing
from reporting.simulation_tables import GOAL, notes_of, rule_name, saved_sentence, usual_place
from reporting.words import word

_WIDTH, _HEIGHT = 1060, 640
_LOWEST = 0.7
_DASHES = ("8 3", "2 3", "8 3 2 3", "12 4")


def write_simulation(found: Simulation, path: Path, language: str) -> None:
    """Write the sheet of a simulation as .svg or .html."""
    write_drawing(
        simulation_drawing(found, language), path, word("simulation", language), language, notes_of(found, language)
    )


def simulation_drawing(found: Simulation, language: str) -> str:
    """Return the sheet of a simulation."""
    title = f"{word('simulation', language)} {found.counted[0]} – {found.counted[1]}"
    marks = [
        drawing.text(40, 34, title, 20, weight="bold"),
        drawing.text(40, 56, saved_sentence(found, language), 13, colour=drawing.SOFT),
        *_curves(found, language),
        *_promises(found.rules[0], language),
    ]
    return drawing.page(_WIDTH, _HEIGHT, marks, title, " ".join(notes_of(found, language)))


def _curves(found: Simulation, language: str) -> list[str]:
    """Return stock against lines filled, the legend below."""
    shown = [tried for tried in found.rules if len(tried.knobs) > 1]
    reached = [_needed(tried) for tried in shown]
    plot = Plot.within(92, 112, 560, 380, (0.0, round_top(max(reached) / 10_000)), (_LOWEST, 1.0))
    goal = float(plot.y.at(GOAL))
    marks = [
        *plot.grid(6, word("lines_filled", language), percent=True),
        *plot.across(plot.x.ticks(6), word("simulated_stock_value", language)),
        drawing.line(plot.x.start, goal, plot.x.end, goal, drawing.SOFT, 1, "3 3"),
    ]
    for turn, tried in reversed(list(enumerate(shown))):
        x, y = _inside(tried, plot)
        marks.append(drawing.path(plot.x.at(x), plot.y.at(y), *_stroke(turn)))
        place = usual_place(tried)
        stock, fill = float(tried.stock_e4[place]) / 10_000, float(tried.line_fill[place])
        if stock <= plot.x.high and fill >= _LOWEST:
            colour = drawing.ACCENT if turn == 0 else drawing.INK
            marks.append(drawing.dot(float(plot.x.at(stock)), float(plot.y.at(fill)), 5, colour))
    for turn, tried in enumerate(shown):
        x0, y0 = 92 + 290 * (turn % 2), 560 + 24 * (turn // 2)
        marks.append(drawing.line(x0, y0, x0 + 34, y0, *_stroke(turn)))
        marks.append(drawing.text(x0 + 42, y0 + 4, rule_name(tried.rule, language), 12))
    return marks


def _needed(tried: Tried) -> float:
    """Return the stock from which on a rule fills hardly more."""
    most = min(float(tried.line_fill.max()) - 0.002, 0.985)
    return float(tried.stock_e4[tried.line_fill >= most].min())


def _inside(tried: Tried, plot: Plot) -> tuple[list[float], list[float]]:
    """Return the curve within the plot, along fine steps of stock, so that it may be cut anywhere."""
    stock = tried.stock_e4 / 10_000
    order = np.argsort(stock, kind="stable")
    fine = np.linspace(float(stock[order[0]]), float(stock[order[-1]]), 400)
    height = np.interp(fine, stock[order], tried.line_fill[order])
    kept = (fine <= plot.x.high) & (height >= plot.y.low)
    return fine[kept].tolist(), height[kept].tolist()


def _promises(ours: Tried, language: str) -> list[str]:
    """Return what was promised against what came true, and the line on which both are equal."""
    if ours.rule != OURS or ours.promised is None:
        return []
    plot = Plot.within(760, 112, 260, 380, (_LOWEST, 1.0), (_LOWEST, 1.0))
    marks = [
        *plot.grid(6, word("lines_filled", language), percent=True),
        *plot.across([0.7, 0.8, 0.9, 1.0], word("promised_fill", language), percent=True),
        drawing.line(plot.x.start, plot.y.start, plot.x.end, plot.y.end, drawing.SOFT, 1, "3 3"),
    ]
    for promised, came in zip(ours.promised.tolist(), ours.line_fill.tolist(), strict=True):
        if promised >= _LOWEST and came >= _LOWEST:
            marks.append(drawing.dot(float(plot.x.at(promised)), float(plot.y.at(came)), 4, drawing.ACCENT))
    return marks


def _stroke(turn: int) -> tuple[str, float, str]:
    """Return colour, width and dash of a rule's line: ours is whole and thick, each other has its own dash."""
    return (drawing.ACCENT, 3.0, "") if turn == 0 else (drawing.INK, 1.3, _DASHES[(turn - 1) % len(_DASHES)])
