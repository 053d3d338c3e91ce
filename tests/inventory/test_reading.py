"""A snapshot of a past day: what came later is not in it, whenever it was written down."""

from datetime import date

import pandas as pd
import sqlalchemy as sa

from inventory.database import write
from inventory.reading import read_snapshot
from inventory.schema import demand_panel, vehicle, vehicle_count

CARS = [
    ("GONE", "2020-01-01", "2026-03-31"),
    ("LEAVES", "2020-01-01", "2026-04-01"),
    ("STAYS", "2026-03-31", None),
    ("LATER", "2026-04-01", None),
]


def test_a_past_day_knows_neither_who_leaves_later_nor_what_is_counted_later(engine: sa.Engine) -> None:
    with write(engine) as connection:
        rows = [
            {"vin": vin, "model": "M1", "store": "S01", "registered_on": since, "left_on": left, "powertrain": ""}
            for vin, since, left in CARS
        ]
        connection.execute(sa.insert(vehicle), rows)
        counts = [{"model": "M2", "store": "S01", "registered_month": f"2026-0{month}", "vehicles": month}
                  for month in (2, 3, 4)]  # fmt: skip
        connection.execute(sa.insert(vehicle_count), counts)
        periods = [("A", "2026-02"), ("A", "2026-03"), ("A", "2026-04"), ("B", "2026-03-30"), ("B", "2026-04-06")]
        panel = [{"part_no": part_no, "store": "S01", "period": period, "quantity_milli": 1000, "available_ppm": 0}
                 for part_no, period in periods]  # fmt: skip
        connection.execute(sa.insert(demand_panel), panel)
    then, later = (read_snapshot(engine, day) for day in (date(2026, 3, 31), date(2026, 4, 30)))
    assert then.vehicles["vin"].tolist() == ["GONE", "LEAVES", "STAYS"]
    assert then.vehicles["left_on"].tolist() == [pd.Timestamp("2026-03-31"), pd.NaT, pd.NaT]
    assert then.vehicle_counts["vehicles"].tolist() == [2, 3]
    assert then.demand_panel["period"].tolist() == ["2026-02", "2026-03", "2026-03-30"]
    assert later.vehicles["left_on"].notna().sum() == 2
    assert len(later.vehicles) == 4
    assert later.vehicle_counts["vehicles"].tolist() == [2, 3, 4]
    assert len(later.demand_panel) == 5
