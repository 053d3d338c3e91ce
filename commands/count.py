"""`sparewise count`: stocktakes while trading goes on, from what is due to an approved variance."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.count_results import approve, cause, enter, recount, review
from commands.counting import AMOUNT, PERCENT, class_options, class_rule, counting, looking
from commands.failures import Rejected
from commands.options import (
    as_of_option,
    database_option,
    engine_of,
    known_at_option,
    language_option,
    now_utc,
    posting_options,
    table_options,
)
from commands.posting import QUANTITY

if TYPE_CHECKING:
    from inventory.counting.opening import Scope


@click.group()
def command() -> None:
    """Stocktakes: what is due, open a count, print its sheet, enter, review, approve.

    A count freezes nothing: what was found is held against what the books held at the minute of the count.

    Example: sparewise count open --store S01 --programme 60
    """


@command.command()
@click.option("--store", default=None, metavar="S", help="Only this store.")
@click.option("--lines", type=click.IntRange(min=1), default=None, metavar="N", help="Only the N most urgent lines.")
@click.option("--progress", is_flag=True, help="Show how far each class is instead.")
@class_options
@as_of_option
@known_at_option
@database_option
@table_options
def programme(
    store: str | None,
    lines: int | None,
    progress: bool,
    class_a: int,
    class_b: int,
    fast: int,
    as_of: date,
    known_at: int | None,
    db: str,
    output: str,
    language: str,
) -> None:
    """Print which bins are due to be counted, the most urgent first.

    Fast movers are counted monthly, then class A four, B two and C one time a year; beside those are due parts that
    ran out since they were counted last, and lines never counted. Each line has its own days of the year, so that a
    day's list is about as long as the next one's.

    Example: sparewise count programme --store S01 --lines 60
    """
    from inventory.counting.programme import programme as programme_of
    from inventory.database import read
    from reporting import tables
    from reporting.count_tables import programme_table, progress_table

    rule = class_rule(class_a, class_b, fast)
    with read(engine_of(db)) as connection:
        found = programme_of(connection, as_of, rule, store, known_at)
    if progress:
        tables.show(progress_table(found, language), output, language)
        return
    tables.show(programme_table(found, found.due[:lines], output, language, as_of.isoformat()), output, language)


@command.command("open")
@click.option("--store", required=True, metavar="S", help="The store.")
@click.option(
    "--parts",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    metavar="FILE",
    help="CSV or XLSX: part_no and, where only one bin is meant, bin.",
)
@click.option("--bins", default=None, metavar="A,B", help="All that lies, or lay, in these bins.")
@click.option(
    "--programme", "due", type=click.IntRange(min=1), default=None, metavar="N", help="The N most urgent lines due."
)
@click.option("--recount-quantity", type=QUANTITY, default=None, metavar="Q", help="Recount above this variance.")
@click.option("--recount-value", type=AMOUNT, default=None, metavar="M", help="Recount where it is worth more.")
@click.option("--recount-percent", type=PERCENT, default=None, metavar="P", help="Recount above this share.")
@class_options
@posting_options
@as_of_option
@database_option
def open_(
    store: str,
    path: Path | None,
    bins: str | None,
    due: int | None,
    recount_quantity: int | None,
    recount_value: int | None,
    recount_percent: int | None,
    class_a: int,
    class_b: int,
    fast: int,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Open a count and print its number; without --parts, --bins or --programme the whole store is counted.

    Trading goes on. A line that is in another open count is refused. A variance above any of the --recount options
    is counted again by another person and needs a cause; where none is given, every variance is.

    Example: sparewise count open --store S01 --bins A-01,A-02 --recount-value 100 --recount-percent 5
    """
    from inventory.counting.opening import open_count
    from inventory.counting.rules import Thresholds

    if sum(each is not None for each in (path, bins, due)) > 1:
        raise click.UsageError("one of --parts, --bins and --programme says what is counted")
    rule = class_rule(class_a, class_b, fast)
    thresholds = Thresholds(recount_quantity, recount_value, recount_percent)
    with counting(db, dry_run=dry_run) as connection:
        scope = _scope(path, bins, due, as_of)
        source = str(path) if path else "count"
        opened = open_count(connection, store, scope, thresholds, rule, as_of, user, key, now_utc(), source)
    if opened.findings:
        raise Rejected(opened.findings)
    if dry_run:
        click.echo(f"{opened.lines} lines of {store} would be counted.", err=True)
        return
    click.echo(opened.count_no)
    again = "" if opened.is_new else ", as before"
    told = f"{opened.lines} lines of {store} are to be counted{again}"
    click.echo(f"{told}; the sheet: sparewise count sheet {opened.count_no} --out FILE.xlsx", err=True)


def _scope(path: Path | None, bins: str | None, due: int | None, day: date) -> Scope:
    """Return what the options say is to be counted."""
    from inventory.counting.opening import Scope

    if path is not None:
        from inventory.intake.count_files import read_places

        places, findings, notes = read_places(path, day)
        for note in notes:
            click.echo(note, err=True)
        if findings:
            raise Rejected(findings)
        return Scope(places=places)
    if bins is not None:
        return Scope(bins=tuple(sorted({name.strip() for name in bins.split(",")})))
    return Scope(programme=due)


@command.command()
@click.argument("count_no", metavar="COUNT")
@click.option(
    "--out",
    "path",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    required=True,
    metavar="FILE",
    help="Ends in .xlsx or .csv.",
)
@click.option("--recount", "again", is_flag=True, help="Only the lines to be counted again, by another person.")
@database_option
@language_option
def sheet(count_no: str, path: Path, again: bool, db: str, language: str) -> None:
    """Write the sheet of COUNT, sorted by bin, with room to write and without what the books hold.

    Filled in, it is read back by: sparewise count enter COUNT FILE. Lines counted already are left out.

    Example: sparewise count sheet COUNT-000012 --out sheet.xlsx
    """
    from inventory.counting.heads import open_head
    from inventory.counting.rules import LineState
    from inventory.counting.standing import standing_lines
    from inventory.database import read
    from reporting.count_sheet import write_sheet

    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise click.UsageError(f"a sheet is a .csv or .xlsx file; found {path.name}")
    with looking(), read(engine_of(db)) as connection:
        head = open_head(connection, count_no)
        lines = standing_lines(connection, head)
    wanted = LineState.RECOUNT if again else LineState.OPEN
    rows = [
        {"bin": line.bin_name, "part_no": line.part_no, "name": line.name, "unit": line.unit}
        for line in lines
        if line.standing.state == wanted
    ]
    write_sheet(path, count_no, head.store, rows, language, recount=again)
    click.echo(f"{path}: {len(rows)} lines to count.", err=True)


@command.command("list")
@click.option("--store", default=None, metavar="S", help="Only this store.")
@click.option("--all", "also_ended", is_flag=True, help="Also counts that have ended.")
@as_of_option
@known_at_option
@database_option
@table_options
def list_(
    store: str | None, also_ended: bool, as_of: date, known_at: int | None, db: str, output: str, language: str
) -> None:
    """Print the open counts opened by --as-of, the newest first, and how far they are now.

    Example: sparewise count list --all
    """
    from inventory.counting.heads import heads
    from inventory.counting.standing import progress
    from inventory.database import read
    from reporting import tables
    from reporting.count_tables import counts_table

    with read(engine_of(db)) as connection:
        known = heads(connection, None, store, as_of, known_at)
        rows = [
            (head, progress(connection, head, as_of, known_at)) for head in known if also_ended or head.state == "open"
        ]
    tables.show(counts_table(rows, output, language), output, language)


@command.command()
@click.argument("count_no", metavar="COUNT")
@as_of_option
@known_at_option
@database_option
@table_options
def show(count_no: str, as_of: date, known_at: int | None, db: str, output: str, language: str) -> None:
    """Print the lines of COUNT: while it is open without any quantity, once it is posted with all that was kept.

    Example: sparewise count show COUNT-000012
    """
    from inventory.counting.heads import head_of
    from inventory.counting.posting import posted_lines
    from inventory.counting.standing import standing_lines
    from inventory.database import read
    from reporting import tables
    from reporting.count_tables import lines_table, posted_table

    with looking(), read(engine_of(db)) as connection:
        head = head_of(connection, count_no, as_of, known_at)
        if head.state in ("posted", "reversed"):
            table = posted_table(head, posted_lines(connection, count_no), language)
        else:
            table = lines_table(head, standing_lines(connection, head, as_of, known_at), output, language)
    tables.show(table, output, language)


@command.command()
@click.argument("count_no", metavar="COUNT")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@posting_options
@as_of_option
@database_option
def cancel(count_no: str, reason: str, dry_run: bool, key: str | None, user: str, as_of: date, db: str) -> None:
    """End COUNT without posting anything; what was entered is kept, and its lines may be counted elsewhere.

    Example: sparewise count cancel COUNT-000012 --reason "the wrong shelf"
    """
    from inventory.counting.opening import cancel as cancel_count

    with counting(db, dry_run=dry_run) as connection:
        cancel_count(connection, count_no, reason, as_of, user, key, now_utc())
    if not dry_run:
        click.echo(f"{count_no} is cancelled.", err=True)


for each in (enter, review, cause, recount, approve):
    command.add_command(each)
