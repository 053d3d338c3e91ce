"""`sparewise return`: parts that go back to the maker, and what he credits for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import click

from commands.failures import Conflict, Rejected
from commands.options import (
    as_of_option,
    database_option,
    engine_of,
    known_at_option,
    now_utc,
    posting_options,
    table_options,
)
from commands.parameters import MONEY
from commands.posting import QUANTITY, posting
from commands.return_workshop import workshop


@click.group()
def command() -> None:
    """Returns: to the maker, set aside, then credited or refused.

    Example: sparewise return list
    """


command.add_command(workshop)


@contextmanager
def _deciding() -> Iterator[None]:
    from inventory.claims.maker_returns import ReturnStateError

    try:
        yield
    except ReturnStateError as fault:
        raise Conflict(f"{fault}.") from fault


@command.command("list")
@click.option("--store", default=None, metavar="S", help="Only this store.")
@as_of_option
@known_at_option
@database_option
@table_options
def list_(store: str | None, as_of: date, known_at: int | None, db: str, output: str, language: str) -> None:
    """Print the returns to the maker: what went, what he credited and kept, and what it came to against the books.

    Example: sparewise return list --store S01
    """
    from inventory.claims.maker_returns import return_rows
    from inventory.database import read
    from reporting import tables
    from reporting.words import word

    with read(engine_of(db)) as connection:
        rows = return_rows(connection, as_of, store, known_at)
    columns = (
        *(tables.Column(name) for name in ("return_no", "store", "supplier", "part_no")),
        tables.Column("quantity_milli", "quantity_milli"),
        tables.Column("value_e4", "money_e4"),
        tables.Column("opened_on", "date"),
        tables.Column("state"),
        tables.Column("decided_on", "date"),
        *(tables.Column(name, "money_e4") for name in ("credit_e4", "fee_e4", "result_e4")),
        tables.Column("reason"),
    )
    tables.show(tables.Table(f"{word('returns_title', language)} · {as_of}", columns, rows), output, language)


@command.command()
@click.option("--store", required=True, metavar="S", help="The store.")
@click.option("--part", "part_no", required=True, metavar="P", help="The part number.")
@click.option("--quantity", "quantity_milli", type=QUANTITY, required=True, metavar="Q", help="In the stock unit.")
@click.option(
    "--bin", "bin_name", default=None, metavar="BIN", help="Take from this bin only (default: fullest bin first)."
)
@click.option("--supplier", default="", metavar="S", help="Who takes it back (default: the part's supplier).")
@click.option("--reason", default="", metavar="TEXT", help="Why it goes back.")
@posting_options
@as_of_option
@database_option
def maker(
    store: str,
    part_no: str,
    quantity_milli: int,
    bin_name: str | None,
    supplier: str,
    reason: str,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Set a part aside to go back to the maker and print the number of the return.

    Example: sparewise return maker --store S01 --part 00195040 --quantity 2 --reason "never asked for"
    """
    from inventory.claims.maker_returns import ReturnRequest, open_return

    asked = ReturnRequest(store, part_no, quantity_milli, bin_name, supplier, reason)
    with posting(db, dry_run=dry_run) as connection:
        done = open_return(connection, asked, as_of, user, key, now_utc())
    if done.posting is None:
        raise Rejected(done.findings)
    if dry_run:
        click.echo(f"It would be return {done.posting.number}.", err=True)
        return
    click.echo(done.posting.number)
    told = f"{quantity_milli / 1000:g} of {part_no} set aside as {done.posting.number}"
    click.echo(f"{told}; then: sparewise return credit {done.posting.number}", err=True)


@command.command()
@click.argument("return_no")
@click.option("--amount", "credit_e4", type=MONEY, required=True, metavar="AMOUNT", help="Credited, before the fee.")
@click.option("--fee", "fee_e4", type=MONEY, default="0", metavar="AMOUNT", help="What the maker keeps (default: 0).")
@click.option("--note", default="", metavar="TEXT", help="The maker's number.")
@posting_options
@as_of_option
@database_option
def credit(
    return_no: str,
    credit_e4: int,
    fee_e4: int,
    note: str,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Record that the maker took RETURN_NO back, what he credits, and his fee.

    Example: sparewise return credit RTM-000123 --amount 200 --fee 30
    """
    from inventory.claims.maker_returns import credit_return

    with _deciding(), posting(db, dry_run=dry_run) as connection:
        done = credit_return(connection, return_no, credit_e4, fee_e4, as_of, user, key, now_utc(), note)
    _tell(done.number, f"{return_no} {'would be' if dry_run else 'is'} credited", dry_run)


@command.command()
@click.argument("return_no")
@click.option("--bin", "bin_name", required=True, metavar="BIN", help="The bin it goes into again.")
@click.option("--note", default="", metavar="TEXT", help="The maker's reason.")
@posting_options
@as_of_option
@database_option
def refuse(
    return_no: str, bin_name: str, note: str, dry_run: bool, key: str | None, user: str, as_of: date, db: str
) -> None:
    """Record that the maker did not take RETURN_NO back: it lies in its bin again, at the value it left with.

    Example: sparewise return refuse RTM-000123 --bin A-01
    """
    from inventory.claims.maker_returns import refuse_return

    with _deciding(), posting(db, dry_run=dry_run) as connection:
        done = refuse_return(connection, return_no, bin_name, as_of, user, key, now_utc(), note)
    _tell(done.number, f"{return_no} {'would be' if dry_run else 'is'} refused", dry_run)


def _tell(number: str, told: str, dry_run: bool) -> None:
    if not dry_run:
        click.echo(number)
    click.echo(f"{told}.", err=True)
