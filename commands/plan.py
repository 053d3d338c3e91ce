"""`sparewise plan`: the purchase plan, from the books to a workbook per supplier; the decisions are beside it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.failures import Conflict
from commands.options import (
    DAY,
    as_of_option,
    database_option,
    engine_of,
    load_settings,
    now_utc,
    posting_options,
    settings_option,
    table_options,
)
from commands.parameters import MONEY
from commands.plan_decisions import approve, deciding, edit, reject
from commands.plan_transfers import transfers

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from planning.proposal import Plan
    from planning.settings import Settings

STATES = ("draft", "approved", "rejected", "sent", "superseded")


@click.group()
def command() -> None:
    """The purchase plan: make it, read it, ask why, decide, and write the orders down.

    Example: sparewise plan run --as-of 2026-06-30
    """


for _beside in (approve, reject, edit, transfers):
    command.add_command(_beside)


@command.command()
@click.option("--store", default=None, metavar="S", help="Plan this store only (default: all stores).")
@click.option(
    "--budget", "budget_e4", type=MONEY, default=None, metavar="AMOUNT",
    help="Most that may be ordered in all, in place of the budgets table.",
)  # fmt: skip
@posting_options
@as_of_option
@settings_option
@database_option
@table_options
def run(
    store: str | None,
    budget_e4: int | None,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    settings_path: Path | None,
    db: str,
    output: str,
    language: str,
) -> None:
    """Plan what to order, store the proposals as drafts, and print one line for each.

    History becomes a forecast, the forecast order-up-to levels, and what is missing to them purchase orders: one per
    supplier and order type. Running it again on the same books finds the proposals that are there.

    Example: sparewise plan run --store S01 --budget 50000
    """
    from inventory.plans import RunToStore, append_plan
    from inventory.reading import read_snapshot
    from planning.run import plan
    from planning.stored import manifest_text, proposal_rows

    engine = engine_of(db)
    settings = load_settings(db, settings_path)
    _step("Reading the books …")
    snapshot = read_snapshot(engine, as_of, store)
    _step("Forecasting, setting levels, filling orders …")
    made = plan(snapshot, settings, budget_e4)
    rows = [proposal_rows(proposal) for proposal in made.proposals]
    run_to_store = RunToStore(made.manifest.run_id, as_of, manifest_text(made), made.stores, key)
    with deciding(db, dry_run=dry_run) as connection:
        stored = append_plan(connection, run_to_store, rows, user, now_utc())
        _show_run(connection, [one.proposal_no for one in stored], made, settings, output, language)
    if stored and not any(one.is_new for one in stored) and not dry_run:
        click.echo("The same proposals were there already; nothing was added.", err=True)


def _step(text: str) -> None:
    """Tell on a terminal what is being done."""
    if sys.stderr.isatty():
        click.echo(text, err=True)


def _show_run(
    connection: Connection, numbers: Sequence[str], made: Plan, settings: Settings, output: str, language: str
) -> None:
    from reporting.plan_tables import proposals_table
    from reporting.reasons import note_sentence, run_sentences
    from reporting.tables import show

    notes = (*run_sentences(made, settings, language), *(note_sentence(note, language) for note in made.notes))
    show(proposals_table(_heads(connection, numbers), language, notes), output, language)
    if output != "table":
        for note in notes:
            click.echo(note, err=True)


def _heads(connection: Connection, numbers: Sequence[str]) -> list[dict[str, object]]:
    """Return proposals with their number of lines and value as they stand after edits."""
    from inventory.plans import proposal_lines, proposals
    from reporting.plan_tables import value_e4

    heads = []
    for head in proposals(connection, numbers):
        lines = [line for line in proposal_lines(connection, str(head["proposal_no"])) if line["quantity_milli"]]
        heads.append({**head, "lines": len(lines), "value_e4": sum(value_e4(line) for line in lines)})
    return heads


def _lines_of(connection: Connection, heads: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """Return the lines of proposals, each with its supplier and order type, by store and part number."""
    from inventory.plans import proposal_lines

    lines = [
        {**line, "supplier": head["supplier"], "order_type": head["order_type"]}
        for head in heads
        for line in proposal_lines(connection, str(head["proposal_no"]))
    ]
    return sorted(lines, key=lambda line: (str(line["store"]), str(line["part_no"]), str(line["order_type"])))


def _plan_day_option(command: Callable[..., object]) -> Callable[..., object]:
    """Add `--as-of` to what reads a plan that is there: passes `as_of`, a date or None."""
    return click.option(
        "--as-of", type=DAY, default=None, metavar="DATE", help="The latest plan for a day up to this one."
    )(command)


def _latest_numbers(connection: Connection, as_of: date | None) -> list[str]:
    from inventory.plans import latest_run

    latest = latest_run(connection, as_of)
    if latest is None:
        up_to = f" for a day up to {as_of}" if as_of else ""
        raise Conflict(f"There is no plan yet{up_to}; make one with: sparewise plan run")
    return list(latest["manifest"]["proposals"])


@command.command("list")
@click.option("--proposal", "proposal_no", default=None, metavar="NO", help="Only this proposal.")
@click.option("--state", type=click.Choice(STATES), default=None, help="All proposals in this state.")
@click.option("--top", type=click.IntRange(min=1), default=None, metavar="N", help="Only the N dearest lines.")
@_plan_day_option
@database_option
@table_options
def list_(
    proposal_no: str | None,
    state: str | None,
    top: int | None,
    as_of: date | None,
    db: str,
    output: str,
    language: str,
) -> None:
    """Print the order lines of the latest run, each with its figures and its reason.

    Example: sparewise plan list --json
    """
    from inventory.database import read
    from inventory.plans import proposals
    from reporting.plan_tables import lines_table
    from reporting.tables import show

    with read(engine_of(db)) as connection:
        if proposal_no is not None:
            heads = _known(connection, proposal_no)
        elif state is not None:
            heads = [head for head in proposals(connection) if head["state"] == state]
        else:
            heads = proposals(connection, _latest_numbers(connection, as_of))
        lines = _lines_of(connection, heads)
    show(lines_table(lines, output, language, top), output, language)


def _known(connection: Connection, proposal_no: str) -> list[dict[str, object]]:
    from inventory.plans import proposals

    heads = proposals(connection, [proposal_no])
    if not heads:
        raise Conflict(f"There is no proposal {proposal_no}; see them with: sparewise plan list")
    return heads


@command.command()
@click.argument("proposal_no", metavar="PROPOSAL")
@database_option
@table_options
def show(proposal_no: str, db: str, output: str, language: str) -> None:
    """Print one proposal: its head, its lines with their reasons, and what was done with it.

    Example: sparewise plan show 20260630-GPC-stock
    """
    from inventory.database import read
    from inventory.plans import events
    from reporting import tables
    from reporting.plan_tables import lines_table, proposals_table

    with read(engine_of(db)) as connection:
        _known(connection, proposal_no)
        heads = _heads(connection, [proposal_no])
        lines = _lines_of(connection, heads)
        told = [
            f"{event['recorded_at']}  {event['kind']}  {event['user_name']}"
            for event in events(connection, proposal_no)
        ]
    if output == "table":
        tables.show(proposals_table(heads, language, tuple(told)), output, language)
    tables.show(lines_table(lines, output, language), output, language)


@command.command()
@click.argument("part_no", metavar="PART")
@click.option("--store", default=None, metavar="S", help="At this store (default: every store).")
@as_of_option
@settings_option
@database_option
@table_options
def explain(
    part_no: str,
    store: str | None,
    as_of: date,
    settings_path: Path | None,
    db: str,
    output: str,
    language: str,
) -> None:
    """Print why a part is ordered in this quantity, or why not, as a sum that adds up.

    For a part of the latest plan the figures are those of the plan; for another they are worked out anew, as of the
    latest plan's day unless --as-of says otherwise.

    Example: sparewise plan explain 00195040 --store S01
    """
    from inventory.database import read
    from inventory.plans import latest_run, proposals
    from reporting.reasons import SUM_COLUMNS, sum_rows, sum_table
    from reporting.tables import Table, show

    context = click.get_current_context()
    with read(engine_of(db)) as connection:
        latest = latest_run(connection)
        heads = proposals(connection, latest["manifest"]["proposals"]) if latest else []
        found: Sequence[Mapping[str, object]] = [
            line
            for line in _lines_of(connection, heads)
            if line["part_no"] == part_no and store in (None, line["store"])
        ]
    if latest and context.get_parameter_source("as_of") is not click.core.ParameterSource.COMMANDLINE:
        as_of = date.fromisoformat(str(latest["as_of"]))
    if not found:
        found = _worked_out(part_no, store, as_of, settings_path, db)
    if not found:
        where = f" at store {store}" if store else ""
        raise Conflict(f"Part {part_no} is neither asked for, nor in stock, nor on order{where}.")
    if output != "table":
        show(Table("", SUM_COLUMNS, [row for line in found for row in sum_rows(line, language)]), output, language)
        return
    for line in found:
        show(sum_table(line, language), output, language)


def _worked_out(
    part_no: str, store: str | None, as_of: date, settings_path: Path | None, db: str
) -> list[dict[str, object]]:
    from inventory.reading import read_snapshot
    from planning.lines import working_lines
    from planning.prepare import forecast_of
    from planning.run import work_out
    from reporting.reasons import line_row

    _step("Working the plan out again …")
    settings = load_settings(db, settings_path)
    snapshot = read_snapshot(engine_of(db), as_of)
    workings = work_out(snapshot, settings, forecast_of(snapshot, settings))
    return [
        {**line_row(line), "order_type": order_type} for order_type, line in working_lines(workings, part_no, store)
    ]


@command.command()
@click.option("--out", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path("workbooks"),
              show_default=True, metavar="DIR", help="Folder for the files.")  # fmt: skip
@click.option("--proposal", "proposal_no", default=None, metavar="NO", help="Only this proposal.")
@click.option(
    "--columns", default=None, metavar="A,B,…",
    help="Also one CSV per proposal with these columns; NAME=HEADING gives a column the supplier's own heading.",
)  # fmt: skip
@_plan_day_option
@settings_option
@database_option
@table_options
def export(
    folder: Path,
    proposal_no: str | None,
    columns: str | None,
    as_of: date | None,
    settings_path: Path | None,
    db: str,
    output: str,
    language: str,
) -> None:
    """Write one workbook per supplier: the orders to send, the reasons, the totals. Rejected proposals are left out.

    Example: sparewise plan export --out workbooks --columns part_no=Item,quantity=Qty
    """
    from commands.plan_export import export_orders
    from inventory.database import read
    from inventory.plans import proposals
    from reporting import tables

    settings = load_settings(db, settings_path)
    with read(engine_of(db)) as connection:
        heads = (
            _known(connection, proposal_no)
            if proposal_no
            else proposals(connection, _latest_numbers(connection, as_of))
        )
        wanted = [head for head in heads if proposal_no or head["state"] not in ("rejected", "superseded")]
        files = export_orders(connection, wanted, folder, columns, settings, language)
    table = tables.Table("", (tables.Column("supplier"), tables.Column("file")), files)
    tables.show(table, output, language)
