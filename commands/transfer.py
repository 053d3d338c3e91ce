"""`sparewise transfer`: parts from one store to another, in transit until they are received."""

from __future__ import annotations

from datetime import date

import click

from commands.options import as_of_option, database_option, engine_of, known_at_option, posting_options, table_options
from commands.posting import QUANTITY, posting, signature, tell_slip


@click.group()
def command() -> None:
    """Transfers between stores: send, receive, see what is under way, close what will not come.

    Example: sparewise transfer send S01 S02 00195040 4
    """


@command.command()
@click.argument("from_store", metavar="FROM")
@click.argument("to_store", metavar="TO")
@click.argument("part_no", metavar="PART")
@click.argument("quantity_milli", metavar="QUANTITY", type=QUANTITY)
@click.option("--bin", "bin_name", default=None, metavar="BIN", help="Take from this bin only.")
@posting_options
@as_of_option
@database_option
def send(
    from_store: str,
    to_store: str,
    part_no: str,
    quantity_milli: int,
    bin_name: str | None,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Send QUANTITY of PART from the store FROM to the store TO and print the transfer's number.

    It is in transit, and in the books of FROM, until TO receives it. Its value travels with it.

    Example: sparewise transfer send S01 S02 00195040 4
    """
    from inventory.counter.transfers import SendRequest
    from inventory.counter.transfers import send as send_parts

    asked = SendRequest(from_store, to_store, part_no, quantity_milli, bin_name)
    with posting(db, dry_run=dry_run) as connection:
        slip = send_parts(connection, asked, signature(as_of, user, key))
    tell_slip(slip, f"{quantity_milli / 1000:g} of {part_no} under way to {to_store}", dry_run=dry_run)


@command.command()
@click.argument("transfer_no", metavar="NO")
@click.option(
    "--quantity", "quantity_milli", type=QUANTITY, default=None, metavar="Q", help="What arrived (default: all)."
)
@click.option("--bin", "bin_name", default=None, metavar="BIN", help="Where it goes (default: the part's fullest bin).")
@posting_options
@as_of_option
@database_option
def receive(
    transfer_no: str,
    quantity_milli: int | None,
    bin_name: str | None,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Take what arrived of transfer NO into the receiving store and print the document's number.

    What came short stays in transit, in sight in `transfer list`.

    Example: sparewise transfer receive TRANSFER-000012 --quantity 3
    """
    from inventory.counter.transfers import receive as receive_parts

    with posting(db, dry_run=dry_run) as connection:
        slip = receive_parts(connection, transfer_no, quantity_milli, bin_name, signature(as_of, user, key))
    tell_slip(slip, f"{transfer_no} is received", dry_run=dry_run)


@command.command()
@click.argument("transfer_no", metavar="NO")
@click.option("--reason", required=True, metavar="TEXT", help="Why the rest will not come.")
@posting_options
@as_of_option
@database_option
def close(transfer_no: str, reason: str, dry_run: bool, key: str | None, user: str, as_of: date, db: str) -> None:
    """Book what is still under way of transfer NO as lost by the sender and print the document's number.

    Example: sparewise transfer close TRANSFER-000012 --reason "carton lost by the carrier"
    """
    from inventory.counter.transfers import close as close_transfer

    with posting(db, dry_run=dry_run) as connection:
        slip = close_transfer(connection, transfer_no, reason, signature(as_of, user, key))
    tell_slip(slip, f"{transfer_no} is closed: {reason}", dry_run=dry_run)


@command.command("list")
@click.option("--store", default=None, metavar="S", help="Only to or from this store.")
@click.option("--all", "also_done", is_flag=True, help="Also transfers of which nothing is under way.")
@as_of_option
@known_at_option
@database_option
@table_options
def list_(
    store: str | None, also_done: bool, as_of: date, known_at: int | None, db: str, output: str, language: str
) -> None:
    """Print the transfers that are under way, in the order in which they were sent.

    Example: sparewise transfer list --store S02 --json
    """
    from inventory.counter.transfers import transfer_rows
    from inventory.database import read
    from reporting import tables
    from reporting.words import word

    with read(engine_of(db)) as connection:
        rows = transfer_rows(connection, as_of, store, known_at)
    columns = (
        *(tables.Column(name) for name in ("transfer_no", "from_store", "to_store", "part_no")),
        tables.Column("sent_on", "date"),
        *(
            tables.Column(name, "quantity_milli")
            for name in ("quantity_milli", "received_milli", "lost_milli", "in_transit_milli")
        ),
        tables.Column("value_e4", "money_e4"),
    )
    shown = [row for row in rows if also_done or row["in_transit_milli"]]
    tables.show(tables.Table(f"{word('transfers_title', language)} · {as_of}", columns, shown), output, language)
