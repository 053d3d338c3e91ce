"""`sparewise core`: deposits on old parts, from the purchase until the core goes back."""

from __future__ import annotations

from datetime import date

import click

from commands.failures import Rejected
from commands.options import (
    as_of_option,
    database_option,
    engine_of,
    known_at_option,
    now_utc,
    posting_options,
    table_options,
)
from commands.parameters import MONEY, MORE_THAN_NOTHING
from commands.posting import posting


@click.group()
def command() -> None:
    """Core deposits: charged at purchase, kept apart from what parts are worth, credited when the core goes back.

    Example: sparewise core list
    """


@command.command("list")
@click.option("--store", default=None, metavar="S", help="Only this store.")
@as_of_option
@known_at_option
@database_option
@table_options
def list_(store: str | None, as_of: date, known_at: int | None, db: str, output: str, language: str) -> None:
    """Print the cores owed to the suppliers and those in hand to be sent, with their deposits.

    Example: sparewise core list --store S01
    """
    from inventory.claims.core_deposits import core_rows
    from inventory.database import read
    from reporting import tables
    from reporting.words import word

    with read(engine_of(db)) as connection:
        rows = core_rows(connection, as_of, store, known_at)
    columns = (
        *(tables.Column(name) for name in ("store", "part_no", "name")),
        tables.Column("owed_milli", "quantity_milli"),
        tables.Column("owed_deposit_e4", "money_e4"),
        tables.Column("in_hand_milli", "quantity_milli"),
        tables.Column("in_hand_deposit_e4", "money_e4"),
    )
    tables.show(tables.Table(f"{word('cores_title', language)} · {as_of}", columns, rows), output, language)


@command.command("set")
@click.argument("part_no")
@click.option("--deposit", "deposit_e4", type=MONEY, required=True, metavar="AMOUNT", help="On one unit; 0: none.")
@click.option("--dry-run", is_flag=True, help="Check and show, but set nothing.")
@database_option
def set_(part_no: str, deposit_e4: int, dry_run: bool, db: str) -> None:
    """Set the deposit that comes with each unit of PART_NO accepted from now on.

    Example: sparewise core set 00195040 --deposit 50
    """
    from inventory.claims.core_deposits import set_deposit

    with posting(db, dry_run=dry_run) as connection:
        findings = set_deposit(connection, part_no, deposit_e4)
    if findings:
        raise Rejected(findings)
    click.echo(f"{part_no}: a deposit of {deposit_e4 / 10_000:,.2f} on each unit received.", err=True)


@command.command()
@click.argument("step", type=click.Choice(["take", "return", "forfeit"]))
@click.option("--store", required=True, metavar="S", help="The store.")
@click.option("--part", "part_no", required=True, metavar="P", help="The part number.")
@click.option(
    "--quantity", "quantity_milli", type=MORE_THAN_NOTHING, required=True, metavar="Q", help="In the stock unit."
)
@click.option("--note", default="", metavar="TEXT", help="Repair order, or the supplier's credit note.")
@posting_options
@as_of_option
@database_option
def move(
    step: str,
    store: str,
    part_no: str,
    quantity_milli: int,
    note: str,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Move cores: `take` one in from a customer, `return` it to the supplier, `forfeit` a deposit.

    Example: sparewise core move take --store S01 --part 00195040 --quantity 1 --note RO-1001
    """
    from inventory.claims.core_deposits import move_cores

    with posting(db, dry_run=dry_run) as connection:
        done = move_cores(connection, step, store, part_no, quantity_milli, as_of, user, key, now_utc(), note)
    if dry_run:
        click.echo(f"{done.number}: {step} {quantity_milli / 1000:g} of {part_no} would be posted.", err=True)
        return
    click.echo(done.number)
    click.echo(f"{step} {quantity_milli / 1000:g} of {part_no}; what is left: sparewise core list", err=True)
