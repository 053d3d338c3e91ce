"""How amounts and moments are written at the door, and what they become inside: whole numbers, and UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

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


class _PictureFile(click.ParamType[Path]):
    """A .svg or .html file to be written, in a folder that is there."""

    name = "file"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        if path.suffix.lower() not in (".svg", ".html"):
            self.fail(f"a drawing is an .svg or .html file; found {value}", param, ctx)
        if not path.parent.is_dir():
            self.fail(f"the folder of the drawing is there; found {path.parent}", param, ctx)
        return path


MONEY = _Money()
PICTURE_FILE = _PictureFile()
MOMENT = _Moment()
MORE_THAN_NOTHING = _MoreThanNothing()
at_option = click.option(
    "--at", "moment", type=MOMENT, default=now_utc, metavar="MOMENT", help="Count hours from then (default: now)."
)
"""Add `--at`: passes `moment`, ISO text in UTC; now where it is not given."""
