"""Writing a made world to a folder: one CSV per import table, UTF-8 without mark, lines ended by a line feed."""

import csv
from collections.abc import Iterable
from pathlib import Path

from data_samples.shelf_tables import budget_rows, open_order_rows, run_stores, service_rows, stock_rows
from data_samples.tables import (
    HEADINGS,
    Row,
    appointment_rows,
    campaign_rows,
    channel_rows,
    fitment_rows,
    part_rows,
    sales_plan_rows,
    supersession_rows,
    supplier_rows,
    vehicle_rows,
)
from data_samples.world import World, stream


def make_tables(world: World) -> dict[str, list[Row]]:
    """Make the rows of every import table of a world.

    Parameters
    ----------
    world : World

    Returns
    -------
    dict
        Rows of text by table, in the order of `HEADINGS`.
    """
    rng = stream(world.settings, "writing")
    books = run_stores(world)
    return {
        "parts": list(part_rows(world)),
        "suppliers": list(supplier_rows()),
        "order_channels": list(channel_rows()),
        "supersessions": list(supersession_rows(world)),
        "vehicles": list(vehicle_rows(world, rng)),
        "vehicle_sales_plan": list(sales_plan_rows(world)),
        "fitments": list(fitment_rows(world)),
        "service_history": sorted(
            (row for store in books for row in service_rows(world, store, rng)), key=lambda row: (row[1], row[0])
        ),
        "appointments": list(appointment_rows(world)),
        "campaigns": list(campaign_rows(world)),
        "stock": [row for store in books for row in stock_rows(world, store)],
        "open_orders": [row for store in books for row in open_order_rows(world, store)],
        "budgets": [row for store in books for row in budget_rows(world, store)],
    }


def write_table(path: Path, heading: str, rows: Iterable[Row]) -> None:
    """Write one table.

    Parameters
    ----------
    path : Path
    heading : str
        Column names, separated by blanks.
    rows : iterable of tuple of str
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heading.split())
        writer.writerows(rows)


def write_world(world: World, folder: Path) -> dict[str, int]:
    """Write every import table of a world into a folder, which is made if need be.

    Parameters
    ----------
    world : World
    folder : Path

    Returns
    -------
    dict
        Rows written, by table.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = make_tables(world)
    for kind, rows in tables.items():
        write_table(folder / f"{kind}.csv", HEADINGS[kind], rows)
    return {kind: len(rows) for kind, rows in tables.items()}
