"""A part of a bare table: filter, regressions and calibration are factors that multiply to the mean of its law."""

from functools import cache
from math import prod

import numpy as np
import pytest

from forecasting.forecast import ForecastSettings
from forecasting.heads.pooled import PooledHeads, Standing
from forecasting.heads.rows import Target
from planning.explaining.explanation import BILLION, Explanation
from planning.explaining.panel_explanation import explain_panel
from planning.preparing.panel import heads_of_series
from reporting.explanation import explanation_sentence, factors_table, law_table
from tests.planning.books import frame


@cache
def heads(items: int, months: int, busy_month: float = 1.0) -> PooledHeads:
    """Return a table whose last part is never asked for; the month after the last may be a busy one of every year."""
    draw = np.random.default_rng(8)
    rate = np.append(draw.gamma(0.7, 1.5, items - 1), 0.0)
    months_of = [f"{2023 + month // 12}-{month % 12 + 1:02d}" for month in range(months)]
    busy = np.where(np.arange(months) % 12 == months % 12, busy_month, 1.0)
    asked = draw.poisson(rate[:, None] * busy, (items, months)) * 1000
    rows = [
        (f"P{item:02d}", "", label, int(asked[item, month]), 1_000_000)
        for item in range(items)
        for month, label in enumerate(months_of)
    ]
    return heads_of_series(frame("demand_panel", rows), ForecastSettings(horizon=2))


def explained(items: int = 60, months: int = 30) -> list[Explanation]:
    return explain_panel(heads(items, months), [0, items // 2, items - 1], 2)


def test_the_factors_multiply_and_the_units_add_up_to_the_mean_of_the_law_that_is_told() -> None:
    table = heads(60, 30)
    laws, standing = table.laws(Target(1))
    assert standing is Standing.HEADS
    for one, item in zip(explained(), (0, 30, 59), strict=True):
        assert prod(step.value for step in one.steps) == one.forecast
        assert sum(step.adds_e9 for step in one.steps if step.adds_e9 is not None) == one.forecast_e9
        unit = table.forecast.unit_milli[item] / 1000
        assert one.forecast == pytest.approx(laws[0].mean()[item] * unit, rel=1e-9)
        assert one.forecast_e9 == pytest.approx(one.forecast * BILLION, abs=1)
        assert {"heads", "calibration"} <= {step.name for step in one.steps}


def test_a_month_that_is_busy_every_year_is_a_factor_of_the_table_and_of_no_kind() -> None:
    one = explain_panel(heads(60, 30, busy_month=2.0), [0], 2)[0]
    season = next(step for step in one.steps if step.name == "table_season")
    assert 1.3 < season.value < 2.0
    assert prod(step.value for step in one.steps) == one.forecast
    assert "for the season of the table" in explanation_sentence(one, "en")
    assert "全表季节" in explanation_sentence(one, "zh")


def test_the_law_is_that_of_the_table_s_forecast() -> None:
    table = heads(60, 30)
    summed = table.laws(Target(2))[0][0]
    told = {(row.target, row.share): row.value_milli for row in explained()[0].law}
    assert told[("lead_time", 0.95)] == summed.quantile(0.95)[0] * table.forecast.unit_milli[0]


def test_a_table_too_small_to_teach_is_explained_by_the_filter_alone() -> None:
    few = explained(3, 12)
    assert all(one.facts["made_by"] == Standing.FILTER for one in few)
    assert not {"heads", "calibration"} & {step.name for one in few for step in one.steps}
    assert len(law_table(few, "table", "en").notes) == 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_heads_weights_and_calibration_are_named_in_words(language: str) -> None:
    every = explained()
    rows = factors_table(every, "table", language).rows
    assert all(row["meaning"] for row in rows)
    said = " ".join([*law_table(every, "table", language).notes, *(str(row["comes_from"]) for row in rows)])
    assert "{" not in said
    assert "%" in said
    assert all("{" not in explanation_sentence(one, language) for one in every)
    notes = " ".join(law_table(every, "table", language).notes)
    assert ("regression" in notes) if language == "en" else ("回归" in notes)
    assert ("stretched" in notes) if language == "en" else ("校准" in notes)
