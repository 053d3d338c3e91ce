"""`FigureDefinition`, `Figure`: what a figure means, and what came of it in a period.

A figure without its definition is a quarrel: on one and the same year, published definitions of "fill rate" lie 26
points apart. So every figure carries formula, population and date rule; where the trade knows several readings they
are *variants*, chosen by name; and a changed meaning gets a new version.

A figure is numerator ÷ denominator, or an amount without a denominator. Both are sums of *measures* (`Reading`), each
with a coefficient; so figures add up over the lines behind them and are rounded only where they are shown. Where the
denominator is zero there is no figure (None), never 0 or 100 %.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Unit = Literal["share", "times per year", "days", "months", "money", "count", "ratio"]
Direction = Literal["higher", "lower", "band", "neutral"]
Exact = int | Fraction
Terms = tuple[tuple[str, Exact], ...]
"""Measures by name, ``family.measure``, each with its coefficient."""

MONEY = Fraction(1, 10_000)
"""Coefficient of a measure in ten-thousandths where the figure is an amount of money."""


@dataclass(frozen=True)
class Variant:
    """One reading of a figure.

    Parameters
    ----------
    name
        By which it is chosen.
    formula
        What is divided by what; in English.
    numerator, denominator
        Sums of measures; without a denominator the figure is an amount.
    needs
        A measure without which there is no figure though its denominator is not zero; empty: none.
    """

    name: str
    formula: str
    numerator: Terms
    denominator: Terms = ()
    needs: str = ""

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures it is made of, each once."""
        return tuple(dict.fromkeys(name for name, _ in (*self.numerator, *self.denominator)))


@dataclass(frozen=True)
class FigureDefinition:
    """What a figure means, to be printed beside it.

    Parameters
    ----------
    figure_id, version
        Name and number of the definition; a change of meaning raises the version.
    family
        The heading it stands under.
    variants
        Its readings; the first is meant where none is named.
    population, date_rule
        Which lines or parts are counted, and which days; keys of `wording`.
    unit
        What the value is counted in.
    direction
        Which way is better; ``band``: neither too low nor too high; ``neutral``: it only tells.
    """

    figure_id: str
    version: int
    family: str
    variants: tuple[Variant, ...]
    population: str
    date_rule: str
    unit: Unit
    direction: Direction

    @property
    def name_key(self) -> str:
        """Key of its name in the message catalogue."""
        return f"figure_{self.figure_id.lower()}"

    def variant(self, name: str = "") -> Variant:
        """Return a reading by its name, the first where none is given.

        Raises
        ------
        UnknownFigureError
            If it has no such reading.
        """
        for each in self.variants:
            if name in ("", each.name):
                return each
        names = ", ".join(each.name for each in self.variants)
        raise UnknownFigureError(f"{self.figure_id} has no variant {name!r}; its variants are {names}")


class UnknownFigureError(ValueError):
    """No figure, variant or dimension has this name; the message says which there are."""


@dataclass(frozen=True)
class Figure:
    """A figure of a period: its definition, the variant meant, and its exact numerator and denominator.

    Parameters
    ----------
    variant
        Which reading of the definition it is.
    store
        The store; empty text for all of them together.
    month
        The period: ``2026-06``, ``2026-Q2`` or ``12 months to 2026-06``.
    numerator, denominator
        The denominator is 1 for an amount; there is no value where it is zero.
    dimension, member
        What it is split by, and the member of it this one is of: ``supplier``, ``GPC``; empty where it is not split.
    """

    definition: FigureDefinition
    variant: Variant
    store: str
    month: str
    numerator: Exact
    denominator: Exact
    dimension: str = ""
    member: str = ""

    @property
    def value(self) -> Fraction | None:
        """The exact value, or None where there is nothing to divide by."""
        return Fraction(self.numerator) / self.denominator if self.denominator else None


def worked_out(terms: Terms, measured: Mapping[str, Exact]) -> Exact:
    """Return a sum of measures; one that is not there counts nothing.

    >>> worked_out((("a.lines", 1), ("a.lost", -1)), {"a.lines": 10, "a.lost": 3})
    7
    """
    return sum((coefficient * measured.get(name, 0) for name, coefficient in terms), start=0)
