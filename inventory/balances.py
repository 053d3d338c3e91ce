"""What lies where, and what it is worth: read from the cache, or summed from the movements as of a day.

Everything a store holds of a part on the shelf (`ON_HAND`: bins, and what is reserved) is one *pool* with one moving
average, so each unit of it is worth the same wherever it lies. With q quantities by place, Q = Σq and V the value of
the pool, the first k places together are worth ⌊V·(q₁+…+q_k)/Q⌋: whole numbers that sum to V exactly and are zero
where the quantity is. Every other place is worth what its own movements brought and took.

`balance` is the only cache in the books; `differences` holds it against the movements. This file changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import sqlalchemy as sa

from inventory.movements import ON_HAND
from inventory.schema import balance, document, movement

KEY = ["store", "part_no", "place_kind", "place_name"]
AMOUNTS = ["quantity_milli", "value_e4"]
ON_HAND_KINDS = sorted(kind.value for kind in ON_HAND)

_PARTS_PER_QUESTION = 5000
"""Databases bound the number of parameters of one statement; SQLite at 32,766."""


def balances(connection: sa.Connection, stores: Sequence[str], part_nos: Sequence[str]) -> pd.DataFrame:
    """Return the balances now in the books of some parts in some stores.

    Parameters
    ----------
    stores, part_nos
        Every pair of one of these stores and one of these parts is answered.

    Returns
    -------
    DataFrame
        ``store, part_no, place_kind, place_name, quantity_milli, value_e4``, sorted by the first four.
    """
    wanted = sorted(set(part_nos))
    rows: list[tuple[object, ...]] = []
    for start in range(0, len(wanted), _PARTS_PER_QUESTION):
        question = sa.select(balance).where(
            balance.c.store.in_(sorted(set(stores))),
            balance.c.part_no.in_(wanted[start : start + _PARTS_PER_QUESTION]),
        )
        rows += [tuple(row) for row in connection.execute(question)]
    return as_balances(rows).sort_values(KEY, ignore_index=True)


def balances_on(
    connection: sa.Connection, as_of: date, store: str | None = None, part_no: str | None = None
) -> pd.DataFrame:
    """Return the balances on a business day, summed from the movements effective until then.

    Parameters
    ----------
    as_of
        The last effective date that counts.
    store, part_no
        Only this one; all where not given.

    Returns
    -------
    DataFrame
        As `balances`; places where nothing is left are not listed.
    """
    conditions = [document.c.effective_on <= as_of.isoformat()]
    if store is not None:
        conditions.append(movement.c.store == store)
    if part_no is not None:
        conditions.append(movement.c.part_no == part_no)
    totals = with_shared_value(_summed(connection, conditions))
    return totals[(totals["quantity_milli"] != 0) | (totals["value_e4"] != 0)].reset_index(drop=True)


def on_hand(connection: sa.Connection, as_of: date, store: str | None = None) -> pd.DataFrame:
    """Return what lies on the shelf on a business day.

    Returns
    -------
    DataFrame
        ``store, part_no, quantity_milli, value_e4``, one row per part and store with something there.
    """
    held = balances_on(connection, as_of, store)
    held = held[held["place_kind"].isin(ON_HAND_KINDS)]
    return held.groupby(["store", "part_no"], as_index=False)[AMOUNTS].sum()


def differences(connection: sa.Connection) -> pd.DataFrame:
    """Return the rows in which the cached balances and the movements do not say the same; none in sound books.

    Returns
    -------
    DataFrame
        The key, ``quantity_milli, value_e4`` as cached and ``moved_quantity_milli, moved_value_e4`` as the
        movements sum up; what one side lacks is zero there.
    """
    cached = as_balances([tuple(row) for row in connection.execute(sa.select(balance))])
    summed = with_shared_value(_summed(connection, []))
    summed = summed.rename(columns={name: f"moved_{name}" for name in AMOUNTS})
    both = cached.merge(summed, how="outer", on=KEY, sort=True)
    amounts = [*AMOUNTS, *(f"moved_{name}" for name in AMOUNTS)]
    both[amounts] = both[amounts].fillna(0).astype("int64")
    differs = (both["quantity_milli"] != both["moved_quantity_milli"]) | (both["value_e4"] != both["moved_value_e4"])
    return both[differs].reset_index(drop=True)


def as_balances(rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    """Return rows of key and amounts as a frame of texts and whole numbers, also where there is no row."""
    frame = pd.DataFrame.from_records(list(rows), columns=[*KEY, *AMOUNTS])
    return frame.astype({**dict.fromkeys(KEY, "object"), **dict.fromkeys(AMOUNTS, "int64")})


def with_shared_value(totals: pd.DataFrame) -> pd.DataFrame:
    """Return balances in which every unit on the shelf of a store is worth its share of the pool.

    Parameters
    ----------
    totals
        One row per key; the value of a row on the shelf may be anything, only their sum per pool counts.

    Returns
    -------
    DataFrame
        The same rows, sorted by key, the same sums of value.
    """
    totals = totals.sort_values(KEY, ignore_index=True)
    shelf = totals[totals["place_kind"].isin(ON_HAND_KINDS)]
    shelf = shelf[shelf.duplicated(["store", "part_no"], keep=False)]
    if shelf.empty:  # one place per part, as nearly always: the pool is that place
        return totals
    # Products of quantity and value can pass 64 bits; Python's whole numbers can't.
    pools = shelf.astype(dict.fromkeys(AMOUNTS, "object")).groupby(["store", "part_no"], sort=False)
    quantity, value = pools["quantity_milli"].transform("sum"), pools["value_e4"].transform("sum")
    reached = pools["quantity_milli"].cumsum()
    worth = (value * reached) // quantity.where(quantity != 0, 1)
    before = worth.groupby([shelf["store"], shelf["part_no"]], sort=False).shift(fill_value=0)
    totals.loc[shelf.index, "value_e4"] = (worth - before).astype("int64")
    return totals


def _summed(connection: sa.Connection, conditions: list[sa.ColumnElement[bool]]) -> pd.DataFrame:
    """Return what the movements sum up to per key."""
    sides = []
    for kind, name, sign in (
        (movement.c.source_kind, movement.c.source_name, -1),
        (movement.c.target_kind, movement.c.target_name, 1),
    ):
        sides.append(
            sa.select(
                movement.c.store,
                movement.c.part_no,
                kind.label("place_kind"),
                name.label("place_name"),
                (sign * movement.c.quantity_milli).label("quantity_milli"),
                (sign * movement.c.value_e4).label("value_e4"),
            )
            .join(document, document.c.sequence == movement.c.document_sequence)
            .where(*conditions)
        )
    both = sa.union_all(*sides).subquery()
    keys = [both.c[name] for name in KEY]
    sums = [sa.cast(sa.func.sum(both.c[name]), sa.BigInteger) for name in AMOUNTS]
    rows = connection.execute(sa.select(*keys, *sums).group_by(*keys))
    return as_balances([tuple(row) for row in rows])
