"""`sparewise forecast told`, `observed` and `bulk`: what stands beside the history, and what was seen in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.options import (
    as_of_option,
    database_option,
    engine_of,
    load_settings,
    posting_options,
    settings_option,
    table_options,
)
from commands.posting import posting, signature, tell_slip
from commands.progress import progress

if TYPE_CHECKING:
    from planning.preparing.prepare import Prepared

_store = click.option("--store", default=None, metavar="S", help="Only this store (default: every store).")


@click.command()
@_store
@click.option(
    "--days", type=click.IntRange(1, 730), default=90, show_default=True, help="Expected within so many days."
)
@database_option
@as_of_option
@settings_option
@table_options
def told(
    store: str | None, days: int, db: str, as_of: date, settings_path: Path | None, output: str, language: str
) -> None:
    """Print the demand that is told beforehand: appointments, what is held, recalls and campaigns, bulk orders.

    It is laid beside the forecast of the history, and taken from it once where the history would expect it too. A
    recall shows its vehicles neither done nor booked; a bulk order shows how likely it comes again.

    Example: sparewise forecast told --store S01 --days 30
    """
    from reporting.stream_tables import told_table
    from reporting.tables import show

    ready = _prepared(db, as_of, settings_path, store)
    show(told_table(ready, as_of, days, language, is_spoken=output == "table"), output, language)


@click.command()
@click.argument("part_no", metavar="PART")
@_store
@database_option
@as_of_option
@settings_option
@table_options
def observed(
    part_no: str, store: str | None, db: str, as_of: date, settings_path: Path | None, output: str, language: str
) -> None:
    """Print what was seen of a part, period by period: seen, missing, closed, before launch or out of stock.

    Demand of older numbers counts under the number that replaced them. Recalls, campaigns and bulk orders are not in
    it (see: sparewise forecast told).

    Example: sparewise forecast observed 00195040 --store S01
    """
    from reporting.stream_tables import observed_table
    from reporting.tables import show

    ready = _prepared(db, as_of, settings_path, store)
    live = {successor.part_no for successor in ready.lineage.live(part_no)}
    items = [i for i, number in enumerate(ready.history.part_no) if number in live]
    if not items:
        raise click.UsageError(f"nothing is known of part {part_no}{f' at store {store}' if store else ''} on {as_of}")
    show(observed_table(ready, items, language, is_spoken=output == "table"), output, language)


@click.group()
def bulk() -> None:
    """Bulk orders: single lines far beyond the usual size, set apart from the history.

    Example: sparewise forecast bulk list
    """


@bulk.command("list")
@_store
@database_option
@as_of_option
@settings_option
@table_options
def list_(store: str | None, db: str, as_of: date, settings_path: Path | None, output: str, language: str) -> None:
    """Print the lines set apart, the newest first, each with its rule.

    Example: sparewise forecast bulk list --store S01
    """
    from reporting.stream_tables import bulk_table
    from reporting.tables import show

    ready = _prepared(db, as_of, settings_path, store)
    show(bulk_table(ready, language, is_spoken=output == "table"), output, language)


@bulk.command()
@click.option("--store", required=True, metavar="S", help="The store.")
@click.option("--order-no", required=True, metavar="N", help="The repair or customer order.")
@click.option("--part", "part_no", required=True, metavar="P", help="The part number, as it was asked for.")
@click.option("--line", "line_no", type=click.IntRange(1), default=1, show_default=True, help="Line of that part.")
@click.option("--as", "verdict", type=click.Choice(["bulk", "usual"]), required=True, help="What the line is.")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@posting_options
@as_of_option
@database_option
def confirm(
    store: str,
    order_no: str,
    part_no: str,
    line_no: int,
    verdict: str,
    reason: str,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Say of a line of demand that it is a bulk order, or a usual one; this outweighs the rule.

    A line called bulk stays out of the history, one called usual comes back into it. The last word counts.

    Example: sparewise forecast bulk confirm --store S01 --order-no RO-7 --part 7701 --as usual --reason "own garage"
    """
    from inventory.counter.line_judgements import Judgement, judge

    wanted = Judgement(store, order_no, part_no, line_no, verdict, reason)
    with posting(db, dry_run=dry_run) as connection:
        slip = judge(connection, wanted, signature(as_of, user, key))
    tell_slip(slip, f"line {line_no} of {part_no} on {order_no} is {verdict}", dry_run=dry_run)


def _prepared(db: str, as_of: date, settings_path: Path | None, store: str | None) -> Prepared:
    """Return the histories and streams of the books."""
    from demand.periods import PeriodKind
    from inventory.reading import read_snapshot
    from planning.preparing.prepare import prepare

    settings = load_settings(db, settings_path)
    with progress("reading the books"):
        snapshot = read_snapshot(engine_of(db), as_of, store)
        return prepare(snapshot, PeriodKind(settings.planning.period), settings.forecast)
