"""`sparewise ledger warranty`: which replaced parts of a vehicle are still under parts warranty."""

from __future__ import annotations

from datetime import date

import click

from commands.options import as_of_option, database_option, engine_of, known_at_option, table_options


@click.command()
@click.option("--vin", required=True, metavar="V", help="The vehicle.")
@click.option(
    "--odometer",
    "odometer_km",
    type=click.IntRange(min=0),
    default=None,
    metavar="KM",
    help="Its reading on --as-of (default: the highest written down until then).",
)
@click.option("--all", "also_over", is_flag=True, help="Also parts whose warranty is over.")
@as_of_option
@known_at_option
@database_option
@table_options
def warranty(
    vin: str,
    odometer_km: int | None,
    also_over: bool,
    as_of: date,
    known_at: int | None,
    db: str,
    output: str,
    language: str,
) -> None:
    """Print the parts fitted to a vehicle that are still under parts warranty, by months and by kilometres.

    The terms are those of `sparewise warranty terms`. Where no odometer was written down the months decide alone.

    Example: sparewise ledger warranty --vin LVSHFFAL8EF123456 --odometer 61500
    """
    from inventory.claims.parts_warranty import warranty_rows
    from inventory.database import read
    from reporting import tables
    from reporting.words import word

    with read(engine_of(db)) as connection:
        rows = warranty_rows(connection, vin, as_of, odometer_km, known_at)
    columns = (
        *(tables.Column(name) for name in ("store", "order_no", "part_no", "name")),
        tables.Column("quantity_milli", "quantity_milli"),
        tables.Column("fitted_on", "date"),
        tables.Column("odometer_km", "count"),
        tables.Column("until_on", "date", "warranty_until_on"),
        tables.Column("until_km", "count"),
        tables.Column("days_left", "count"),
        tables.Column("km_left", "count"),
        tables.Column("covered"),
    )
    shown = [row for row in rows if also_over or row["covered"] == "yes"]
    tables.show(tables.Table(f"{word('warranty_title', language)} · {vin} · {as_of}", columns, shown), output, language)
    click.echo(f"{len(shown)} of {len(rows)} parts fitted to {vin} shown.", err=True)
