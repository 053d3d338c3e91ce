"""`sparewise claim`: what suppliers owe for what came short, over, damaged, wrong or late."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commands.claim_evidence import evidence, evidence_folder, folder_option
from commands.claim_rule import rule
from commands.claim_steps import STEP_COMMANDS, claiming
from commands.failures import Conflict
from commands.options import (
    as_of_option,
    database_option,
    engine_of,
    known_at_option,
    now_utc,
    posting_options,
    table_options,
)
from commands.parameters import at_option
from commands.posting import posting

_STATES = ("open", "submitted", "accepted", "refused", "credited", "replaced", "lapsed", "closed")


@click.group()
def command() -> None:
    """Claims on suppliers: receiving opens them, hours count until they are submitted, steps decide them.

    open → submitted → accepted or refused → credited or replaced → closed; not submitted in time: lapsed.

    Example: sparewise claim list --due
    """


for _part in (evidence, rule, *STEP_COMMANDS):
    command.add_command(_part)


@command.command("list")
@click.option("--due", is_flag=True, help="Only those still to be submitted, the most urgent first.")
@click.option("--store", default=None, metavar="S", help="Only this store.")
@click.option("--state", type=click.Choice(_STATES), default=None, help="Only claims in this state.")
@at_option
@as_of_option
@known_at_option
@database_option
@table_options
def list_(
    due: bool,
    store: str | None,
    state: str | None,
    moment: str,
    as_of: date,
    known_at: int | None,
    db: str,
    output: str,
    language: str,
) -> None:
    """Print the claims with their state and, while they are open, the whole hours left to submit them.

    Hours below zero: the deadline is past; such claims lapse with `sparewise claim lapse`.

    Example: sparewise claim list --due --store S01 --at 2026-06-30T14:00
    """
    from inventory.claims.views import claim_rows
    from inventory.database import read
    from reporting import tables
    from reporting.words import word

    with read(engine_of(db)) as connection:
        rows = claim_rows(connection, as_of, moment, store, state, due, known_at)
    columns = (
        *(tables.Column(name) for name in ("claim_no", "store", "supplier", "order_no", "part_no", "cause")),
        tables.Column("quantity_milli", "quantity_milli"),
        tables.Column("value_e4", "money_e4"),
        tables.Column("state"),
        tables.Column("since", "date"),
        tables.Column("due_at", "date"),
        tables.Column("hours_left", "count"),
        tables.Column("evidence", "count"),
    )
    tables.show(tables.Table(f"{word('claims_title', language)} · {as_of}", columns, rows), output, language)


@command.command()
@click.argument("claim_no")
@folder_option
@as_of_option
@known_at_option
@database_option
@table_options
def show(
    claim_no: str, folder: Path | None, as_of: date, known_at: int | None, db: str, output: str, language: str
) -> None:
    """Print all that happened to CLAIM_NO, and whether each file of its evidence is kept as the books know it.

    Example: sparewise claim show PO-1001-R1-C1
    """
    from inventory.claims.claims import UnknownClaimError, find
    from inventory.claims.views import claim_history
    from inventory.database import read
    from inventory.intake.evidence import kept_state
    from reporting import tables
    from reporting.words import word

    try:
        with read(engine_of(db)) as connection:
            rows = claim_history(connection, claim_no, as_of, known_at)
            claimed = find(connection, claim_no)
    except UnknownClaimError as fault:
        raise Conflict(f"{fault}.") from fault
    kept_in = evidence_folder(db, folder)
    for row in rows:
        row["kept"] = kept_state(kept_in, str(row["kept_as"]), str(row["sha256"])) if row["sha256"] else ""
    columns = (
        tables.Column("effective_on", "date"),
        tables.Column("document"),
        tables.Column("step"),
        tables.Column("user_name"),
        tables.Column("amount_e4", "money_e4"),
        tables.Column("note"),
        tables.Column("file"),
        tables.Column("size_bytes", "count"),
        tables.Column("kept"),
        tables.Column("sha256"),
    )
    what = f"{claimed.cause} {claimed.quantity_milli / 1000:g} × {claimed.part_no}"
    title = f"{word('claim_title', language)} {claim_no} · {what} · {claimed.supplier} · {claimed.due_at}"
    tables.show(tables.Table(title, columns, rows), output, language)


@command.command()
@at_option
@posting_options
@as_of_option
@database_option
def lapse(moment: str, dry_run: bool, key: str | None, user: str, as_of: date, db: str) -> None:
    """Let every open claim lapse whose deadline is past, and print their numbers.

    What still waits of them is ours then: `sparewise claim close` takes it into a bin or scraps it.

    Example: sparewise claim lapse
    """
    from inventory.claims.steps import lapse as lapse_overdue

    with claiming(), posting(db, dry_run=dry_run) as connection:
        lapsed = lapse_overdue(connection, moment, as_of, user, key, now_utc())
    for claim_no in lapsed if not dry_run else ():
        click.echo(claim_no)
    would = "would lapse" if dry_run else "lapsed"
    click.echo(f"{len(lapsed)} claims {would}{': ' + ', '.join(lapsed) if dry_run and lapsed else ''}.", err=True)
