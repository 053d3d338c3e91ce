"""From a need to an order quantity: whole packs, and at least the minimum the supplier takes.

    need         = level − position, where the position is below the level, else nothing
    rounding     = what whole packs add:         ⌈need / pack⌉ · pack − need
    minimum fill = what the least order adds:    max(0, ⌈least / pack⌉ · pack − the above)

Position = on hand − reserved + on order − backorders. All in thousandths of the stock unit, all whole, so the sum is
exact. The least order quantity is of the part; the least value of a whole purchase order is `optimisation.budget`'s.

Where no more than a certain quantity will ever be of use (`optimisation.endings`), whole packs are rounded down to it:
the rounding is then negative. What customers wait for is ordered all the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demand.history import Int64Array1D


@dataclass(frozen=True)
class OrderQuantities:
    """Need, what was added to it and why, in thousandths of the stock unit, ``(n_items,)`` each."""

    need_milli: Int64Array1D
    rounding_milli: Int64Array1D
    minimum_fill_milli: Int64Array1D

    @property
    def quantity_milli(self) -> Int64Array1D:
        """What is ordered: the sum of the three."""
        return self.need_milli + self.rounding_milli + self.minimum_fill_milli


def order_quantities(
    level_milli: Int64Array1D, position_milli: Int64Array1D, pack_milli: Int64Array1D, least_milli: Int64Array1D
) -> OrderQuantities:
    """Return what to order so that the position reaches the level.

    Parameters
    ----------
    level_milli, position_milli
        Order-up-to level and inventory position, ``(n_items,)``.
    pack_milli
        Content of one pack, above zero.
    least_milli
        Least quantity the supplier takes of the part; 0 where there is none.

    Raises
    ------
    ValueError
        If a pack is not above zero.

    >>> one = lambda number: np.array([number], dtype=np.int64)
    >>> order_quantities(one(26000), one(6000), one(10000), one(1000)).quantity_milli.tolist()
    [20000]
    """
    if pack_milli.size and pack_milli.min() <= 0:
        raise ValueError("a pack holds more than nothing")
    need = np.maximum(level_milli - position_milli, 0)
    packed = -(-need // pack_milli) * pack_milli
    least = np.where(need > 0, -(-least_milli // pack_milli) * pack_milli, 0)
    return OrderQuantities(need, packed - need, np.maximum(least - packed, 0))


def within_most(
    wanted: OrderQuantities,
    position_milli: Int64Array1D,
    pack_milli: Int64Array1D,
    least_milli: Int64Array1D,
    most_milli: Int64Array1D,
) -> OrderQuantities:
    """Return what to order so that the position does not pass the most that will be of use.

    Parameters
    ----------
    wanted
        What would be ordered without such a limit.
    position_milli, pack_milli, least_milli
        As `order_quantities` was given them.
    most_milli
        The most the position may reach, ``(n_items,)``; what customers wait for is ordered beyond it.

    >>> one = lambda number: np.array([number], dtype=np.int64)
    >>> wanted = order_quantities(one(6000), one(1000), one(4000), one(0))
    >>> within_most(wanted, one(1000), one(4000), one(0), one(7000)).quantity_milli.tolist()
    [4000]
    """
    room = np.maximum(most_milli - position_milli, 0) // pack_milli * pack_milli
    room = np.where(room < least_milli, 0, room)
    waited_for = -(-np.maximum(-position_milli, 0) // pack_milli) * pack_milli
    waited_for = np.where(waited_for > 0, np.maximum(waited_for, -(-least_milli // pack_milli) * pack_milli), 0)
    quantity = np.minimum(wanted.quantity_milli, np.maximum(room, waited_for))
    fill = np.where(quantity < wanted.quantity_milli, 0, wanted.minimum_fill_milli)
    return OrderQuantities(wanted.need_milli, quantity - wanted.need_milli - fill, fill)
