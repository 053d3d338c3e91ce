"""`sparewise kpi`: managers' figures, each with its definition."""

from __future__ import annotations

from datetime import date

import click

from commands.options import as_of_option, database_option, engine_of, known_at_option, table_options


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


@click.command()
@click.option("--month", type=_Month(), default=None, metavar="YYYY-MM", help="The month (default: that of --as-of).")
@click.option("--store", default=None, metavar="S", help="Only this store (default: all together).")
@as_of_option
@known_at_option
@database_option
@table_options
def command(
    month: int | None, store: str | None, as_of: date, known_at: int | None, db: str, output: str, language: str
) -> None:
    """Print fill rate, turnover, days in stock and dead stock of a month, each with its definition.

    A figure that has nothing to divide by is printed as –. A month that is not over counts up to --as-of.

    Example: sparewise kpi --month 2026-06 --store S01 --json
    """
    from demand.periods import PeriodKind, ordinal_of
    from inventory.database import read
    from inventory.kpi import figures
    from reporting.figures import figures_table
    from reporting.tables import show

    if month is None:
        month = ordinal_of(as_of, PeriodKind.MONTH)
    with read(engine_of(db)) as connection:
        found = figures(connection, month, as_of, store, known_at)
    show(figures_table(found, output, language), output, language)
