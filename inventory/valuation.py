"""What leaves the shelf takes its share of what the shelf is worth: moving average, in whole numbers.

Per store and part, all that is on hand (`ON_HAND`) is one pool of quantity Q and value V. The quantities q₁, q₂, …
taken out of it by one document together take

    r(q₁+…+q_k) = ⌊(q₁+…+q_k)·V/Q + ½⌋      (round half up),

each its own difference, so that rounding never adds up and the last unit takes exactly the value that is left:
r(Q) = V, hence quantity zero means value zero.

Symbols: q, Q in thousandths of the stock unit; V, r in ten-thousandths of the currency. Goods that come in bring the
value on their document; this file says nothing about first in, first out (see `layers`).
"""

from __future__ import annotations

import pandas as pd

from inventory.balances import AMOUNTS, ON_HAND_KINDS

POOL = ["store", "part_no"]


def amount_e4(quantity_milli: int, unit_cost_e4: int) -> int:
    """Return quantity times unit cost, rounded half up.

    >>> amount_e4(2500, 10_0000)
    250000
    """
    return (quantity_milli * unit_cost_e4 + 500) // 1000


def share_e4(quantity_milli: int, pool_milli: int, pool_value_e4: int) -> int:
    """Return the value that a quantity taken from a pool takes along, rounded half up.

    >>> share_e4(1, 3, 10), share_e4(2, 3, 10), share_e4(3, 3, 10)
    (3, 7, 10)
    """
    return (2 * quantity_milli * pool_value_e4 + pool_milli) // (2 * pool_milli)


def pools(balances: pd.DataFrame) -> pd.DataFrame:
    """Return quantity and value on hand per store and part.

    Parameters
    ----------
    balances
        As `inventory.balances.balances` gives them.

    Returns
    -------
    DataFrame
        ``store, part_no, quantity_milli, value_e4``.
    """
    held = balances[balances["place_kind"].isin(ON_HAND_KINDS)]
    return held.groupby(POOL, as_index=False)[AMOUNTS].sum()


def values_out(taken: pd.DataFrame, held: pd.DataFrame) -> pd.Series[int]:
    """Return the value of each quantity taken off the shelf by one document.

    Parameters
    ----------
    taken
        ``store, part_no, quantity_milli``: rows of one part follow each other in the order in which they are taken.
    held
        The pools before, as `pools` gives them.

    Returns
    -------
    Series of int, index of `taken`
        ``value_e4`` of each row.

    Raises
    ------
    ValueError
        If more is taken from a pool than it holds; whoever takes has to ask first.
    """
    pool = taken[POOL].merge(held, how="left", on=POOL).set_axis(taken.index)
    pool = pool.fillna({name: 0 for name in AMOUNTS}).astype(dict.fromkeys(AMOUNTS, "object"))
    quantity, value = pool["quantity_milli"].map(int), pool["value_e4"].map(int)
    groups = [taken["store"], taken["part_no"]]
    reached = taken["quantity_milli"].astype("object").groupby(groups, sort=False).cumsum()
    if (reached > quantity).any():
        first = taken[reached > quantity].iloc[0]
        raise ValueError(f"more of {first['part_no']} is taken than {first['store']} holds")
    whole = [share_e4(int(q), int(Q), int(V)) for q, Q, V in zip(reached, quantity, value, strict=True)]
    worth = pd.Series(whole, index=taken.index, dtype="int64")
    return (worth - worth.groupby(groups, sort=False).shift(fill_value=0)).rename("value_e4")
