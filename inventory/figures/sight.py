"""`Sight`: one look at the books, from which all measures of a period are read; what several of them need is read once.

The figures of a scope stand on the same ground: what lies where at the end of the period, when each part was last asked
for, how it is classed. A sight reads each of these at its first use and keeps it, within one read transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import sqlalchemy as sa

from inventory.bulk import raw_rows
from inventory.figures.classes import ClassOf, classes_of
from inventory.figures.closed import Closing, closings
from inventory.figures.closed_layers import kept_layers, layers_left
from inventory.figures.columns import Whole
from inventory.figures.demand_by_month import DemandByMonth, demand_by_month
from inventory.figures.layers import Layers
from inventory.figures.positions import Day, Places, Shelf, days_of, on_shelf, places
from inventory.figures.scope import Scope
from inventory.schema import part

Told = Mapping[str, Mapping[str, Mapping[str, int]]]


@dataclass(frozen=True)
class Sight:
    """A scope and the transaction it is read in.

    Parameters
    ----------
    told
        What the books can't know, in ten-thousandths of the currency: by store, month (``YYYY-MM``) and name, such as
        ``labour`` (see `outside`).
    sold
        What the ledger sold, by months and grain, once it was read (see `sales`); of this scope's store and knowledge.
    wider
        A sight with the same end, of all stores or of another length, that reads what does not depend on either.
    """

    connection: sa.Connection
    scope: Scope
    told: Told = field(default_factory=dict)
    sold: dict[object, Any] = field(default_factory=dict)
    wider: Sight | None = None

    @cached_property
    def closings(self) -> list[Closing]:
        """What closing documents keep of the months up to the end of the period."""
        if self.wider is not None:
            return self.wider.closings
        return closings(self.connection, self.scope.until, self.scope.known_at)

    @cached_property
    def places(self) -> Places:
        """What is where inside the stores at the end of the period, bins left out."""
        return places(self.connection, self.scope)

    @cached_property
    def shelf(self) -> Shelf:
        """What lies on the shelf at the end of the period."""
        return on_shelf(self.connection, self.scope)

    @cached_property
    def layers(self) -> Layers:
        """What is left of each inflow to the shelf, first in, first out."""
        return layers_left(self.connection, self.scope, self.shelf, kept_layers(self.closings))

    @cached_property
    def received(self) -> Whole:
        """When something of each part on the shelf last came in: what lies there came in last, so in its layers.

        By its row on the shelf, the day's number (`date.toordinal`); 0: not known.
        """
        found = np.zeros(len(self.shelf.pairs), np.int64)
        np.maximum.at(found, self.layers.row, self.layers.day)
        return found

    @cached_property
    def days(self) -> list[Day]:
        """What moved on each day of the twelve months that end with the period."""
        return days_of(self.connection, self.scope, self.closings)

    @cached_property
    def demand(self) -> DemandByMonth:
        """How often each part was asked for, month by month, up to the end of the period."""
        if self.wider is not None:
            return self.wider.demand.of_store(self.scope.store)
        return demand_by_month(self.connection, self.scope, self.closings)

    @cached_property
    def asked_row(self) -> Whole:
        """The row of each part on the shelf in `demand`; -1: never asked for."""
        return self.demand.pairs.find(self.shelf.pairs)

    @cached_property
    def last_asked(self) -> Whole:
        """When each part on the shelf was last asked for, as a day's number; 0: never."""
        return np.where(self.asked_row >= 0, np.append(self.demand.last, 0)[self.asked_row], 0)

    @cached_property
    def class_of(self) -> ClassOf:
        """The class of a store's part in a month of the period."""
        return classes_of(self.demand, self.scope)

    @cached_property
    def attributes(self) -> dict[str, tuple[str, str]]:
        """Supplier and family of each part."""
        question = sa.select(part.c.part_no, part.c.supplier, part.c.category)
        return {row[0]: (row[1], row[2]) for row in raw_rows(self.connection, question)}
