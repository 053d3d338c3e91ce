"""Checked tables → the books: masters are brought up to date, logs are added to and never changed.

A master row is known by its key: the same content again is unchanged, other content replaces it, and what a file does
not name stays. A line of service history is known by its store, order and part: the same lines again are unchanged,
while other lines under an order that is in the books already are a conflict, because history is not rewritten. Several
lines of one part on one order are numbered in the order of their content, so that the order of a file does not matter.

Stock and open orders go through the ledger, which has rules of its own (`inventory.books.stock_import`,
`inventory.purchasing.orders`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
import sqlalchemy as sa

from inventory import schema, schemas
from inventory.books.stock_import import post_stock
from inventory.findings import Finding
from inventory.intake.checking import CheckedTable, Mask
from inventory.purchasing.orders import post_open_orders


@dataclass(frozen=True)
class TableCounts:
    """Rows of one table: read in the files, of them new to the books, changed there, and known already.

    Repeated rows of a file are read, and counted as unchanged.
    """

    kind: str
    read: int
    new: int
    changed: int
    unchanged: int


@dataclass(frozen=True)
class Recording:
    """Who records, when, and for which business day."""

    as_of: date
    user_name: str
    recorded_at: str


def load(connection: sa.Connection, table: CheckedTable, recording: Recording) -> tuple[TableCounts, Sequence[Finding]]:
    """Bring one checked table into the books, or add nothing of it and tell why.

    Parameters
    ----------
    connection
        Inside a write transaction; whoever gets findings must roll it back.
    table
        Without faults.
    recording
        Who, when, and the business day.

    Returns
    -------
    counts
    findings
        Conflicts with what is in the books; all are `is_conflict` except faults of a document as a whole.
    """
    findings: Sequence[Finding] = ()
    if table.rule.kind == "stock":
        new, changed, findings = _load_stock(connection, table, recording)
    elif table.rule.kind == "open_orders":
        new, changed, findings = _load_open_orders(connection, table, recording)
    elif table.rule.table in schemas.APPEND_ONLY:
        new, changed, findings = _append_demand_lines(connection, table)
    else:
        new, changed = _bring_up_to_date(connection, table)
    read = table.raw.rows.size
    return TableCounts(table.rule.kind, read, new, changed, read - new - changed), findings


def _bring_up_to_date(connection: sa.Connection, table: CheckedTable) -> tuple[int, int]:
    """Insert rows with a new key and replace those with other content; return how many of each."""
    target = schema.metadata.tables[table.rule.table]
    key = list(table.rule.key)
    rest = [name for name in table.frame.columns if name not in key]
    before = _rows(connection, sa.select(*(target.c[name] for name in table.frame.columns)), table.frame)
    if before.empty:
        if len(table.frame):
            connection.execute(sa.insert(target), records(table.frame))
        return len(table.frame), 0
    both = table.frame.merge(before, on=key, how="left", suffixes=("", "_before"), indicator="_known")
    is_new = (both["_known"] == "left_only").to_numpy()
    differs = np.zeros(len(both), dtype=np.bool_)
    for name in rest:
        now, then = both[name], both[f"{name}_before"]
        same = (now == then).fillna(value=False) | (now.isna() & then.isna())
        differs |= ~same.to_numpy(dtype=np.bool_)
    is_changed = differs & ~is_new
    if is_new.any():
        connection.execute(sa.insert(target), records(table.frame[is_new]))
    if is_changed.any():
        change = (
            sa.update(target)
            .where(*(target.c[name] == sa.bindparam(f"key_{name}") for name in key))
            .values({name: sa.bindparam(name) for name in rest})
        )
        changes = table.frame[is_changed].rename(columns={name: f"key_{name}" for name in key})
        connection.execute(change, records(changes))
    return int(is_new.sum()), int(is_changed.sum())


_ONE_ORDERS_PART = ["store", "order_no", "part_no"]


def _append_demand_lines(connection: sa.Connection, table: CheckedTable) -> tuple[int, int, list[Finding]]:
    """Add the lines of orders and parts that are not in the log yet; refuse other lines under those that are."""
    log = schema.demand_line
    content = list(table.frame.columns)
    stores = table.frame["store"].unique().tolist()
    question = sa.select(*(log.c[name] for name in content)).where(log.c.store.in_(stores))
    before = _rows(connection, question, table.frame).drop_duplicates()
    is_same = _is_among(table.frame, before, content)
    is_known = _is_among(table.frame, before, _ONE_ORDERS_PART)
    is_other = is_known & ~is_same
    if is_other.any():
        return 0, 0, _conflicts(table, is_other, before)
    fresh = table.frame[~is_known].sort_values([*_ONE_ORDERS_PART, *content], ignore_index=True)
    fresh["line_no"] = fresh.groupby(_ONE_ORDERS_PART, sort=False).cumcount() + 1
    if len(fresh):
        connection.execute(sa.insert(log), records(fresh))
    return len(fresh), 0, []


def _conflicts(table: CheckedTable, where: Mask, before: pd.DataFrame) -> list[Finding]:
    """Return the conflicts of a service history, each with what the books say and the row does not."""
    known = {tuple(row[name] for name in _ONE_ORDERS_PART): row for row in records(before)}
    mends = []
    for row in records(table.frame[where]):
        then = known[tuple(row[name] for name in _ONE_ORDERS_PART)]
        told = [
            f"{column.name} {_shown(then[column.column], column.kind)}"
            for column in table.rule.columns
            if then[column.column] != row[column.column]
        ]
        mends.append(f"in the books: {', '.join(told)}; enter a correction under an order number of its own")
    reason = "an order that is in the books says what it said when it was first imported"
    return table.faults(where, "order_no", reason, mends, is_conflict=True)


def _shown(value: object, kind: str) -> str:
    if value is None:
        return "empty"
    unit = {"quantity": 1000, "money": 10_000}.get(kind)
    return f"{int(str(value)) / unit:g}" if unit else str(value)


def _is_among(frame: pd.DataFrame, others: pd.DataFrame, names: list[str]) -> Mask:
    """Return for each row whether another frame has one that agrees in the columns named, empty cells included."""
    if others.empty:
        return np.zeros(len(frame), dtype=np.bool_)
    both = frame[names].merge(others[names].drop_duplicates(), on=names, how="left", indicator="_known")
    return (both["_known"] == "both").to_numpy()


def _load_stock(
    connection: sa.Connection, table: CheckedTable, recording: Recording
) -> tuple[int, int, Sequence[Finding]]:
    done = post_stock(
        connection,
        table.frame.assign(row=table.raw.rows[table.kept]),
        recording.as_of,
        recording.user_name,
        recording.recorded_at,
        table.raw.source,
    )
    return done.opened, done.increased + done.decreased, _in_words_of(table, done.findings)


def _load_open_orders(
    connection: sa.Connection, table: CheckedTable, recording: Recording
) -> tuple[int, int, Sequence[Finding]]:
    """Post open orders; where a file does not say when the goods are expected, its channel's mean lead time does."""
    frame = _with_expected_day(connection, table.frame)
    without = frame["expected_on"].isna().to_numpy()
    if without.any():
        reason = "expected_on is filled in, or the order channel with its lead time is known"
        return 0, 0, table.faults(without, "expected_on", reason, "fill it in, or import order_channels first")
    line = schema.purchase_order_line
    before = set(connection.execute(sa.select(line.c.order_no).distinct()).scalars())
    done = post_open_orders(
        connection,
        frame.assign(row=table.raw.rows[table.kept]),
        recording.user_name,
        recording.recorded_at,
        table.raw.source,
    )
    return int((~frame["order_no"].isin(list(before))).sum()), 0, _in_words_of(table, done.findings)


def _with_expected_day(connection: sa.Connection, frame: pd.DataFrame) -> pd.DataFrame:
    if frame["expected_on"].notna().all():
        return frame
    channel = schema.order_channel
    columns = ["supplier", "order_type", "lead_time_days_mean"]
    rows = connection.execute(sa.select(*(channel.c[name] for name in columns))).all()
    leads = pd.DataFrame([tuple(row) for row in rows], columns=columns)
    days = frame[columns[:2]].merge(leads.astype({"lead_time_days_mean": "float64"}), how="left", on=columns[:2])
    ordered_on = pd.to_datetime(frame["ordered_on"], format="%Y-%m-%d")
    lead = pd.to_timedelta(np.ceil(days["lead_time_days_mean"].to_numpy()), unit="D")
    usual = pd.Series(ordered_on + lead).dt.strftime("%Y-%m-%d")
    return frame.assign(expected_on=frame["expected_on"].fillna(usual.astype("str")))


def _in_words_of(table: CheckedTable, findings: Sequence[Finding]) -> list[Finding]:
    """Return the ledger's findings with the sheet and the headings of the file."""
    headings = {
        c.name: table.raw.headings[at] for c in table.rule.columns if (at := table.positions.get(c.column, -1)) >= 0
    }
    return [replace(each, sheet=table.raw.sheet, column=headings.get(each.column, each.column)) for each in findings]


def _rows(connection: sa.Connection, question: sa.Select[tuple[object, ...]], like: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a question under the columns and types of another frame."""
    rows = connection.execute(question).all()
    columns = list(zip(*rows, strict=True)) if rows else [()] * like.shape[1]
    return pd.DataFrame(
        {
            name: pd.Series(list(values), dtype=like[name].dtype)
            for name, values in zip(like.columns, columns, strict=True)
        }
    )


def records(frame: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows as plain Python values under their names; None where a cell is empty."""
    names = [str(name) for name in frame.columns]
    columns = [frame[name].astype("object").where(frame[name].notna(), None).tolist() for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
