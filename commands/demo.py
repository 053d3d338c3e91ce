"""`sparewise demo`: the main job on a made dealership, end to end, by the very commands a user would type."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from commands.options import language_option

SHOWN_LINES = 8
SHOWN_FIGURES = ("FILL_SHELF_LINE", "STOCK_VALUE", "TURN_GROSS", "DAYS_SUPPLY", "STOCK_AGE_DAYS", "DEAD_12")
"""Lines of the plan shown on the screen; all of them are in the workbooks."""


def _say(text: str) -> None:
    click.secho(text, err=True, bold=True)


def _run(*words: str) -> None:
    """Run one command of the program, showing it first as a user would type it."""
    _say(f"\n$ sparewise {' '.join(words)}")
    click.get_current_context().find_root().command.main(list(words), prog_name="sparewise", standalone_mode=False)


@click.command()
@click.argument("directory", default="sparewise-demo", type=click.Path(file_okay=False, path_type=Path))
@language_option
def command(directory: Path, language: str) -> None:
    """Build the sample dealership in DIRECTORY and run the main job on it.

    The dealership is made: two stores, four years of service history. Its files are imported, demand is forecast from
    the vehicles on the road, the purchase plan is made and exported, the KPIs are printed and the managers' report is
    written. Running it again changes nothing.

    Example: sparewise demo
    """
    from data_samples.dealership import AS_OF, sample_folder

    files, database, workbooks = directory / "files", directory / "demo.db", directory / "workbooks"
    shutil.copytree(sample_folder(), files, dirs_exist_ok=True)
    _say(f"A made dealership lies in {files}; its last day is {AS_OF}.")
    where = ("--db", str(database))
    when = ("--as-of", AS_OF.isoformat())
    words = ("--lang", language)
    _run("init", *where)
    _run("import", str(files), *where, *when, *words)
    _run("forecast", "run", *where, *when, *words)
    _run("plan", "run", *where, *when, *words)
    _run("plan", "list", *where, "--top", str(SHOWN_LINES), *words)
    _run("plan", "export", *where, "--out", str(workbooks), *words)
    report = str(directory / "report.html")
    shown = (word for figure in SHOWN_FIGURES for word in ("--figure", figure))
    _run("kpi", *where, *when, *words, *shown)
    _run("report", "build", *where, *when, *words, "--out", report)
    _say(f"\nThe workbooks, one per supplier, lie in {workbooks.resolve()}; open {report} for the managers' report.")
    _say(
        "Next: look at a line with `sparewise plan explain PART_NO`, approve a proposal with `sparewise plan approve`."
    )
    click.echo(f"The commands above need --db {database}, or: export SPAREWISE_DB={database}", err=True)
