"""A figure is shown in its unit, with its definition, and – where there is none."""

from __future__ import annotations

import json

import pytest

from inventory.kpi import FIGURES, Figure
from reporting.figures import definition_text, figures_table
from reporting.tables import render
from reporting.words import word


def figure(figure_id: str, numerator: int, denominator: int, store: str = "") -> Figure:
    return Figure(FIGURES[figure_id][0], store, "2026-06", numerator, denominator)


@pytest.mark.parametrize(
    ("figure_id", "numerator", "denominator", "shown"),
    [
        ("FILL_SHELF_LINE", 2, 3, "66.7 %"),
        ("TURN_GROSS", 13, 2, "6.5 times per year"),
        ("STOCK_AGE_DAYS", 100_004, 100, "1,000.0 days"),
        ("DEAD_12", 0, 7, "0.0 %"),
        ("DEAD_12", 0, 0, "–"),
    ],
)
def test_people_read_a_value_in_its_unit(figure_id: str, numerator: int, denominator: int, shown: str) -> None:
    assert figures_table([figure(figure_id, numerator, denominator)], "table").rows[0]["value"] == shown


def test_programs_get_one_object_per_figure_with_a_number_or_nothing() -> None:
    given = [figure("FILL_SHELF_LINE", 2, 3, "S01"), figure("TURN_GROSS", 0, 0)]
    first, second = json.loads(render(figures_table(given, "json", "zh"), "json", "zh"))
    assert list(first) == ["id", "version", "store", "month", "value", "unit", "definition"]
    assert (first["id"], first["store"], first["month"], first["value"], first["unit"]) == (
        "FILL_SHELF_LINE",
        "S01",
        "2026-06",
        0.666667,
        "share",
    )
    assert (second["store"], second["value"]) == ("", None)
    assert first["definition"].startswith("demand lines supplied complete from the shelf at request ÷ demand lines")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_figure_has_a_name_and_a_definition_in_both_languages(language: str) -> None:
    for definition, _ in FIGURES.values():
        text = render(figures_table([figure(definition.figure_id, 1, 2)], "table", language), "table", language)
        assert word(definition.name_key, language) in text
        assert "÷" in definition_text(definition, language)
    assert definition_text(definition, "zh") != definition_text(definition, "en")
