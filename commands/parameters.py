"""How amounts and moments are written at the door, and what they become inside: whole numbers, and UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import click

from commands.options import now_utc


class _Money(click.ParamType[int]):
    """An amount in the currency, at most four decimals; becomes ten-thousandths."""

    name = "amount"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            amount = Decimal(value) * 10_000
        except ArithmeticError:
            amount = Decimal("NaN")
        if not amount.is_finite() or amount < 0 or amount != int(amount):
            self.fail(f"an amount is zero or more with at most four decimals; found {value!r}", param, ctx)
        return int(amount)


class _Moment(click.ParamType[str]):
    """A moment as ISO text; without an offset it is of the user's own place. Becomes ISO text in UTC."""

    name = "moment"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"a moment is written 2026-06-30T14:00 or with an offset, +08:00; found {value!r}", param, ctx)
        return moment.astimezone(UTC).replace(microsecond=0).isoformat()


class _MoreThanNothing(click.ParamType[int]):
    """A quantity of more than zero, at most three decimals; becomes thousandths."""

    name = "quantity"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from commands.posting import QUANTITY

        quantity_milli = QUANTITY.convert(value, param, ctx)
        if quantity_milli <= 0:
            self.fail(f"the quantity is more than zero; found {value!r}", param, ctx)
        return quantity_milli


MONEY = _Money()
MOMENT = _Moment()
MORE_THAN_NOTHING = _MoreThanNothing()
at_option = click.option(
    "--at", "moment", type=MOMENT, default=now_utc, metavar="MOMENT", help="Count hours from then (default: now)."
)
"""Add `--at`: passes `moment`, ISO text in UTC; now where it is not given."""
