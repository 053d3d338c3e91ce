"""`sparewise plan`: the purchase plan, from the books to a workbook per supplier; the decisions are beside it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.failures import Conflict
from commands.options import (
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
from commands.plan_levels import diff, figures, latest, levels, plan_day_option
from commands.plan_transfers import transfers
from commands.plan_what_if import what_if

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from inventory.plans import StoredPlan
    from planning.proposal import Plan
    from planning.settings import Settings

STATES = ("draft", "approved", "rejected", "sent", "superseded")


@click.group()
def command() -> None:
    """The purchase plan: make it, read it, ask why, decide, and write the orders down.

    Example: sparewise plan run --as-of 2026-06-30
    """


for _beside in (approve, reject, edit, levels, figures, diff, transfers, what_if):
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
    supplier and order type. Running it again on the same books finds the proposals that are there. With --json the
    figures and notes of the run are one object, the first line on standard error; the proposals are on standard output.

    Example: sparewise plan run --store S01 --budget 50000
    """
    from inventory.plan_runs import RunToStore
    from inventory.plans import append_plan
    from inventory.reading import read_snapshot
    from planning.run import plan
    from planning.stored import level_rows, manifest_text, proposal_rows

    engine = engine_of(db)
    settings = load_settings(db, settings_path)
    _step("Reading the books …")
    snapshot = read_snapshot(engine, as_of, store)
    _step("Forecasting, setting levels, filling orders …")
    made = plan(snapshot, settings, budget_e4)
    rows = [proposal_rows(proposal) for proposal in made.proposals]
    run_to_store = RunToStore(made.manifest.run_id, as_of, manifest_text(made), made.stores, key)
    with deciding(db, dry_run=dry_run) as connection:
        stored = append_plan(connection, run_to_store, rows, level_rows(made.levels), user, now_utc())
        _show_run(connection, stored, made, settings, output, language)
    if stored.proposals and not any(one.is_new for one in stored.proposals) and not dry_run:
        click.echo("The same proposals were there already; nothing was added.", err=True)


def _step(text: str) -> None:
    """Tell on a terminal what is being done."""
    if sys.stderr.isatty():
        click.echo(text, err=True)


def _show_run(
    connection: Connection, stored: StoredPlan, made: Plan, settings: Settings, output: str, language: str
) -> None:
    from reporting.plan_tables import proposals_table, run_as_json
    from reporting.reasons import note_sentence, put_aside_sentence, run_sentences
    from reporting.tables import show

    numbers = [one.proposal_no for one in stored.proposals]
    notes = (*run_sentences(made, settings, language), *(note_sentence(note, language) for note in made.notes))
    if stored.put_aside:
        notes = (*notes, put_aside_sentence(stored.put_aside, language))
    show(proposals_table(_heads(connection, numbers), language, notes), output, language)
    if output == "json":
        click.echo(run_as_json(made, run_sentences(made, settings, language), stored.put_aside, language), err=True)
    elif output != "table":
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


def _open_numbers(connection: Connection, as_of: date | None) -> list[str]:
    """Return the proposals of the latest plan, and those approved before it that are not sent yet."""
    from inventory.plans import approved_lines

    run = latest(connection, as_of)
    day = as_of or date.fromisoformat(str(run["as_of"]))
    approved = (str(line["proposal_no"]) for line in approved_lines(connection, day))
    return list(dict.fromkeys([*run["manifest"]["proposals"], *approved]))


@command.command("list")
@click.option("--proposal", "proposal_no", default=None, metavar="NO", help="Only this proposal.")
@click.option("--state", type=click.Choice(STATES), default=None, help="All proposals in this state.")
@click.option("--top", type=click.IntRange(min=1), default=None, metavar="N", help="Only the N dearest lines.")
@plan_day_option
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
    """Print the order lines of the latest run, and what is approved and not yet sent, each with its reason.

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
            heads = proposals(connection, _open_numbers(connection, as_of))
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

    The figures are those of the latest plan, or of the plan for the day of --as-of; where there is none they are worked
    out anew. Below the sum stands the next best choice, and what it would change in service and money.

    Example: sparewise plan explain 00195040 --store S01
    """
    from inventory.database import read
    from inventory.plan_runs import latest_run
    from reporting.reasons import SUM_COLUMNS, sum_rows, sum_table
    from reporting.tables import Table, show

    asked_day = click.get_current_context().get_parameter_source("as_of") is click.core.ParameterSource.COMMANDLINE
    found: Sequence[Mapping[str, object]] = []
    with read(engine_of(db)) as connection:
        run = latest_run(connection, as_of if asked_day else None)
        if run is not None:
            found = _in_the_plan(connection, run, part_no, store) if not asked_day or run["as_of"] == f"{as_of}" else []
            as_of = as_of if asked_day else date.fromisoformat(str(run["as_of"]))
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


def _in_the_plan(
    connection: Connection, run: Mapping[str, Any], part_no: str, store: str | None
) -> list[Mapping[str, object]]:
    """Return the lines of a part in a run, edits applied, and its level where the regular order has no line."""
    from inventory.plan_levels import levels_of
    from inventory.plans import proposals

    lines: list[Mapping[str, object]] = [
        line
        for line in _lines_of(connection, proposals(connection, run["manifest"]["proposals"]))
        if line["part_no"] == part_no and store in (None, line["store"])
    ]
    regular = {(line["store"], line["order_type"]) for line in lines}
    levels = [row for row in levels_of(connection, run["run_id"], part_no, store)
              if (row["store"], row["order_type"]) not in regular]  # fmt: skip
    return sorted([*levels, *lines], key=lambda line: (str(line["store"]), str(line["order_type"])))


def _worked_out(
    part_no: str, store: str | None, as_of: date, settings_path: Path | None, db: str
) -> list[dict[str, object]]:
    from inventory.reading import read_snapshot
    from planning.lines import working_lines
    from planning.preparing.prepare import forecast_of
    from planning.run import work_out
    from planning.unusable import usable
    from reporting.reasons import line_row

    _step("Working the plan out again …")
    settings = load_settings(db, settings_path)
    snapshot, _ = usable(read_snapshot(engine_of(db), as_of))
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
@plan_day_option
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
            _known(connection, proposal_no) if proposal_no else proposals(connection, _open_numbers(connection, as_of))
        )
        wanted = [head for head in heads if proposal_no or head["state"] not in ("rejected", "superseded")]
        files = export_orders(connection, wanted, folder, columns, settings, language)
    table = tables.Table("", (tables.Column("supplier"), tables.Column("file")), files)
    tables.show(table, output, language)
