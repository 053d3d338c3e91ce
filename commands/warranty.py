"""`sparewise warranty`: custody of replaced parts, and the terms of parts warranty."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import click

from commands.failures import Conflict, Rejected
from commands.options import (
    DAY,
    as_of_option,
    database_option,
    engine_of,
    known_at_option,
    now_utc,
    posting_options,
    table_options,
)
from commands.parameters import MORE_THAN_NOTHING
from commands.posting import posting


@click.group()
def command() -> None:
    """Parts replaced under warranty: kept under a tag, released in time; and how long fitted parts are covered.

    What is covered on a vehicle: sparewise ledger warranty.

    Example: sparewise warranty list
    """


@contextmanager
def _custody() -> Iterator[None]:
    from inventory.claims.warranty_custody import CustodyError

    try:
        yield
    except CustodyError as fault:
        raise Conflict(f"{fault}.") from fault


@command.command("list")
@click.option("--store", default=None, metavar="S", help="Only this store.")
@click.option("--all", "also_released", is_flag=True, help="Also what was released.")
@as_of_option
@known_at_option
@database_option
@table_options
def list_(
    store: str | None, also_released: bool, as_of: date, known_at: int | None, db: str, output: str, language: str
) -> None:
    """Print the replaced parts in custody: `kept`, or `due` to be released.

    Example: sparewise warranty list --store S01
    """
    from inventory.claims.warranty_custody import tag_rows
    from inventory.database import read
    from reporting import tables
    from reporting.words import word

    with read(engine_of(db)) as connection:
        rows = tag_rows(connection, as_of, store, known_at)
    columns = (
        *(tables.Column(name) for name in ("tag_no", "store", "bin", "order_no", "part_no", "vin", "supplier")),
        tables.Column("quantity_milli", "quantity_milli"),
        tables.Column("kept_on", "date"),
        tables.Column("keep_until", "date"),
        tables.Column("state"),
        tables.Column("released_on", "date"),
        tables.Column("released_to"),
    )
    rows = [row for row in rows if also_released or row["state"] != "released"]
    tables.show(tables.Table(f"{word('custody_title', language)} · {as_of}", columns, rows), output, language)


@command.command()
@click.option("--store", required=True, metavar="S", help="The store.")
@click.option("--order-no", required=True, metavar="N", help="The repair order.")
@click.option("--part", "part_no", required=True, metavar="P", help="The part that came off.")
@click.option(
    "--quantity", "quantity_milli", type=MORE_THAN_NOTHING, default="1", metavar="Q", help="In the stock unit (1)."
)
@click.option("--vin", default=None, metavar="V", help="The vehicle it came off.")
@posting_options
@as_of_option
@database_option
def keep(
    store: str,
    order_no: str,
    part_no: str,
    quantity_milli: int,
    vin: str | None,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Take a replaced part into custody and print the number of its tag.

    Example: sparewise warranty keep --store S01 --order-no RO-1001 --part 00195040 --vin LVSHFFAL8EF123456
    """
    from inventory.claims.warranty_custody import KeepRequest
    from inventory.claims.warranty_custody import keep as keep_part

    asked = KeepRequest(store, order_no, part_no, quantity_milli, vin)
    with posting(db, dry_run=dry_run) as connection:
        tag = keep_part(connection, asked, as_of, user, key, now_utc())
    if tag.posting is None:
        raise Rejected(tag.findings)
    if not dry_run:
        click.echo(tag.posting.number)
    click.echo(f"{tag.posting.number}: {part_no} of {order_no}, kept until {tag.keep_until}.", err=True)


@command.command()
@click.argument("tag_no")
@click.option("--to", type=click.Choice(["scrap", "maker"]), required=True, help="Where it goes.")
@posting_options
@as_of_option
@database_option
def release(tag_no: str, to: str, dry_run: bool, key: str | None, user: str, as_of: date, db: str) -> None:
    """Let the part under TAG_NO go to the scrap or to the maker; refused while it is still to be kept.

    Example: sparewise warranty release TAG-000123 --to scrap
    """
    from inventory.claims.warranty_custody import release as release_part

    with _custody(), posting(db, dry_run=dry_run) as connection:
        done = release_part(connection, tag_no, to, as_of, user, key, now_utc())
    if not dry_run:
        click.echo(done.number)
    click.echo(f"{tag_no} {'would go' if dry_run else 'goes'} to {to}.", err=True)


@command.command("keep-days")
@click.option("--supplier", default="", metavar="S", help="Of this supplier (default: of any).")
@click.option("--days", type=int, required=True, metavar="D", help="From the day it is kept.")
@click.option("--dry-run", is_flag=True, help="Check and show, but set nothing.")
@database_option
def keep_days(supplier: str, days: int, dry_run: bool, db: str) -> None:
    """Set for how many days replaced parts are kept (60 unless set); tags already written keep theirs.

    Example: sparewise warranty keep-days --supplier GPC --days 15
    """
    from inventory.claims.warranty_custody import set_days

    with posting(db, dry_run=dry_run) as connection:
        findings = set_days(connection, supplier, days)
    if findings:
        raise Rejected(findings)
    click.echo(f"Replaced parts of {supplier or 'any supplier'} are kept for {days} days.", err=True)


@command.command()
@click.option("--supplier", default="", metavar="S", help="Parts of this supplier (default: of any).")
@click.option("--category", default="", metavar="C", help="Parts of this category (default: of any).")
@click.option("--from", "from_on", type=DAY, default=None, metavar="DATE", help="Fitted from then on (default: ever).")
@click.option("--months", type=int, default=None, metavar="M", help="Months of warranty; 0: none.")
@click.option("--km", type=int, default=None, metavar="K", help="Kilometres of warranty.")
@click.option("--dry-run", is_flag=True, help="Check and show, but set nothing.")
@database_option
@table_options
def terms(
    supplier: str,
    category: str,
    from_on: date | None,
    months: int | None,
    km: int | None,
    dry_run: bool,
    db: str,
    output: str,
    language: str,
) -> None:
    """Print how long fitted parts are covered; with --months and --km, set it first.

    Example: sparewise warranty terms --category battery --months 24 --km 50000
    """
    from inventory.claims.parts_warranty import Terms, set_terms, terms_rows
    from reporting import tables
    from reporting.words import word

    if (months is None) != (km is None):
        raise click.UsageError("Terms have both: --months and --km.")
    if months is not None and km is not None:
        with posting(db, dry_run=dry_run) as connection:
            findings = set_terms(connection, supplier, category, from_on, Terms(months, km))
            rows = terms_rows(connection)
        if findings:
            raise Rejected(findings)
    else:
        from inventory.database import read

        with read(engine_of(db)) as connection:
            rows = terms_rows(connection)
    columns = (
        tables.Column("supplier"),
        tables.Column("category"),
        tables.Column("from_on", "date"),
        tables.Column("months", "count"),
        tables.Column("km", "count"),
    )
    tables.show(tables.Table(word("warranty_terms_title", language), columns, rows), output, language)
