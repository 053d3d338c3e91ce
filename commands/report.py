"""`sparewise report`: the figures of a day, week or month as managers read them, on one page or in one workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import click

from commands.kpi_options import MONTH, told_wrongly
from commands.options import (
    as_of_option,
    database_option,
    engine_of,
    known_at_option,
    language_option,
    load_settings,
    settings_option,
)
from commands.scorecard_options import lawful_card

ENDINGS = (".html", ".xlsx")


@click.group()
def command() -> None:
    """The report pack: what is wrong first, then sales, service, stock, suppliers and proposals with their lines.

    Example: sparewise report build --month 2026-06 --out june.html
    """


@command.command()
@click.option(
    "--out", "path", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE",
    help="The file to write: .html (one page that needs nothing else and prints on A4) or .xlsx (a workbook).",
)  # fmt: skip
@click.option(
    "--every",
    type=click.Choice(["day", "week", "month"]),
    default="month",
    help="Of the day of --as-of, of its week from Monday, or of a month.",
)
@click.option("--month", type=MONTH, default=None, metavar="YYYY-MM", help="The month (default: that of --as-of).")
@click.option("--store", "stores", multiple=True, metavar="S", help="Only this store (may be repeated; default: all).")
@click.option(
    "--surplus",
    "is_weighed",
    is_flag=True,
    help="Also what to do with each part beyond its level: send, return, sell cheaply or write off (takes as long as a"
    " plan).",
)
@as_of_option
@known_at_option
@settings_option
@database_option
@language_option
def build(
    path: Path,
    every: str,
    month: int | None,
    stores: tuple[str, ...],
    is_weighed: bool,
    as_of: date,
    known_at: int | None,
    settings_path: Path | None,
    db: str,
    language: str,
) -> None:
    """Write the report of a day, a week or a month for one store, several or all.

    The same call gives the same file to the byte as long as nothing of its period was added: of a closed month for
    ever, of any other with the --known-at that it prints.

    Example: sparewise report build --month 2026-06 --out june.html

    Example: sparewise report build --every week --store S01 --lang zh --out week.xlsx

    Example: sparewise report build --month 2026-06 --surplus --out june.xlsx
    """
    from commands.report_reading import Request, read_pack
    from commands.stock_idle import weighed
    from inventory.database import read
    from inventory.figures.overview import UnknownStoreError

    if path.suffix.lower() not in ENDINGS:
        raise click.UsageError(f"--out names a file that ends in {' or '.join(ENDINGS)}; found {path.name}")
    if month is not None and every != "month":
        raise click.UsageError(f"the {every} is that of --as-of; --month names none")
    settings = load_settings(db, settings_path)
    card = lawful_card(settings, stores[0] if len(set(stores)) == 1 else None, language)

    def weigh(until: date, known: int) -> Sequence[Mapping[str, object]]:
        return weighed(db, settings, until, known).rows

    try:
        with told_wrongly(), read(engine_of(db)) as connection:
            request = Request(every, month, as_of, known_at, stores, weigh if is_weighed else None)
            pack = read_pack(connection, request, card, settings)
    except UnknownStoreError as fault:
        raise click.UsageError(str(fault)) from fault
    if path.suffix.lower() == ".html":
        from reporting.pack.page import html_report

        path.write_text(html_report(pack, language), "utf-8", newline="\n")
    else:
        from reporting.pack.book import write_report

        write_report(pack, path, language)
    click.echo(path)
    click.echo(f"{path.name}: {len(pack.overview.stores)} store(s), {pack.overview.scope.label}.", err=True)
