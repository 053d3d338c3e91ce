"""What stands beside a forecast, as tables: what is told beforehand, what was set apart, what was seen."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from demand.history import Observation
from planning.preparing.prepare import Prepared
from reporting.tables import Column, Table
from reporting.words import word

_TOLD = (
    *(Column(name) for name in ("store", "part_no", "stream", "told_by")),
    Column("begins_on", "date"),
    Column("calls_open", "count"),
    Column("units_each_milli", "quantity_milli"),
    Column("expected_within", "number"),
)
_BULK = (
    *(Column(name) for name in ("store", "order_no", "part_no")),
    Column("line_no", "count"),
    Column("opened_on", "date"),
    Column("quantity_milli", "quantity_milli"),
    Column("usual_quantity_milli", "quantity_milli"),
    Column("rule"),
)
_SEEN = (
    *(Column(name) for name in ("store", "part_no", "period")),
    Column("quantity_milli", "quantity_milli"),
    Column("lines", "count"),
    Column("availability_ppm", "share_ppm"),
    Column("observation"),
)


def told_table(ready: Prepared, as_of: date, days: int, language: str, *, is_spoken: bool) -> Table:
    """Return what is told beforehand, a row each, and how much of it is expected within some days.

    Parameters
    ----------
    is_spoken
        Whether streams are told in the reader's words, or by the names that programs know.
    """
    streams, history = ready.told.streams, ready.history
    calls = streams.calls_between(0.0, float(days))
    rows = []
    for row in np.lexsort((streams.starts_days, streams.item)).tolist():
        item = int(streams.item[row])
        unit = int(history.unit_milli[item])
        rows.append(
            {
                "store": history.store[item],
                "part_no": history.part_no[item],
                "stream": word(f"stream_{streams.kind[row]}", language) if is_spoken else streams.kind[row],
                "told_by": streams.name[row],
                "begins_on": as_of + timedelta(days=max(int(np.ceil(streams.starts_days[row])), 1)),
                "calls_open": int(streams.count[row]),
                "units_each_milli": int(streams.units[row]) * unit,
                "expected_within": float(calls[row] * streams.units[row] * unit / 1000),
            }
        )
    return Table(f"{word('streams_title', language)} · {as_of} + {days}", _TOLD, rows)


def bulk_table(ready: Prepared, language: str, *, is_spoken: bool) -> Table:
    """Return the lines set apart as bulk orders, the newest first, each with the rule that did it."""
    bulk = ready.asked.bulk.sort_values(
        ["opened_on", "store", "order_no", "part_no"], ascending=[False, True, True, True]
    )
    rows = [
        {
            "store": row["store"],
            "order_no": row["order_no"],
            "part_no": row["asked_part_no"],
            "line_no": row["line_no"],
            "opened_on": row["opened_on"].date(),
            "quantity_milli": row["quantity_requested_milli"],
            "usual_quantity_milli": row["usual_milli"],
            "rule": word(f"rule_{row['rule']}", language) if is_spoken else row["rule"],
        }
        for row in bulk.to_dict("records")
    ]
    return Table(word("bulk_title", language), _BULK, rows)


def observed_table(ready: Prepared, items: list[int], language: str, *, is_spoken: bool) -> Table:
    """Return what was seen of some items, a row per period, each with its observation code."""
    history, rows = ready.history, []
    for item in items:
        for column, period in enumerate(history.axis.labels()):
            code = Observation(int(history.observation[item, column])).name.lower()
            rows.append(
                {
                    "store": history.store[item],
                    "part_no": history.part_no[item],
                    "period": period,
                    "quantity_milli": int(history.quantity[item, column] * history.unit_milli[item]),
                    "lines": int(history.lines[item, column]),
                    "availability_ppm": round(float(history.availability[item, column]) * 1e6),
                    "observation": word(f"observation_{code}", language) if is_spoken else code,
                }
            )
    return Table(word("observed_title", language), _SEEN, rows)
