"""`DemandHistory`: what was asked for, per part and store, period by period.

Demand is recorded when it is asked for, filled or not. Five things that all look like a zero in a sales table are
kept apart, because a forecast must treat each differently (see `Observation`). A row is one *item*: one part at one
store. Quantities are whole numbers of the item's own demand unit, which is `unit_milli` thousandths of the part's
stock unit: 4,000 for oil that is always drawn four litres at a time, 1,000 for pieces.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from demand.periods import PeriodAxis

Int64Array1D = NDArray[np.int64]
Int64Array2D = NDArray[np.int64]
Float64Array1D = NDArray[np.float64]
Float64Array2D = NDArray[np.float64]


class Observation(IntEnum):
    """Why a cell of the history holds what it holds."""

    SEEN = 0
    """The store was open, the part was to be had (perhaps for a share of the period): the figure is demand."""
    MISSING = 1
    """Nothing is known of this period; the figure is no information."""
    CLOSED = 2
    """The store was closed for the whole period."""
    BEFORE_LAUNCH = 3
    """The part could not be asked for yet: no vehicle carried it and it was not on sale."""
    OUT_OF_STOCK = 4
    """The part could not be had at all and refusals were not recorded: demand is hidden."""


@dataclass(frozen=True)
class DemandHistory:
    """Demand of many items over one run of periods.

    Parameters
    ----------
    part_no, store
        The item's names, each of length ``n_items``; pairs are unique. The store is empty where stores are one.
    axis
        The periods of the columns, oldest first.
    quantity
        Demand in the item's own unit, ``(n_items, n_periods)``, zero or more; zero where not `SEEN`.
    lines
        Number of order lines behind each quantity, same shape; equal to `quantity` where lines are not known.
    availability
        Share of the period in which demand would have been seen, in [0, 1], same shape; 0 where not `SEEN`.
    observation
        `Observation` code of each cell, same shape, ``uint8``.
    unit_milli
        Thousandths of the stock unit in one demand unit, ``(n_items,)``, one or more.

    Raises
    ------
    ValueError
        If shapes disagree or a value is outside its range.
    """

    part_no: tuple[str, ...]
    store: tuple[str, ...]
    axis: PeriodAxis
    quantity: Int64Array2D
    lines: Int64Array2D
    availability: Float64Array2D
    observation: NDArray[np.uint8]
    unit_milli: Int64Array1D

    def __post_init__(self) -> None:
        shape = (len(self.part_no), self.axis.count)
        for name in ("quantity", "lines", "availability", "observation"):
            array = getattr(self, name)
            if array.shape != shape:
                raise ValueError(f"{name} has one row per item and one column per period, {shape}; it is {array.shape}")
            array.setflags(write=False)
        self.unit_milli.setflags(write=False)
        if len(self.store) != shape[0] or self.unit_milli.shape != (shape[0],):
            raise ValueError("store and unit_milli have one entry per item")
        if self.quantity.size and (self.quantity.min() < 0 or self.lines.min() < 0):
            raise ValueError("quantities and lines are zero or more")
        if self.availability.size and not (self.availability.min() >= 0 and self.availability.max() <= 1):
            raise ValueError("availability is a share between 0 and 1")
        if self.unit_milli.size and self.unit_milli.min() < 1:
            raise ValueError("a demand unit is at least one thousandth of the stock unit")
        hidden = self.observation != Observation.SEEN
        if self.quantity[hidden].any() or self.availability[hidden].any():
            raise ValueError("a cell that was not seen holds quantity 0 and availability 0")

    @property
    def item_count(self) -> int:
        """Number of items, the rows."""
        return len(self.part_no)

    @cached_property
    def canonical_order(self) -> Int64Array1D:
        """Rows by store and part number: summed in this order, items give the same bytes however they came."""
        rows = range(self.item_count)
        if len(set(self.store)) <= 1:
            return np.array(sorted(rows, key=self.part_no.__getitem__), dtype=np.int64)
        names = list(zip(self.store, self.part_no, strict=True))
        return np.array(sorted(rows, key=names.__getitem__), dtype=np.int64)

    def before(self, period_count: int) -> DemandHistory:
        """Return the history as it was known after the first `period_count` periods: for rolling origins."""
        cut = slice(0, period_count)
        known = DemandHistory(
            self.part_no,
            self.store,
            PeriodAxis(self.axis.kind, self.axis.first, min(period_count, self.axis.count)),
            self.quantity[:, cut],
            self.lines[:, cut],
            self.availability[:, cut],
            self.observation[:, cut],
            self.unit_milli,
        )
        # Of the same items: names are sorted once for all origins.
        vars(known)["canonical_order"] = self.canonical_order
        return known

    def take(self, items: Int64Array1D) -> DemandHistory:
        """Return some items, in the order asked."""
        return DemandHistory(
            tuple(self.part_no[i] for i in items),
            tuple(self.store[i] for i in items),
            self.axis,
            self.quantity[items],
            self.lines[items],
            self.availability[items],
            self.observation[items],
            self.unit_milli[items],
        )
