"""What the commands of a stocktake share: how a count that refuses is told, and their options and kinds of values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, TypeVar

import click

from commands.failures import Conflict
from commands.posting import posting

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from inventory.counting.classes import ClassRule

Command = TypeVar("Command", bound=Callable[..., object])


class _Scaled(click.ParamType[int]):
    """A number of zero or more that becomes a whole multiple of its smallest unit."""

    def __init__(self, name: str, units: int) -> None:
        self.name = name
        self.units = units

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            scaled = Decimal(value) * self.units
        except InvalidOperation:
            scaled = Decimal("NaN")
        if not scaled.is_finite() or scaled < 0 or scaled != int(scaled):
            self.fail(f"a number of zero or more, such as 2.5; found {value!r}", param, ctx)
        return int(scaled)


AMOUNT = _Scaled("amount", 10_000)
PERCENT = _Scaled("percent", 10_000)


@contextmanager
def counting(db: str, *, dry_run: bool) -> Iterator[Connection]:
    """Open one write transaction for a count; where the count refuses, the exit code is 4."""
    from inventory.counting.heads import CountConflictError

    try:
        with posting(db, dry_run=dry_run) as connection:
            yield connection
    except CountConflictError as fault:
        raise Conflict(f"{fault}.") from fault


@contextmanager
def looking() -> Iterator[None]:
    """Turn a count that is unknown into exit code 4."""
    from inventory.counting.heads import CountConflictError

    try:
        yield
    except CountConflictError as fault:
        raise Conflict(f"{fault}.") from fault


def class_options(command: Command) -> Command:
    """Add where the classes end: passes `class_a` and `class_b` (parts per million) and `fast`."""
    for option in (
        click.option("--fast", type=click.IntRange(min=1), default=36, show_default=True, metavar="LINES",
                     help="Demand lines in twelve months from which on a part is a fast mover."),
        click.option("--class-b", type=PERCENT, default="95", show_default=True, metavar="PERCENT",
                     help="A and B together make up this share of that cost; C is the rest."),
        click.option("--class-a", type=PERCENT, default="80", show_default=True, metavar="PERCENT",
                     help="Class A makes up this share of the cost of issues of twelve months."),
    ):  # fmt: skip
        command = option(command)
    return command


def class_rule(class_a: int, class_b: int, fast: int) -> ClassRule:
    """Return the rule of the classes that the options name."""
    from inventory.counting.classes import ClassRule

    try:
        return ClassRule(class_a, class_b, fast)
    except ValueError as fault:
        raise click.UsageError(f"{fault}") from fault
