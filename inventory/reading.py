"""The books → `Snapshot`: one read transaction, one moment, the same bytes on every database.

Sorting is done here and not by the database, because two servers may disagree on the order of text. What lies where
is summed from the movements effective on the day, so that a snapshot of a past day shows that day; masters are as
they are now, except that vehicles registered later are left out, a vehicle that leaves later is still here, and no
period of a demand table is there before it begins. What customers wait for is counted from special
orders of the last `BACKORDER_DAYS` days: older ones were settled elsewhere, or nobody waits any more; what is held
for such an order counts as reserved and no more as waited for. What another store has sent, and what is approved
and not yet sent to its supplier, counts as on order.

It reads and judges nothing: supersessions are not rolled up, stock-outs are not marked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd
import sqlalchemy as sa

from inventory import schema
from inventory.books.balances import balances_on
from inventory.books.movements import ON_HAND, PlaceKind
from inventory.books.standing import stands
from inventory.counter.line_judgements import judgements
from inventory.counter.reservations import held_for, reservation_rows
from inventory.counter.transfers import transfer_rows
from inventory.database import read
from inventory.demand_log import asked, waiting
from inventory.overrides import override_rows
from inventory.plan_levels import last_levels
from inventory.plans import approved_lines
from inventory.purchasing.deliveries import deliveries
from inventory.purchasing.entering import entry_days
from inventory.purchasing.orders import open_lines
from inventory.snapshot import BACKORDER_DAYS, RECEIPT_DAYS, Snapshot

_DAYS = frozenset(
    {"on_sale_from", "supplied_until", "effective_on", "registered_on", "left_on", "due_on", "starts_on", "ends_on"}
    | {"opened_on", "ordered_on", "expected_on", "received_on", "registered_month", "month", "planned_on"}
)
"""Columns that hold a day, or the first day of a month, in whatever table."""

_POSITION = ("on_hand_milli", "reserved_milli", "on_order_milli", "backorder_milli", "value_e4")
_RESERVATION = {
    **dict.fromkeys(("reservation_no", "store", "part_no"), "str"),
    "held_milli": "int64",
    **dict.fromkeys(("holder_kind", "holder_no"), "str"),
    "until_on": "date",
}
_JUDGEMENT = {
    **dict.fromkeys(("store", "order_no", "part_no"), "str"),
    "line_no": "int64",
    **dict.fromkeys(("verdict", "reason"), "str"),
}
_OVERRIDE = {
    "override_id": "int64",
    **dict.fromkeys(("store", "part_no", "family", "first_month", "last_month"), "str"),
    **dict.fromkeys(("amount_milli", "factor_ppm"), "Int64"),
    "reason": "str",
    **dict.fromkeys(("set_on", "expires_on"), "date"),
    "user_name": "str",
    "withdrawn_on": "date",
}
_RECEIPT = {
    **dict.fromkeys(("order_no", "supplier", "order_type"), "str"),
    **dict.fromkeys(("ordered_on", "received_on"), "date"),
    "lines": "int64",
    "entered_on": "date",
}
_UNDER_WAY = {
    **dict.fromkeys(("kind", "number", "store", "part_no"), "str"),
    "expected_on": "date",
    "open_milli": "int64",
}
_LAST_LEVEL = {
    **dict.fromkeys(("store", "part_no", "run_id"), "str"),
    "planned_on": "date",
    **dict.fromkeys(("level_milli", "price_per_line_e4"), "int64"),
}
_OPEN_ORDER = {
    **dict.fromkeys(("order_no", "store", "part_no", "supplier", "order_type"), "str"),
    **dict.fromkeys(("open_milli", "unit_cost_e4"), "int64"),
    **dict.fromkeys(("ordered_on", "expected_on", "entered_on"), "date"),
}


def read_snapshot(engine: sa.Engine, as_of: date, store: str | None = None, known_at: int | None = None) -> Snapshot:
    """Return the books as they stand on a business day; `snapshot` tells the columns of each frame.

    Parameters
    ----------
    engine
        An initialised database.
    as_of
        Demand, movements, purchase orders and vehicles count up to and on this day.
    store
        Only this store's rows (and those that name no store); all stores where not given.
    known_at
        The last document that counts, by its sequence; all where not given. Masters are as they are now.
    """
    with read(engine) as connection:
        last = connection.execute(sa.select(sa.func.max(schema.document.c.sequence))).scalar_one_or_none() or 0
        entered = entry_days(connection, as_of, known_at)
        orders = _open_orders(connection, as_of, store, known_at, entered)
        approved = approved_lines(connection, as_of)
        under_way = _under_way(connection, as_of, store, approved, known_at)
        day = as_of.isoformat()
        return Snapshot(
            as_of=as_of,
            known_at=last if known_at is None else min(known_at, last),
            parts=_frame(connection, schema.part),
            suppliers=_frame(connection, schema.supplier),
            channels=_frame(connection, schema.order_channel),
            supersessions=_frame(connection, schema.supersession),
            vehicles=_vehicles(connection, day, store),
            vehicle_counts=_frame(
                connection, schema.vehicle_count, store, schema.vehicle_count.c.registered_month <= day
            ),
            sales_plan=_frame(connection, schema.vehicle_sales_plan, store),
            fitments=_frame(connection, schema.fitment),
            appointments=_frame(connection, schema.appointment, store),
            campaigns=_frame(connection, schema.campaign, store),
            budgets=_budgets(connection, as_of, store, approved, known_at),
            demand_lines=_demand_lines(connection, as_of, store, known_at),
            demand_panel=_frame(connection, schema.demand_panel, store, schema.demand_panel.c.period <= day),
            positions=_positions(connection, as_of, store, orders, under_way, known_at),
            under_way=under_way,
            last_levels=_plain(last_levels(connection, as_of, store), _LAST_LEVEL),
            reservations=_plain(reservation_rows(connection, as_of, store, known_at), _RESERVATION, "held_milli"),
            line_judgements=_plain(judgements(connection, as_of, store, known_at), _JUDGEMENT),
            open_orders=orders,
            overrides=_overrides(connection, as_of, store),
            receipts=_receipts(connection, as_of, store, known_at, entered),
        )


def _frame(
    connection: sa.Connection,
    table: sa.Table,
    store: str | None = None,
    *conditions: sa.ColumnElement[bool],
    leaving_out: Sequence[str] = (),
    key: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the rows of a table with the snapshot's types, sorted by key (the table's own where none is given)."""
    columns = [column for column in table.columns if column.name not in leaving_out]
    question = sa.select(*columns).where(*conditions)
    if store is not None:
        question = question.where(table.c.store.in_([store, ""]))
    rows = connection.execute(question).all()
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    kinds = {column.name: _kind(column) for column in columns}
    frame = pd.DataFrame(
        {name: _series(values, kind) for (name, kind), values in zip(kinds.items(), cells, strict=True)}
    )
    key = list(key) or [column.name for column in table.primary_key.columns]
    return frame.sort_values(key, ignore_index=True)


def _kind(column: sa.Column[object]) -> str:
    if column.name in _DAYS:
        return "date"
    if isinstance(column.type, sa.Text):
        return "str"
    if isinstance(column.type, sa.Float):
        return "float64"
    return "Int64" if column.nullable else "int64"


def _series(values: Sequence[object], kind: str) -> pd.Series:
    if kind == "date":  # a month stands for its first day
        texts = pd.Series(list(values), dtype="str")
        days = texts.where(texts.str.len() != 7, texts + "-01")
        return pd.to_datetime(days, format="%Y-%m-%d").astype("datetime64[us]")
    series = pd.Series(list(values), dtype=kind)
    return series.fillna("") if kind == "str" else series


def _vehicles(connection: sa.Connection, day: str, store: str | None) -> pd.DataFrame:
    vehicles = _frame(connection, schema.vehicle, store, schema.vehicle.c.registered_on <= day)
    return vehicles.assign(left_on=vehicles["left_on"].where(vehicles["left_on"] <= pd.Timestamp(day)))


def _demand_lines(connection: sa.Connection, day: date, store: str | None, known_at: int | None) -> pd.DataFrame:
    log = schema.demand_line
    key = ("store", "order_no", "part_no", "line_no")
    lines = _frame(connection, log, store, *asked(day, known_at), leaving_out=("line_id", "document_sequence"), key=key)
    return lines[[*key, *(name for name in lines.columns if name not in key)]]


def _budgets(
    connection: sa.Connection,
    as_of: date,
    store: str | None,
    approved: Sequence[Mapping[str, object]],
    known_at: int | None,
) -> pd.DataFrame:
    """Return the budgets and, as `ordered_e4`, what each store has ordered or approved in the month of each."""
    line = schema.purchase_order_line.c
    month = sa.func.substr(line.ordered_on, 1, 7)
    question = sa.select(line.store, month, line.quantity_milli, line.unit_cost_e4).where(
        line.ordered_on <= as_of.isoformat(), stands(line.document_sequence, as_of, known_at)
    )
    if known_at is not None:
        question = question.where(line.document_sequence <= known_at)
    ordered: dict[tuple[str, str], int] = {}
    rows = [(str(row[0]), str(row[1]), int(row[2]), int(row[3])) for row in connection.execute(question)]
    for row in approved:
        amounts = int(str(row["quantity_milli"])), int(str(row["unit_cost_e4"]))
        rows.append((str(row["store"]), str(row["order_on"])[:7], *amounts))
    for at_store, period, quantity, cost in rows:
        ordered[(at_store, period)] = ordered.get((at_store, period), 0) + (quantity * cost + 500) // 1000
    frame = _frame(connection, schema.budget, store)
    spent = [ordered.get(pair, 0) for pair in zip(frame["store"], frame["period"], strict=True)]
    return frame.assign(ordered_e4=np.array(spent, dtype=np.int64))


def _open_orders(
    connection: sa.Connection, as_of: date, store: str | None, known_at: int | None, entered: Mapping[str, str]
) -> pd.DataFrame:
    lines = [line for line in open_lines(connection, as_of, known_at=known_at) if store in (None, line["store"])]
    lines = [line | {"entered_on": entered[str(line["order_no"])]} for line in lines]
    frame = pd.DataFrame({name: _series([line[name] for line in lines], kind) for name, kind in _OPEN_ORDER.items()})
    return frame.sort_values(["order_no", "store", "part_no"], ignore_index=True)


def _under_way(
    connection: sa.Connection,
    as_of: date,
    store: str | None,
    approved: Sequence[Mapping[str, object]],
    known_at: int | None,
) -> pd.DataFrame:
    """Return what is on its way to a store without an open purchase order: approved, or sent by another store."""
    rows = [
        {"kind": "approved", "number": line["proposal_no"], "open_milli": line["quantity_milli"]}
        | _at(line, "store")
        | {"expected_on": _sent_today(line, as_of)}
        for line in approved
    ]
    rows += [
        {"kind": "transfer", "number": sent["transfer_no"], "open_milli": sent["in_transit_milli"]}
        | _at(sent, "to_store")
        | {"expected_on": ""}
        for sent in transfer_rows(connection, as_of, store, known_at)
    ]
    mine = [row for row in rows if store in (None, row["store"])]
    return _plain(mine, _UNDER_WAY, "open_milli")


def _sent_today(line: Mapping[str, object], as_of: date) -> date:
    """Return when what is approved would come if it were sent today, as `purchasing.orders.send` has it."""
    order_on, expected_on = (date.fromisoformat(str(line[name])) for name in ("order_on", "expected_on"))
    return expected_on + max(as_of - order_on, timedelta(0))


def _at(row: Mapping[str, object], name: str) -> dict[str, object]:
    return {"store": row[name], "part_no": row["part_no"]}


def _overrides(connection: sa.Connection, as_of: date, store: str | None) -> pd.DataFrame:
    """Return what people set over forecasts up to the day, the withdrawn and the expired too."""
    rows = [row for row in override_rows(connection, as_of) if store in (None, row["store"])]
    return pd.DataFrame({name: _series([row[name] for row in rows], kind) for name, kind in _OVERRIDE.items()})


def _receipts(
    connection: sa.Connection, as_of: date, store: str | None, known_at: int | None, entered: Mapping[str, str]
) -> pd.DataFrame:
    rows = deliveries(connection, as_of - timedelta(days=RECEIPT_DAYS), as_of, store, known_at)
    rows = [row | {"entered_on": entered[str(row["order_no"])]} for row in rows]
    frame = pd.DataFrame({name: _series([row[name] for row in rows], kind) for name, kind in _RECEIPT.items()})
    return frame.sort_values(["order_no", "supplier", "order_type", "ordered_on", "received_on"], ignore_index=True)


def _plain(rows: Sequence[Mapping[str, object]], kinds: Mapping[str, str], above_zero: str = "") -> pd.DataFrame:
    """Return rows as a frame sorted by its first columns; only those with something in the column named, if any."""
    some = [row for row in rows if not above_zero or row[above_zero]]
    texts = [{name: str(row[name]) if kind == "date" else row[name] for name, kind in kinds.items()} for row in some]
    frame = pd.DataFrame({name: _series([row[name] for row in texts], kind) for name, kind in kinds.items()})
    return frame.sort_values(list(kinds)[:4], ignore_index=True)


def _positions(
    connection: sa.Connection,
    as_of: date,
    store: str | None,
    orders: pd.DataFrame,
    under_way: pd.DataFrame,
    known_at: int | None,
) -> pd.DataFrame:
    """Return a row for each part and store with stock, an open order, a reservation or a backorder."""
    figures: dict[tuple[str, str], dict[str, int]] = {}

    def add(at: tuple[str, str], name: str, amount: int) -> None:
        row = figures.setdefault(at, dict.fromkeys(_POSITION, 0))
        row[name] += amount

    for where, amount in balances_on(connection, as_of, store, known_at=known_at).items():
        if where.place_kind in ON_HAND:
            add((where.store, where.part_no), "on_hand_milli", amount.quantity_milli)
            add((where.store, where.part_no), "value_e4", amount.value_e4)
        if where.place_kind == PlaceKind.RESERVED:
            add((where.store, where.part_no), "reserved_milli", amount.quantity_milli)
    for coming in (orders, under_way):
        for at_store, part_no, quantity in zip(coming["store"], coming["part_no"], coming["open_milli"], strict=True):
            add((at_store, part_no), "on_order_milli", int(quantity))
    recent, held = _recent_special_orders(connection, as_of, known_at), held_for(connection, as_of, known_at)
    for request, quantity in waiting(connection, as_of, known_at=known_at).items():
        if store in (None, request.store) and tuple(request) in recent:
            missing = max(0, quantity - held.get(request, 0))
            add((request.store, request.part_no), "backorder_milli", missing)
    pairs = sorted(pair for pair, row in figures.items() if any(row.values()))
    columns: dict[str, pd.Series] = {
        "store": pd.Series([pair[0] for pair in pairs], dtype="str"),
        "part_no": pd.Series([pair[1] for pair in pairs], dtype="str"),
    }
    for name in _POSITION:
        columns[name] = pd.Series(np.array([figures[pair][name] for pair in pairs], dtype=np.int64))
    return pd.DataFrame(columns)


def _recent_special_orders(connection: sa.Connection, as_of: date, known_at: int | None) -> set[tuple[str, ...]]:
    log = schema.demand_line.c
    since = (as_of - timedelta(days=BACKORDER_DAYS)).isoformat()
    question = sa.select(log.store, log.order_no, log.part_no).where(
        log.outcome == "special_order", log.opened_on > since, *asked(as_of, known_at)
    )
    return {tuple(row) for row in connection.execute(question)}
