"""Runs of the plan in the books: what each was made from, which stores it planned, and which proposals it came to.

A run is a row with its manifest; proposals (`inventory.plans`) and levels (`inventory.plan_levels`) refer to it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from inventory.moments import in_turn
from inventory.schema import plan_run

LAST_PLAN_DAYS = 92
"""How old the last plan may be to be compared with: a quarter; an older one is no guide to today's."""


@dataclass(frozen=True)
class RunToStore:
    """A run as it is to be stored: its name, day, manifest as JSON, the stores it planned, its idempotency key."""

    run_id: str
    as_of: date
    manifest: str
    stores: tuple[str, ...]
    key: str | None = None


def latest_run(connection: sa.Connection, as_of: date | None = None) -> dict[str, Any] | None:
    """Return the run recorded last: ``run_id, as_of, recorded_at`` and its manifest; None where there is none.

    Parameters
    ----------
    as_of
        Where given, no run that planned for a later day.
    """
    question = sa.select(plan_run).order_by(plan_run.c.recorded_at.desc(), plan_run.c.run_id.desc()).limit(1)
    if as_of is not None:
        question = question.where(plan_run.c.as_of <= as_of.isoformat())
    row = connection.execute(question).one_or_none()
    return None if row is None else {**row._mapping, "manifest": json.loads(row.manifest)}


def append_run(connection: sa.Connection, run_id: str, as_of: date, manifest: str, recorded_at: str) -> None:
    """Store a run under a name; within the second of the last one, or by a clock set back, it is a second after it."""
    last: str | None = connection.execute(sa.select(sa.func.max(plan_run.c.recorded_at))).scalar_one_or_none()
    moment = in_turn(recorded_at, last)
    row = {"run_id": run_id, "as_of": as_of.isoformat(), "recorded_at": moment, "manifest": manifest}
    connection.execute(plan_run.insert(), row)


def last_runs(connection: sa.Connection, before: date, store: str | None = None) -> dict[str, str]:
    """Return by store the run that planned it last for an earlier day, no more than `LAST_PLAN_DAYS` earlier.

    Parameters
    ----------
    before
        The day of the plan that is compared: a run for this very day does not count, so that planning a day again
        finds what it found the first time.
    store
        Only this store; all where not given.
    """
    run = plan_run.c
    since = before - timedelta(days=LAST_PLAN_DAYS)
    question = (
        sa.select(run.run_id, run.manifest)
        .where(run.as_of < before.isoformat(), run.as_of >= since.isoformat())
        .order_by(run.as_of.desc(), run.recorded_at.desc(), run.run_id.desc())
    )
    found: dict[str, str] = {}
    for run_id, manifest in connection.execute(question):
        for name in json.loads(manifest)["stores"]:
            if store in (None, name):
                found.setdefault(str(name), str(run_id))
        if store in found:
            break
    return found


def run_manifest(connection: sa.Connection, run_id: str) -> dict[str, Any]:
    """Return what a run was derived from, as it was stored."""
    manifest: dict[str, Any] = json.loads(
        connection.execute(sa.select(plan_run.c.manifest).where(plan_run.c.run_id == run_id)).scalar_one()
    )
    return manifest


def run_of_key(connection: sa.Connection, key: str) -> tuple[str, list[str]] | None:
    """Return the run stored under an idempotency key and its proposals; None where there is none."""
    for name, manifest in connection.execute(sa.select(plan_run.c.run_id, plan_run.c.manifest)):
        content = json.loads(manifest)
        if content.get("key") == key:
            return str(name), content["proposals"]
    return None


def name_for(connection: sa.Connection, run_id: str, numbers: Sequence[str]) -> str | None:
    """Return the name to store a run under; None where it is there with these very proposals.

    A run can come back after another one has put its proposals aside: it is then stored again, as ``…-2``.
    """
    question = sa.select(plan_run.c.run_id, plan_run.c.manifest).where(plan_run.c.run_id.startswith(run_id))
    there = {str(name): json.loads(manifest)["proposals"] for name, manifest in connection.execute(question)}
    if list(numbers) in there.values():
        return None
    return f"{run_id}-{len(there) + 1}" if there else run_id
