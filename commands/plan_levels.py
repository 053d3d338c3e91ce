"""`sparewise plan levels`, `figures` and `diff`: what a plan sets for every part, comes to, and has changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from commands.failures import Conflict
from commands.options import DAY, database_option, engine_of, table_options

if TYPE_CHECKING:
    from sqlalchemy import Connection

SHOWN_LEVELS = 40
"""Levels shown to people where they do not ask for all."""


def plan_day_option(command: Callable[..., object]) -> Callable[..., object]:
    """Add `--as-of` to what reads a plan that is there: passes `as_of`, a date or None."""
    return click.option(
        "--as-of", type=DAY, default=None, metavar="DATE", help="The latest plan for a day up to this one."
    )(command)


def latest(connection: Connection, as_of: date | None) -> dict[str, Any]:
    """Return the latest run for a day up to one, or of all.

    Raises
    ------
    Conflict
        If there is none.
    """
    from inventory.plan_runs import latest_run

    run = latest_run(connection, as_of)
    if run is None:
        up_to = f" for a day up to {as_of}" if as_of else ""
        raise Conflict(f"There is no plan yet{up_to}; make one with: sparewise plan run")
    return run


@click.command()
@click.option("--store", default=None, metavar="S", help="Only this store.")
@click.option("--part", "part_no", default=None, metavar="P", help="Only this part.")
@click.option("--all", "all_of_them", is_flag=True, help=f"All parts, not only the {SHOWN_LEVELS} dearest targets.")
@plan_day_option
@database_option
@table_options
def levels(
    store: str | None, part_no: str | None, all_of_them: bool, as_of: date | None, db: str, output: str, language: str
) -> None:
    """Print safety stock, reorder point, order-up-to level and order quantity of every part, ordered or not.

    With --json and --csv all parts are printed, each with its reason.

    Example: sparewise plan levels --store S01 --csv
    """
    from inventory.database import read
    from inventory.plan_levels import levels_of
    from reporting.plan_views import levels_table
    from reporting.tables import show

    with read(engine_of(db)) as connection:
        rows = levels_of(connection, str(latest(connection, as_of)["run_id"]), part_no, store)
    top = None if all_of_them or output != "table" else SHOWN_LEVELS
    show(levels_table(rows, output, language, top), output, language)


@click.command()
@plan_day_option
@database_option
@table_options
def figures(as_of: date | None, db: str, output: str, language: str) -> None:
    """Print what the latest plan comes to, beside the last one of an earlier day: service, however counted, and money.

    Example: sparewise plan figures --json
    """
    from inventory.database import read
    from inventory.plan_runs import last_runs, run_manifest
    from reporting.plan_views import figures_table
    from reporting.tables import show

    with read(engine_of(db)) as connection:
        run = latest(connection, as_of)
        before = set(last_runs(connection, date.fromisoformat(str(run["as_of"]))).values())
        last = run_manifest(connection, before.pop()).get("figures") if len(before) == 1 else None
    plans = ({"last_plan": last} if last else {}) | {"this_plan": run["manifest"].get("figures", {})}
    show(figures_table(plans, output, language, "plan_figures"), output, language)


@click.command()
@click.option("--store", default=None, metavar="S", help="Only this store.")
@click.option("--top", type=click.IntRange(min=1), default=None, metavar="N", help="Only the N dearest changes.")
@plan_day_option
@database_option
@table_options
def diff(store: str | None, top: int | None, as_of: date | None, db: str, output: str, language: str) -> None:
    """Print what the latest plan orders otherwise than the last one of an earlier day, and why.

    The causes are quantities that add up to the change: demand, days to cover, goal and price of money, coming onto
    the shelf or leaving it, the dead band, what is on hand, reserved, on order or waited for, packs, minimums, budget.

    Example: sparewise plan diff --top 20
    """
    from inventory.database import read
    from inventory.plan_levels import levels_of
    from inventory.plan_runs import last_runs, run_manifest
    from planning.explaining.difference import changes
    from reporting.plan_views import causes_table, changes_table
    from reporting.tables import show

    with read(engine_of(db)) as connection:
        run = latest(connection, as_of)
        day = date.fromisoformat(str(run["as_of"]))
        planned = [name for name in run["manifest"]["stores"] if store in (None, name)]
        last = {name: its for name, its in last_runs(connection, day, store).items() if name in planned}
        if not last:
            raise Conflict(f"There is no plan of the {_QUARTER} before {day} to compare with.")
        before = [row for name, its in last.items() for row in levels_of(connection, its, store=name)]
        now = [row for name in last for row in levels_of(connection, str(run["run_id"]), store=name)]
        days = sorted({str(run_manifest(connection, its)["as_of"]) for its in last.values()})
    found = changes(before, now)
    show(changes_table(found, days, output, language, top), output, language)
    if output == "table" and found:
        show(causes_table(found, language), output, language)


_QUARTER = "three months"
