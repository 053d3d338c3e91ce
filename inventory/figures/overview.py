"""`Overview`: the figures of a period for one store, several or all, beside the period before and month by month.

Every store is read once; the figures of stores together come from the sums of their measures. That is what `kpi` prints
for all stores, since each measure counts or adds up things of one store. One does not: the mean of the stock, of the
month-ends on which the books knew *every* store. Where stores of a whole group began on different days it is therefore
read for the group; of some of its stores it is the sum of their means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import sqlalchemy as sa

from inventory.figures.computing import Chosen, Reading, figure_of
from inventory.figures.families import family_of
from inventory.figures.figure import Exact, Figure, Variant
from inventory.figures.grouping import Cell, Grain, added
from inventory.figures.positions import begun, stores_of
from inventory.figures.scope import WITHIN_MONTHS, Scope, Span, scope_of
from inventory.figures.sight import Sight, Told
from inventory.figures.trends import Trend, stock_values, trends

TOGETHER = ""
"""The name under which stores together are found."""

Values = Mapping[str, Figure]
"""Figures by id."""


class UnknownStoreError(ValueError):
    """The books hold nothing of a store that is named; the message says which they know."""


@dataclass(frozen=True)
class Looked:
    """A look at some stores in a period: a reading of each, and one of all together where a mean needs it.

    Parameters
    ----------
    connection
        The transaction it is read in.
    scope
        Of the period; of the store where there is only one.
    by_store
        The readings, sorted by store.
    group
        A reading of all stores, where they are all meant and began on different days.
    """

    connection: sa.Connection
    scope: Scope
    by_store: Mapping[str, Reading]
    group: Reading | None = None

    @property
    def stores(self) -> tuple[str, ...]:
        """The stores looked at."""
        return tuple(self.by_store)

    def cells(self, variants: Sequence[Variant], grain: Grain) -> dict[Cell, dict[str, Exact]]:
        """Return the measures of some variants over all its stores, by the cells of a grain."""
        return added(*(reading.cells(variants, grain) for reading in self.by_store.values()))

    def together(self, chosen: Sequence[Chosen]) -> dict[str, Figure]:
        """Return the figures of its stores together, by id."""
        return {
            definition.figure_id: figure_of(definition, variant, self.scope, self._measured(variant))
            for definition, variant in chosen
        }

    def each_store(self, chosen: Sequence[Chosen]) -> dict[str, dict[str, Figure]]:
        """Return the figures of each store by itself, by store and id."""
        return {
            store: {
                definition.figure_id: figure_of(
                    definition, variant, reading.sight.scope, reading.cells([variant], ()).get((), {})
                )
                for definition, variant in chosen
            }
            for store, reading in self.by_store.items()
        }

    @cached_property
    def stock_values(self) -> dict[str, dict[date, int]]:
        """The value of each store's shelf at the month-ends it knows, and of all together where all know it."""
        found = {store: stock_values(reading.sight) for store, reading in self.by_store.items()}
        common = set.intersection(*(set(values) for values in found.values())) if found else set()
        found[TOGETHER] = {day: sum(values[day] for values in found.values()) for day in sorted(common)}
        return found

    def _measured(self, variant: Variant) -> dict[str, Exact]:
        each = [reading.cells([variant], ()).get((), {}) for reading in self.by_store.values()]
        whole: dict[str, Exact] = {}
        for name in variant.measures:
            is_untold = family_of(name) == "outside" and any(name not in measured for measured in each)
            if not is_untold:  # a store that does not tell leaves the whole untold
                whole[name] = sum((measured.get(name, 0) for measured in each), start=0)
        if self.group is not None:
            means = self.group.cells([variant], ()).get((), {})
            whole |= {name: amount for name, amount in means.items() if family_of(name) == "average"}
        return whole


@dataclass(frozen=True)
class Overview:
    """Figures of a period.

    Parameters
    ----------
    scope, earlier_scope
        Of the period and of the one it is held against; of the store where there is only one.
    stores
        Those asked for, sorted.
    together, earlier
        Figures of all of them in the period and in the one before.
    by_store
        Figures of each in the period.
    trends
        By store and together, then by figure id.
    stock_values
        By store and together: the value of the shelf at the end of each month, by day, in ten-thousandths.
    """

    scope: Scope
    earlier_scope: Scope
    stores: tuple[str, ...]
    together: Values
    earlier: Values
    by_store: Mapping[str, Values]
    trends: Mapping[str, Mapping[str, Trend]]
    stock_values: Mapping[str, Mapping[date, int]]


def overview(now: Looked, before: Looked, chosen: Sequence[Chosen]) -> Overview:
    """Return the figures of a period from a look at it and one at the period before."""
    sights = [reading.sight for reading in now.by_store.values()]
    return Overview(
        now.scope,
        before.scope,
        now.stores,
        now.together(chosen),
        before.together(chosen),
        now.each_store(chosen),
        trends(sights, chosen),
        now.stock_values,
    )


def look(connection: sa.Connection, scope: Scope, stores: Sequence[str] = (), told: Told | None = None) -> Looked:
    """Return a look at some stores; at all where none is named.

    Raises
    ------
    UnknownStoreError
        If the books hold nothing of a store that is named, or nothing at all.
    """
    there = stores_of(connection)
    unknown = sorted(set(stores) - set(there))
    if unknown or not there:
        what = f"store {unknown[0]}" if unknown else "any store"
        raise UnknownStoreError(f"the books hold nothing of {what}; they know {', '.join(there) or 'none'}")
    asked = sorted(set(stores)) or there
    whole = Sight(connection, scope, told or {})
    wider = whole if len(asked) > 1 else None
    readings = {store: Reading(Sight(connection, scope.of_store(store), told or {}, wider=wider)) for store in asked}
    if len(asked) == 1:
        return Looked(connection, scope.of_store(asked[0]), readings)
    began = {begun(connection, scope.of_store(store)) for store in asked}
    needs_group = asked == there and len(began) > 1
    group = Reading(whole) if needs_group else None
    return Looked(connection, scope, readings, group)


def scopes(
    connection: sa.Connection, month: int, as_of: date, span: Span, known_at: int | None = None
) -> tuple[Scope, Scope]:
    """Return the scope of a period and that of the one it is held against, each of all stores.

    A month or quarter is held against the one before, a week against the week before up to the same weekday, a day
    against the same weekday of the week before. What was known is the same for both.
    """
    now = scope_of(connection, month, as_of, None, known_at, span)
    if span in WITHIN_MONTHS:
        return now, scope_of(connection, month, as_of - timedelta(days=7), None, now.known_at, span)
    length = now.last_month - now.first_month + 1
    return now, scope_of(connection, now.first_month - 1 if length > 1 else month - 1, as_of, None, now.known_at, span)
