"""`sparewise forecast override`: what a person knows and no history tells, with author, reason and expiry."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

import click

from commands.failures import Rejected
from commands.options import DAY, as_of_option, database_option, engine_of, posting_options, table_options
from commands.posting import QUANTITY, posting, signature

if TYPE_CHECKING:
    from inventory.overrides import OverrideSlip


class _Month(click.ParamType[str]):
    """A calendar month written YYYY-MM."""

    name = "month"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            day = date.fromisoformat(f"{value}-01")
        except ValueError:
            self.fail(f"a month is written YYYY-MM, such as 2026-07; found {value!r}", param, ctx)
        return f"{day:%Y-%m}"


@click.group()
def override() -> None:
    """Set a forecast by hand, list what is set, withdraw it.

    Example: sparewise forecast override set 00195040 --store S01 --from 2026-07 --amount 40 --reason "fleet visit"
    """


@override.command(name="set")
@click.argument("part_no", metavar="[PART]", required=False)
@click.option("--family", default=None, metavar="F", help="A family (see: forecast run), or a category, not a part.")
@click.option("--store", required=True, metavar="S", help="The store.")
@click.option("--from", "first_month", type=_Month(), required=True, metavar="M", help="First month, YYYY-MM.")
@click.option("--to", "last_month", type=_Month(), default=None, metavar="M", help="Last month (default: the first).")
@click.option(
    "--amount", "amount_milli", type=QUANTITY, default=None, metavar="Q", help="So much a month, everything together."
)
@click.option("--factor", type=click.FloatRange(0, 1000), default=None, metavar="X", help="So many times the forecast.")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@click.option(
    "--expires", "expires_on", type=DAY, default=None, metavar="DATE",
    help="Last day on which a forecast takes it (default: the end of the last month).",
)  # fmt: skip
@posting_options
@as_of_option
@database_option
def set_(
    part_no: str | None,
    family: str | None,
    store: str,
    first_month: str,
    last_month: str | None,
    amount_milli: int | None,
    factor: float | None,
    reason: str,
    expires_on: date | None,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Set the forecast of a part, or of a family, at a store for some months; print the override's number.

    `forecast run` and `plan run` take it from this day to its last; `forecast explain` and the plan's reasons show it.
    The law keeps its shape and is moved. Of two for the same month the later one holds, and a part's over a family's.

    Example: sparewise forecast override set 00195040 --store S01 --from 2026-07 --to 2026-08 --factor 1.5
    --reason "promotion"
    """
    from inventory.overrides import OverrideWish, set_override

    if (part_no is None) == (family is None):
        raise click.UsageError("name a part, or give --family: one of the two")
    if (amount_milli is None) == (factor is None) or (amount_milli or 0) < 0:
        raise click.UsageError("give --amount (zero or more) or --factor: one of the two")
    last = last_month or first_month
    year, month = int(last[:4]), int(last[5:])
    ends = expires_on or date(year, month, monthrange(year, month)[1])
    factor_ppm = None if factor is None else round(factor * 1_000_000)
    wish = OverrideWish(store, part_no, family, first_month, last, amount_milli, factor_ppm, reason, ends)
    with posting(db, dry_run=dry_run) as connection:
        slip = set_override(connection, wish, signature(as_of, user, key))
    value = f"× {factor:g}" if factor is not None else f"{(amount_milli or 0) / 1000:g} a month"
    _tell(slip, f"{part_no or family} at {store}, {first_month} to {last}: {value}, until {ends}", dry_run=dry_run)


@override.command()
@click.argument("override_id", metavar="NUMBER", type=click.IntRange(1))
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@posting_options
@as_of_option
@database_option
def withdraw(override_id: int, reason: str, dry_run: bool, key: str | None, user: str, as_of: date, db: str) -> None:
    """Withdraw an override: forecasts made from this day on take no notice of it.

    Example: sparewise forecast override withdraw 3 --reason "the fleet visit is called off"
    """
    from inventory.overrides import withdraw_override

    with posting(db, dry_run=dry_run) as connection:
        slip = withdraw_override(connection, override_id, reason, signature(as_of, user, key))
    _tell(slip, f"override {override_id} is withdrawn from {as_of} on: {reason}", dry_run=dry_run)


@override.command(name="list")
@click.option("--all", "everything", is_flag=True, help="The expired and the withdrawn too.")
@as_of_option
@database_option
@table_options
def list_(everything: bool, as_of: date, db: str, output: str, language: str) -> None:
    """List what is set, who set it, why, and until when.

    Example: sparewise forecast override list --as-of 2026-06-30
    """
    from inventory.database import read
    from inventory.overrides import override_rows
    from reporting.override_tables import overrides_table
    from reporting.tables import show

    with read(engine_of(db)) as connection:
        rows = override_rows(connection, as_of)
    show(overrides_table(rows, as_of, output, language, everything=everything), output, language)


def _tell(slip: OverrideSlip, told: str, *, dry_run: bool) -> None:
    if slip.findings:
        raise Rejected(slip.findings)
    if not dry_run:
        click.echo(slip.override_id)
    before = "" if slip.is_new else " (as before)"
    click.echo(f"{'Would be done: ' if dry_run else ''}{told}{before}.", err=True)
