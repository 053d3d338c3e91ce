"""Managers' figures as a table: rounded here and nowhere else, and never without their definition."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from inventory.kpi import Figure, FigureDefinition
from reporting.tables import Column, Table
from reporting.words import word
from reporting.words_ledger import CHINESE_DEFINITIONS

DECIMALS_FOR_PROGRAMS = 6


def figures_table(figures: Sequence[Figure], output: str, language: str = "en") -> Table:
    """Return the figures as rows of id, version, store, month, value, unit and definition.

    For people the value is text in its unit and the name stands beside the id; for programs it is a number, a share
    between 0 and 1, and the definition is in English whatever the language.
    """
    for_people = output == "table"
    rows = [
        {
            "id": figure.definition.figure_id,
            "version": figure.definition.version,
            "name": word(figure.definition.name_key, language),
            "store": figure.store or (word("all_stores", language) if for_people else ""),
            "month": figure.month,
            "value": _shown(figure, language) if for_people else _number(figure.value),
            "unit": figure.definition.unit,
            "definition": definition_text(figure.definition, language if for_people else "en"),
        }
        for figure in figures
    ]
    shown: tuple[Column, ...] = (
        Column("id"),
        Column("version", "count"),
        Column("store"),
        Column("month"),
        Column("value") if for_people else Column("value", "number"),
    )
    shown = (Column("name"), *shown[::-1]) if for_people else (*shown, Column("unit"))
    return Table(word("kpi_title", language), (*shown, Column("definition")), rows)


def definition_text(definition: FigureDefinition, language: str) -> str:
    """Return formula, population and date rule of a figure as one text."""
    if language == "zh":
        return CHINESE_DEFINITIONS[definition.name_key]
    return f"{definition.formula}. Counted: {definition.population}. When: {definition.date_rule}."


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(round(value, DECIMALS_FOR_PROGRAMS))


def _shown(figure: Figure, language: str) -> str:
    """Return the value as people read it; – where there is none."""
    if figure.value is None:
        return "–"
    if figure.definition.unit == "share":
        return f"{float(round(figure.value * 100, 1)):.1f} %"
    return f"{float(round(figure.value, 1)):,.1f} {word('unit_' + figure.definition.unit.replace(' ', '_'), language)}"
