"""`Sight`: one look at the books, from which all measures of a period are read; what several of them need is read once.

The figures of a scope stand on the same ground: what lies where at the end of the period, when each part was last asked
for, how it is classed. A sight reads each of these at its first use and keeps it, within one read transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from inventory.books.balances import ON_HAND_KINDS, Pools
from inventory.bulk import raw_rows
from inventory.figures.classes import AskedParts, ClassOf, asked_parts, classes_of
from inventory.figures.demand_by_month import DemandByMonth, demand_by_month
from inventory.figures.layers import Left, newest_layers
from inventory.figures.positions import Day, Places, days_of, held
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
    """

    connection: sa.Connection
    scope: Scope
    told: Told = field(default_factory=dict)
    sold: dict[object, Any] = field(default_factory=dict)

    @cached_property
    def places(self) -> Places:
        """What is where inside the stores at the end of the period."""
        return held(self.connection, self.scope)

    @cached_property
    def shelf(self) -> Pools:
        """What lies on the shelf, by store and part; what is empty is not listed."""
        found: Pools = {}
        for (store, part_no, kind), amount in self.places.items():
            if kind in ON_HAND_KINDS:
                there = found.get((store, part_no))
                found[store, part_no] = amount if there is None else there.plus(amount)
        return {key: amount for key, amount in found.items() if amount.quantity_milli}

    @cached_property
    def layers(self) -> list[Left]:
        """What is left of each inflow to the shelf, first in, first out."""
        left = {key: amount.quantity_milli for key, amount in self.shelf.items()}
        return newest_layers(self.connection, self.scope, left)

    @cached_property
    def received(self) -> dict[tuple[str, str], str]:
        """When something of each part on the shelf last came in: what lies there came in last, so in its layers."""
        return {(store, part_no): day for store, part_no, day, _, _ in reversed(self.layers)}  # the newest comes last

    @cached_property
    def days(self) -> list[Day]:
        """What moved on each day of the twelve months that end with the period."""
        return days_of(self.connection, self.scope)

    @cached_property
    def demand(self) -> DemandByMonth:
        """How often each part was asked for, month by month, up to the end of the period."""
        return demand_by_month(self.connection, self.scope)

    @cached_property
    def asked(self) -> AskedParts:
        """When and how often each part was asked for, up to the end of the period."""
        return asked_parts(self.demand, self.scope)

    @cached_property
    def class_of(self) -> ClassOf:
        """The class of a store's part in a month of the period."""
        return classes_of(self.demand, self.scope)

    @cached_property
    def attributes(self) -> dict[str, tuple[str, str]]:
        """Supplier and family of each part."""
        question = sa.select(part.c.part_no, part.c.supplier, part.c.category)
        return {row[0]: (row[1], row[2]) for row in raw_rows(self.connection, question)}
