"""The backtest on one sheet: stock against service, loss, and how often the past lay within what was said.

Of each baseline the law is drawn that needs less stock (or, where none reaches the goal, loses less).
"""

from __future__ import annotations

from math import inf
from pathlib import Path

import numpy as np

from forecasting.backtest.backtest import OURS, Backtest, Method
from forecasting.backtest.scores import COVERED
from reporting.backtest_tables import method_name, notes_of
from reporting.charts import drawing
from reporting.charts.plot import Plot, quantity, round_top
from reporting.charts.sheet import write_drawing
from reporting.words import word

GOAL = 0.95
_WIDTH, _HEIGHT = 1060, 640
_LOWEST = 0.7
_DASHES = ("8 3", "2 3", "8 3 2 3", "12 4", "5 5", "1 4")
_OUR_WIDTH = 3.0


def write_curves(found: Backtest, path: Path, language: str) -> None:
    """Write the sheet of a backtest as .svg or .html."""
    write_drawing(
        curves_drawing(found, language), path, word("backtest", language), language, notes_of(found, language)
    )


def curves_drawing(found: Backtest, language: str) -> str:
    """Return the sheet of a backtest."""
    shown = _shown(found)
    title = f"{word('backtest', language)} {found.origins[0]} – {found.origins[-1]}"
    marks = [
        drawing.text(40, 34, title, 20, weight="bold"),
        drawing.text(40, 56, _saved(shown, language), 13, colour=drawing.SOFT),
        *_service(shown, language),
        *_losses(shown, language),
        *_coverage(shown, language),
    ]
    return drawing.page(_WIDTH, _HEIGHT, marks, title, " ".join(notes_of(found, language)))


def _shown(found: Backtest) -> list[Method]:
    """Return ours and the better law of each baseline, in the order of the baselines."""
    best: dict[str, Method] = {}
    for method in found.methods:
        if method.curve is None:
            continue
        there = best.get(method.name)
        if there is None or _cost(method) < _cost(there):
            best[method.name] = method
    return list(best.values())


def _cost(method: Method) -> tuple[float, float]:
    stock = method.curve.stock_at(GOAL) if method.curve else None
    return (inf if stock is None else stock, method.sums.service_loss)


def _saved(shown: list[Method], language: str) -> str:
    """Return in a line what ours holds for the goal, beside the best of the others."""
    ours, others = shown[0], shown[1:]
    rival = min(others, key=_cost)
    mine, theirs = _cost(ours)[0], _cost(rival)[0]
    if not (np.isfinite(mine) and np.isfinite(theirs) and theirs > 0):
        return ""
    values = {"mine": f"{mine:,.0f}", "theirs": f"{theirs:,.0f}", "rival": method_name(rival, language)}
    return word("stock_saved", language).format(
        less=quantity(round(1 - mine / theirs, 2), True), goal=quantity(GOAL, True), **values
    )


def _service(shown: list[Method], language: str) -> list[str]:
    """Return stock against service, the legend below it."""
    curves = [method.curve for method in shown if method.curve is not None]
    reached = [curve.stock[curve.fill_rate <= 0.985] for curve in curves]
    widest = max((float(stock.max()) for stock in reached if stock.size), default=1.0)
    plot = Plot.within(92, 112, 560, 380, (0.0, round_top(widest)), (_LOWEST, 1.0))
    goal = float(plot.y.at(GOAL))
    marks = [
        *plot.grid(6, word("filled", language), percent=True),
        *plot.across(plot.x.ticks(6), word("mean_stock", language)),
        drawing.line(plot.x.start, goal, plot.x.end, goal, drawing.SOFT, 1, "3 3"),
    ]
    for turn, method in reversed(list(enumerate(shown))):
        assert method.curve is not None
        stock, fill = _inside(method.curve.stock, method.curve.fill_rate, plot)
        marks.append(drawing.path(plot.x.at(stock), plot.y.at(fill), *_stroke(turn)))
    return marks + _legend(shown, 92, 560, language)


def _inside(
    stock: np.ndarray[tuple[int], np.dtype[np.float64]], fill: np.ndarray[tuple[int], np.dtype[np.float64]], plot: Plot
) -> tuple[list[float], list[float]]:
    """Return the curve within the plot: along fine steps of stock, so that it may be cut anywhere."""
    order = np.argsort(stock, kind="stable")
    fine = np.linspace(float(stock[order[0]]), float(stock[order[-1]]), 400)
    height = np.interp(fine, stock[order], fill[order])
    kept = (fine <= plot.x.high) & (height >= plot.y.low)
    return fine[kept].tolist(), height[kept].tolist()


def _legend(shown: list[Method], left: float, top: float, language: str) -> list[str]:
    marks = []
    for turn, method in enumerate(shown):
        x, y = left + 208 * (turn % 3), top + 24 * (turn // 3)
        marks.append(drawing.line(x, y, x + 34, y, *_stroke(turn)))
        marks.append(drawing.text(x + 42, y + 4, method_name(method, language), 12))
    return marks


def _losses(shown: list[Method], language: str) -> list[str]:
    """Return a bar per method, the least first."""
    left, top, width = 800.0, 112.0, 170.0
    ordered = sorted(shown, key=lambda method: method.sums.service_loss)
    most = max(ordered[-1].sums.service_loss, 1e-9)
    marks = [drawing.text(690, top - 12, word("service_loss", language), 12, colour=drawing.SOFT)]
    for place, method in enumerate(ordered):
        y, share = top + 26 * place, method.sums.service_loss
        is_ours = method.name == OURS
        marks.append(drawing.text(left - 8, y + 14, method.name, 12, "end", weight="bold" if is_ours else ""))
        fill = drawing.ACCENT if is_ours else drawing.RULE
        marks.append(drawing.box(left, y + 2, width * share / most, 17, fill))
        marks.append(drawing.text(left + width * share / most + 6, y + 15, quantity(round(share, 3), True), 12))
    return marks


def _coverage(shown: list[Method], language: str) -> list[str]:
    """Return by how many points coverage misses each share, ours filled, the baselines hollow."""
    points = {method.name: (method.sums.coverage - np.array(COVERED)) * 100 for method in shown}
    reach = round_top(max(float(np.abs(each).max()) for each in points.values()), 3)
    plot = Plot.within(740, 372, 280, 180, (-0.5, len(COVERED) - 0.5), (-reach, reach))
    marks = [*plot.grid(4, word("coverage_missed", language)), plot.base()]
    zero = float(plot.y.at(0.0))
    marks.append(drawing.line(plot.x.start, zero, plot.x.end, zero, drawing.SOFT))
    for place, share in enumerate(COVERED):
        x = float(plot.x.at(place))
        marks.append(drawing.text(x, plot.y.start + 18, quantity(share, True), 12, "middle", drawing.SOFT))
        for turn, each in enumerate(list(points.values())[1:]):
            aside = 5.0 * (turn - 2.5)
            marks.append(drawing.dot(x + aside, float(plot.y.at(each[place])), 3, drawing.PAPER, drawing.SOFT))
        marks.append(drawing.dot(x, float(plot.y.at(points[OURS][place])), 5, drawing.ACCENT))
    keys = (
        (740.0, 5.0, drawing.ACCENT, drawing.PAPER, OURS),
        (850.0, 3.0, drawing.PAPER, drawing.SOFT, word("baselines", language)),
    )
    for x, radius, fill, edge, name in keys:
        marks += [drawing.dot(x, 590, radius, fill, edge), drawing.text(x + 10, 594, name, 12)]
    return marks


def _stroke(turn: int) -> tuple[str, float, str]:
    """Return colour, width and dash of a method's line: ours is whole and thick, each baseline has its own dash."""
    if turn == 0:
        return drawing.ACCENT, _OUR_WIDTH, ""
    return drawing.INK, 1.3, _DASHES[(turn - 1) % len(_DASHES)]
