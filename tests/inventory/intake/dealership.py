"""A dealership small enough to read at a glance: one file for every table, and ways to change one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from inventory import schema
from inventory.database import read
from inventory.intake.importing import ImportReport, import_paths

AS_OF = date(2026, 6, 30)
RECORDED_AT = "2026-06-30T20:00:00+00:00"

FILES = {
    "suppliers": "supplier,name\nGPC,Good Parts\n",
    "order_channels": (
        "supplier,order_type,lead_time_days_mean,lead_time_days_sd,order_weekdays,order_fee\n"
        'GPC,stock,4.5,1.2,"MON,THU",40\nGPC,urgent,1,,,60.5\n'
    ),
    "parts": (
        "part_no,name,category,unit,unit_cost,supplier,pack_size\n"
        "00195040,Oil filter 机油滤清器,maintenance,each,12.3456,GPC,10\n"
        "NA,Brake pad,wear,set,150,GPC,\n"
        "1E5,Wiper,wear,each,20,GPC,1\n"
        "00195041,Oil filter,maintenance,each,13,GPC,10\n"
    ),
    "supersessions": "part_no,replaced_by,effective_on\n00195040,00195041,2026-09-01\n",
    "vehicles": "vin,model,store,registered_on,left_on\nVIN1,M1,S01,2024-02-29,\nVIN2,M2,S02,2023-05-01,2025-01-01\n",
    "vehicle_counts": "model,store,registered_month,vehicles\nM3,S02,2025-01,40\n",
    "vehicle_sales_plan": "model,store,month,vehicles\nM1,S01,2026-07,4\n",
    "fitments": "part_no,model,quantity_per_vehicle,interval_km\n00195040,M1,1,10000\nNA,M1,2,\n",
    "service_history": (
        "order_no,opened_on,store,vin,model,odometer_km,job_type,payer,part_no,quantity_requested,quantity_supplied,"
        "outcome,unit_price\n"
        "R1,2026-06-01,S01,VIN1,M1,12000,maintenance,customer,00195040,1,,shelf,25\n"
        "R1,2026-06-01,S01,VIN1,M1,12000,repair,customer,NA,2,1,special_order,\n"
        "R1,2026-06-01,S01,VIN1,M1,12000,repair,customer,NA,0.5,0.5,,99.9999\n"
        "R2,2025-06-02,S02,,,,,,1E5,1,0,special_order,\n"
    ),
    "appointments": "appointment_no,due_on,store,part_no,quantity,confidence\nA1,2026-07-03,S01,NA,1,0.85\n",
    "campaigns": "campaign_no,part_no,model,starts_on,vehicles\nC1,NA,M1,2026-01-01,30\n",
    "stock": (
        "store,part_no,bin,quantity,unit_cost,received_on\nS01,00195040,A-01,7,12,2026-05-01\nS01,NA,A-02,0,150,\n"
    ),
    "open_orders": (
        "order_no,supplier,order_type,store,part_no,quantity,unit_cost,ordered_on,expected_on\n"
        "P1,GPC,stock,S01,NA,3,150,2026-06-25,\nP1,GPC,stock,S01,00195040,10,12,2026-06-25,2026-07-02\n"
    ),
    "budgets": "store,period,amount\nS01,2026-07,10000\n",
    "demand": "part_no,period,quantity,available\nNA,2026-05,3,1\nNA,2026-06,4,0.5\n",
}
"""One file for every table of the contracts, all sound."""


def write_files(folder: Path, changed: dict[str, str] | None = None, kinds: Iterable[str] = FILES) -> Path:
    """Write the dealership's files (or some of them) into a new folder, some with another content."""
    folder.mkdir()
    for kind in {*kinds, *(changed or {})}:
        (folder / f"{kind}.csv").write_text({**FILES, **(changed or {})}[kind], "utf-8")
    return folder


def import_parts(engine: sa.Engine, tmp_path: Path) -> None:
    """Import the parts and nothing else."""
    import_all(engine, write_files(tmp_path / "parts", kinds=["parts"]))


def import_all(engine: sa.Engine, path: Path, kind: str | None = None, *, dry_run: bool = False) -> ImportReport:
    return import_paths(engine, kind, [path], AS_OF, "ann", RECORDED_AT, dry_run=dry_run)


def contents(engine: sa.Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, in an order of its own."""
    with read(engine) as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for name, table in schema.metadata.tables.items()
        }
