"""Stored forecasts: what was expected, when, from what; appended, never changed.

A run holds, per part and store, the mean and some quantiles of each coming period and of the demand summed over a
number of periods. A quantile's share is kept in parts per million, −1 standing for the mean; values are thousandths of
the stock unit. A run of the same name is the same run: appending it again changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
import sqlalchemy as sa

from inventory.moments import in_turn
from inventory.schema import forecast_run, forecast_value

MEAN_PPM = -1
COLUMNS = ("part_no", "store", "target", "step", "share_ppm", "value_milli")
_ROWS_AT_ONCE = 20_000


@dataclass(frozen=True)
class StoredForecast:
    """A run as it was stored.

    Parameters
    ----------
    run_id, as_of, recorded_at
        Its name, the business day it is of, and when it was recorded.
    manifest
        What it was derived from.
    table
        Columns `COLUMNS`, sorted by them; target is ``period`` or ``lead_time``.
    """

    run_id: str
    as_of: date
    recorded_at: str
    manifest: Mapping[str, object]
    table: pd.DataFrame


def append_forecast(connection: sa.Connection, run: StoredForecast) -> bool:
    """Store a run; return False where it was there before, and nothing was done."""
    if connection.execute(sa.select(forecast_run.c.run_id).where(forecast_run.c.run_id == run.run_id)).first():
        return False
    last: str | None = connection.execute(sa.select(sa.func.max(forecast_run.c.recorded_at))).scalar_one_or_none()
    connection.execute(
        sa.insert(forecast_run),
        {
            "run_id": run.run_id,
            "as_of": run.as_of.isoformat(),
            "recorded_at": in_turn(run.recorded_at, last),
            "manifest": json.dumps(run.manifest, sort_keys=True, ensure_ascii=False, default=str),
        },
    )
    columns = {name: run.table[name].tolist() for name in COLUMNS}
    for start in range(0, len(run.table), _ROWS_AT_ONCE):
        stop = min(start + _ROWS_AT_ONCE, len(run.table))
        rows = [
            {"run_id": run.run_id, **dict(zip(COLUMNS, row, strict=True))}
            for row in zip(*(columns[name][start:stop] for name in COLUMNS), strict=True)
        ]
        connection.execute(sa.insert(forecast_value), rows)
    return True


def read_forecast_known_at(
    connection: sa.Connection, known_at: int, part_no: str, store: str | None = None
) -> StoredForecast | None:
    """Return what the run recorded last said of a part, of the runs that knew no document after one.

    Parameters
    ----------
    known_at
        Sequence of the last document that may have been known.
    part_no, store
        Whose rows; of all stores where none is named.
    """
    query = sa.select(forecast_run).order_by(forecast_run.c.recorded_at.desc(), forecast_run.c.run_id)
    for head in connection.execute(query).mappings():
        if int(json.loads(head["manifest"])["known_at"]) <= known_at:
            mine = [forecast_value.c.part_no == part_no]
            return _stored(connection, head, *mine, *([] if store is None else [forecast_value.c.store == store]))
    return None


def _stored(connection: sa.Connection, head: sa.RowMapping, *conditions: sa.ColumnElement[bool]) -> StoredForecast:
    """Return a run with those of its rows that meet the conditions."""
    columns = (forecast_value.c[name] for name in COLUMNS)
    found = connection.execute(sa.select(*columns).where(forecast_value.c.run_id == head["run_id"], *conditions)).all()
    values = pd.DataFrame(found, columns=list(COLUMNS)).sort_values(list(COLUMNS), ignore_index=True)
    return StoredForecast(
        str(head["run_id"]),
        date.fromisoformat(head["as_of"]),
        str(head["recorded_at"]),
        json.loads(head["manifest"]),
        values,
    )
