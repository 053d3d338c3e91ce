"""What the commands about figures share: which period, which store, which figures, and how a wrong name is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, cast

import click

from commands.options import Command, as_of_option, known_at_option

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from inventory.figures.computing import Chosen
    from inventory.figures.scope import Scope, Span


class _Month(click.ParamType[int]):
    """A calendar month written YYYY-MM; becomes its ordinal."""

    name = "month"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from demand.periods import PeriodKind, parse_label

        if isinstance(value, int):
            return value
        try:
            ordinal, kind = parse_label(value)
        except ValueError:
            kind = PeriodKind.WEEK
        if kind is not PeriodKind.MONTH:
            self.fail(f"a month is written YYYY-MM, such as 2026-06; found {value!r}", param, ctx)
        return ordinal


MONTH = _Month()


def span_options(command: Command) -> Command:
    """Add `--month`, `--span`, `--as-of` and `--known-at`."""
    command = known_at_option(as_of_option(command))
    command = click.option(
        "--span",
        type=click.Choice(["month", "quarter", "rolling-12", "day", "week"]),
        default="month",
        help="The month, the quarter that holds it, the twelve months that end with it; or the day or week of --as-of.",
    )(command)
    return click.option(
        "--month", type=MONTH, default=None, metavar="YYYY-MM", help="The month (default: that of --as-of)."
    )(command)


def period_options(command: Command) -> Command:
    """Add the options of `span_options`, and `--store`."""
    store = click.option("--store", default=None, metavar="S", help="Only this store (default: all together).")
    return span_options(store(command))


def scope_for(
    connection: Connection, month: int | None, as_of: date, store: str | None, known_at: int | None, span: str
) -> Scope:
    """Return the scope that the options ask for."""
    from demand.periods import PeriodKind, ordinal_of
    from inventory.figures.scope import WITHIN_MONTHS, scope_of

    if month is not None and span in WITHIN_MONTHS:
        raise click.UsageError(f"a {span} is that of --as-of; --month names none")
    month = ordinal_of(as_of, PeriodKind.MONTH) if month is None else month
    return scope_of(connection, month, as_of, store, known_at, cast("Span", span))


def earlier_scopes(connection: Connection, scope: Scope, known_at: int | None, span: str) -> list[tuple[str, Scope]]:
    """Return what a period is held against: the one before it and that of a year before, which may be the same."""
    from inventory.figures.scope import MONTHS_PER_YEAR, month_end

    length = scope.last_month - scope.first_month + 1
    back = {"change_before": length, "change_year": MONTHS_PER_YEAR}
    if length == MONTHS_PER_YEAR:
        del back["change_before"]
    return [
        (
            key,
            scope_for(connection, scope.last_month - months, month_end(scope.last_month), scope.store, known_at, span),
        )
        for key, months in back.items()
    ]


def chosen_figures(names: Sequence[str], variants: Mapping[str, str]) -> list[Chosen]:
    """Return the figures named, all where none is; each in the variant named, else in that of the settings."""
    from inventory.figures.catalogue import FIGURES, named

    for figure_id, variant in variants.items():
        named(f"{figure_id}:{variant}")
    return [named(name, variants) for name in names or FIGURES]


@contextmanager
def told_wrongly() -> Iterator[None]:
    """Turn a figure, variant or dimension that there is not into a fault of the call."""
    from inventory.figures.figure import UnknownFigureError

    try:
        yield
    except UnknownFigureError as fault:
        raise click.UsageError(str(fault)) from fault


def refuse_misplaced(context: click.Context) -> None:
    """Refuse options said before a word that has options of its own; they would mean nothing."""
    from click.core import ParameterSource

    for name in context.params:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(
                f"say options after the word: {context.command_path} {context.invoked_subcommand} …", context
            )
