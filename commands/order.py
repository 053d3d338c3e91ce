"""`sparewise order`: purchase orders, from an approved proposal to goods in their bins."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

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
from commands.posting import posting

if TYPE_CHECKING:
    from inventory.purchasing.receiving import ReceivedLine


@click.group()
def command() -> None:
    """Purchase orders: list and show them, send an approved proposal, receive goods.

    Example: sparewise order receive PO-1001
    """


@command.command("list")
@click.option("--store", default=None, metavar="S", help="Only lines of this store.")
@click.option("--all", "also_closed", is_flag=True, help="Also orders of which nothing is open.")
@as_of_option
@known_at_option
@database_option
@table_options
def list_(
    store: str | None, also_closed: bool, as_of: date, known_at: int | None, db: str, output: str, language: str
) -> None:
    """Print the purchase orders, one row each, the earliest expected first.

    Example: sparewise order list --json
    """
    from inventory.database import read
    from inventory.purchasing.orders import order_heads
    from reporting import tables
    from reporting.words import word

    with read(engine_of(db)) as connection:
        heads = order_heads(connection, as_of, store, known_at)
    columns = (
        *(tables.Column(name) for name in ("order_no", "supplier")),
        tables.ORDER_TYPE,
        tables.Column("ordered_on", "date"),
        tables.Column("expected_on", "date"),
        tables.Column("lines", "count"),
        tables.Column("lines_open", "count"),
        tables.Column("value_e4", "money_e4"),
        tables.Column("value_open_e4", "money_e4"),
    )
    rows = [head for head in heads if also_closed or head["lines_open"]]
    tables.show(tables.Table(f"{word('orders_title', language)} · {as_of}", columns, rows), output, language)


@command.command()
@click.argument("order_no")
@as_of_option
@known_at_option
@database_option
@table_options
def show(order_no: str, as_of: date, known_at: int | None, db: str, output: str, language: str) -> None:
    """Print the lines of ORDER_NO: ordered, accepted so far, still open.

    Example: sparewise order show PO-1001
    """
    from inventory.database import read
    from inventory.purchasing.orders import order_lines
    from reporting import tables
    from reporting.words import word

    with read(engine_of(db)) as connection:
        rows = order_lines(connection, as_of, order_no, known_at=known_at)
    if not rows:
        raise Conflict(f"There is no order {order_no} on {as_of}; see the numbers with: sparewise order list --all")
    columns = (
        *(tables.Column(name) for name in ("order_no", "supplier")),
        tables.ORDER_TYPE,
        *(tables.Column(name) for name in ("store", "part_no")),
        *(
            tables.Column(name, "quantity_milli")
            for name in ("quantity_milli", "accepted_milli", "settled_milli", "open_milli")
        ),
        tables.Column("unit_cost_e4", "money_e4"),
        tables.Column("ordered_on", "date"),
        tables.Column("expected_on", "date"),
    )
    tables.show(tables.Table(f"{word('order_title', language)} {order_no}", columns, rows), output, language)


@command.command()
@click.argument("proposal_no")
@posting_options
@as_of_option
@database_option
def send(proposal_no: str, dry_run: bool, key: str | None, user: str, as_of: date, db: str) -> None:
    """Make a purchase order of an approved proposal and print its number.

    The order is dated --as-of. Where that is later than planned, the goods are expected as much later.

    Example: sparewise order send 20260630-GPC-stock
    """
    from inventory.purchasing import orders

    with posting(db, dry_run=dry_run) as connection:
        try:
            sent = orders.send(connection, proposal_no, as_of, user, key, now_utc())
        except orders.NotApprovedError as fault:
            raise Conflict(f"{fault}.") from fault
    if dry_run:
        click.echo(f"{proposal_no} would be order {sent.number}.", err=True)
        return
    click.echo(sent.number)
    click.echo(f"{proposal_no} is order {sent.number}{'' if sent.is_new else ', as before'}.", err=True)


@command.command()
@click.argument("order_no")
@click.option(
    "--lines",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    metavar="FILE",
    help="CSV or XLSX: part_no, quantity_delivered, quantity_accepted, cause, bin (default: all that is open came).",
)
@posting_options
@as_of_option
@database_option
def receive(order_no: str, path: Path | None, dry_run: bool, key: str | None, user: str, as_of: date, db: str) -> None:
    """Take goods of ORDER_NO in on --as-of: what is accepted into its bin, the rest into quarantine.

    Without --lines all that is open is accepted, into the bins that hold the parts already. What was not accepted
    stays on order. The cause is short, over, damaged, wrong, quality or late; more than is open needs the cause over.
    Each difference opens a claim (sparewise claim list --due). With the cause short and nothing refused, all that is
    still open counts as missing; a part that was not ordered is taken into quarantine with the cause wrong.
    An order for several stores needs a column store for parts ordered by more than one of them.

    Example: sparewise order receive PO-1001 --lines delivery.csv
    """
    from inventory.purchasing.receiving import receive as receive_goods

    lines = None if path is None else _read(path, as_of)
    with posting(db, dry_run=dry_run) as connection:
        source = "" if path is None else str(path)
        receipt = receive_goods(connection, order_no, lines, as_of, user, key, now_utc(), source)
    if receipt.posting is None:
        raise Rejected(receipt.findings)
    if dry_run:
        click.echo(f"It would be received as {receipt.posting.number}.", err=True)
        return
    click.echo(receipt.posting.number)
    again = "" if receipt.posting.is_new else ", as before"
    click.echo(f"Received as {receipt.posting.number}{again}; what is open: sparewise order show {order_no}", err=True)
    for each in receipt.claims:
        what = f"{each.cause} {each.quantity_milli / 1000:g} of {each.part_no}"
        click.echo(f"Claim {each.claim_no}: {what}, to be submitted until {each.due_at}", err=True)


def _read(path: Path, as_of: date) -> tuple[ReceivedLine, ...]:
    """Return the rows of a delivery file, or refuse it whole."""
    from inventory.intake.deliveries import read_delivery

    lines, findings, notes = read_delivery(path, as_of)
    for note in notes:
        click.echo(note, err=True)
    if findings:
        raise Rejected(findings)
    return lines
