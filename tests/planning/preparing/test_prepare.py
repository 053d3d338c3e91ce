"""From the books to histories and exposures: what counts as demand, of which part, seen through which vehicles."""

from datetime import date

import numpy as np
import pytest

from demand.history import Observation
from demand.periods import PeriodKind
from forecasting.forecast import Basis, Forecast, ForecastSettings
from forecasting.lead_time import law_over
from inventory.snapshot import Snapshot
from planning.preparing.prepare import Prepared, forecast_of, prepare
from planning.settings import PlanningSettings, Settings
from tests.planning.books import AS_OF, part, snapshot_of

Row = tuple[object, ...]


def line(number: int, part_no: str, day: date, quantity: int = 1, **more: object) -> Row:
    return (
        more.get("store", "S01"), f"RO{number}", part_no, 1, day, more.get("vin", ""), more.get("model", ""),
        more.get("odometer_km"), more.get("job_type", "repair"), more.get("payer", "customer"), quantity * 1000,
        quantity * 1000, more.get("outcome", "shelf"), None,
    )  # fmt: skip


def car(number: int, model: str = "M1", registered: date = date(2023, 5, 10), left: date | None = None) -> Row:
    return (f"VIN{number}", model, "S01", registered, left, "petrol")


def fitment(part_no: str, model: str = "M1", quantity: int = 1, **more: object) -> Row:
    return (part_no, model, more.get("year_from", 0), more.get("year_to", 9999), quantity * 1000, more.get("km"), None)


def prepared(as_of: date = AS_OF, **rows: list[Row]) -> Prepared:
    return prepare(snapshot_of(as_of, **rows), PeriodKind.MONTH, ForecastSettings(horizon=3))


def demand_of(ready: Prepared, part_no: str, store: str = "S01") -> list[int]:
    row = list(zip(ready.history.part_no, ready.history.store, strict=True)).index((part_no, store))
    return [int(q) for q in ready.history.quantity[row] * ready.history.unit_milli[row] // 1000]


MAY, JUNE = date(2026, 5, 4), date(2026, 6, 11)


def test_what_was_asked_counts_lost_or_paid_by_warranty_but_not_cancelled_nor_recalls() -> None:
    ready = prepared(
        parts=[part("A", 1.0)],
        demand_lines=[
            line(1, "A", MAY),
            line(2, "A", JUNE, outcome="lost"),
            line(3, "A", JUNE, payer="warranty"),
            line(4, "A", JUNE, payer="internal"),
            line(5, "A", JUNE, outcome="cancelled"),
            line(6, "A", JUNE, job_type="recall"),
            line(7, "A", JUNE, job_type="campaign"),
        ],
    )
    assert demand_of(ready, "A") == [1, 3]


def test_demand_of_an_old_number_is_demand_of_its_successor() -> None:
    ready = prepared(
        parts=[part("OLD", 1.0), part("NEW", 1.0)],
        supersessions=[("OLD", "NEW", date(2026, 6, 1), 2000, "use_up_first")],
        demand_lines=[line(1, "OLD", MAY, 3), line(2, "NEW", JUNE, 2)],
        positions=[("S01", "OLD", 1000, 0, 0, 0, 0)],
    )
    assert ready.history.part_no == ("NEW",)
    assert demand_of(ready, "NEW") == [6, 2]


def test_before_a_store_s_first_line_nothing_is_known_of_it() -> None:
    ready = prepared(
        parts=[part("A", 1.0)],
        demand_lines=[line(1, "A", date(2026, 3, 2)), line(2, "A", MAY, store="S02"), line(3, "A", JUNE, store="S02")],
    )
    assert ready.history.observation[1].tolist() == [Observation.MISSING] * 2 + [Observation.SEEN] * 2


def test_a_month_that_is_not_over_is_not_history() -> None:
    ready = prepared(date(2026, 6, 20), parts=[part("A", 1.0)], demand_lines=[line(1, "A", MAY), line(2, "A", JUNE)])
    assert ready.history.axis.labels() == ["2026-05"]
    assert ready.days_past == 20


def test_the_panel_gives_availability_where_lines_give_quantities_and_both_where_there_are_no_lines() -> None:
    ready = prepared(
        parts=[part("A", 1.0), part("B", 1.0)],
        demand_lines=[line(1, "A", MAY), line(2, "A", JUNE)],
        demand_panel=[
            ("A", "", "2026-05", 9000, 400_000),
            ("A", "", "2026-06", 9000, 1_000_000),
            ("B", "", "2026-05", 8000, 1_000_000),
            ("B", "", "2026-06", 0, 0),
        ],
    )
    assert ready.history.store == ("S01", "S01")  # a panel without store is that of the only store there is
    assert demand_of(ready, "A") == [1, 1]
    assert ready.history.availability[0].tolist() == [0.4, 1.0]
    assert demand_of(ready, "B") == [8, 0]
    assert ready.history.observation[1].tolist() == [Observation.SEEN, Observation.OUT_OF_STOCK]


def forecast_rows(rows: dict[str, list[Row]], settings: Settings | None = None) -> Forecast:
    return forecast_of(snapshot_of(AS_OF, **rows), settings or Settings())


def a_year_of_services(vehicles: int) -> dict[str, list[Row]]:
    return {
        "parts": [part("FIL", 5.0), part("NEWFIL", 5.0)],
        "fitments": [fitment("FIL", km=10_000), fitment("NEWFIL", "M2", km=10_000)],
        "vehicles": [car(i) for i in range(vehicles)]
        + [car(1000 + i, "M2", registered=date(2025, 8, 3)) for i in range(vehicles)],
        "demand_lines": [
            line(i, "FIL", date(2025, 7 + i % 6, 15), vin=f"VIN{i % vehicles}", odometer_km=26_000)
            for i in range(vehicles)
        ]
        + [line(5000, "FIL", JUNE, vin="VIN1")],
    }


def test_a_part_never_sold_is_forecast_from_the_vehicles_that_carry_it() -> None:
    found = forecast_rows(a_year_of_services(60))
    row = found.part_no.index("NEWFIL")
    assert found.basis[row] == Basis.VEHICLES
    assert found.exposure.vehicles[row, 0] == pytest.approx(60, abs=1)
    assert 0.5 < found.mean[row].sum() < 60
    alike = found.part_no.index("FIL")
    assert found.family[row] == found.family[alike] == "wear/interval"
    assert law_over(found, 60.0, 5.0).quantile(0.95)[row] >= 1


def test_a_vehicle_that_left_and_a_year_that_is_not_fitted_count_for_nothing() -> None:
    rows: dict[str, list[Row]] = {
        "parts": [part("A", 1.0), part("B", 1.0)],
        "fitments": [fitment("A", year_from=2024), fitment("B")],
        "vehicles": [car(1), car(2, registered=date(2024, 2, 1)), car(3, left=date(2026, 1, 5))],
        "demand_lines": [line(1, "X", MAY)],
    }
    ready = prepared(AS_OF, **rows)
    vehicles = dict(zip(ready.history.part_no, ready.exposure.vehicles[:, 0].round(1), strict=True))
    assert vehicles["A"] == 1.0
    assert vehicles["B"] == 2.0


def test_a_part_for_a_model_nobody_drives_here_expects_nothing() -> None:
    ready_rows = a_year_of_services(20)
    ready_rows["fitments"].append(fitment("ODD", "M9"))
    ready_rows["positions"] = [("S01", "ODD", 1000, 0, 0, 0, 0)]
    found = forecast_rows(ready_rows)
    row = found.part_no.index("ODD")
    assert found.basis[row] == Basis.NO_VEHICLE
    assert found.mean[row].sum() == 0
    assert law_over(found, 30.0, 0.0).row(row).tolist() == [1.0]


def test_the_sales_plan_brings_vehicles_in_the_months_to_come() -> None:
    rows = a_year_of_services(20)
    rows["sales_plan"] = [("M2", "S01", date(2026, 7, 1), 10), ("M2", "S01", date(2026, 6, 1), 99)]
    found = forecast_rows(rows)
    vehicles = found.exposure.vehicles[found.part_no.index("NEWFIL")]
    assert vehicles[0] == pytest.approx(30, abs=0.1)  # a plan for the past is not a plan


def test_counts_of_vehicles_serve_where_there_are_no_vins() -> None:
    found = forecast_of(
        snapshot_of(
            parts=[part("A", 1.0)],
            fitments=[fitment("A", km=10_000)],
            vehicle_counts=[("M1", "S01", date(2023, 1, 1), 200)],
        ),
        Settings(),
    )
    assert found.basis == (str(Basis.VEHICLES),)
    assert found.mean.sum() > 5


@pytest.mark.parametrize("period", ["month", "week"])
def test_the_order_of_the_rows_does_not_change_a_byte(period: str) -> None:
    rows = a_year_of_services(40)
    settings = Settings(planning=PlanningSettings(period=period))
    chance = np.random.default_rng(1)
    shuffled = {name: [table[i] for i in chance.permutation(len(table))] for name, table in rows.items()}
    first, second = (forecast_rows(table, settings) for table in (rows, shuffled))
    assert first.part_no == second.part_no
    assert first.mean.tobytes() == second.mean.tobytes()


def test_empty_books_give_an_empty_forecast() -> None:
    empty: Snapshot = snapshot_of()
    found = forecast_of(empty, Settings())
    assert found.item_count == 0
    assert law_over(found, 10.0, 1.0).item_count == 0


@pytest.mark.parametrize("level", [0.5, 2.0])
def test_a_bare_table_that_has_halved_or_doubled_as_a_whole_is_planned_to_go_on_so(level: float) -> None:
    draw = np.random.default_rng(6)
    months = [f"{2023 + m // 12}-{m % 12 + 1:02d}" for m in range(42)]
    pace = draw.gamma(0.8, 2.0, 150)
    asked = draw.poisson(pace[:, None] * np.where(np.arange(42) < 38, 1.0, level))
    rows: list[Row] = [
        (f"P{i:03}", "S01", month, int(asked[i, m]) * 1000, 10**6) for i in range(150) for m, month in enumerate(months)
    ]
    found = forecast_rows({"parts": [part(f"P{i:03}", 1.0) for i in range(150)], "demand_panel": rows})
    assert found.mean[:, :3].sum() / 3 == pytest.approx(asked[:, 38:].sum() / 4, rel=0.15)
