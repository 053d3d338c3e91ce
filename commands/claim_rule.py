"""`sparewise claim rule`: the hours within which claims are submitted, per supplier and cause."""

from __future__ import annotations

import click

from commands.failures import Rejected
from commands.options import database_option, engine_of, table_options
from commands.posting import posting


@click.group()
def rule() -> None:
    """Deadlines of claims, per supplier and cause.

    Example: sparewise claim rule list
    """


@rule.command("list")
@database_option
@table_options
def list_(db: str, output: str, language: str) -> None:
    """Print every rule; the most particular holds, and the defaults come last.

    Example: sparewise claim rule list
    """
    from inventory.claims.deadlines import rules
    from inventory.database import read
    from reporting import tables
    from reporting.words import word

    with read(engine_of(db)) as connection:
        rows = rules(connection)
    columns = (tables.Column("supplier"), tables.Column("cause"), tables.Column("hours", "count"))
    tables.show(tables.Table(word("claim_rules_title", language), columns, rows), output, language)


@rule.command("set")
@click.option("--supplier", default="", metavar="S", help="Of this supplier (default: of any).")
@click.option("--cause", default="", metavar="C", help="short, over, damaged, wrong, quality, late (default: any).")
@click.option("--hours", type=int, required=True, metavar="H", help="From the receipt.")
@click.option("--dry-run", is_flag=True, help="Check and show, but set nothing.")
@database_option
def set_(supplier: str, cause: str, hours: int, dry_run: bool, db: str) -> None:
    """Set the hours within which a claim is submitted; claims already open keep theirs.

    Where a rule for the cause late is set, goods received after their expected day are claimed without being told.

    Example: sparewise claim rule set --supplier GPC --cause damaged --hours 24
    """
    from inventory.claims.deadlines import set_rule

    with posting(db, dry_run=dry_run) as connection:
        findings = set_rule(connection, supplier, cause, hours)
    if findings:
        raise Rejected(findings)
    click.echo(f"Claims on {supplier or 'any supplier'} for {cause or 'any cause'}: {hours} hours.", err=True)
