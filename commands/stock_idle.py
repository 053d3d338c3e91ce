"""`sparewise stock obsolescence` and `surplus`: what nobody may need any more, and what to do with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.options import (
    Command,
    as_of_option,
    database_option,
    engine_of,
    known_at_option,
    load_settings,
    settings_option,
    table_options,
)

if TYPE_CHECKING:
    from planning.settings import Settings
    from planning.surplus.surplus import Shelves, Surplus


def _chosen_lines(command: Command) -> Command:
    """Add `--store` and `--top`."""
    top = click.option("--top", type=click.IntRange(min=1), default=None, metavar="N", help="Only the first N lines.")
    return click.option("--store", default=None, metavar="S", help="Show this store only.")(top(command))


@click.command()
@_chosen_lines
@click.option("--curves", is_flag=True, help="The chances by store and class, instead of the parts.")
@as_of_option
@known_at_option
@database_option
@table_options
def obsolescence(
    store: str | None,
    top: int | None,
    curves: bool,
    as_of: date,
    known_at: int | None,
    db: str,
    output: str,
    language: str,
) -> None:
    """Print the chance that parts on the shelf are never asked for again, and the value at risk.

    The chance is estimated from how long parts of the same store, movement class and category went without a request
    so far, and whether they were asked for again (Kaplan-Meier, with intervals of 95 %); where too few did, from wider
    groups.

    Example: sparewise stock obsolescence --store S01 --top 20

    Example: sparewise stock obsolescence --curves
    """
    from inventory.database import read
    from inventory.idle_stock import asked_days, shelf_stock, supersessions
    from planning.surplus.obsolescence import obsolescence_of
    from reporting import tables
    from reporting.surplus_tables import curve_table, risk_table

    with read(engine_of(db)) as connection:
        asked = asked_days(connection, as_of, known_at=known_at)
        stock = shelf_stock(connection, as_of, known_at=known_at)
        found = obsolescence_of(asked, stock, supersessions(connection), as_of)
    rows = found.curves if curves else found.items
    mine = rows if store is None else rows[rows["store"] == store]
    table = curve_table(mine, as_of, language) if curves else risk_table(mine, as_of, output, language, top)
    tables.show(table, output, language)


@click.command()
@_chosen_lines
@click.option(
    "--action",
    type=click.Choice(["transfer", "return", "discount", "write-off", "keep"]),
    default=None,
    help="Only what is to be done so.",
)
@click.option("--all", "also_kept", is_flag=True, help="Also surplus that is worth most where it lies.")
@as_of_option
@known_at_option
@settings_option
@database_option
@table_options
def surplus(
    store: str | None,
    top: int | None,
    action: str | None,
    also_kept: bool,
    as_of: date,
    known_at: int | None,
    settings_path: Path | None,
    db: str,
    output: str,
    language: str,
) -> None:
    """Print what to do with stock beyond the plan's levels: send, return, sell cheaply, write off, or keep.

    Each way is weighed in money against keeping: what it brings, less fee and work, beside what the units would save
    until they are used, less their holding, given the chance that the part is never asked for again. Windows, quotas,
    fees and shares are settings ([surplus]).

    Example: sparewise stock surplus --store S01 --action return --csv
    """
    from dataclasses import replace

    from reporting import tables
    from reporting.surplus_tables import surplus_table

    found = weighed(db, load_settings(db, settings_path), as_of, known_at)
    rows = tuple(row for row in found.rows if store in (None, row["store"]) and action in (None, row["action"]))
    quotas = tuple(each for each in found.quotas if store in (None, each.store) and action in (None, "return"))
    mine = replace(found, rows=rows, quotas=quotas)
    also_kept = also_kept or action == "keep"
    tables.show(surplus_table(mine, as_of, output, language, top, also_kept=also_kept), output, language)


def weighed(db: str, settings: Settings, as_of: date, known_at: int | None) -> Surplus:
    """Return what to do with the surplus of all stores, beyond the levels that a plan of the day sets."""
    from inventory.reading import read_snapshot
    from planning.preparing.prepare import forecast_of
    from planning.run import work_out
    from planning.surplus.surplus import surplus_of
    from planning.unusable import usable

    snapshot, _ = usable(read_snapshot(engine_of(db), as_of, known_at=known_at))
    forecast = forecast_of(snapshot, settings)
    workings = work_out(snapshot, settings, forecast)
    return surplus_of(workings, forecast, snapshot, _shelves(db, as_of, known_at), settings)


def _shelves(db: str, as_of: date, known_at: int | None) -> Shelves:
    from inventory.database import read
    from inventory.idle_stock import asked_days, bought_and_sent_back, shelf_layers, shelf_stock, supersessions
    from planning.surplus.obsolescence import obsolescence_of
    from planning.surplus.surplus import Shelves

    with read(engine_of(db)) as connection:
        stock = shelf_stock(connection, as_of, known_at=known_at)
        asked = asked_days(connection, as_of, known_at=known_at)
        risk = obsolescence_of(asked, stock, supersessions(connection), as_of).items
        judged = risk[["store", "part_no", "last_asked_on", "silent_days", "never_again_ppm"]]
        return Shelves(
            stock.merge(judged, on=["store", "part_no"]),
            shelf_layers(connection, as_of, known_at=known_at),
            bought_and_sent_back(connection, as_of, known_at=known_at),
        )
