"""`Scale` and `Plot`: from quantities to places on a page, with round numbers on the axes.

Round numbers are 1, 2 or 5 times a power of ten (Heckbert 1990, Nice numbers for graph labels, Graphics Gems).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10

import numpy as np
from numpy.typing import ArrayLike

from demand.history import Float64Array1D
from reporting.charts import drawing


@dataclass(frozen=True)
class Scale:
    """A stretch of quantities, low to high, laid on a stretch of the page, start to end."""

    low: float
    high: float
    start: float
    end: float

    def at(self, values: ArrayLike) -> Float64Array1D:
        """Return the places of quantities."""
        share = (np.asarray(values, dtype=np.float64) - self.low) / (self.high - self.low)
        return np.asarray(self.start + share * (self.end - self.start), dtype=np.float64)

    def ticks(self, about: int) -> list[float]:
        """Return round numbers within, about so many, two at the least."""
        step = nice_step((self.high - self.low) / about)
        first = int(np.ceil(self.low / step - 1e-9))
        last = int(np.floor(self.high / step + 1e-9))
        return [round(i * step, 10) for i in range(first, last + 1)]


def nice_step(rough: float) -> float:
    """Return the round number at or above a rough step.

    >>> nice_step(0.7), nice_step(130.0)
    (1.0, 200.0)
    """
    power = float(10.0 ** floor(log10(rough)))
    return next(unit * power for unit in (1, 2, 5, 10) if unit * power >= rough * (1 - 1e-9))


def round_top(highest: float, about: int = 5) -> float:
    """Return the round number in which an axis from 0 ends that holds a quantity; 1 for nothing.

    >>> round_top(0.0), round_top(13.0)
    (1.0, 15.0)
    """
    if highest <= 0:
        return 1.0
    step = nice_step(highest / about)
    return float(np.ceil(highest / step - 1e-9) * step)


@dataclass(frozen=True)
class Plot:
    """An area of the page with a scale across and one upward.

    Parameters
    ----------
    x, y
        The scales; that upward starts at the bottom.
    """

    x: Scale
    y: Scale

    @classmethod
    def within(
        cls, left: float, top: float, width: float, height: float, across: tuple[float, float], up: tuple[float, float]
    ) -> Plot:
        """Return the plot of an area of the page, its scales from and to the quantities given."""
        return cls(Scale(*across, left, left + width), Scale(*up, top + height, top))

    def grid(self, about: int, label: str, percent: bool = False, sign: str = " %") -> list[str]:
        """Return the axis upward: a faint line and a number at each round quantity, and what is measured above it."""
        marks = []
        for tick in self.y.ticks(about):
            place = float(self.y.at(tick))
            marks.append(drawing.line(self.x.start, place, self.x.end, place, drawing.FAINT))
            told = quantity(tick, percent, sign)
            marks.append(drawing.text(self.x.start - 7, place + 4, told, 12, "end", drawing.SOFT))
        marks.append(drawing.text(self.x.start, self.y.end - 12, label, 12, colour=drawing.SOFT))
        return marks

    def base(self) -> str:
        """Return the line at the bottom."""
        return drawing.line(self.x.start, self.y.start, self.x.end, self.y.start, drawing.INK)

    def across(self, ticks: list[float], label: str, percent: bool = False) -> list[str]:
        """Return the axis across: the line at the bottom, a number at each tick, and what is measured below it."""
        marks = [self.base()]
        for tick in ticks:
            place = float(self.x.at(tick))
            marks.append(drawing.line(place, self.y.start, place, self.y.start + 5, drawing.INK))
            marks.append(drawing.text(place, self.y.start + 19, quantity(tick, percent), 12, "middle", drawing.SOFT))
        middle = (self.x.start + self.x.end) / 2
        marks.append(drawing.text(middle, self.y.start + 38, label, 12, "middle", drawing.SOFT))
        return marks


def quantity(value: float, percent: bool = False, sign: str = " %") -> str:
    """Return a number of an axis as people read it; the sign of per cent is written as their language has it.

    >>> quantity(12000.0), quantity(0.25), quantity(0.95, percent=True)
    ('12,000', '0.25', '95 %')
    """
    if percent:
        return f"{round(value * 100, 6):g}{sign}"
    return f"{value:,.0f}" if abs(value) >= 1000 or value == round(value) else f"{value:g}"
