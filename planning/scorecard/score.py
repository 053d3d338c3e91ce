"""`scored`: what a card came to: points per figure, what is not measurable, and what to repair first.

A figure *reaches* of its reference

    higher is better   value ÷ low
    lower is better    high ÷ value (1 where both are 0)
    band               1 from low to high; value ÷ low below it; 2 − value ÷ high above it

never less than 0 nor more than `CAP`. Its points are weight × reached; the card's are their sum. A figure without a
value (nothing to divide by, or not told) is *not measurable*: it has no points, its weight is told beside the sum, and
is never spread over the others: a card of 60 of 70 measurable points is not a card of 86.

*What to repair first* is weight × (1 − reached), the points lost, most first. Beside them stands what the gap is worth
where the figure itself tells: with reference r and value numerator ÷ denominator, r × denominator − numerator is what
lacks above the line: money of margin or of dead stock, lines, orders. For turnover it is the stock that lies there
beyond what the reference needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from inventory.figures.figure import MONEY, Exact, Figure, Terms
from planning.scorecard.card import Card, Kpi, Reference

CAP = Fraction(6, 5)
"""More than a fifth above its reference counts no more: one figure does not make up for another's neglect."""

_ONE, _E4 = Fraction(1), 10_000
_LYING = ("stock", "layers", "dead", "unsold", "ages", "average", "selling")
"""Families of measures that are money lying on the shelf."""

COUNTED = ("lines", "orders", "parts", "claims", "bins", "visits")
"""What gaps are counted in."""

_LINES = {"due": "lines", "short": "lines"}
"""Measures of lines that are named otherwise."""


@dataclass(frozen=True)
class ScoredKpi:
    """A KPI of a card and what came of it.

    Parameters
    ----------
    weight
        Per cent of the whole card.
    reached
        Of its reference, 0 to `CAP`; None: not measurable.
    money
        What the gap to the reference is worth, in the currency; None where the figure can't tell, or nothing lacks.
    lines
        How many lines, orders, parts lack; None likewise.
    counted
        What `lines` are: one of `COUNTED`.
    tied_up
        Whether the money lies in stock, rather than being earned or spent in the period.
    """

    dimension: str
    kpi: Kpi
    figure: Figure
    weight: Fraction
    reached: Fraction | None
    money: Fraction | None = None
    lines: Fraction | None = None
    counted: str = ""
    tied_up: bool = False

    @property
    def points(self) -> Fraction | None:
        """Weight × reached, in per cent of the card."""
        return None if self.reached is None else self.weight * self.reached

    @property
    def lost(self) -> Fraction | None:
        """Weight × what is not reached; nothing where more than the reference is."""
        return None if self.reached is None else self.weight * max(Fraction(0), 1 - self.reached)


@dataclass(frozen=True)
class Scored:
    """A card and what came of every KPI on it, in the card's order."""

    card: Card
    kpis: tuple[ScoredKpi, ...]

    @property
    def points(self) -> Fraction:
        """The card's points."""
        return _points(self.kpis)

    @property
    def points_measurable(self) -> Fraction:
        """The weight of what could be measured, in per cent of the card."""
        return _measurable(self.kpis)

    def dimension(self, name: str) -> tuple[Fraction, Fraction]:
        """Return the points of a dimension and the weight of what could be measured of it."""
        kpis = [each for each in self.kpis if each.dimension == name]
        return _points(kpis), _measurable(kpis)

    @property
    def repair_first(self) -> tuple[ScoredKpi, ...]:
        """The KPIs below their reference, the one that costs most points first; of equal ones the heavier."""
        lacking = [each for each in self.kpis if each.lost]
        return tuple(sorted(lacking, key=lambda each: (-(each.lost or 0), -each.weight, each.kpi.figure)))


def scored(card: Card, figures: Sequence[Figure]) -> Scored:
    """Return what a card came to.

    Parameters
    ----------
    figures
        The figures of its KPIs, in their order.
    """
    found = iter(figures)
    return Scored(
        card,
        tuple(
            _scored(dimension.name, kpi, next(found), card.share_of_card(dimension, kpi))
            for dimension in card.dimensions
            for kpi in dimension.kpis
        ),
    )


def _scored(dimension: str, kpi: Kpi, figure: Figure, weight: Fraction) -> ScoredKpi:
    if figure.value is None:
        return ScoredKpi(dimension, kpi, figure, weight, None)
    share = reached(figure.value, kpi.ruling)
    if share >= 1:
        return ScoredKpi(dimension, kpi, figure, weight, share)
    scored_so_far = ScoredKpi(dimension, kpi, figure, weight, share)
    return _with_gap(scored_so_far, _aim(figure.value, kpi.ruling))


def reached(value: Fraction, reference: Reference) -> Fraction:
    """Return how much of its reference a value reaches.

    >>> reached(Fraction(81, 100), Reference(Fraction(9, 10), None))
    Fraction(9, 10)
    """
    low, high = reference.low, reference.high
    if low is None:
        assert high is not None, "a reference has an end"
        return min(CAP, high / value) if value > 0 else CAP if high > 0 else _ONE
    if high is None or value < low:
        return min(CAP, max(Fraction(0), value / low)) if low > 0 else _ONE if value >= low else Fraction(0)
    if value <= high:
        return _ONE
    return max(Fraction(0), 2 - value / high) if high > 0 else Fraction(0)


def _aim(value: Fraction, reference: Reference) -> Fraction:
    """Return the value that would be as good as can be asked for, nearest to a value that is not."""
    low, high = reference.low, reference.high
    if high is None or (low is not None and value < low):
        assert low is not None, "a reference has an end"
        return low
    return high


def _with_gap(kpi: ScoredKpi, aim: Fraction) -> ScoredKpi:
    """Return a KPI with what lacks to a value: money or a count, where the figure tells."""
    figure = kpi.figure
    numerator, denominator, variant = figure.numerator, figure.denominator, figure.variant
    lacks, unit = abs(aim * denominator - numerator), figure.definition.unit
    if unit == "times per year":
        return _with_excess(kpi, denominator - numerator / aim if aim else Fraction(0))
    if unit in ("days", "months") and _is_money(variant.numerator):
        return _with_excess(kpi, (numerator - aim * denominator) / variant.numerator[0][1])
    if _is_money(variant.numerator):
        is_shown_in_money = all(abs(coefficient) == MONEY for _, coefficient in variant.numerator)
        lies = all(name.split(".", 1)[0] in _LYING for name, _ in variant.numerator)
        return replace(kpi, money=lacks if is_shown_in_money else lacks / _E4, tied_up=lies)
    counted = {_counted_as(name) for name, _ in variant.denominator or variant.numerator}
    if len(counted) == 1 and counted <= set(COUNTED):
        return replace(kpi, lines=lacks, counted=counted.pop())
    return kpi


def _with_excess(kpi: ScoredKpi, stock_e4: Exact) -> ScoredKpi:
    """Return a KPI with the stock that lies there beyond what is needed; none where there is too little of it."""
    return replace(kpi, money=Fraction(stock_e4) / _E4, tied_up=True) if stock_e4 > 0 else kpi


def _counted_as(measure: str) -> str:
    """Return what a measure counts.

    >>> _counted_as("shortages.common_lines"), _counted_as("promises.due")
    ('lines', 'lines')
    """
    last = measure.rsplit(".", 1)[-1].rsplit("_", 1)[-1]
    return _LINES.get(last, last)


def _is_money(terms: Terms) -> bool:
    return all(name.endswith("_e4") for name, _ in terms)


def _points(kpis: Sequence[ScoredKpi]) -> Fraction:
    return sum((each.points for each in kpis if each.points is not None), start=Fraction(0))


def _measurable(kpis: Sequence[ScoredKpi]) -> Fraction:
    return sum((each.weight for each in kpis if each.reached is not None), start=Fraction(0))
