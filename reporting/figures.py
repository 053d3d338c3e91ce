"""Managers' figures as tables: rounded here and nowhere else, and never without their definition."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from inventory.figures.catalogue import dimensions_of
from inventory.figures.computing import Line
from inventory.figures.figure import Exact, Figure, FigureDefinition, Variant
from inventory.figures.wording import DATE_RULES, POPULATIONS
from reporting.tables import Column, Table, human_text
from reporting.words import word
from reporting.words_figures import CHINESE_DATE_RULES, CHINESE_FORMULAS, CHINESE_POPULATIONS

DECIMALS_FOR_PROGRAMS = 6


def figures_table(figures: Sequence[Figure], output: str, language: str = "en") -> Table:
    """Return the figures as rows of id, version, store, month, value, unit, definition, and what the value is made of.

    For people the value is text in its unit and the name stands beside the id; for programs it is a number, a share
    between 0 and 1, and the definition is in English whatever the language. Numerator and denominator are exact: whole
    numbers, or fractions of them as text.
    """
    for_people = output == "table"
    is_split = any(figure.dimension for figure in figures)
    rows = [
        {
            "id": figure.definition.figure_id,
            "version": figure.definition.version,
            "name": word(figure.definition.name_key, language),
            "variant": figure.variant.name,
            "store": figure.store or (word("all_stores", language) if for_people else ""),
            "month": figure.month,
            "value": shown(figure.value, figure.definition, language) if for_people else _number(figure.value),
            "unit": figure.definition.unit,
            "definition": definition_text(figure.definition, language if for_people else "en", figure.variant),
            "numerator": str(figure.numerator),
            "denominator": str(figure.denominator),
            "dimension": figure.dimension,
            "member": figure.member,
        }
        for figure in figures
    ]
    split = (Column("dimension"), Column("member")) if is_split else ()
    if for_people:
        columns = ("name", "value", *(["member"] if is_split else []), "month", "store", "id", "variant", "definition")
        return Table(word("kpi_title", language), tuple(Column(name) for name in columns), rows)
    columns_for_programs = (
        Column("id"),
        Column("version", "count"),
        Column("store"),
        Column("month"),
        Column("value", "number"),
        Column("unit"),
        Column("definition"),
        Column("variant"),
        Column("numerator"),
        Column("denominator"),
        *split,
    )
    return Table(word("kpi_title", language), columns_for_programs, rows)


def definitions_table(definitions: Sequence[FigureDefinition], output: str, language: str = "en") -> Table:
    """Return the definitions, a row per variant; the first variant of a figure is the one meant where none is named."""
    for_people = output == "table"
    rows = [
        {
            "id": definition.figure_id,
            "version": definition.version,
            "name": word(definition.name_key, language),
            "variant": variant.name,
            "unit": word(f"unit_{definition.unit.replace(' ', '_')}", language) if for_people else definition.unit,
            "direction": word(f"direction_{definition.direction}", language) if for_people else definition.direction,
            "definition": definition_text(definition, language if for_people else "en", variant),
            "dimensions": ", ".join(dimensions_of(variant)),
        }
        for definition in definitions
        for variant in definition.variants
    ]
    names = ("id", "version", "name", "variant", "unit", "direction", "definition", "dimensions")
    return Table(
        word("kpi_define_title", language),
        tuple(Column(name, "count" if name == "version" else "text") for name in names),
        rows,
    )


def lines_table(definition: FigureDefinition, variant: Variant, lines: Sequence[Line], language: str = "en") -> Table:
    """Return the lines behind a figure; their sums are its numerator and denominator."""
    keys = [name for name, _ in lines[0].keys] if lines else []
    rows = [
        {**dict(line.keys), "numerator": plain(line.numerator), "denominator": plain(line.denominator)}
        for line in lines
    ]
    title = f"{word('kpi_lines_title', language)} {definition.figure_id}:{variant.name}"
    columns = (*(Column(name) for name in keys), Column("numerator"))
    if variant.denominator:
        columns = (*columns, Column("denominator"))
    return Table(title, columns, rows)


def definition_text(definition: FigureDefinition, language: str, variant: Variant | None = None) -> str:
    """Return formula, population and date rule of a figure as one text."""
    variant = variant or definition.variant()
    if language == "zh":
        formula = CHINESE_FORMULAS[definition.figure_id, variant.name]
        population, date_rule = CHINESE_POPULATIONS[definition.population], CHINESE_DATE_RULES[definition.date_rule]
        return f"{formula}。范围：{population}。时间：{date_rule}。"
    population, date_rule = POPULATIONS[definition.population], DATE_RULES[definition.date_rule]
    return f"{variant.formula}. Counted: {population}. When: {date_rule}."


def shown(value: Fraction | None, definition: FigureDefinition, language: str) -> str:
    """Return a value as people read it; – where there is none."""
    if value is None:
        return "–"
    if definition.unit == "share":
        return f"{float(round(value * 100, 1)):.1f} %"
    if definition.unit == "money":
        return human_text(round(value * 10_000), "money_e4")
    if definition.unit == "count":
        return f"{float(round(value, 3)):,.3f}".rstrip("0").rstrip(".")
    if definition.unit == "ratio":
        return f"{float(round(value, 2)):,.2f}"
    return f"{float(round(value, 1)):,.1f} {word('unit_' + definition.unit.replace(' ', '_'), language)}"


def plain(amount: Exact) -> str:
    """Return an exact amount as text: whole, or with the decimals it has, or as a fraction.

    >>> plain(Fraction(5, 2)), plain(7), plain(Fraction(1, 3))
    ('2.5', '7', '1/3')
    """
    exact = Fraction(amount)
    if 10**6 % exact.denominator == 0:
        return f"{float(exact):f}".rstrip("0").rstrip(".") if exact.denominator > 1 else str(exact.numerator)
    return str(exact)


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(round(value, DECIMALS_FOR_PROGRAMS))
