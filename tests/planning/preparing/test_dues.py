"""Vehicles known one by one: who was here last month does not come next month, and who is due does."""

from datetime import date, timedelta

import numpy as np
import pytest

from demand.periods import PeriodKind
from forecasting.forecast import Forecast, ForecastSettings
from forecasting.lead_time import law_over_periods
from planning.preparing.dues import Courses
from planning.preparing.prepare import forecast_of_prepared, prepare
from tests.planning.books import AS_OF, part, snapshot_of

Row = tuple[object, ...]
CARS = 120


def service(car: int, day: date, number: int, parts: tuple[str, ...]) -> list[Row]:
    odometer = 30 * (day - date(2022, 1, 10)).days
    return [
        (
            "S01", f"RO{number}", part_no, place, day, f"VIN{car:04d}", "M1", odometer, "maintenance", "customer",
            1000, 1000, "shelf", None,
        )
        for place, part_no in enumerate(parts)
    ]  # fmt: skip


def books(last_service_days_ago: int, apart: float = 0.0) -> dict[str, list[Row]]:
    """Return a fleet served every half year, the last time so many days ago and `apart` days more for each car.

    All together where `apart` is zero; plugs at every fourth service.
    """
    lines: list[Row] = []
    chance = np.random.default_rng(3)
    for car in range(CARS):
        for back in range(8):
            jitter = int(chance.integers(-8, 9))
            ago = last_service_days_ago + 183 * back + jitter * (back > 0) + int(apart * car)
            day = AS_OF - timedelta(days=ago)
            if day >= date(2022, 7, 1):
                parts = ("OIL", "PLUG") if back % 4 == 3 else ("OIL",)
                lines += service(car, day, 10 * car + back, parts)
    return {
        "parts": [(*part("OIL", 5.0)[:1], "Oil filter", "maintenance", *part("OIL", 5.0)[3:]),
                  (*part("PLUG", 9.0)[:1], "Spark plug", "maintenance", *part("PLUG", 9.0)[3:])],
        "vehicles": [(f"VIN{car:04d}", "M1", "S01", date(2022, 1, 10), None, "petrol") for car in range(CARS)],
        "fitments": [("OIL", "M1", 0, 9999, 1000, 5000, 6), ("PLUG", "M1", 0, 9999, 1000, 20000, 24)],
        "demand_lines": lines,
    }  # fmt: skip


def forecast_rows(rows: dict[str, list[Row]], kind: PeriodKind = PeriodKind.MONTH, horizon: int = 6) -> Forecast:
    settings = ForecastSettings(horizon=horizon)
    return forecast_of_prepared(prepare(snapshot_of(AS_OF, **rows), kind, settings), settings)


def test_who_was_here_last_month_does_not_come_next_month_and_who_is_due_does() -> None:
    rested, due = (forecast_rows(books(days)).mean[0] for days in (20, 175))
    assert rested[0] < 0.15 * CARS
    assert due[0] > 0.6 * CARS
    assert rested[4] + rested[5] > 0.6 * CARS  # half a year later they are due again


def test_an_item_of_every_fourth_service_is_expected_at_the_fourth() -> None:
    found = forecast_rows(books(175))
    oil, plug = found.mean[:, 0]
    assert found.part_no == ("OIL", "PLUG")
    assert plug > 0.4 * oil  # three services have passed since the last ones
    assert forecast_rows(books(20)).mean[1, 0] < 0.1 * CARS


def test_cars_that_keep_their_dates_vary_less_than_chance() -> None:
    law = law_over_periods(forecast_rows(books(2, apart=180 / CARS)), 1)
    assert law.variance()[0] < 0.8 * law.mean()[0]


@pytest.mark.parametrize("kind", list(PeriodKind))
def test_the_order_of_the_rows_does_not_change_a_byte(kind: PeriodKind) -> None:
    rows = books(100)
    chance = np.random.default_rng(1)
    shuffled = {name: [table[i] for i in chance.permutation(len(table))] for name, table in rows.items()}
    first, second = (forecast_rows(table, kind) for table in (rows, shuffled))
    assert first.mean.tobytes() == second.mean.tobytes()
    assert law_over_periods(first, 2).probability.tobytes() == law_over_periods(second, 2).probability.tobytes()


def test_weeks_add_up_to_the_months_they_lie_in() -> None:
    rows = books(120)
    months, weeks = forecast_rows(rows), forecast_rows(rows, PeriodKind.WEEK, 13)
    assert weeks.mean[0, :13].sum() == pytest.approx(months.mean[0, :3].sum(), rel=0.25)


def two_stores(begins: date, shut: str = "") -> dict[str, list[Row]]:
    """Return cars of two stores, of which the second's books begin later or tell nothing of a month."""
    rows = books(2, apart=180 / CARS)
    lines = [("S02", *line[1:]) if int(str(line[5])[3:]) % 2 else line for line in rows["demand_lines"]]
    lines += [(*line[:2], other, *line[3:]) for line in lines for other in ("WASH", "WIPER")]
    kept = [line for line in lines if line[0] == "S01" or (str(line[4]) >= str(begins) and str(line[4])[:7] != shut)]
    cars = [(*car[:2], "S02" if int(str(car[0])[3:]) % 2 else "S01", *car[3:]) for car in rows["vehicles"]]
    parts = [*rows["parts"], part("WASH", 1.0), part("WIPER", 1.0)]
    return rows | {"vehicles": cars, "demand_lines": kept, "parts": parts}


def courses_of(rows: dict[str, list[Row]]) -> Courses:
    services = prepare(snapshot_of(AS_OF, **rows), PeriodKind.MONTH, ForecastSettings()).services
    assert services is not None
    return services.courses


def test_a_month_in_which_a_store_was_closed_teaches_nothing_of_who_comes() -> None:
    course = courses_of(two_stores(date(2022, 1, 1), "2025-03")).course
    assert course.told is not None
    assert [course.first + column for column in np.flatnonzero(~course.told[1])] == [2025 * 12 + 2]
    assert course.told[0].all()
