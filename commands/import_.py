"""`sparewise import`: the user's tables into the books, whole or not at all."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.options import (
    as_of_option,
    database_option,
    engine_of,
    now_utc,
    posting_options,
    refuse_clock_set_back,
    table_options,
)

if TYPE_CHECKING:
    from inventory.intake.loading import TableCounts
    from reporting.tables import Table


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="[KIND] PATH")
@database_option
@as_of_option
@table_options
@posting_options
def command(
    words: tuple[str, ...],
    db: str,
    as_of: date,
    output: str,
    language: str,
    dry_run: bool,
    key: str | None,
    user: str,
) -> None:
    """Import a table from a file, or every table from a folder, whole or not at all.

    KIND is one of parts, suppliers, order_channels, supersessions, vehicles, vehicle_counts, vehicle_sales_plan,
    fitments, service_history, appointments, campaigns, stock, open_orders, budgets, demand. A folder holds a file for
    each table, such as parts.csv or stock.xlsx. Files are CSV (UTF-8 or GB18030) or XLSX, headed in English or Chinese.

    Every fault of every file is listed at once, and nothing is changed until there is none. Importing the same file
    again changes nothing. --as-of is the day the files are of.

    Example: sparewise import my_tables/

    Example: sparewise import parts parts.csv
    """
    from commands.failures import Rejected
    from inventory.database import read
    from inventory.intake.importing import import_paths
    from reporting.tables import show

    del key  # an import is known by its content: the same again changes nothing, with or without a key
    kind, path = _kind_and_path(words)
    engine = engine_of(db)
    with read(engine) as connection:
        refuse_clock_set_back(connection)
    with _progress() as tell:
        report = import_paths(engine, kind, [path], as_of, user, now_utc(), dry_run=dry_run, tell=tell)
    for note in report.notes:
        click.echo(note, err=True)
    if report.findings:
        raise Rejected(report.findings, language)
    show(_counts_table(report.counts, language), output, language)
    if dry_run:
        click.echo("Dry run: nothing was changed.", err=True)


def _kind_and_path(words: tuple[str, ...]) -> tuple[str | None, Path]:
    """Return what the words mean: a folder, or a kind and a file."""
    from inventory.intake.tables import TABLES

    *kinds, name = words
    path = Path(name)
    if len(kinds) > 1:
        raise click.UsageError("one table at a time: sparewise import KIND FILE, or a folder with a file for each")
    if not path.exists():
        raise click.UsageError(f"there is no file or folder {name}")
    if not kinds:
        return None, path
    if kinds[0] not in TABLES:
        raise click.UsageError(f"KIND is one of: {', '.join(TABLES)}; found {kinds[0]!r}")
    if path.is_dir():
        raise click.UsageError(f"a folder brings its own kinds: sparewise import {name}")
    return kinds[0], path


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Show each step on a terminal as it begins; say nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _step: None
        return
    from rich.console import Console

    with Console(stderr=True).status("importing") as status:
        yield status.update


def _counts_table(counts: tuple[TableCounts, ...], language: str) -> Table:
    from dataclasses import asdict

    from reporting.tables import Column, Table
    from reporting.words import word

    names = ("read", "new", "changed", "unchanged")
    columns = (Column("table"), *(Column(f"rows_{name}", "count") for name in names))
    rows = [{"table": each["kind"], **{f"rows_{name}": each[name] for name in names}} for each in map(asdict, counts)]
    return Table(word("imported", language), columns, rows)
