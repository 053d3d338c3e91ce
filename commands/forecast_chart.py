"""`sparewise forecast chart`: one part at one store on a sheet: history, law ahead, what came."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commands.options import (
    as_of_option,
    database_option,
    engine_of,
    language_option,
    load_settings,
    settings_option,
)
from commands.parameters import PICTURE_FILE
from commands.progress import progress


@click.command()
@click.argument("part_no", metavar="PART")
@click.option("--store", required=True, metavar="S", help="The store.")
@click.option("--out", type=PICTURE_FILE, required=True, metavar="FILE", help="The drawing to write: .svg or .html.")
@click.option("--origin", default=None, metavar="P", help="Forecast as after this earlier period, and show what came.")
@click.option(
    "--lead-time", type=click.IntRange(1, 120), default=2, show_default=True, metavar="L", help="Periods summed."
)
@click.option(
    "--periods", type=click.IntRange(1, 600), default=36, show_default=True, metavar="N", help="Known periods shown."
)
@database_option
@as_of_option
@settings_option
@language_option
def chart(
    part_no: str,
    store: str,
    out: Path,
    origin: str | None,
    lead_time: int,
    periods: int,
    db: str,
    as_of: date,
    settings_path: Path | None,
    language: str,
) -> None:
    """Draw a part: what was asked for, what the shelf lacked, the law of each coming period, and what came.

    The law is a fan of 50, 80 and 95 %. With --origin it is the forecast that would have been made then, by what was
    known then, and the periods since are drawn on it. Readable in black and white; one sheet of A4.

    Example: sparewise forecast chart 00195040 --store S01 --origin 2025-12 --out 00195040.svg
    """
    from commands.failures import Rejected
    from inventory.findings import Finding
    from inventory.reading import read_snapshot
    from inventory.supersession import lineage
    from planning.explaining.part_picture import part_picture
    from reporting.charts.part import lead_time_sentence, write_part

    settings = load_settings(db, settings_path)
    with progress("reading the books") as tell:
        snapshot = read_snapshot(engine_of(db), as_of)
        tell("forecasting")
        live = sorted({successor.part_no for successor in lineage(snapshot.supersessions, as_of).live(part_no)})
        if live != [part_no]:
            click.echo(f"{part_no} is answered today by {', '.join(live)}.", err=True)
        try:
            picture = part_picture(snapshot, settings, live[0], store, origin, lead_time, periods)
        except ValueError as fault:
            raise Rejected([Finding("database", "", 0, "", part_no, str(fault), "")]) from fault
    write_part(picture, out, language)
    click.echo(f"{out}: {lead_time_sentence(picture, language)}", err=True)
