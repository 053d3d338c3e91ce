"""`sparewise special`: parts ordered for a named customer: who answers for them, and by when they are fitted."""

from __future__ import annotations

from datetime import date

import click

from commands.options import (
    DAY,
    as_of_option,
    database_option,
    engine_of,
    known_at_option,
    posting_options,
    table_options,
)
from commands.posting import QUANTITY, posting, signature, tell_slip


@click.group()
def command() -> None:
    """Special orders: what customers wait for, with its owner and its install-by and return-by days.

    A special order begins with an issue the shelf can't fill, and ends with an issue on the same order.

    Example: sparewise special list --due
    """


@command.command("list")
@click.option("--store", default=None, metavar="S", help="Only this store.")
@click.option("--due", is_flag=True, help="Only what asks for a hand: arrived, overdue, or to be sent back.")
@as_of_option
@known_at_option
@database_option
@table_options
def list_(store: str | None, due: bool, as_of: date, known_at: int | None, db: str, output: str, language: str) -> None:
    """Print the special orders still waited for, the earliest install-by day first.

    The state is waiting; arrived, where something is there and not yet fitted; overdue, after the install-by day; or
    return, where the return-by day has passed and the part is still there.

    Example: sparewise special list --due --store S01
    """
    from inventory.counter.special_orders import special_orders
    from inventory.database import read
    from reporting import tables
    from reporting.words import word

    with read(engine_of(db)) as connection:
        rows = special_orders(connection, as_of, store, known_at)
    rows = [row for row in rows if not due or row["state"] != "waiting"]
    columns = (
        *(tables.Column(name) for name in ("store", "order_no", "part_no", "owner")),
        *(tables.Column(name, "date") for name in ("ordered_on", "install_by", "return_by")),
        *(tables.Column(name, "quantity_milli") for name in ("waiting_milli", "arrived_milli")),
        tables.Column("state"),
        tables.Column("days_left", "count"),
    )
    if output == "table":
        rows = [{**row, "state": word(f"special_{row['state']}", language)} for row in rows]
    tables.show(tables.Table(f"{word('specials_title', language)} · {as_of}", columns, rows), output, language)


@command.command()
@click.option("--store", required=True, metavar="S", help="The store.")
@click.option("--order-no", required=True, metavar="N", help="The repair or customer order.")
@click.option("--part", "part_no", required=True, metavar="P", help="The part number.")
@click.option("--owner", default=None, metavar="NAME", help="Who answers for it from now on.")
@click.option("--install-by", type=DAY, default=None, metavar="DATE", help="The day it is to be fitted by.")
@click.option("--return-by", type=DAY, default=None, metavar="DATE", help="The day from which it is better sent back.")
@click.option("--cancel", "cancelled_milli", type=QUANTITY, default=0, metavar="Q", help="So much is no longer wanted.")
@click.option("--reason", default="", metavar="TEXT", help="Why; needed with --cancel.")
@posting_options
@as_of_option
@database_option
def change(
    store: str,
    order_no: str,
    part_no: str,
    owner: str | None,
    install_by: date | None,
    return_by: date | None,
    cancelled_milli: int,
    reason: str,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Give a special order another owner or other days, or cancel some of it; prints the document's number.

    Example: sparewise special change --store S01 --order-no RO-1001 --part 00195040 --install-by 2026-08-14
    """
    from inventory.counter.special_orders import Change
    from inventory.counter.special_orders import change as change_special_order
    from inventory.demand_log import Request

    wanted = Change(owner, install_by, return_by, cancelled_milli, reason)
    with posting(db, dry_run=dry_run) as connection:
        slip = change_special_order(connection, Request(store, order_no, part_no), wanted, signature(as_of, user, key))
    tell_slip(slip, f"the special order of {part_no} on {order_no} is changed", dry_run=dry_run)
