"""Sums of closed months: what a closing document keeps of what is dated in them and final.

The margin of twelve months, what came in on stock orders, and the days on which the shelf's value changed would read a
year of movements with their requests and receipts; closed months are added up from what is kept instead
(`closed.kept_sums`). What is final is kept as it is dated, whether it was taken back since or not.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import sqlalchemy as sa

from demand.periods import PeriodKind, ordinal_of
from inventory.figures.claims import lines_received
from inventory.figures.closed import SUMS
from inventory.figures.grouping import Measures
from inventory.figures.positions import days_read
from inventory.figures.sales import sold_as_dated
from inventory.figures.scope import Scope
from inventory.figures.sight import Sight
from inventory.figures.turnover import received_as_dated
from inventory.schema import movement

Row = list[object]

_READERS: dict[str, Callable[[Sight], Measures]] = {
    "sales": lambda sight: sold_as_dated(sight, SUMS["sales"].keys),
    "issues": lambda sight: sold_as_dated(sight, SUMS["issues"].keys),
    "receipts": lambda sight: received_as_dated(sight, sight.scope, SUMS["receipts"].keys),
    "deliveries": lambda sight: lines_received(sight, sight.scope, SUMS["deliveries"].keys),
    "days": lambda sight: {
        (day, store): {"change_e4": change, "issued_e4": issued}
        for day, store, change, issued in days_read(sight.connection, sight.scope)
    },
}
"""From the movements of some months to the sums that are kept of them."""


def sums_report(
    connection: sa.Connection, name: str, since: date, until: date, known_at: int | None = None
) -> list[Row]:
    """Return what a closing document keeps under one name of `SUMS`: keys and sums, sorted, where any is not zero.

    Parameters
    ----------
    since
        The first day that is closed with it; days before the first movement are nothing.
    """
    first = connection.execute(sa.select(sa.func.min(movement.c.effective_on))).scalar_one_or_none()
    if first is None:
        return []
    begins = ordinal_of(max(since, date.fromisoformat(first)), PeriodKind.MONTH)
    scope = Scope(begins, ordinal_of(until, PeriodKind.MONTH), until, known_at=known_at)
    return [
        [*cell, *(int(measures.get(each, 0)) for each in SUMS[name].names)]
        for cell, measures in sorted(_READERS[name](Sight(connection, scope)).items())
        if any(measures.get(each) for each in SUMS[name].names)
    ]
