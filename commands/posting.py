"""What all commands that post share: one write transaction, undone under `--dry-run`, and how a quantity reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import click

from commands.failures import Conflict
from commands.options import engine_of, refuse_clock_set_back

if TYPE_CHECKING:
    from sqlalchemy import Connection


class _Quantity(click.ParamType[int]):
    """A quantity in the part's stock unit, at most three decimals; becomes thousandths."""

    name = "quantity"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            milli = Decimal(value) * 1000
        except InvalidOperation:
            milli = Decimal("NaN")
        if not milli.is_finite() or milli != int(milli):
            self.fail(f"a quantity is a number with at most three decimals, such as 2.5; found {value!r}", param, ctx)
        return int(milli)


QUANTITY = _Quantity()


@contextmanager
def posting(db: str, *, dry_run: bool) -> Iterator[Connection]:
    """Open one write transaction on a database; under `--dry-run` everything is done, shown, and undone.

    Raises
    ------
    Conflict
        Where the books refuse: other content under a known number or key, or more asked of a place than it holds.
    """
    from inventory.database import write
    from inventory.ledger import LedgerConflictError, StockShortError

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
