"""Fast movers and classes A, B and C: how often a part at a store is counted in a year.

Parts of a store are sorted by the cost of what was issued of them in the last twelve months (the ledger's issues less
returns, and what imported history says was supplied, at the part's unit cost). Class A are the first that together
make up the first cut-off of that cost, B those up to the second, C the rest; the part that reaches over a cut-off
belongs to the class before it, and what cost nothing is C. A fast mover is asked for on at least so many demand lines
in those twelve months, whatever it costs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from inventory.books.balances import ON_HAND_KINDS
from inventory.books.movements import PlaceKind
from inventory.books.standing import standing
from inventory.books.valuation import amount_e4
from inventory.demand_log import asked
from inventory.schema import demand_line, document, movement, part

COUNTS_PER_YEAR = {"fast": 12, "A": 4, "B": 2, "C": 1}
"""How often a part of each class is counted in a year."""

_SHELF = sorted(ON_HAND_KINDS)
_ISSUED_TO = (PlaceKind.CUSTOMER.value, PlaceKind.WORKSHOP.value)


@dataclass(frozen=True)
class ClassRule:
    """Where the classes end.

    Parameters
    ----------
    a_ppm, b_ppm
        The share of the cost of issues that A, and that A and B together, make up.
    fast_lines
        Demand lines in twelve months from which on a part is a fast mover.
    """

    a_ppm: int = 800_000
    b_ppm: int = 950_000
    fast_lines: int = 36

    def __post_init__(self) -> None:
        if not 0 <= self.a_ppm <= self.b_ppm <= 1_000_000:
            raise ValueError("class A ends at or before class B, and both between 0 and 100 %")


def classes(
    connection: sa.Connection, store: str, as_of: date, rule: ClassRule, known_at: int | None = None
) -> dict[str, str]:
    """Return the class of each part of a store that was issued or asked for in the twelve months up to a day.

    Parts not in the answer are class C.
    """
    since = _year_before(as_of)
    cost = _cost_e4(connection, store, since, as_of, known_at)
    found = ranked(cost, rule)
    found.update(dict.fromkeys(_fast(connection, store, since, as_of, rule, known_at), "fast"))
    return found


def ranked(cost_e4: Mapping[str, int], rule: ClassRule) -> dict[str, str]:
    """Return the class of each part by its share of the cost of all; ties go by part number.

    >>> ranked({"P1": 80, "P2": 15, "P3": 5, "P4": 0}, ClassRule())
    {'P1': 'A', 'P2': 'B', 'P3': 'C', 'P4': 'C'}
    """
    whole = sum(max(cost, 0) for cost in cost_e4.values())
    reached = 0
    found = {}
    for part_no, cost in sorted(cost_e4.items(), key=lambda each: (-each[1], each[0])):
        before = reached * 1_000_000
        found[part_no] = (
            "C" if cost <= 0 else "A" if before < rule.a_ppm * whole else "B" if before < rule.b_ppm * whole else "C"
        )
        reached += max(cost, 0)
    return found


def _year_before(day: date) -> str:
    """Return the last day that is twelve months past; 29 February counts as the 28th."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year - 1, day=last).isoformat()


def _cost_e4(connection: sa.Connection, store: str, since: str, as_of: date, known_at: int | None) -> dict[str, int]:
    """Return per part the cost of issues after a day."""
    given = sa.and_(movement.c.source_kind.in_(_SHELF), movement.c.target_kind.in_(_ISSUED_TO))
    taken_back = sa.and_(movement.c.target_kind.in_(_SHELF), movement.c.source_kind.in_(_ISSUED_TO))
    sign = sa.case((given, movement.c.value_e4), (taken_back, -movement.c.value_e4), else_=0)
    issued = (
        sa.select(movement.c.part_no, sa.func.sum(sign))
        .join(document, document.c.sequence == movement.c.document_sequence)
        .where(
            movement.c.store == store,
            document.c.effective_on > since,
            *standing(as_of, known_at),
            sa.or_(given, taken_back),
        )
        .group_by(movement.c.part_no)
    )
    supplied = (
        sa.select(demand_line.c.part_no, demand_line.c.quantity_supplied_milli, part.c.unit_cost_e4)
        .join(part, part.c.part_no == demand_line.c.part_no)
        .where(*_asked(store, since, as_of, known_at), demand_line.c.document_sequence.is_(None))
    )
    cost: defaultdict[str, int] = defaultdict(int)
    for part_no, value in connection.execute(issued):
        cost[part_no] += int(value)
    for part_no, quantity, unit_cost in connection.execute(supplied):
        cost[part_no] += amount_e4(quantity, unit_cost)
    return dict(cost)


def _fast(
    connection: sa.Connection, store: str, since: str, as_of: date, rule: ClassRule, known_at: int | None
) -> list[str]:
    question = (
        sa.select(demand_line.c.part_no)
        .where(*_asked(store, since, as_of, known_at))
        .group_by(demand_line.c.part_no)
        .having(sa.func.count() >= rule.fast_lines)
    )
    return list(connection.execute(question).scalars())


def _asked(store: str, since: str, as_of: date, known_at: int | None) -> tuple[sa.ColumnElement[bool], ...]:
    line = demand_line.c
    return line.store == store, line.opened_on > since, line.outcome != "cancelled", *asked(as_of, known_at)
