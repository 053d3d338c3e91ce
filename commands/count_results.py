"""`sparewise count enter`, `review`, `cause`, `recount` and `approve`: from what was counted to the books."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.counting import counting, looking
from commands.failures import Rejected
from commands.options import (
    as_of_option,
    database_option,
    engine_of,
    known_at_option,
    now_utc,
    posting_options,
    table_options,
)
from commands.posting import QUANTITY

if TYPE_CHECKING:
    from inventory.counting.decisions import Decision
    from inventory.counting.entries import Tally

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_BIN = click.option(
    "--bin", "bin_name", default=None, metavar="BIN", help="Its bin (default: the one in which the sheet has it)."
)


@click.command()
@click.argument("count_no", metavar="COUNT")
@click.argument("path", metavar="FILE", type=_FILE, required=False)
@click.option("--part", "part_no", default=None, metavar="P", help="The part counted.")
@_BIN
@click.option("--quantity", "quantity_milli", type=QUANTITY, default=None, metavar="Q", help="What was counted.")
@click.option("--counter", default=None, metavar="NAME", help="Who counted (default: --user).")
@click.option("--at", "at", default=None, metavar="TIME", help="14:05, or 2026-06-30 14:05 (default: now).")
@posting_options
@as_of_option
@database_option
def enter(
    count_no: str,
    path: Path | None,
    part_no: str | None,
    bin_name: str | None,
    quantity_milli: int | None,
    counter: str | None,
    at: str | None,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Enter what was counted in COUNT, from a filled-in sheet or one line, with the minute of the count.

    The counter and time named here hold for the rows of FILE that name none. What the books held at that minute is
    worked out and not shown. A part found beside the sheet gets a line of its own. The same entry again changes
    nothing.

    Example: sparewise count enter COUNT-000012 --part 00195040 --bin A-01 --quantity 7 --counter ann --at 14:05
    """
    from inventory.counting.entries import enter as enter_tallies

    tallies = _tallies(path, part_no, bin_name, quantity_milli, counter or user, at, as_of)
    with counting(db, dry_run=dry_run) as connection:
        source = str(path) if path else "count"
        entered = enter_tallies(connection, count_no, tallies, as_of, user, key, now_utc(), source)
        if entered.findings:
            raise Rejected(entered.findings)
    verb = "would be entered" if dry_run else "entered"
    told = f"{entered.new} lines {verb}, {entered.known} known already"
    beside = f", {entered.found} found beside the sheet" if entered.found else ""
    click.echo(f"{told}{beside}; {entered.open} still to count, {entered.recount} to recount.", err=True)
    if entered.recount:
        click.echo(f"The recount's sheet: sparewise count sheet {count_no} --recount --out FILE.xlsx", err=True)


def _tallies(
    path: Path | None,
    part_no: str | None,
    bin_name: str | None,
    quantity_milli: int | None,
    counter: str,
    at: str | None,
    day: date,
) -> tuple[Tally, ...]:
    """Return the entries of a file, or the one that the options tell."""
    from inventory.counting.entries import Tally
    from inventory.moments import moment_of

    zone = datetime.now().astimezone().tzinfo
    assert zone is not None
    counted_at = moment_of(at, day, zone) if at else ""
    if counted_at is None:
        raise click.BadParameter(f"a time is written 14:05 or 2026-06-30 14:05; found {at!r}", param_hint="--at")
    if path is None:
        if part_no is None or quantity_milli is None:
            raise click.UsageError("name a FILE, or --part and --quantity")
        return (Tally(part_no, bin_name, quantity_milli, counter, counted_at),)
    if part_no is not None or bin_name is not None or quantity_milli is not None:
        raise click.UsageError("name a FILE, or --part and --quantity, but not both")
    from inventory.intake.count_files import Clock, read_sheet

    tallies, findings, notes = read_sheet(path, Clock(counter, counted_at, day, zone))
    for note in notes:
        click.echo(note, err=True)
    if findings:
        raise Rejected(findings)
    return tallies


@click.command()
@click.argument("count_no", metavar="COUNT")
@click.option("--all", "also_agreeing", is_flag=True, help="Also lines that agree.")
@click.option("--leave-uncounted", is_flag=True, help="Show figures although lines are still to be counted.")
@as_of_option
@known_at_option
@database_option
@table_options
def review(
    count_no: str,
    also_agreeing: bool,
    leave_uncounted: bool,
    as_of: date,
    known_at: int | None,
    db: str,
    output: str,
    language: str,
) -> None:
    """Print the variances of COUNT, and which of them need a cause.

    What was counted and what the books held at that minute is shown when no line is left to count, so that nobody
    counts knowing the books; of a line that is still to be counted again, never.

    Example: sparewise count review COUNT-000012 --csv
    """
    from inventory.counting.heads import open_head
    from inventory.counting.rules import LineState
    from inventory.counting.standing import standing_lines
    from inventory.database import read
    from reporting import tables
    from reporting.count_tables import review_table

    with looking(), read(engine_of(db)) as connection:
        head = open_head(connection, count_no, as_of, known_at)
        lines = standing_lines(connection, head, as_of, known_at)
    left = sum(line.standing.state != LineState.COUNTED for line in lines)
    figures = leave_uncounted or not left
    chosen = [
        line
        for line in lines
        if also_agreeing or line.standing.state != LineState.COUNTED or (figures and line.variance_milli)
    ]
    tables.show(review_table(head, chosen, output, language, figures=figures), output, language)
    if not figures:
        click.echo(f"{left} lines are still to be counted; figures are shown when none is left.", err=True)
    elif not chosen:
        click.echo("Every line agrees with the books.", err=True)


@click.command()
@click.argument("count_no", metavar="COUNT")
@click.argument("path", metavar="FILE", type=_FILE, required=False)
@click.option("--part", "part_no", default=None, metavar="P", help="The part.")
@_BIN
@click.option("--cause", "code", default=None, metavar="CAUSE", help="Why the shelf differs from the books.")
@click.option("--note", default="", metavar="TEXT", help="In words.")
@posting_options
@as_of_option
@database_option
def cause(
    count_no: str,
    path: Path | None,
    part_no: str | None,
    bin_name: str | None,
    code: str | None,
    note: str,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Give the cause of a variance in COUNT, or of many from a FILE with part_no, bin and cause.

    The FILE may be the review printed with --csv and its column cause filled in. Causes: receiving_error,
    issue_not_recorded, return_not_recorded, wrong_bin, wrong_part, unit_error, damaged, lost, found, unknown.

    Example: sparewise count cause COUNT-000012 --part 00195040 --cause issue_not_recorded
    """
    from inventory.counting.decisions import Decision

    if path is not None:
        from inventory.intake.count_files import read_causes

        decisions, findings, notes = read_causes(path, as_of)
        for each in notes:
            click.echo(each, err=True)
        if findings:
            raise Rejected(findings)
    elif part_no is None or code is None:
        raise click.UsageError("name a FILE, or --part and --cause")
    else:
        decisions = (Decision(part_no, bin_name, code, note),)
    _decide(count_no, decisions, as_of, user, key, db, source=str(path or "count"), dry_run=dry_run)
    click.echo(f"{len(decisions)} causes {'would be ' if dry_run else ''}recorded.", err=True)


@click.command()
@click.argument("count_no", metavar="COUNT")
@click.option("--part", "part_no", required=True, metavar="P", help="The part.")
@_BIN
@click.option("--note", default="", metavar="TEXT", help="Why.")
@posting_options
@as_of_option
@database_option
def recount(
    count_no: str,
    part_no: str,
    bin_name: str | None,
    note: str,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Ask for a line of COUNT to be counted once more, by another person than the one who counted it last.

    Example: sparewise count recount COUNT-000012 --part 00195040 --bin A-01
    """
    from inventory.counting.decisions import Decision

    _decide(count_no, (Decision(part_no, bin_name, None, note),), as_of, user, key, db, source="count", dry_run=dry_run)
    click.echo(f"{part_no} {'would be' if dry_run else 'is'} to be counted again.", err=True)


def _decide(
    count_no: str,
    decisions: tuple[Decision, ...],
    day: date,
    user: str,
    key: str | None,
    db: str,
    *,
    source: str,
    dry_run: bool,
) -> None:
    from inventory.counting.decisions import decide

    with counting(db, dry_run=dry_run) as connection:
        findings = decide(connection, count_no, decisions, day, user, key, now_utc(), source)
        if findings:
            raise Rejected(findings)


@click.command()
@click.argument("count_no", metavar="COUNT")
@click.option("--leave-uncounted", is_flag=True, help="Leave lines that are not counted as they are in the books.")
@posting_options
@as_of_option
@database_option
def approve(
    count_no: str, leave_uncounted: bool, dry_run: bool, key: str | None, user: str, as_of: date, db: str
) -> None:
    """Post COUNT as one document and print its number; by somebody who neither counted nor entered it.

    What is posted of each line is its variance at the minute of the count, whatever was issued or received since.
    Every line is kept, also those that agree.

    Example: sparewise count approve COUNT-000012 --user chief
    """
    from inventory.counting.posting import approve as approve_count

    with counting(db, dry_run=dry_run) as connection:
        done = approve_count(connection, count_no, as_of, user, key, now_utc(), leave_uncounted=leave_uncounted)
        if done.posting is None:
            raise Rejected(done.findings)
    if not dry_run:
        click.echo(done.posting.number)
    told = f"{done.lines} lines: {done.agreed} agree, {done.differing} differ, {done.uncounted} not counted"
    worth = f"found {done.value_up_e4 / 10_000:,.2f}, missing {done.value_down_e4 / 10_000:,.2f}"
    click.echo(f"{told}; {worth}{' (would be posted)' if dry_run else ''}.", err=True)
