"""Earlier origins of the books and of a panel: each sees what was known then, and is judged by what came."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from demand.periods import PeriodKind
from forecasting.forecast import ForecastSettings
from inventory.snapshot import Snapshot
from planning.explaining.backtest import Asked, backtest_of_books, backtest_of_panel, forecast_then
from planning.preparing.earlier import as_known_on
from planning.preparing.prepare import forecast_of, prepare
from planning.settings import Settings
from tests.planning.books import AS_OF, frame, panel_rows, part, small_dealership, snapshot_of
from tests.planning.preparing.test_prepare import Row, car, fitment, line

THEN = date(2026, 2, 28)


def silent(_step: str) -> None:
    """Hear no progress."""


def workshop(*, with_later: bool) -> Snapshot:
    """Return a store with vehicles, lines and a supersession; with all that came after THEN, or without."""
    cars: list[Row] = [car(i, registered=date(2023, 5, 1 + i)) for i in range(20)]
    lines: list[Row] = [line(i, "A", date(2025, 1 + i % 12, 5), vin=f"VIN{i % 20}") for i in range(36)]
    masters = {"parts": [part("A", 2.0), part("B", 3.0)], "fitments": [fitment("A", km=10_000), fitment("B")]}
    names: list[Row] = [("OLD", "A", date(2025, 3, 1), 1000, "replaces")]
    if with_later:
        cars[3] = car(3, registered=date(2023, 5, 4), left=date(2026, 5, 1))
        cars += [car(50 + i, registered=date(2026, 3, 3)) for i in range(30)]
        lines += [line(100 + i, "B", date(2026, 4, 7)) for i in range(40)]
        names = [("OLD", "A", date(2026, 4, 1), 1000, "replaces")]
    lines += [line(200, "OLD", date(2025, 6, 5))]
    return snapshot_of(AS_OF, vehicles=cars, demand_lines=lines, supersessions=names, **masters)


def test_an_earlier_day_is_forecast_as_if_nothing_had_come_since() -> None:
    history = prepare(workshop(with_later=True), PeriodKind.MONTH, ForecastSettings()).history
    origin = history.axis.labels().index("2026-02") + 1
    then = forecast_then(workshop(with_later=True), Settings(), history, origin, 2, silent)
    alone = forecast_of(replace(workshop(with_later=False), as_of=THEN), Settings())
    assert (then.part_no, then.store) == (alone.part_no, alone.store)
    assert (then.mean == alone.mean).all()
    assert then.axis.labels()[0] == "2026-03"


def test_what_was_to_come_and_bears_no_day_of_its_own_is_not_known_then() -> None:
    books = replace(
        small_dealership(),
        sales_plan=frame("sales_plan", [("M1", "S01", date(2026, 8, 1), 9)]),
        appointments=frame("appointments", [("A1", "7701", AS_OF, "S01", "", "M1", "repair", 1000, 900_000)]),
        campaigns=frame("campaigns", [("C1", "7701", "M1", "S01", date(2026, 5, 1), None, 5, 500_000)]),
    )
    then = as_known_on(books, THEN)
    assert [len(table) for table in (then.sales_plan, then.appointments, then.campaigns, then.positions)] == [0] * 4
    assert then.demand_panel["period"].max() == "2026-02"
    with pytest.raises(ValueError, match="on or before"):
        as_known_on(books, date(2026, 7, 1))


def test_a_backtest_of_the_books_judges_every_item_at_every_origin() -> None:
    found = backtest_of_books(small_dealership(), Settings(), Asked(2, 3, 2), silent)
    assert found.origins == ("2025-12", "2026-02", "2026-04")
    ours = found.methods[0].sums
    assert ours.rows == 3 * 8
    assert ours.value > ours.demand
    assert 0 < ours.service_loss < 0.1
    assert abs(ours.bias) < 0.2


def test_a_bare_panel_is_judged_without_books() -> None:
    rows = panel_rows({(f"P{i}", ""): 0.3 * (1 + i % 7) for i in range(40)}, count=30)
    table = pd.DataFrame(rows, columns=["part_no", "store", "period", "quantity_milli", "available_ppm"])
    found = backtest_of_panel(table, ForecastSettings(), Asked(3, 4, 3), silent)
    again = backtest_of_panel(table.sample(frac=1, random_state=1), ForecastSettings(), Asked(3, 4, 3), silent)
    assert found.methods[0].sums.rows == 160
    assert [m.sums.service_loss for m in found.methods] == [m.sums.service_loss for m in again.methods]


def test_a_history_too_short_for_an_origin_says_how_much_is_wanted() -> None:
    table = pd.DataFrame(
        panel_rows({("P", ""): 1.0}, count=3),
        columns=["part_no", "store", "period", "quantity_milli", "available_ppm"],
    )
    with pytest.raises(ValueError, match="needs 5 periods; there are 3"):
        backtest_of_panel(table, ForecastSettings(), Asked(4, 1, 1), silent)
