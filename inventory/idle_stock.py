"""What the books know of stock that may lie idle: when parts were asked for, what lies there, since when, bought where.

Frames for `planning`, and columns where no frame is needed, each of a business day and of what was known at a document;
nothing is judged here. A part counts as asked for by any line that was not cancelled, or by a bare demand panel on the
first day of its period. Value is by moving average or first in, first out, as the store declared.

What was bought in twelve months is what came from suppliers, and of the time before the ledger what imported history
supplied, at the part's unit cost: what a store uses it buys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from inventory.books.history import stock_rows
from inventory.books.layers import layers_left
from inventory.books.movements import PlaceKind
from inventory.books.periods import known_by
from inventory.books.standing import stands
from inventory.bulk import raw_rows, whole_columns
from inventory.claims.maker_returns import return_rows
from inventory.demand_log import asked
from inventory.idle_columns import AskedDays, OnShelf, days_of
from inventory.schema import demand_line, demand_panel, movement, part, supersession
from inventory.supersession import Step

if TYPE_CHECKING:
    import pandas as pd

DAYS_PER_YEAR = 365

_STOCK = ("store", "part_no", "name", "on_hand_milli", "value_e4")
_PART = ("category", "supplier", "returnable", "unit_cost_e4", "shelf_life_days", "on_sale_from")


def asked_columns(
    connection: sa.Connection, as_of: date, store: str | None = None, known_at: int | None = None
) -> AskedDays:
    """Return the days on which parts were asked for, in any order; a day may be told twice.

    Parameters
    ----------
    as_of
        The last day that counts.
    store
        Only this one (and what a panel says of no store); all where not given.
    known_at
        The last document that counts, by its sequence; all where not given.
    """
    line, panel = demand_line.c, demand_panel.c
    known = known_by(connection, as_of, known_at)
    of_store = [] if store is None else [line.store == store]
    lines = sa.select(line.store, line.part_no, line.opened_on).where(
        line.outcome != "cancelled", *asked(as_of, known), *of_store
    )
    told = sa.select(panel.store, panel.part_no, panel.period).where(
        panel.quantity_milli > 0,
        panel.period <= as_of.isoformat(),
        *([] if store is None else [panel.store.in_([store, ""])]),
    )
    of_lines, of_panel = (whole_columns(connection, question.distinct()) for question in (lines, told))
    stores, part_nos, days = (one + other for one, other in zip(of_lines, of_panel, strict=True))
    category = dict(raw_rows(connection, sa.select(part.c.part_no, part.c.category)))
    first_days = [day if len(day) > len("2026-06") else f"{day}-01" for day in days]
    return AskedDays(stores, part_nos, days_of(first_days), {number: of or "" for number, of in category.items()})


def asked_days(
    connection: sa.Connection, as_of: date, store: str | None = None, known_at: int | None = None
) -> pd.DataFrame:
    """Return what `asked_columns` does, each day once and sorted: ``store, part_no, asked_on, category``."""
    import pandas as pd

    found = asked_columns(connection, as_of, store, known_at)
    frame = pd.DataFrame(
        {
            "store": pd.Series(found.stores, dtype="str"),
            "part_no": pd.Series(found.part_nos, dtype="str"),
            "asked_on": pd.Series(found.days.astype("datetime64[us]")),
            "category": pd.Series([found.category_of.get(number, "") for number in found.part_nos], dtype="str"),
        }
    ).drop_duplicates()  # what a panel tells may be on a line, too
    return frame.sort_values(["store", "part_no", "asked_on"], ignore_index=True)


def on_shelf(connection: sa.Connection, rows: Sequence[Mapping[str, object]]) -> OnShelf:
    """Return rows of ``store, part_no, value_e4`` as columns, with what the parts table tells."""
    on_sale = dict(raw_rows(connection, sa.select(part.c.part_no, part.c.on_sale_from)))
    stores, part_nos = ([str(row[name]) for row in rows] for name in ("store", "part_no"))
    value = np.array([int(str(row["value_e4"])) for row in rows], dtype=np.int64)
    return OnShelf(stores, part_nos, value, days_of([on_sale.get(number) or "" for number in part_nos]))


def shelf_stock(
    connection: sa.Connection, as_of: date, store: str | None = None, known_at: int | None = None
) -> pd.DataFrame:
    """Return what lies on the shelf, by store and part.

    Returns
    -------
    DataFrame
        ``store, part_no, name, on_hand_milli, value_e4, category, supplier, returnable, unit_cost_e4, shelf_life_days,
        on_sale_from``; what the parts table does not tell is empty, or 0.
    """
    import pandas as pd

    rows = [row for row in stock_rows(connection, as_of, store, None, known_at) if row["on_hand_milli"]]
    frame = pd.DataFrame({name: _column(rows, name) for name in _STOCK})
    columns = [part.c[name] for name in ("part_no", *_PART)]
    known = {row[0]: dict(zip(_PART, row[1:], strict=True)) for row in raw_rows(connection, sa.select(*columns))}
    of = [known.get(number, {}) for number in frame["part_no"]]
    for name in _PART[:-1]:
        frame[name] = _column(of, name)
    return frame.assign(on_sale_from=_days([str(each.get("on_sale_from") or "") for each in of]))


def shelf_layers(
    connection: sa.Connection, as_of: date, store: str | None = None, known_at: int | None = None
) -> pd.DataFrame:
    """Return what is left of each inflow, first in, first out: ``store, part_no, received_on, quantity_milli``."""
    import pandas as pd

    layers = list(layers_left(connection, as_of, store, known_by(connection, as_of, known_at)))
    return pd.DataFrame(
        {
            "store": pd.Series([layer.store for layer in layers], dtype="str"),
            "part_no": pd.Series([layer.part_no for layer in layers], dtype="str"),
            "received_on": pd.to_datetime(pd.Series([layer.received_on for layer in layers], dtype="object")),
            "quantity_milli": pd.Series([layer.quantity_milli for layer in layers], dtype="int64"),
        }
    )


def bought_and_sent_back(
    connection: sa.Connection, as_of: date, store: str | None = None, known_at: int | None = None
) -> pd.DataFrame:
    """Return what the twelve months up to a day brought from and took back to suppliers, at cost.

    Returns
    -------
    DataFrame
        ``store, supplier, bought_e4, sent_back_e4``; a return that the maker refused was not sent back.
    """
    import pandas as pd

    since = (as_of - timedelta(days=DAYS_PER_YEAR)).isoformat()
    known = known_by(connection, as_of, known_at)
    found: dict[tuple[str, str], list[int]] = {}
    for at, supplier, bought in _bought(connection, since, as_of, known):
        found.setdefault((at, supplier), [0, 0])[0] += int(bought)
    for row in return_rows(connection, as_of, store, known):
        if str(row["opened_on"]) > since and row["state"] != "refused":
            found.setdefault((str(row["store"]), str(row["supplier"])), [0, 0])[1] += int(str(row["value_e4"]))
    keys = sorted(key for key in found if store in (None, key[0]))
    return pd.DataFrame(
        {
            "store": pd.Series([key[0] for key in keys], dtype="str"),
            "supplier": pd.Series([key[1] for key in keys], dtype="str"),
            "bought_e4": pd.Series([found[key][0] for key in keys], dtype="int64"),
            "sent_back_e4": pd.Series([found[key][1] for key in keys], dtype="int64"),
        }
    )


def _bought(connection: sa.Connection, since: str, as_of: date, known: int | None) -> Iterator[tuple[str, str, int]]:
    """Yield store, supplier and cost of what came in, and of what imported history supplied."""
    moved, line = movement.c, demand_line.c
    of_known = [] if known is None else [moved.document_sequence <= known]
    came = sa.select(moved.store, moved.source_name, sa.cast(sa.func.sum(moved.value_e4), sa.BigInteger)).where(
        moved.source_kind == PlaceKind.SUPPLIER.value,
        moved.effective_on > since,
        moved.effective_on <= as_of.isoformat(),
        stands(moved.document_sequence, as_of, known),
        *of_known,
    )
    supplied = (line.quantity_supplied_milli * part.c.unit_cost_e4 + 500) // 1000
    used = (
        sa.select(line.store, part.c.supplier, sa.cast(sa.func.sum(supplied), sa.BigInteger))
        .join(part, part.c.part_no == line.part_no)
        .where(
            line.document_sequence.is_(None),
            line.outcome != "cancelled",
            line.opened_on > since,
            line.opened_on <= as_of.isoformat(),
        )
    )
    yield from raw_rows(connection, came.group_by(moved.store, moved.source_name))
    yield from raw_rows(connection, used.group_by(line.store, part.c.supplier))


def supersession_steps(connection: sa.Connection) -> list[Step]:
    """Return which number replaces which, as `inventory.supersession.lineage_of` takes it."""
    column = supersession.c
    asked_for = (column.part_no, column.replaced_by, column.effective_on, column.quantity_milli, column.kind)
    return [
        (old, new, date.fromisoformat(on) if on else None, quantity, kind)
        for old, new, on, quantity, kind in raw_rows(connection, sa.select(*asked_for))
    ]


def supersessions(connection: sa.Connection) -> pd.DataFrame:
    """Return which number replaces which: ``part_no, replaced_by, effective_on, quantity_milli, kind``."""
    import pandas as pd

    names = ("part_no", "replaced_by", "effective_on", "quantity_milli", "kind")
    of = [dict(zip(names, step, strict=True)) for step in supersession_steps(connection)]
    frame = pd.DataFrame({name: _column(of, name) for name in names})
    return frame.assign(effective_on=_days([str(each["effective_on"] or "") for each in of]))


def _column(rows: Sequence[Mapping[str, object]], name: str) -> pd.Series:
    """Return a column of rows: whole numbers, 0 where there is none, or texts."""
    import pandas as pd

    if name.endswith(("_milli", "_e4", "_days")):
        return pd.Series([int(str(row.get(name) or 0)) for row in rows], dtype="int64")
    return pd.Series([str(row.get(name) or "") for row in rows], dtype="str")


def _days(texts: list[str]) -> pd.Series:
    """Return days of ISO texts; empty where a text is."""
    import pandas as pd

    return pd.to_datetime(pd.Series(texts, dtype="str").replace("", None), format="%Y-%m-%d").astype("datetime64[us]")
