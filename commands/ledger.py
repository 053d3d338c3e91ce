"""`sparewise ledger`: how what there is came about, and that it adds up."""

from __future__ import annotations

import os
from datetime import date

import click

from commands.failures import ChecksFailed, Conflict
from commands.ledger_warranty import warranty
from commands.options import (
    as_of_option,
    database_option,
    engine_of,
    known_at_option,
    now_utc,
    posting_options,
    table_options,
)
from commands.posting import posting


@click.group()
def command() -> None:
    """Every movement of a part, closed months, reversals, and the proof that the books add up.

    Example: sparewise ledger verify
    """


command.add_command(warranty)


@command.command()
@click.argument("part_no")
@click.option("--store", default=None, metavar="S", help="Only this store.")
@as_of_option
@known_at_option
@database_option
@table_options
def history(
    part_no: str, store: str | None, as_of: date, known_at: int | None, db: str, output: str, language: str
) -> None:
    """Print every movement of PART_NO, from where to where, and what was on hand after it.

    Example: sparewise ledger history 00195040 --store S01
    """
    from inventory.books.history import part_history
    from inventory.database import read
    from reporting import tables
    from reporting.words import word

    with read(engine_of(db)) as connection:
        rows = part_history(connection, part_no, as_of, store, known_at)
    columns = (
        tables.Column("movement_id", "count"),
        tables.Column("effective_on", "date"),
        tables.Column("stated_on", "date"),
        tables.Column("sequence", "count"),
        tables.Column("document"),
        tables.Column("kind"),
        tables.Column("store"),
        tables.Column("from"),
        tables.Column("to"),
        tables.Column("quantity_milli", "quantity_milli"),
        tables.Column("value_e4", "money_e4"),
        tables.Column("on_hand_milli", "quantity_milli"),
        tables.Column("user_name"),
    )
    tables.show(tables.Table(f"{word('history_title', language)} · {part_no}", columns, rows), output, language)


@command.command()
@database_option
@table_options
def verify(db: str, output: str, language: str) -> None:
    """Derive everything again from the movements and list every row that differs; exit code 1 where there are any.

    Balances, values by moving average, layers for first in, first out, what is reserved, under way, set aside or
    claimed, closed months, content hashes, and a digest of every row of every table: a single digit changed in the
    database file is found.

    Example: sparewise ledger verify
    """
    from dataclasses import asdict

    from commands.progress import progress
    from inventory.proof.verification import verify_books
    from reporting import tables
    from reporting.words import word

    with progress("every row is held against what it follows from"):
        found = verify_books(engine_of(db), os.cpu_count() or 1)
    rows = [asdict(each) for each in found]
    columns = tuple(tables.Column(name) for name in ("check", "table", "key", "column", "expected", "found"))
    if rows or output != "table":
        tables.show(tables.Table(word("verify_title", language), columns, rows), output, language)
    if rows:
        raise ChecksFailed(
            f"{len(rows)} row{'s' if len(rows) > 1 else ''} of the books differ from what they follow from."
        )
    click.echo("Every balance is the sum of its movements, and every row is as it was written.", err=True)


@command.command()
@click.argument("month")
@posting_options
@as_of_option
@database_option
def close(month: str, dry_run: bool, key: str | None, user: str, as_of: date, db: str) -> None:
    """Close MONTH (YYYY-MM) and all before it, once it is over on --as-of; its reports never change again.

    What comes later and bears a day in a closed month is taken, keeps that day, and counts from the first open day on.

    Example: sparewise ledger close 2026-06
    """
    from inventory.books.closing import PeriodError, close_month

    with posting(db, dry_run=dry_run) as connection:
        try:
            closed = close_month(connection, _month(month), as_of, user, key, now_utc())
        except PeriodError as fault:
            raise Conflict(f"{fault}.") from fault
    if dry_run:
        click.echo(f"{month} would be closed by {closed.number}.", err=True)
        return
    click.echo(closed.number)
    click.echo(f"{month} is closed{'' if closed.is_new else ', as before'}.", err=True)


@command.command()
@click.argument("number")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it stands in the books.")
@posting_options
@as_of_option
@database_option
def reverse(number: str, reason: str, dry_run: bool, key: str | None, user: str, as_of: date, db: str) -> None:
    """Take document NUMBER back by its mirror, dated --as-of, and print the mirror's number.

    Every movement goes back at the value it holds. A document is reversed once, and not where what it brought has
    left its place since.

    Example: sparewise ledger reverse ISSUE-000012 --reason "wrong repair order"
    """
    from inventory.books.reversing import ReversalError
    from inventory.books.reversing import reverse as reverse_document

    with posting(db, dry_run=dry_run) as connection:
        try:
            posted = reverse_document(connection, number, reason, as_of, user, key, now_utc())
        except ReversalError as fault:
            raise Conflict(f"{fault}.") from fault
    if dry_run:
        click.echo(f"{number} would be reversed by {posted.number}.", err=True)
        return
    click.echo(posted.number)
    click.echo(f"{number} is reversed by {posted.number}{'' if posted.is_new else ', as before'}.", err=True)


@command.command()
@click.option("--store", default="", metavar="S", help="The store (default: every store that declares nothing itself).")
@click.option("--valuation", type=click.Choice(["average", "fifo"]), default=None, help="How its stock is valued.")
@click.option(
    "--tax-basis", type=click.Choice(["excluded", "included"]), default=None, help="Whether its costs contain tax."
)
@posting_options
@as_of_option
@database_option
def declare(
    store: str,
    valuation: str | None,
    tax_basis: str | None,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Declare how a store's stock is valued, or whether its costs contain tax; printed with every stock value.

    Example: sparewise ledger declare --store S01 --valuation fifo
    """
    from inventory.books.declarations import declare as declare_for

    said = [(name, value) for name, value in (("valuation", valuation), ("tax-basis", tax_basis)) if value is not None]
    if len(said) != 1:
        raise click.UsageError("One thing is declared at a time: --valuation or --tax-basis.")
    ((name, value),) = said
    with posting(db, dry_run=dry_run) as connection:
        posted = declare_for(connection, store, name, value, as_of, user, key, now_utc())
    if not dry_run:
        click.echo(posted.number)
    click.echo(f"{store or 'every store'}: {name} {value}.", err=True)


def _month(text: str) -> str:
    """Return a month written YYYY-MM as it is."""
    from demand.periods import PeriodKind, parse_label

    try:
        _, kind = parse_label(text)
    except ValueError:
        kind = PeriodKind.WEEK
    if kind is not PeriodKind.MONTH:
        raise click.UsageError(f"A month is written YYYY-MM, such as 2026-06; found {text!r}.")
    return text
