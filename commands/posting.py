"""What all commands that post share: one write transaction, undone under `--dry-run`, and how a quantity reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import click

from commands.failures import Conflict, Rejected
from commands.options import engine_of, now_utc, refuse_clock_set_back

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from inventory.counter.slip import Signature, Slip


class _Whole(click.ParamType[int]):
    """A number with few decimals that becomes a whole one: of thousandths, or of ten-thousandths."""

    def __init__(self, name: str, decimals: int, told: str) -> None:
        self.name = name
        self.decimals = decimals
        self.told = told

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            whole = Decimal(value).scaleb(self.decimals)
        except InvalidOperation:
            whole = Decimal("NaN")
        if not whole.is_finite() or whole != int(whole):
            self.fail(f"{self.told}; found {value!r}", param, ctx)
        return int(whole)


QUANTITY = _Whole("quantity", 3, "a quantity is a number with at most three decimals, such as 2.5")
"""A quantity in the part's stock unit; becomes thousandths."""

MONEY = _Whole("money", 4, "an amount of money is a number with at most four decimals, such as 12.34")
"""An amount of the store's currency; becomes ten-thousandths."""


@contextmanager
def posting(db: str, *, dry_run: bool) -> Iterator[Connection]:
    """Open one write transaction on a database; under `--dry-run` everything is done, shown, and undone.

    Raises
    ------
    Conflict
        Where the books refuse: other content under a known number or key, or more asked of a place than it holds.
    """
    from inventory.books.ledger import LedgerConflictError, StockShortError
    from inventory.database import write

    try:
        with write(engine_of(db)) as connection:
            refuse_clock_set_back(connection)
            yield connection
            if dry_run:
                transaction = connection.get_transaction()
                assert transaction is not None
                transaction.rollback()
    except (LedgerConflictError, StockShortError) as fault:
        raise Conflict(str(fault)) from fault
    if dry_run:
        click.echo("Dry run: nothing was posted.", err=True)


def signature(as_of: date, user: str, key: str | None) -> Signature:
    """Return who answers for a document, for which day and under which key, recorded now."""
    from inventory.counter.slip import Signature

    return Signature(as_of, user, key, now_utc())


def tell_slip(slip: Slip, told: str, *, dry_run: bool) -> None:
    """Print the number of the document a slip stands for, and in a sentence what it did.

    Raises
    ------
    Rejected
        With the findings, where nothing was posted because of them.
    """
    if slip.findings:
        raise Rejected(slip.findings)
    if slip.posting is None:
        return
    if not dry_run:
        click.echo(slip.posting.number)
    before = "" if slip.posting.is_new else " (as before)"
    click.echo(f"{'Would be done: ' if dry_run else ''}{told}{before}.", err=True)
