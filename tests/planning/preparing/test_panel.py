"""A bare demand table: which gap is a zero, which a missing month, which a stock-out."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from demand.history import Observation
from demand.periods import PeriodAxis, PeriodKind
from forecasting.forecast import ForecastSettings
from forecasting.heads.rows import Target
from planning.forecast_table import long_table, pooled_stretches, stored_values
from planning.preparing.panel import (
    forecast_series,
    forecast_with_heads,
    heads_of_series,
    lay_out,
    periods_of,
    series_history,
)

SEEN, MISSING, BEFORE, OUT = (
    Observation.SEEN,
    Observation.MISSING,
    Observation.BEFORE_LAUNCH,
    Observation.OUT_OF_STOCK,
)


def table(rows: list[tuple[str, str, int, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["part_no", "period", "quantity", "available"])
    return pd.DataFrame(
        {
            "part_no": frame["part_no"],
            "store": "",
            "period": frame["period"],
            "quantity_milli": frame["quantity"] * 1000,
            "available_ppm": (frame["available"] * 1e6).astype(np.int64),
        }
    )


def codes(rows: list[tuple[str, str, int, float]]) -> list[list[int]]:
    frame = table(rows)
    ordinal, _ = periods_of(frame["period"])
    laid = lay_out(frame, ordinal, PeriodAxis(PeriodKind.MONTH, 24312, 4))
    return [[int(code) for code in row] for row in laid.observation]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("A", "2026-01", 3, 1.0), ("A", "2026-03", 1, 1.0)], [[SEEN, SEEN, SEEN, SEEN]]),  # no zero written: gaps are
        ([("A", "2026-01", 3, 1.0), ("A", "2026-03", 0, 1.0)], [[SEEN, MISSING, SEEN, MISSING]]),  # zeros are written
        ([("A", "2026-02", 3, 1.0)], [[BEFORE, SEEN, SEEN, SEEN]]),  # not on sale before its first row
        ([("A", "2026-01", 3, 1.0), ("A", "2026-02", 0, 0.0)], [[SEEN, OUT, SEEN, SEEN]]),  # its zero is no demand's
        ([("A", "2026-01", 0, 1.0), ("A", "2026-02", 0, 0.0)], [[SEEN, OUT, MISSING, MISSING]]),  # not to be had
        ([("A", "2026-01", 3, 0.0), ("A", "2026-02", 1, 1.0)], [[SEEN, SEEN, SEEN, SEEN]]),  # sold, so it was there
    ],
)
def test_every_cell_says_why_it_holds_what_it_holds(rows: list[tuple[str, str, int, float]], expected: object) -> None:
    assert codes(rows) == expected


def test_weeks_are_counted_into_months_and_months_never_into_weeks() -> None:
    weeks = pd.Series(["2026-06-29", "2026-07-06"])
    assert periods_of(weeks, PeriodKind.MONTH)[0].tolist() == [24317, 24318]
    with pytest.raises(ValueError, match="planned by months"):
        periods_of(pd.Series(["2026-06"]), PeriodKind.WEEK)


def mondays(first: str, weeks: int) -> pd.DataFrame:
    begins = date.fromisoformat(first)
    return table([("A", (begins + timedelta(weeks=i)).isoformat(), 1, 1.0) for i in range(weeks)])


@pytest.mark.parametrize(
    ("first", "weeks", "quantity"),
    [
        ("2026-04-06", 13, {"2026-04": 4, "2026-05": 4, "2026-06": 5}),  # from the first Monday of April to June's last
        ("2026-04-06", 12, {"2026-04": 4, "2026-05": 4}),  # a Monday of June is still to come
        ("2026-04-13", 12, {"2026-05": 4, "2026-06": 5}),  # a Monday of April was before the table
        ("2026-04-13", 11, {"2026-05": 4}),
    ],
)
def test_of_months_made_of_weeks_only_whole_ones_count(first: str, weeks: int, quantity: dict[str, int]) -> None:
    history = series_history(mondays(first, weeks), counted_in=PeriodKind.MONTH)
    assert dict(zip(history.axis.labels(), history.quantity[0].tolist(), strict=True)) == quantity
    assert series_history(mondays(first, weeks)).axis.count == weeks


def test_weeks_that_make_no_whole_month_are_refused_where_months_are_wanted() -> None:
    with pytest.raises(ValueError, match="every Monday"):
        series_history(mondays("2026-04-13", 3), counted_in=PeriodKind.MONTH)
    with pytest.raises(ValueError, match="all periods"):
        periods_of(pd.Series(["2026-06", "2026-06-29"]))


def test_rows_after_the_origin_are_not_looked_at() -> None:
    rows = [("A", f"2025-{month:02d}", month, 1.0) for month in range(1, 13)]
    early = forecast_series(table(rows[:6]), ForecastSettings(horizon=2))
    cut = forecast_series(table(rows), ForecastSettings(horizon=2), origin="2025-06")
    assert (early.mean == cut.mean).all()
    assert cut.axis.labels() == ["2025-07", "2025-08"]


@pytest.mark.parametrize(
    ("origin", "reason"), [("2025-06-02", "2025-06-02 is a week"), ("2100-01", "1900 to 2099"), ("0001-01", "1900 to")]
)
def test_an_origin_is_a_period_such_as_the_table_has(origin: str, reason: str) -> None:
    rows = [("A", f"2025-{month:02d}", month, 1.0) for month in range(1, 13)]
    with pytest.raises(ValueError, match=reason):
        series_history(table(rows), origin)


def test_cans_of_four_stay_on_multiples_of_four() -> None:
    rows = [("OIL", f"2025-{month:02d}", 4 * (month % 3), 1.0) for month in range(1, 13)]
    out = long_table(forecast_series(table(rows), ForecastSettings(horizon=1)), 1, (0.5, 0.9, 0.99), 3)
    values = out.loc[out["quantile"].notna(), "value"]
    assert (values % 4 == 0).all()
    assert values.max() > 0


@pytest.mark.parametrize("asked", [50_000, 7_000_000, 900_000_000])
def test_what_is_asked_for_by_the_million_in_few_months_is_expected_by_the_million(asked: int) -> None:
    rows = [("BOLT", f"2025-{month:02d}", asked + month, 1.0) for month in range(1, 5)]
    heads = heads_of_series(table(rows), ForecastSettings(horizon=1))
    out = long_table(heads.forecast, 1, (0.5, 0.99), 3, pooled_stretches(heads, 1, 3))
    assert out.loc[out["target"] == "period", "value"].to_numpy() == pytest.approx(asked, rel=0.5)
    assert (out.loc[out["target"] == "lead_time", "value"] >= 2 * asked).all()


def test_the_long_table_has_a_row_for_every_step_and_quantile_and_the_sum_is_a_law_of_its_own() -> None:
    rows = [(part, f"2025-{month:02d}", 2, 1.0) for part in ("B", "A") for month in range(1, 13)]
    out = long_table(forecast_series(table(rows), ForecastSettings(horizon=4)), 2, (0.5, 0.95), 3)
    assert out.columns.tolist() == ["part_no", "store", "target", "step", "quantile", "value"]
    assert len(out) == 2 * 3 * 3
    first = out[out["part_no"] == "A"]
    assert first["target"].tolist() == ["period"] * 6 + ["lead_time"] * 3
    assert first["step"].tolist() == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    means = first[first["quantile"].isna()]["value"].tolist()
    assert means[2] == pytest.approx(3 * means[0], rel=1e-5)
    single, summed = (
        first[(first["quantile"] == 0.95) & (first["target"] == t)]["value"].iloc[0] for t in ("period", "lead_time")
    )
    assert summed < 3 * single
    stored = stored_values(out)
    assert stored["share_ppm"].tolist()[:3] == [-1, 500_000, 950_000]


def test_two_stretches_told_side_by_side_are_those_told_one_after_the_other() -> None:
    draw = np.random.default_rng(2)
    demand = draw.poisson(draw.gamma(1, 1, (80, 1)) * np.ones((80, 30)))
    rows = [
        (f"P{i}", f"{2020 + m // 12}-{m % 12 + 1:02d}", int(demand[i, m]), 1.0) for i in range(80) for m in range(30)
    ]
    heads = heads_of_series(table(rows), ForecastSettings(horizon=3))
    together = pooled_stretches(heads, 2, 3).laws
    alone = [*heads.laws(Target(1, 2))[0], *heads.laws(Target(3))[0]]
    for (_, _, law), other in zip(together, alone, strict=True):
        assert law.probability.tobytes() == other.probability.tobytes()
        assert law.boundaries.tobytes() == other.boundaries.tobytes()


def test_where_periods_stand_alone_a_bare_table_is_forecast_as_a_plan_does_with_the_heads_heard() -> None:
    draw = np.random.default_rng(4)
    demand = draw.poisson(draw.gamma(0.8, 1.5, (120, 1)) * np.ones((120, 30)))
    rows = [
        (f"P{i}", f"{2020 + m // 12}-{m % 12 + 1:02d}", int(demand[i, m]), 1.0) for i in range(120) for m in range(30)
    ]
    settings = ForecastSettings(horizon=6)
    heads = heads_of_series(table(rows), settings)
    found = forecast_with_heads(series_history(table(rows)), settings)
    assert found.its_like is not None
    for length in (1, 6):
        told = heads.laws(Target(length))[0][0].mean()
        assert found.mean[:, :length].sum(axis=1) == pytest.approx(told, rel=0.02)
    assert found.mean.sum() != pytest.approx(heads.forecast.mean.sum(), rel=1e-3)


@pytest.mark.parametrize("level", [0.5, 2.0])
def test_a_panel_that_has_halved_or_doubled_for_three_months_is_expected_to_go_on_so(level: float) -> None:
    draw = np.random.default_rng(2)
    pace = draw.gamma(0.6, 2.0, 200)
    demand = draw.poisson(pace[:, None] * np.where(np.arange(40) < 37, 1.0, level))
    months = [f"{2020 + m // 12}-{m % 12 + 1:02d}" for m in range(40)]
    rows = [(f"P{i:03}", month, int(demand[i, m]), 1.0) for i in range(200) for m, month in enumerate(months)]
    heads = heads_of_series(table(rows), ForecastSettings(horizon=3))
    expected = pooled_stretches(heads, 3, 3).laws
    came = demand[:, 37:].sum()
    assert sum(law.mean().sum() for target, _, law in expected if target == "period") == pytest.approx(came, rel=0.12)
    assert expected[-1][2].mean().sum() == pytest.approx(came, rel=0.12)
    assert heads.forecast.mean.sum() == pytest.approx(came, rel=0.12)


def test_a_month_that_is_busy_every_year_is_expected_to_be_busy_again() -> None:
    draw = np.random.default_rng(2)
    demand = draw.poisson(np.where(np.arange(36) % 12 == 5, 9.0, 6.0), (40, 36))
    rows = [
        (f"P{i}", f"{2020 + m // 12}-{m % 12 + 1:02d}", int(demand[i, m]), 1.0) for i in range(40) for m in range(36)
    ]
    expected = forecast_series(table(rows), ForecastSettings(horizon=7)).mean.sum(axis=0)
    assert expected[5] / np.delete(expected, 5).mean() == pytest.approx(1.45, abs=0.1)
    turned = forecast_series(table(rows[::-1]), ForecastSettings(horizon=7))
    assert turned.mean.sum(axis=0).tolist() == expected.tolist()
    few = forecast_series(table([row for row in rows if row[1] < "2021"]), ForecastSettings(horizon=7))
    assert few.exposure.season is None
