"""A small dealership as a snapshot, made in memory: what a plan needs, nothing read from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from demand.periods import PeriodAxis, PeriodKind
from forecasting.forecast import Forecast
from inventory.snapshot import Snapshot
from planning.preparing.prepare import forecast_of
from planning.settings import Settings

AS_OF = date(2026, 6, 30)

COLUMNS = {
    "parts": "part_no name category unit unit_cost_e4 list_price_e4 supplier pack_size_milli moq_milli criticality "
    "shelf_life_days returnable on_sale_from supplied_until",
    "suppliers": "supplier name",
    "channels": "supplier order_type lead_time_days_mean lead_time_days_sd order_weekdays cost_multiplier_ppm "
    "min_order_value_e4 order_fee_e4",
    "supersessions": "part_no replaced_by effective_on quantity_milli kind",
    "vehicles": "vin model store registered_on left_on powertrain",
    "vehicle_counts": "model store registered_month vehicles",
    "sales_plan": "model store month vehicles",
    "fitments": "part_no model year_from year_to quantity_per_vehicle_milli interval_km interval_months",
    "appointments": "appointment_no part_no due_on store vin model job_type quantity_milli confidence_ppm",
    "campaigns": "campaign_no part_no model store starts_on ends_on vehicles uptake_ppm",
    "budgets": "store period amount_e4 ordered_e4",
    "demand_lines": "store order_no part_no line_no opened_on vin model odometer_km job_type payer "
    "quantity_requested_milli quantity_supplied_milli outcome unit_price_e4",
    "demand_panel": "part_no store period quantity_milli available_ppm",
    "positions": "store part_no on_hand_milli reserved_milli on_order_milli backorder_milli value_e4",
    "under_way": "kind number store part_no expected_on open_milli",
    "last_levels": "store part_no run_id planned_on level_milli price_per_line_e4",
    "reservations": "reservation_no store part_no held_milli holder_kind holder_no until_on",
    "line_judgements": "store order_no part_no line_no verdict reason",
    "open_orders": "order_no store part_no supplier order_type open_milli unit_cost_e4 ordered_on expected_on "
    "entered_on",
    "overrides": "override_id store part_no family first_month last_month amount_milli factor_ppm reason set_on "
    "expires_on user_name withdrawn_on",
    "receipts": "order_no supplier order_type ordered_on received_on lines entered_on",
}
_DATES = frozenset(
    [
        "effective_on",
        "registered_on",
        "left_on",
        "registered_month",
        "month",
        "due_on",
        "starts_on",
        "ends_on",
        "opened_on",
        "ordered_on",
        "entered_on",
        "planned_on",
        "expected_on",
        "on_sale_from",
        "supplied_until",
        "received_on",
        "until_on",
        "set_on",
        "expires_on",
        "withdrawn_on",
    ]
)
_OPTIONAL = frozenset(
    {"odometer_km", "unit_price_e4", "list_price_e4", "shelf_life_days", "interval_km", "interval_months", "uptake_ppm"}
    | {"amount_milli", "factor_ppm"}
)
_WHOLE = ("_milli", "_e4", "_ppm", "line_no", "year_from", "year_to", "override_id")
_PERCENT = frozenset({"lead_time_days_mean", "lead_time_days_sd"})


def frame(name: str, rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    """Return a frame of the snapshot with its columns and types, from rows in the order of the columns.

    An order whose row does not say when it entered the books did so on the day it was placed.
    """
    columns = COLUMNS[name].split()
    if columns[-1] == "entered_on":
        placed = columns.index("ordered_on")
        rows = [row if len(row) == len(columns) else (*row, row[placed]) for row in rows]
    table = pd.DataFrame(rows, columns=columns)
    for column in columns:
        if column in _DATES:
            table[column] = pd.to_datetime(table[column])
        elif column in _OPTIONAL:
            table[column] = table[column].astype("Int64")
        elif column in _PERCENT:
            table[column] = table[column].astype("float64")
        elif column.endswith(("_milli", "_e4", "_ppm", "line_no", "year_from", "year_to", "override_id")) or column in (
            "vehicles",
            "lines",
        ):
            table[column] = table[column].astype("int64")
        else:
            table[column] = table[column].astype("str")
    return table


def part(
    number: str, cost: float, supplier: str = "GPC", pack: int = 1, moq: int = 1, **more: object
) -> tuple[object, ...]:
    """Return a row of the parts table."""
    return (
        number, f"Part {number}", "wear", "each", round(cost * 10_000), None, supplier, pack * 1000, moq * 1000,
        more.get("criticality", "essential"), more.get("shelf_life_days"), more.get("returnable", "yes"),
        more.get("on_sale_from"), more.get("supplied_until"),
    )  # fmt: skip


def snapshot_of(as_of: date = AS_OF, **rows: Sequence[tuple[object, ...]]) -> Snapshot:
    """Return a snapshot with the given rows; tables not named are empty."""
    return Snapshot(as_of, 0, **{name: frame(name, rows.get(name, [])) for name in COLUMNS})


def panel_rows(
    means: dict[tuple[str, str], float], kind: PeriodKind = PeriodKind.MONTH, count: int = 24, seed: int = 7
) -> list[tuple[object, ...]]:
    """Return a demand panel up to the day of the books: Poisson draws around a mean per part and store."""
    random = np.random.default_rng(seed)
    last = PeriodAxis.between(AS_OF, AS_OF, kind).first
    axis = PeriodAxis(kind, last - count + 1, count)
    return [
        (part_no, store, label, int(quantity) * 1000, 1_000_000)
        for (part_no, store), mean in means.items()
        for label, quantity in zip(axis.labels(), random.poisson(mean, count), strict=True)
    ]


def small_dealership(kind: PeriodKind = PeriodKind.MONTH, **more: Sequence[tuple[object, ...]]) -> Snapshot:
    """Return two stores, two suppliers, six parts: fast and slow, cheap and dear, one that a customer waits for."""
    scale = 1.0 if kind is PeriodKind.MONTH else 0.25
    means = {
        ("00195040", "S01"): 30, ("00195040", "S02"): 12, ("7701", "S01"): 4, ("7701", "S02"): 1,
        ("BRK-1", "S01"): 8, ("ENG-9", "S01"): 0.05, ("OIL-5W", "S01"): 60, ("LMP-2", "S02"): 0.5,
    }  # fmt: skip
    rows: dict[str, Sequence[tuple[object, ...]]] = {
        "parts": [
            part("00195040", 12.5, pack=10),
            part("7701", 140.0),
            part("BRK-1", 55.0, pack=2, moq=4),
            part("ENG-9", 30_000.0),
            part("OIL-5W", 8.0, supplier="LUB", pack=12),
            part("LMP-2", 90.0, criticality="vital"),
        ],
        "suppliers": [("GPC", "Genuine Parts"), ("LUB", "Lubricants")],
        "channels": [
            ("GPC", "stock", 5.0, 1.0, "MON,THU", 1_000_000, 0, 0),
            ("GPC", "urgent", 1.0, 0.0, "", 1_150_000, 0, 0),
            ("LUB", "stock", 7.0, 2.0, "", 1_000_000, 0, 0),
        ],
        "demand_panel": panel_rows({key: mean * scale for key, mean in means.items()}, kind),
        "positions": [
            ("S01", "00195040", 4000, 0, 2000, 0, 500_000),
            ("S01", "7701", 0, 0, 0, 2000, 0),
            ("S01", "OIL-5W", 500_000, 0, 0, 0, 40_000_000),
            ("S02", "00195040", 1000, 1000, 0, 0, 125_000),
        ],
        "open_orders": [
            ("PO-1", "S01", "00195040", "GPC", "stock", 2000, 125_000, date(2026, 6, 25), date(2026, 7, 1)),
        ],
    }  # fmt: skip
    return snapshot_of(AS_OF, **{**rows, **more})


@cache
def small_forecast() -> Forecast:
    """Return the forecast of the small dealership, made once: other goals, stock or prices need no other."""
    return forecast_of(small_dealership(), Settings())
