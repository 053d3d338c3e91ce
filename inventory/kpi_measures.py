"""How the managers' figures are computed: one function per figure, from the database to a ratio of whole numbers.

What each means is told by its definition in `kpi`; here is only how it is got. Money is in ten-thousandths of the
currency, quantities in thousandths, dates are compared as ISO text; nothing is rounded but the cost of an imported
line, to the last unit of money.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from demand.periods import PeriodKind, first_day_of
from inventory.books.balances import ON_HAND_KINDS, on_hand
from inventory.books.layers import layers_left
from inventory.books.movements import PlaceKind
from inventory.books.standing import standing
from inventory.demand_log import asked
from inventory.schema import demand_line, demand_panel, document, movement, part, stock_layer
from inventory.schema_books import revaluation

_SHELF = sorted(ON_HAND_KINDS)
DEAD_MONTHS = 12
TURN_MONTHS = 12
DAYS_PER_YEAR = 365


class Ratio(NamedTuple):
    """Two whole numbers to be divided."""

    numerator: int
    denominator: int


@dataclass(frozen=True)
class Scope:
    """What a figure is asked for.

    Parameters
    ----------
    month
        Ordinal of the month.
    until
        Its last day that counts: the month's end, or earlier where the month is not over.
    store
        None: all stores together.
    known_at
        The last document that counts, by its sequence; None: all. Imported rows have no document and always count.
    """

    month: int
    until: date
    store: str | None
    known_at: int | None = None

    def first_day(self, months_back: int = 0) -> date:
        """Return the first day of the month, or of one before it."""
        return first_day_of(self.month - months_back, PeriodKind.MONTH)


def fill_shelf_line(connection: sa.Connection, scope: Scope) -> Ratio:
    """Return lines supplied complete from the shelf, and lines asked for, in the month."""
    line = demand_line.c
    filled = sa.and_(line.outcome == "shelf", line.quantity_supplied_milli >= line.quantity_requested_milli)
    question = sa.select(sa.func.sum(sa.case((filled, 1), else_=0)), sa.func.count()).where(
        line.outcome != "cancelled",
        line.opened_on >= scope.first_day().isoformat(),
        *asked(scope.until, scope.known_at),
        *_of(line.store, scope),
    )
    filled_lines, lines = connection.execute(question).one()
    return Ratio(int(filled_lines or 0), int(lines))


def turn_gross(connection: sa.Connection, scope: Scope) -> Ratio:
    """Return the cost of issues in twelve months, and the mean stock value; both times the number of month-ends."""
    first = scope.first_day(TURN_MONTHS - 1).isoformat()
    cost_e4 = _issued_e4(connection, scope, first) + _supplied_e4(connection, scope, first)
    values = _stock_values_e4(connection, scope)
    return Ratio(cost_e4 * len(values), sum(values))


def days_supply(connection: sa.Connection, scope: Scope) -> Ratio:
    """Return the reciprocal of the turns, in days; without stock there are no turns, and no days."""
    turns = turn_gross(connection, scope)
    return Ratio(DAYS_PER_YEAR * turns.denominator, turns.numerator if turns.denominator else 0)


def stock_age_days(connection: sa.Connection, scope: Scope) -> Ratio:
    """Return value times days since receipt, and value, over what is left of each receipt."""
    weighted = value = 0
    for layer in layers_left(connection, scope.until, scope.store, scope.known_at):
        weighted += layer.value_e4 * max(0, (scope.until - layer.received_on).days)
        value += layer.value_e4
    return Ratio(weighted, value)


def dead_12(connection: sa.Connection, scope: Scope) -> Ratio:
    """Return the value of parts without demand and receipt in the last twelve months, and the whole stock's."""
    last_day = (scope.first_day(DEAD_MONTHS - 1) - timedelta(days=1)).isoformat()
    alive = _asked_after(connection, scope, last_day) | _received_after(connection, scope, last_day)
    dead = whole = 0
    for pair, amount in on_hand(connection, scope.until, scope.store, scope.known_at).items():
        whole += amount.value_e4
        if pair not in alive and ("", pair[1]) not in alive:
            dead += amount.value_e4
    return Ratio(dead, whole)


def _of(column: sa.ColumnElement[str], scope: Scope) -> list[sa.ColumnElement[bool]]:
    """Return the condition that a row is of the scope's store; none where all stores count."""
    return [] if scope.store is None else [column == scope.store]


def _known(column: sa.Column[int], scope: Scope) -> list[sa.ColumnElement[bool]]:
    """Return the condition that a row was known; an imported one has no document."""
    return [] if scope.known_at is None else [sa.or_(column.is_(None), column <= scope.known_at)]


def _issued_e4(connection: sa.Connection, scope: Scope, first: str) -> int:
    """Return the ledger's cost of what went from the shelf to customers, less what came back, since a day."""
    shelf_out = sa.and_(
        movement.c.source_kind.in_(_SHELF), movement.c.target_kind.in_([PlaceKind.CUSTOMER, PlaceKind.WORKSHOP])
    )
    shelf_in = sa.and_(
        movement.c.target_kind.in_(_SHELF), movement.c.source_kind.in_([PlaceKind.CUSTOMER, PlaceKind.WORKSHOP])
    )
    cost = sa.case((shelf_out, movement.c.value_e4), (shelf_in, -movement.c.value_e4), else_=0)
    sold = revaluation.c.place_kind.in_([PlaceKind.CUSTOMER, PlaceKind.WORKSHOP])
    totals = [
        connection.execute(
            sa.select(sa.func.sum(amount)).where(
                table.c.effective_on.between(first, scope.until.isoformat()),
                *conditions,
                *_of(table.c.store, scope),
                *_known(table.c.document_sequence, scope),
            )
        ).scalar_one()
        for table, amount, conditions in ((movement, cost, []), (revaluation, revaluation.c.change_e4, [sold]))
    ]
    return sum(int(total or 0) for total in totals)


def _supplied_e4(connection: sa.Connection, scope: Scope, first: str) -> int:
    """Return the cost of what imported history says was supplied since a day; the ledger did not issue it."""
    cost = (demand_line.c.quantity_supplied_milli * part.c.unit_cost_e4 + 500) // 1000
    question = (
        sa.select(sa.func.sum(cost))
        .join(part, part.c.part_no == demand_line.c.part_no)
        .where(
            demand_line.c.document_sequence.is_(None),
            demand_line.c.outcome != "cancelled",
            demand_line.c.opened_on.between(first, scope.until.isoformat()),
            *_of(demand_line.c.store, scope),
        )
    )
    return int(connection.execute(question).scalar_one() or 0)


def _stock_values_e4(connection: sa.Connection, scope: Scope) -> list[int]:
    """Return the stock value at each of the last 13 month-ends on which the ledger knew every store; else at the end.

    The last of them is the scope's last day, also where the month is not over.
    """
    into = sa.case((movement.c.target_kind.in_(_SHELF), movement.c.value_e4), else_=0)
    out_of = sa.case((movement.c.source_kind.in_(_SHELF), movement.c.value_e4), else_=0)
    change = sa.case((revaluation.c.place_kind.in_(_SHELF), revaluation.c.change_e4), else_=0)
    question = sa.union_all(
        *(
            sa.select(table.c.store, table.c.effective_on, sa.cast(sa.func.sum(amount), sa.BigInteger))
            .where(
                table.c.effective_on <= scope.until.isoformat(),
                *_of(table.c.store, scope),
                *_known(table.c.document_sequence, scope),
            )
            .group_by(table.c.store, table.c.effective_on)
            for table, amount in ((movement, into - out_of), (revaluation, change))
        )
    )
    changes: defaultdict[str, int] = defaultdict(int)
    begins: dict[str, str] = {}
    for store, day, total in connection.execute(question):
        changes[day] += int(total)
        begins[store] = min(day, begins.get(store, day))
    ends = [(scope.first_day(back) - timedelta(days=1)).isoformat() for back in range(TURN_MONTHS)]
    days = [scope.until.isoformat(), *(end for end in ends if begins and end >= max(begins.values()))]
    return [sum(change for day, change in changes.items() if day <= end) for end in days]


def _asked_after(connection: sa.Connection, scope: Scope, day: str) -> set[tuple[str, str]]:
    """Return the stores and parts asked for after a day; an empty store stands for any.

    A month or week of a bare demand panel is compared by its label, which is the day's own beginning.
    """
    until = scope.until.isoformat()
    lines = sa.select(demand_line.c.store, demand_line.c.part_no).where(
        demand_line.c.outcome != "cancelled",
        demand_line.c.opened_on > day,
        *asked(scope.until, scope.known_at),
    )
    periods = sa.select(demand_panel.c.store, demand_panel.c.part_no).where(
        demand_panel.c.quantity_milli > 0, demand_panel.c.period > day, demand_panel.c.period <= until
    )
    return {(store, part_no) for store, part_no in connection.execute(sa.union(lines, periods))}


def _received_after(connection: sa.Connection, scope: Scope, day: str) -> set[tuple[str, str]]:
    """Return the stores and parts of which something came onto the shelf after a day."""
    question = (
        sa.select(stock_layer.c.store, stock_layer.c.part_no)
        .join(document, document.c.sequence == stock_layer.c.document_sequence)
        .where(
            *standing(scope.until, scope.known_at),
            stock_layer.c.received_on > day,
        )
        .distinct()
    )
    return {(store, part_no) for store, part_no in connection.execute(question)}
