"""Managers' figures: each with an id, a version, its definition, and an exact ratio computed from the books.

A figure without its definition is a quarrel: on one and the same year, published definitions of "fill rate" lie 26
points apart. So every figure carries formula, population and date rule, and a changed definition gets a new version.

A figure is a ratio of two whole numbers, numerator ÷ denominator; it is rounded only where it is shown. Where the
denominator is zero there is no figure (None), never 0 or 100 %.

Source of the definitions: the dealership trade's own (fill from the shelf at request; gross turns; days' supply as its
reciprocal; value without demand for twelve months), see the formula of each. What they leave out: goods in
quarantine, in transit and with the customer are not stock; a bare demand panel says nothing about what was filled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

import sqlalchemy as sa

from demand.periods import PeriodKind, first_day_of, label_of
from inventory import kpi_measures
from inventory.books.periods import known_by
from inventory.kpi_measures import Ratio, Scope

Unit = Literal["share", "times per year", "days"]
Direction = Literal["higher", "lower", "band"]


@dataclass(frozen=True)
class FigureDefinition:
    """What a figure means, to be printed beside it.

    Parameters
    ----------
    figure_id, version
        Name and number of the definition; a change of meaning raises the version.
    name_key
        Key of its name in the message catalogue; the definition's translation hangs on it too.
    formula, population, date_rule
        What is divided by what, over which lines or parts, and which days count; in English.
    unit
        What the value is counted in.
    direction
        Which way is better; ``band``: neither too low nor too high.
    """

    figure_id: str
    version: int
    name_key: str
    formula: str
    population: str
    date_rule: str
    unit: Unit
    direction: Direction


@dataclass(frozen=True)
class Figure:
    """A figure of a month: its definition and its exact ratio.

    Parameters
    ----------
    store
        The store; empty text for all of them together.
    month
        ``YYYY-MM``.
    numerator, denominator
        Whole numbers; no value where the denominator is zero.
    """

    definition: FigureDefinition
    store: str
    month: str
    numerator: int
    denominator: int

    @property
    def value(self) -> Fraction | None:
        """The exact value, or None where there is nothing to divide by."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None


_STOCK = "what lies in bins, the reserved included, at moving average cost; not quarantine, claims or transit"

FIGURES: dict[str, tuple[FigureDefinition, Callable[[sa.Connection, Scope], Ratio]]] = {
    definition.figure_id: (definition, compute)
    for definition, compute in (
        (
            FigureDefinition(
                "FILL_SHELF_LINE",
                1,
                "kpi_fill_shelf_line",
                "demand lines supplied complete from the shelf at request ÷ demand lines",
                "every line asked for, filled or not, but cancelled ones; a part-filled line counts as not filled",
                "lines asked for in the month",
                "share",
                "higher",
            ),
            kpi_measures.fill_shelf_line,
        ),
        (
            FigureDefinition(
                "TURN_GROSS",
                1,
                "kpi_turn_gross",
                "cost of what was issued in 12 months ÷ mean stock value",
                f"issues at the ledger's cost less what came back; imported history at quantity supplied × the part's "
                f"unit cost; stock is {_STOCK}",
                "the 12 months that end with the month; mean of the last 13 month-ends the ledger knows, "
                "the value at the end where it knows no more",
                "times per year",
                "band",
            ),
            kpi_measures.turn_gross,
        ),
        (
            FigureDefinition(
                "DAYS_SUPPLY",
                1,
                "kpi_days_supply",
                "365 ÷ TURN_GROSS",
                "as TURN_GROSS",
                "as TURN_GROSS",
                "days",
                "band",
            ),
            kpi_measures.days_supply,
        ),
        (
            FigureDefinition(
                "STOCK_AGE_DAYS",
                1,
                "kpi_stock_age_days",
                "Σ (value × days since receipt) ÷ Σ value",
                "what is left of each receipt, first in first out, at what was paid for it; in bins, the reserved "
                "included",
                "the end of the month",
                "days",
                "lower",
            ),
            kpi_measures.stock_age_days,
        ),
        (
            FigureDefinition(
                "DEAD_12",
                1,
                "kpi_dead_12",
                "value of parts without demand and without receipt for 12 months ÷ stock value",
                f"parts of a store; demand is any line asked for, but cancelled; stock is {_STOCK}",
                "the end of the month; the 12 months that end with it hold neither a demand nor a receipt",
                "share",
                "lower",
            ),
            kpi_measures.dead_12,
        ),
    )
}
"""The registry: the figures in the order in which they are shown."""


def month_end(month: int) -> date:
    """Return the last day of a month given by its ordinal.

    >>> month_end(24317)
    datetime.date(2026, 6, 30)
    """
    return first_day_of(month + 1, PeriodKind.MONTH) - timedelta(days=1)


def figures(
    connection: sa.Connection, month: int, as_of: date, store: str | None = None, known_at: int | None = None
) -> list[Figure]:
    """Return every figure of a month.

    Parameters
    ----------
    month
        Ordinal of the month (`demand.periods`).
    as_of
        The last day that counts, where the month is not over yet.
    store
        Only this store; all together where not given.
    known_at
        The last document that counts, by its sequence; all where not given, but in a closed month none recorded after
        it was closed.
    """
    until = min(month_end(month), as_of)
    scope = Scope(month, until, store, known_by(connection, until, known_at))
    label = label_of(month, PeriodKind.MONTH)
    return [
        Figure(definition, store or "", label, *compute(connection, scope)) for definition, compute in FIGURES.values()
    ]
