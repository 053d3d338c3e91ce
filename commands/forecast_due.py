"""`sparewise forecast due`: the vehicles expected between two days, for the front desk's reminder calls."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commands.options import (
    DAY,
    as_of_option,
    database_option,
    engine_of,
    load_settings,
    settings_option,
    table_options,
)
from commands.progress import progress

_LATENESS_MONTHS = 12
_MOST_MONTHS = 120


@click.command()
@click.option("--from", "begins", type=DAY, required=True, metavar="DATE", help="The first day.")
@click.option("--to", "ends", type=DAY, required=True, metavar="DATE", help="The last day.")
@click.option("--store", default=None, metavar="S", help="Only this store (default: every store).")
@click.option("--item", default=None, metavar="TEXT", help="Only vehicles that need an item of such a name or number.")
@click.option(
    "--least",
    type=click.FloatRange(0, 1),
    default=0.2,
    show_default=True,
    metavar="P",
    help="Least chance of coming for a vehicle without an appointment.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), default=None, metavar="FILE", help="Also a .csv or .xlsx."
)
@database_option
@as_of_option
@settings_option
@table_options
def due(
    begins: date,
    ends: date,
    store: str | None,
    item: str | None,
    least: float,
    out: Path | None,
    db: str,
    as_of: date,
    settings_path: Path | None,
    output: str,
    language: str,
) -> None:
    """List the vehicles expected between two days, the longest due first; those that have booked come last.

    A row is a vehicle: its last visit and odometer, where the odometer stands now by its own pace, the item due first
    and its day, the days between which four of five such vehicles come, the chance that it comes between the two days,
    its appointment, the parts it will likely need, and those of them the shelf has not left for it. JSON and CSV
    also tell when each of its other scheduled items is due.

    Only stores whose repair orders name vehicles (VIN) can follow them one by one.

    Example: sparewise forecast due --from 2026-07-01 --to 2026-07-14 --store S01 --out calls.xlsx
    """
    from dataclasses import replace

    from demand.periods import PeriodKind
    from inventory.reading import read_snapshot
    from planning.preparing.due_list import due_list, stores_not_followed
    from planning.preparing.prepare import prepare
    from reporting.due_tables import due_table
    from reporting.table_files import ENDINGS, write_table
    from reporting.tables import show

    months = (ends.year - as_of.year) * 12 + ends.month - as_of.month + 1
    faults = []
    if not as_of < begins <= ends:
        faults.append(f"--from is after {as_of} (--as-of), and --to not before it; found {begins} and {ends}")
    if months > _MOST_MONTHS - _LATENESS_MONTHS:
        faults.append(f"--to is within {_MOST_MONTHS - _LATENESS_MONTHS} months of {as_of} (--as-of); found {ends}")
    if out is not None and (out.suffix.lower() not in ENDINGS or not out.parent.is_dir()):
        faults.append(f"the list is a .csv or .xlsx file in a folder that is there; found {out}")
    if faults:
        raise click.UsageError("; ".join(faults))
    settings = load_settings(db, settings_path).forecast
    settings = replace(settings, horizon=max(months + _LATENESS_MONTHS, settings.horizon))
    with progress("reading the books") as tell:
        snapshot = read_snapshot(engine_of(db), as_of)
        tell("following the vehicles")
        ready = prepare(snapshot, PeriodKind.MONTH, settings)
        expected = due_list(snapshot, ready, begins, ends, least, store, item)
    if ready.services is None:
        click.echo("No store's repair orders name enough vehicles (VIN) to follow them one by one.", err=True)
    elif missing := stores_not_followed(snapshot, ready.services, store):
        click.echo(
            f"Not in the list: {', '.join(missing)}, whose repair orders name too few vehicles (VIN) to follow them.",
            err=True,
        )
    of_days = expected, begins, ends, language
    is_table = output == "table"
    show(due_table(*of_days, is_brief=is_table, is_for_programs=not is_table), output, language)
    if out is not None:
        write_table(due_table(*of_days, is_for_programs=out.suffix.lower() == ".csv"), out, language)
        click.echo(f"{len(expected):,} vehicles written: {out}", err=True)
