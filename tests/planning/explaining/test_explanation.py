"""How a forecast comes about: factors that multiply, units that add up, to the last digit, for every row."""

from datetime import date
from decimal import Decimal
from math import prod

import pytest

from demand.periods import PeriodKind
from forecasting.forecast import ForecastSettings
from inventory.snapshot import Snapshot
from planning.explaining.explanation import BILLION, Explanation, explain
from planning.preparing.prepare import forecast_of_prepared, prepare
from reporting.explanation import explanation_sentence, factors_table, made_by
from reporting.tables import plain_value
from tests.planning.books import AS_OF, panel_rows, part, small_dealership, snapshot_of
from tests.planning.preparing.test_prepare import car, fitment, line


def workshop() -> Snapshot:
    """Return parts with vehicles and calls, vehicles alone, calls alone, and vehicles that are nowhere to be seen."""
    return snapshot_of(
        AS_OF,
        parts=[part(number, 2.0) for number in ("A", "B", "C", "D")],
        vehicles=[car(i) for i in range(40)],
        fitments=[fitment("A", km=10_000, quantity=4), fitment("B"), fitment("D", model="M9")],
        demand_lines=[line(i, "A", date(2026, 1 + i % 6, 9), 4, vin=f"VIN{i % 40}") for i in range(30)]
        + [line(90 + i, "C", date(2026, 1 + i % 6, 9)) for i in range(5)]
        + [line(99, "D", date(2026, 3, 3))],
    )


def explained(books: Snapshot, lead_time: int = 2) -> list[Explanation]:
    settings = ForecastSettings(horizon=3)
    ready = prepare(books, PeriodKind.MONTH, settings)
    found = forecast_of_prepared(ready, settings)
    return [explain(ready, found, item, lead_time) for item in range(found.item_count)]


def counter_parts() -> Snapshot:
    """Return parts enough, that no vehicle carries, for their like to be heard."""
    means = {(f"C{i:03d}", "S01"): 0.1 + 0.05 * i for i in range(110)}
    return snapshot_of(
        AS_OF, parts=[part(number, 2.0) for number, _ in means], demand_panel=panel_rows(means, count=30)
    )


@pytest.mark.parametrize("books", [workshop(), small_dealership(), counter_parts()])
def test_the_factors_multiply_and_the_units_add_up_to_the_forecast_exactly(books: Snapshot) -> None:
    for one in explained(books):
        assert prod(step.value for step in one.steps) == one.forecast
        assert sum(step.adds_e9 for step in one.steps if step.adds_e9 is not None) == one.forecast_e9
        assert one.forecast_e9 == pytest.approx(one.forecast * BILLION, abs=1)
        before = None
        for step in one.steps:
            if before:
                assert step.units_e9 / before == pytest.approx(step.value, rel=1e-6, abs=2 / before)
            before = step.units_e9


def test_what_programs_read_adds_up_in_decimals_too() -> None:
    one = explained(workshop())[0]
    table = factors_table([one], "json", "en")
    adds = [plain_value(row["adds_e9"], "units_e9") for row in table.rows]
    total = plain_value(table.rows[-1]["units_e9"], "units_e9")
    assert sum(Decimal(str(each)) for each in adds if each is not None) == Decimal(str(total))


def test_the_forecast_explained_is_the_forecast() -> None:
    settings = ForecastSettings(horizon=3)
    ready = prepare(workshop(), PeriodKind.MONTH, settings)
    found = forecast_of_prepared(ready, settings)
    for item in range(found.item_count):
        one = explain(ready, found, item, 2)
        assert one.forecast == pytest.approx(found.mean[item, 0] * found.unit_milli[item] / 1000)
        law = {(row.target, row.share): row.value_milli for row in one.law}
        assert law[("period", None)] == pytest.approx(one.forecast * 1000, rel=1e-3, abs=1)
        assert law[("lead_time", 0.95)] >= law[("lead_time", 0.5)]


def test_what_parts_like_it_were_asked_for_is_a_factor_and_the_law_says_so() -> None:
    heard, alone = explained(counter_parts())[20], explained(small_dealership())[0]
    assert "its_like" in [step.name for step in heard.steps]
    assert "its_like" not in [step.name for step in alone.steps]
    for language, told in (("en", "two regressions over all parts that no vehicle explains"), ("zh", "两个回归模型")):
        assert any(told in sentence for sentence in made_by([heard], language))
        assert not any(told in sentence for sentence in made_by([alone], language))


@pytest.mark.parametrize("books", [workshop(), counter_parts()])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_factor_says_what_it_is_and_where_it_comes_from(language: str, books: Snapshot) -> None:
    every = explained(books)
    rows = factors_table(every, "table", language).rows
    assert all(row["meaning"] for row in rows)
    assert all(row["comes_from"] for row in rows if row["factor"] != "expected_demand")
    assert "{" not in " ".join(str(row["comes_from"]) for row in rows)
    for one in every:
        told = explanation_sentence(one, language)
        assert "{" not in told
        assert one.part_no in told
