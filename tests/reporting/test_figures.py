"""A figure is shown in its unit, with its definition, and – where there is none."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from inventory.figures.bridge import Bridge, Step
from inventory.figures.catalogue import FIGURES, named
from inventory.figures.figure import Figure
from inventory.figures.wording import DATE_RULES, POPULATIONS
from reporting.figure_views import bridge_table, rounded
from reporting.figures import definition_text, definitions_table, figures_table
from reporting.tables import render
from reporting.words import word
from reporting.words_figures import CHINESE_DATE_RULES, CHINESE_FORMULAS, CHINESE_POPULATIONS, FIGURE_WORDS


def figure(name: str, numerator: int, denominator: int, store: str = "", member: str = "") -> Figure:
    dimension = "supplier" if member else ""
    return Figure(*named(name), store, "2026-06", numerator, denominator, dimension, member)


@pytest.mark.parametrize(
    ("name", "numerator", "denominator", "shown"),
    [
        ("FILL_SHELF_LINE", 2, 3, "66.7 %"),
        ("TURN_GROSS", 13, 2, "6.5 times per year"),
        ("STOCK_AGE_DAYS", 100_004, 100, "1,000.0 days"),
        ("STOCK_VALUE", 1_234_567, 100, "12,345.67"),
        ("SHORT_LINES_COMMON", 5314, 1, "5,314"),
        ("PARTS_LABOUR", 128, 100, "1.28"),
        ("DEAD_12", 0, 7, "0.0 %"),
        ("DEAD_12", 0, 0, "–"),
    ],
)
def test_people_read_a_value_in_its_unit(name: str, numerator: int, denominator: int, shown: str) -> None:
    assert figures_table([figure(name, numerator, denominator)], "table").rows[0]["value"] == shown


def test_programs_get_one_object_per_figure_with_a_number_or_nothing() -> None:
    given_figures = [figure("FILL_SHELF_LINE", 2, 3, "S01"), figure("TURN_GROSS", 0, 0)]
    first, second = json.loads(render(figures_table(given_figures, "json", "zh"), "json", "zh"))
    assert list(first)[:7] == ["id", "version", "store", "month", "value", "unit", "definition"]
    assert (first["id"], first["store"], first["month"], first["value"], first["unit"]) == (
        "FILL_SHELF_LINE",
        "S01",
        "2026-06",
        0.666667,
        "share",
    )
    assert (first["variant"], first["numerator"], first["denominator"]) == ("line", "2", "3")
    assert (second["store"], second["value"]) == ("", None)
    assert first["definition"].startswith("demand lines supplied complete from the shelf at request ÷ demand lines")


def test_a_split_figure_names_the_member_it_is_of() -> None:
    (row,) = json.loads(render(figures_table([figure("DEAD_12", 1, 2, member="GPC")], "json"), "json", "en"))
    assert (row["dimension"], row["member"]) == ("supplier", "GPC")
    assert "GPC" in render(figures_table([figure("DEAD_12", 1, 2, member="GPC")], "table"), "table", "en")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_figure_has_a_name_and_a_definition_in_both_languages(language: str) -> None:
    for definition in FIGURES.values():
        text = render(figures_table([figure(definition.figure_id, 1, 2)], "table", language), "table", language)
        assert word(definition.name_key, language) in "".join(text.split("\n")) or language == "en"
        for variant in definition.variants:
            assert len(definition_text(definition, language, variant)) > 20
    assert definition_text(definition, "zh") != definition_text(definition, "en")


def test_the_chinese_definitions_are_of_the_figures_that_there_are_and_of_no_others() -> None:
    assert set(CHINESE_FORMULAS) == {
        (name, variant.name) for name, definition in FIGURES.items() for variant in definition.variants
    }
    assert set(CHINESE_POPULATIONS) == set(POPULATIONS) == {each.population for each in FIGURES.values()}
    assert set(CHINESE_DATE_RULES) == set(DATE_RULES) == {each.date_rule for each in FIGURES.values()}


def test_a_list_of_definitions_tells_every_variant_with_what_it_can_be_split_by() -> None:
    rows = definitions_table([FIGURES["FILL_SHELF_LINE"]], "json").rows
    assert [row["variant"] for row in rows] == ["line", "half", "quantity", "value", "workshop"]
    assert {row["dimensions"] for row in rows} == {"store, supplier, class, family, channel"}


@given(some.lists(some.fractions(min_value=-5, max_value=5, max_denominator=97), min_size=1, max_size=12))
def test_rounded_steps_add_up_to_the_rounded_whole(parts: list[Fraction]) -> None:
    whole = sum(parts, Fraction(0))
    assert sum(rounded(parts, whole)) == round(whole * 10**6) / Fraction(10**6)
    assert all(abs(shown - part) < Fraction(2, 10**6) for shown, part in zip(rounded(parts, whole), parts, strict=True))


def test_a_bridge_shows_both_ends_and_steps_that_add_up() -> None:
    steps = (Step("shelf", 0, 1, 3, Fraction(1, 3)), Step("lost", -1, 0, 2, Fraction(-1, 7)))
    way = Bridge(figure("FILL_SHELF_LINE", 1, 2), figure("FILL_SAMEDAY", 29, 42), steps)
    table = bridge_table(way, "json")
    assert (
        sum(round(float(str(row["adds"])) * 10**6) for row in table.rows) == round(Fraction(29 * 10**6, 42)) - 500_000
    )
    for language in ("en", "zh"):
        said = render(bridge_table(way, "table", language), "table", language)
        assert "50.0 %" in said
        assert "69.0 %" in said


def test_no_word_of_the_figures_changes_a_word_that_others_print() -> None:
    said = {key: word(key, "zh") for key in FIGURE_WORDS}
    assert said == {key: chinese for key, (_, chinese) in FIGURE_WORDS.items()}
    assert word("result", "zh") == "损益"
