"""`sparewise claim submit`, `accept`, `refuse`, `credit`, `replace` and `close`: one step of a claim's life each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TypeVar

import click

from commands.failures import Conflict
from commands.options import as_of_option, database_option, now_utc, posting_options
from commands.parameters import MONEY
from commands.posting import posting

Command = TypeVar("Command", bound=Callable[..., object])

_PAST = {"submit": "submitted", "accept": "accepted", "refuse": "refused", "credit": "credited",
         "replace": "replaced", "close": "closed"}  # fmt: skip


@contextmanager
def claiming() -> Iterator[None]:
    """Turn what a claim's life forbids into a conflict: exit code 4."""
    from inventory.claims.claims import UnknownClaimError
    from inventory.claims.steps import UnlawfulStepError

    try:
        yield
    except (UnknownClaimError, UnlawfulStepError) as fault:
        raise Conflict(f"{fault}.") from fault


def _step_options(command: Command) -> Command:
    for option in (database_option, as_of_option, posting_options):
        command = option(command)
    command = click.option("--note", default="", metavar="TEXT", help="The supplier's number, or the reason.")(command)
    return click.argument("claim_no")(command)


def _take(
    claim_no: str,
    verb: str,
    note: str,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
    goods: str = "",
    bin_name: str = "",
    amount_e4: int | None = None,
) -> None:
    from inventory.claims.steps import Settlement, take_step

    settled = Settlement(goods, bin_name, amount_e4, note)
    with claiming(), posting(db, dry_run=dry_run) as connection:
        done = take_step(connection, claim_no, _PAST[verb], as_of, user, key, now_utc(), settled)
    if dry_run:
        click.echo(f"{claim_no} would be {_PAST[verb]}.", err=True)
        return
    click.echo(done.number)
    click.echo(f"{claim_no} is {_PAST[verb]}{'' if done.is_new else ', as before'}.", err=True)


@click.command()
@_step_options
def submit(claim_no: str, note: str, dry_run: bool, key: str | None, user: str, as_of: date, db: str) -> None:
    """Record that CLAIM_NO was sent to the supplier; its hours stop counting.

    Example: sparewise claim submit PO-1001-R1-C1 --note "mail of 30 June"
    """
    _take(claim_no, "submit", note, dry_run, key, user, as_of, db)


@click.command()
@_step_options
def accept(claim_no: str, note: str, dry_run: bool, key: str | None, user: str, as_of: date, db: str) -> None:
    """Record that the supplier accepts CLAIM_NO; next he credits or replaces.

    Example: sparewise claim accept PO-1001-R1-C1
    """
    _take(claim_no, "accept", note, dry_run, key, user, as_of, db)


@click.command()
@_step_options
def refuse(claim_no: str, note: str, dry_run: bool, key: str | None, user: str, as_of: date, db: str) -> None:
    """Record that the supplier refuses CLAIM_NO; what waits is settled when it is closed.

    Example: sparewise claim refuse PO-1001-R1-C1 --note "packed whole, says the carrier"
    """
    _take(claim_no, "refuse", note, dry_run, key, user, as_of, db)


_goods_option = click.option(
    "--goods",
    type=click.Choice(["supplier", "scrap"]),
    default=None,
    help="Where what waits goes: back to the supplier (default), or scrapped here at his cost.",
)


@click.command()
@click.option(
    "--amount", "amount_e4", type=MONEY, default=None, metavar="AMOUNT", help="Credited (default: what waits is worth)."
)
@_goods_option
@_step_options
def credit(
    claim_no: str,
    goods: str | None,
    amount_e4: int | None,
    note: str,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Record that the supplier credits CLAIM_NO; what he credits is no longer on order.

    Example: sparewise claim credit PO-1001-R1-C1 --amount 84 --note "credit note 4711"
    """
    _take(claim_no, "credit", note, dry_run, key, user, as_of, db, goods or "", "", amount_e4)


@click.command()
@_goods_option
@_step_options
def replace(
    claim_no: str, goods: str | None, note: str, dry_run: bool, key: str | None, user: str, as_of: date, db: str
) -> None:
    """Record that the supplier replaces what CLAIM_NO names; its order line stays open until the goods are received.

    Example: sparewise claim replace PO-1001-R1-C1 --goods scrap
    """
    _take(claim_no, "replace", note, dry_run, key, user, as_of, db, goods or "")


@click.command()
@click.option(
    "--goods",
    type=click.Choice(["bin", "scrap"]),
    default=None,
    help="Where goods that are ours now go (default: bin; what never came is written off to scrap).",
)
@click.option("--bin", "bin_name", default="", metavar="BIN", help="The bin, for --goods bin.")
@_step_options
def close(
    claim_no: str,
    goods: str | None,
    bin_name: str,
    note: str,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Close CLAIM_NO: after a credit or a replacement, or after a refusal or lapse, when what waits becomes ours.

    Example: sparewise claim close PO-1001-R1-C1 --goods bin --bin A-01
    """
    _take(claim_no, "close", note, dry_run, key, user, as_of, db, goods or "", bin_name)


STEP_COMMANDS = (submit, accept, refuse, credit, replace, close)
