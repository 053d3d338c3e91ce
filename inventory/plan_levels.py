"""What each run of the plan set for every part and store, also for those that order nothing; appended, never changed.

A row is one item of one run: its level, safety stock, reorder point and order quantity, where it stood, and why. It is
what the next run keeps to where little has changed, what it is compared with, and what people are shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from inventory.plan_runs import last_runs
from inventory.schema import part, plan_run
from inventory.schema_plans import plan_level

_ROWS_AT_ONCE = 20_000


def append_levels(connection: sa.Connection, run_id: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Store the levels of a run that is stored just now; the rows have the table's columns but the run."""
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = [{**row, "run_id": run_id} for row in rows[start : start + _ROWS_AT_ONCE]]
        connection.execute(plan_level.insert(), some)


def levels_of(
    connection: sa.Connection, run_id: str, part_no: str | None = None, store: str | None = None
) -> list[dict[str, object]]:
    """Return what a run set, by store and part number.

    Parameters
    ----------
    part_no, store
        Only this part, only this store; all where not given.

    Returns
    -------
    list of dict
        The columns of the table, and the part's ``name`` and ``unit``.
    """
    level = plan_level.c
    question = (
        sa.select(plan_level, part.c.name, part.c.unit)
        .outerjoin(part, part.c.part_no == level.part_no)
        .where(level.run_id == run_id)
    )
    if part_no is not None:
        question = question.where(level.part_no == part_no)
    if store is not None:
        question = question.where(level.store == store)
    rows = [dict(row) for row in connection.execute(question).mappings()]
    return sorted(rows, key=lambda row: (str(row["store"]), str(row["part_no"])))


def last_levels(connection: sa.Connection, before: date, store: str | None = None) -> list[dict[str, object]]:
    """Return the level of every item in the last plan of its store for an earlier day, and at which price of money.

    Returns
    -------
    list of dict
        ``store, part_no, run_id, planned_on, level_milli, price_per_line_e4``; the price is -1 where the run did not
        say it.
    """
    found: list[dict[str, object]] = []
    runs = last_runs(connection, before, store)
    for run_id in sorted(set(runs.values())):
        planned_on, prices = _prices(connection, run_id)
        of = [name for name, its in runs.items() if its == run_id]
        question = sa.select(plan_level.c.store, plan_level.c.part_no, plan_level.c.order_up_to_level_milli).where(
            plan_level.c.run_id == run_id, plan_level.c.store.in_(of)
        )
        found.extend(
            {
                "store": row.store,
                "part_no": row.part_no,
                "run_id": run_id,
                "planned_on": planned_on,
                "level_milli": row.order_up_to_level_milli,
                "price_per_line_e4": prices.get(row.store, -1),
            }
            for row in connection.execute(question)
        )
    return found


def _prices(connection: sa.Connection, run_id: str) -> tuple[str, Mapping[str, int]]:
    """Return the day of a run, and by store the price of money at which it set its levels."""
    question = sa.select(plan_run.c.as_of, plan_run.c.manifest).where(plan_run.c.run_id == run_id)
    as_of, manifest = connection.execute(question).one()
    prices: Mapping[str, int] = json.loads(manifest).get("price_per_line_e4", {})
    return str(as_of), prices
