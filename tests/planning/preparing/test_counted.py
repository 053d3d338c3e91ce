"""A store that knows its vehicles by number learns from the models on its repair orders when they come."""

from datetime import date

import numpy as np
import pytest

from forecasting.forecast import Forecast
from planning.preparing.counted import LEAST_VISITS
from planning.preparing.prepare import forecast_of
from planning.settings import PlanningSettings, Settings
from tests.planning.books import AS_OF, part, snapshot_of

Row = tuple[object, ...]
Rows = dict[str, list[Row]]


def line(order: str, opened: date, part_no: str, model: str) -> Row:
    return ("S01", order, part_no, 1, opened, "", model, None, "maintenance", "customer", 1000, 1000, "shelf", None)


def books(model: str = "M1", orders: int = 150) -> Rows:
    """Three hundred vehicles registered one summer; half of them come each summer since, and nobody in between."""
    lines: list[Row] = []
    for year in (2024, 2025):
        for number in range(orders):
            opened = date(year, 7 + number % 3, 1 + number % 27)
            lines.append(line(f"RO{year}-{number}", opened, "OIL", model))
            if number % 4 == 0:
                lines.append(line(f"RO{year}-{number}", opened, "FILTER", model))
    # The books go on through the winters, with things that no service book prescribes.
    lines += [line(f"W{month}", date(2025 + month // 12, 1 + month % 12, 9), "LAMP", model) for month in range(18)]
    return {
        "parts": [part("OIL", 1.0), part("FILTER", 1.0), part("LAMP", 1.0)],
        "fitments": [
            ("OIL", "M1", 0, 9999, 1000, None, 12),
            ("FILTER", "M1", 0, 9999, 1000, None, 24),
            ("LAMP", "M1", 0, 9999, 1000, None, None),
        ],
        "vehicle_counts": [("M1", "S01", date(2023, month, 1), 100) for month in (7, 8, 9)],
        "demand_lines": lines,
    }


def forecast_rows(rows: Rows, period: str = "month") -> Forecast:
    return forecast_of(snapshot_of(AS_OF, **rows), Settings(planning=PlanningSettings(period=period)))


def summer_share(found: Forecast, part_no: str) -> float:
    """Share of the coming half-year's demand that falls into its first half."""
    mean = found.mean[found.part_no.index(part_no)]
    return float(mean[:3].sum() / mean[:6].sum())


def test_who_came_last_summer_is_due_this_summer() -> None:
    found = forecast_rows(books())
    assert summer_share(found, "OIL") > 0.75
    assert summer_share(found, "LAMP") == pytest.approx(0.5, abs=0.1)  # no service book prescribes it


def test_who_comes_once_or_not_at_all_varies_less_than_chance() -> None:
    found = forecast_rows(books())
    oil, lamp = (found.part_no.index(name) for name in ("OIL", "LAMP"))
    assert found.certain[oil, 1] > 0.02
    assert found.certain[lamp, 1] == 0.0


def test_factors_multiply_to_the_mean() -> None:
    found = forecast_rows(books())
    product = np.ones(found.mean.shape)
    for factor in found.factors().values():
        product = product * factor
    assert product.tobytes() == found.mean.tobytes()


def test_few_services_or_none_with_a_model_leave_the_cohorts_to_speak() -> None:
    few = books(orders=LEAST_VISITS // 2 - 1)
    unnamed = dict(few, demand_lines=[(*row[:6], "", *row[7:]) for row in few["demand_lines"]])
    assert forecast_rows(few).mean.tobytes() == forecast_rows(unnamed).mean.tobytes()
    enough = books(orders=LEAST_VISITS // 2)
    unnamed = dict(enough, demand_lines=[(*row[:6], "", *row[7:]) for row in enough["demand_lines"]])
    assert forecast_rows(enough).mean.tobytes() != forecast_rows(unnamed).mean.tobytes()


@pytest.mark.parametrize("period", ["month", "week"])
def test_the_order_of_the_rows_does_not_change_a_byte(period: str) -> None:
    rows, chance = books(), np.random.default_rng(1)
    shuffled = {name: [table[i] for i in chance.permutation(len(table))] for name, table in rows.items()}
    assert forecast_rows(rows, period).mean.tobytes() == forecast_rows(shuffled, period).mean.tobytes()


def test_a_model_that_no_repair_order_names_is_followed_like_the_others() -> None:
    rows = books()
    rows["vehicle_counts"].append(("M2", "S01", date(2026, 1, 1), 50))
    rows["fitments"].append(("NEWOIL", "M2", 0, 9999, 1000, None, 12))
    rows["parts"].append(part("NEWOIL", 1.0))
    found = forecast_rows(rows)
    mean = found.mean[found.part_no.index("NEWOIL")]
    assert mean[0] < 0.1 < 2.0 < mean.sum()  # its first service comes with the end of its first year


def test_a_store_whose_books_began_this_month_is_not_followed_yet() -> None:
    rows, early = books(), date(2026, 6, 20)
    rows["vehicle_counts"].append(("M1", "S02", date(2024, 7, 1), 300))
    begun = [("S02", *line(f"N{i}", date(2026, 6, 1 + i % 18), "OIL", "M1")[1:]) for i in range(LEAST_VISITS)]
    rows["demand_lines"] = [*rows["demand_lines"], *begun]
    found = forecast_of(snapshot_of(early, **rows), Settings())
    of_both = [found.mean[i].sum() for i, name in enumerate(found.part_no) if name == "OIL"]
    assert len(of_both) == 2
    assert min(of_both) > 0
