"""`sparewise plan approve`, `reject` and `edit`: what a person decides about a proposal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from commands.failures import Conflict
from commands.options import database_option, now_utc, posting_options
from commands.posting import QUANTITY, posting

if TYPE_CHECKING:
    from sqlalchemy import Connection


@contextmanager
def deciding(db: str, *, dry_run: bool) -> Iterator[Connection]:
    """Open one write transaction in which a decision, or a plan, is recorded; a conflict ends with exit code 4."""
    from inventory.plans import PlanConflictError

    try:
        with posting(db, dry_run=dry_run) as connection:
            yield connection
    except PlanConflictError as fault:
        raise Conflict(str(fault)) from fault


def _with_key(body: dict[str, object], key: str | None) -> dict[str, object]:
    return body if key is None else {**body, "key": key}


@click.command()
@click.argument("proposal_no", metavar="PROPOSAL")
@posting_options
@database_option
def approve(proposal_no: str, dry_run: bool, key: str | None, user: str, db: str) -> None:
    """Approve a draft: it may then be sent as a purchase order.

    Example: sparewise plan approve 20260630-GPC-stock
    """
    from inventory.plans import append_event

    with deciding(db, dry_run=dry_run) as connection:
        append_event(connection, proposal_no, "approved", user, now_utc(), _with_key({}, key))
    click.echo(f"{proposal_no} is approved by {user}; send it with: sparewise order send {proposal_no}", err=True)


@click.command()
@click.argument("proposal_no", metavar="PROPOSAL")
@click.option("--reason", required=True, metavar="TEXT", help="Why not.")
@posting_options
@database_option
def reject(proposal_no: str, reason: str, dry_run: bool, key: str | None, user: str, db: str) -> None:
    """Reject a proposal: it will not be sent, and the same proposal does not come back that day.

    Example: sparewise plan reject 20260630-GPC-stock --reason "the supplier is closed"
    """
    from inventory.plans import append_event

    with deciding(db, dry_run=dry_run) as connection:
        append_event(connection, proposal_no, "rejected", user, now_utc(), _with_key({"reason": reason}, key))
    click.echo(f"{proposal_no} is rejected by {user}.", err=True)


@click.command()
@click.argument("proposal_no", metavar="PROPOSAL")
@click.option("--store", required=True, metavar="S", help="Store of the line.")
@click.option("--part", "part_no", required=True, metavar="P", help="Part number of the line.")
@click.option(
    "--quantity", "quantity_milli", type=QUANTITY, required=True, metavar="Q", help="New quantity, 0 to leave it out."
)
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@posting_options
@database_option
def edit(
    proposal_no: str,
    store: str,
    part_no: str,
    quantity_milli: int,
    reason: str,
    dry_run: bool,
    key: str | None,
    user: str,
    db: str,
) -> None:
    """Change the quantity of one line of a draft, in whole packs; the plan's own figure is kept beside it.

    Example: sparewise plan edit 20260630-GPC-stock --store S01 --part 00195040 --quantity 30 --reason "fleet visit"
    """
    from inventory.plans import LineEdit, edit_line

    with deciding(db, dry_run=dry_run) as connection:
        wish = LineEdit(store, part_no, quantity_milli, reason, key)
        edit_line(connection, proposal_no, wish, user, now_utc())
    click.echo(f"{proposal_no}: {part_no} at {store} is set to {quantity_milli / 1000:g} by {user}.", err=True)
