"""Lost sales at told prices: a plan orders for the shelf as it will stand, and again for another shelf tomorrow."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from demand.periods import PeriodKind
from forecasting.forecast import Forecast
from inventory.snapshot import Snapshot
from optimisation.policies.lost_orders import LostSales
from planning.levels.lost import laws_ahead
from planning.lines import Workings
from planning.preparing.prepare import forecast_of
from planning.run import work_out
from planning.settings import Settings
from tests.planning.books import AS_OF, frame, panel_rows, part, snapshot_of

PRICED: dict[str, Any] = {
    "period": "week",
    "objective": "cost",
    "unmet": "lost",
    "holding_cost_per_unit_period": 0.2,
    "shortage_cost_per_unit": 1.0,
    "often_fill_rate": 0.0,
}
MEANS = {("A", "S01"): 3.0, ("B", "S01"): 0.7, ("C", "S01"): 20.0}


def books() -> Snapshot:
    """Return weekly books of three parts, A with a delivery this week and one the week after."""
    due = [("PO-1", 2, 1), ("PO-2", 4, 8)]
    return snapshot_of(
        AS_OF,
        parts=[part(number, 5.0) for number in "ABC"],
        suppliers=[("GPC", "Genuine Parts")],
        channels=[("GPC", "stock", 14.0, 0.0, "", 1_000_000, 0, 0)],
        demand_panel=panel_rows(MEANS, PeriodKind.WEEK, 80),
        positions=[("S01", "A", 3000, 0, 6000, 0, 150_000), ("S01", "C", 300_000, 0, 0, 0, 15_000_000)],
        open_orders=[
            (number, "S01", "A", "GPC", "stock", units * 1000, 50_000, AS_OF, AS_OF + timedelta(days=days))
            for number, units, days in due
        ],
    )


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    return forecast_of(books(), Settings.from_mapping({"planning": PRICED}))


def worked(forecast: Forecast, snapshot: Snapshot | None = None, **planning: object) -> Workings:
    return work_out(snapshot or books(), Settings.from_mapping({"planning": PRICED | planning}), forecast)


def test_the_order_is_what_the_shelf_at_arrival_asks_for(forecast: Forecast) -> None:
    workings = worked(forecast)
    ahead = laws_ahead(forecast, 3)
    terms = LostSales(ahead, 1, np.full(3, 2000.0), np.full(3, 10_000.0))
    wanted = terms.wanted(np.array([3, 0, 300]), np.array([[2, 4, 0], [0, 0, 0], [0, 0, 0]]))
    assert (workings.orders.regular.quantity_milli // 1000).tolist() == np.maximum(wanted, 0).tolist()
    assert workings.targets.is_by_shelf.all()
    assert workings.orders.regular.quantity_milli[2] == 0, "three months of C lie there"


def test_level_less_position_is_the_order(forecast: Forecast) -> None:
    workings = worked(forecast)
    need = np.maximum(workings.targets.level * 1000 - workings.items.position_milli, 0)
    assert (need == workings.orders.regular.quantity_milli).all()


def test_a_later_delivery_of_the_same_units_asks_for_less(forecast: Forecast) -> None:
    late = books()
    orders = late.open_orders.assign(expected_on=late.open_orders["expected_on"].max() + timedelta(days=7))
    moved = worked(forecast, replace(late, open_orders=orders))
    assert moved.orders.regular.quantity_milli[0] <= worked(forecast).orders.regular.quantity_milli[0]


def test_no_level_of_an_earlier_plan_is_held(forecast: Forecast) -> None:
    level = worked(forecast).targets.level
    rows = [("S01", "A", 1, AS_OF - timedelta(days=7), int(level[0] + 1) * 1000, 0)]
    again = worked(forecast, replace(books(), last_levels=frame("last_levels", rows)), dead_band=1.0)
    assert again.targets.level[0] == level[0]


@pytest.mark.parametrize("change", [{"unmet": "backorder"}, {"objective": "fill_rate"}, {"review_days": 3}])
def test_otherwise_the_curves_choose(forecast: Forecast, change: dict[str, Any]) -> None:
    assert not worked(forecast, **change).targets.is_by_shelf.any()
