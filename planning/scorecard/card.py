"""`Card`: which figures count how much on a balanced scorecard, and what each is held against; and when it is lawful.

A card looks at a parts department from four sides (financial, customer, internal process, learning: Kaplan and Norton
1992). Each side, a *dimension*, weighs 10 to 50 % of the card; the figures in it, its *KPIs*, 5 to 30 % each; all
together 100 %. The rule does not say of what a KPI's bounds are shares, so a card says it itself (`Card.basis`): of the
card, which allows a dimension one to ten KPIs; or of their dimension, which then needs four to twenty.

Weights are whole tenths of a per cent (`_permille`), so that sums are exact. A reference is never without its source,
and a store that knows better says so itself: both are kept, and the store's rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Basis = Literal["card", "dimension"]
Direction = Literal["higher", "lower", "band"]
Fault = tuple[str, str, str]
"""Key in the settings, what is there, and what is expected as a positive sentence."""

BASES: tuple[Basis, ...] = ("card", "dimension")
DIMENSION_COUNT = 4
WHOLE_PERMILLE = 1000
DIMENSION_PERMILLE = (100, 500)
"""Least and most that a dimension weighs, of the card."""
KPI_PERMILLE = (50, 300)
"""Least and most that a KPI weighs, of the card or of its dimension."""


@dataclass(frozen=True)
class Reference:
    """What a figure is held against.

    Parameters
    ----------
    low
        Least value that is as good as can be asked for; None where less is better.
    high
        Most value that is; None where more is better. A band has both.
    source, date, region, brand
        Who says so, when, and for which dealers it was said; empty where not told.
    """

    low: Fraction | None
    high: Fraction | None
    source: str = ""
    date: str = ""
    region: str = ""
    brand: str = ""

    @property
    def direction(self) -> Direction:
        """Which way is better, told by the ends it has."""
        if self.low is None:
            return "lower"
        return "higher" if self.high is None else "band"


@dataclass(frozen=True)
class Kpi:
    """A figure on a card.

    Parameters
    ----------
    figure
        ``ID`` or ``ID:variant``.
    weight_permille
        Of the card or of its dimension, as the card's basis says.
    reference
        What the group holds it against.
    overruled
        What the store of this card holds it against instead; None where it says nothing.
    """

    figure: str
    weight_permille: int
    reference: Reference
    overruled: Reference | None = None

    @property
    def ruling(self) -> Reference:
        """The reference that counts."""
        return self.overruled or self.reference


@dataclass(frozen=True)
class Dimension:
    """A side from which a department is looked at, its weight, and the figures that show it."""

    name: str
    weight_permille: int
    kpis: tuple[Kpi, ...]


@dataclass(frozen=True)
class Card:
    """The dimensions of a scorecard, and of what the weights of its KPIs are shares."""

    dimensions: tuple[Dimension, ...]
    basis: Basis = "card"

    @property
    def kpis(self) -> tuple[Kpi, ...]:
        """All KPIs in their order."""
        return tuple(kpi for dimension in self.dimensions for kpi in dimension.kpis)

    def share_of_card(self, dimension: Dimension, kpi: Kpi) -> Fraction:
        """Return what a KPI weighs of the whole card, in per cent."""
        if self.basis == "card":
            return Fraction(kpi.weight_permille, 10)
        return Fraction(dimension.weight_permille * kpi.weight_permille, 10_000)


def faults_of(card: Card) -> tuple[Fault, ...]:
    """Return every bound that a card breaks, and by how much; nothing of a lawful one."""
    return tuple(_faults_of_dimensions(card)) + tuple(_faults_of_kpis(card))


def _faults_of_dimensions(card: Card) -> Iterator[Fault]:
    key = "scorecard.dimensions"
    if len(card.dimensions) != DIMENSION_COUNT:
        yield key, str(len(card.dimensions)), f"a card has {DIMENSION_COUNT} dimensions"
    for dimension in card.dimensions:
        yield from _outside(
            f"{key}.{dimension.name}", "a dimension", dimension.weight_permille, DIMENSION_PERMILLE, "the card"
        )
    yield from _sum(key, "the dimensions", [each.weight_permille for each in card.dimensions], WHOLE_PERMILLE)


def _faults_of_kpis(card: Card) -> Iterator[Fault]:
    whole = "the card" if card.basis == "card" else "its dimension"
    figures = [kpi.figure.partition(":")[0] for kpi in card.kpis]
    for figure in sorted({each for each in figures if figures.count(each) > 1}):
        yield f"scorecard.kpi.{figure}", str(figures.count(figure)), "a figure stands on a card once"
    for dimension in card.dimensions:
        for kpi in dimension.kpis:
            yield from _outside(f"scorecard.kpi.{kpi.figure}", "a KPI", kpi.weight_permille, KPI_PERMILLE, whole)
        expected = dimension.weight_permille if card.basis == "card" else WHOLE_PERMILLE
        weights = [kpi.weight_permille for kpi in dimension.kpis]
        yield from _sum(f"scorecard.dimensions.{dimension.name}", "the KPIs of a dimension", weights, expected)


def _outside(key: str, what: str, weight: int, bounds: tuple[int, int], whole: str) -> Iterator[Fault]:
    low, high = bounds
    if not low <= weight <= high:
        by = f"{per_cent(low - weight)} too little" if weight < low else f"{per_cent(weight - high)} too much"
        rule = f"{what} weighs {low / 10:g} to {per_cent(high)} of {whole}"
        yield key, per_cent(weight), f"{rule}; this is {by}"


def _sum(key: str, what: str, weights: Sequence[int], expected: int) -> Iterator[Fault]:
    found = sum(weights)
    if found != expected:
        by = f"{per_cent(abs(found - expected))} too {'little' if found < expected else 'much'}"
        yield key, per_cent(found), f"{what} sum to {per_cent(expected)}; this is {by}"


def per_cent(weight_permille: int) -> str:
    """Return a weight as it is written.

    >>> per_cent(125), per_cent(300)
    ('12.5 %', '30 %')
    """
    return f"{weight_permille / 10:g} %"
