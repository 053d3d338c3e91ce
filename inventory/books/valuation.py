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

from collections import defaultdict
from collections.abc import Iterable, Mapping

from inventory.books.balances import NOTHING


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


def values_out(taken: Iterable[tuple[str, str, int]], held: Mapping[tuple[str, str], tuple[int, int]]) -> list[int]:
    """Return the value of each quantity taken off the shelf by one document.

    Parameters
    ----------
    taken
        Store, part number and quantity (thousandths), in the order in which they are taken.
    held
        The pools before: quantity and value by store and part.

    Returns
    -------
    list of int
        Value of each, in ten-thousandths of the currency.

    Raises
    ------
    ValueError
        If more is taken from a pool than it holds; whoever takes has to ask first.
    """
    reached: defaultdict[tuple[str, str], int] = defaultdict(int)
    values = []
    for store, part_no, quantity_milli in taken:
        there, worth = held.get((store, part_no), NOTHING)
        before = reached[store, part_no]
        after = before + quantity_milli
        if after > there:
            raise ValueError(f"more of {part_no} is taken than {store} holds")
        value = share_e4(after, there, worth)
        values.append(value - share_e4(before, there, worth) if before else value)
        reached[store, part_no] = after
    return values
