"""What leaves the shelf, and what comes back to it, beside the first line of the request that it was for.

A movement names its order, not a line of the log: store, order and part lead to the line, whenever it was asked for.
Nearly all that is handed over in a period was asked for in it. SQLite looks each line up, which costs it little.
PostgreSQL is asked in two steps, first among the lines of the period, which it reads once into a table in memory, and
only for what is left in the whole log: a third of the work of looking each of them up.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from inventory.figures.grouping import ISSUED_TO
from inventory.figures.scope import Scope
from inventory.schema import demand_line, movement

_MOVED = movement.c
ORDER_NO = sa.case((_MOVED.source_kind.in_(ISSUED_TO), _MOVED.source_name), else_=_MOVED.target_name)
"""The order that a movement to or from a customer or the workshop is for."""


class Request(NamedTuple):
    """What is read of a line of demand; of a movement whose request is not in the log, each is null."""

    unit_price_e4: sa.ColumnElement[int]
    payer: sa.ColumnElement[str]
    vin: sa.ColumnElement[str]
    job_type: sa.ColumnElement[str]


LINE = Request(*(demand_line.c[name] for name in Request._fields))
"""Of a line itself."""


def with_requests(connection: sa.Connection, scope: Scope) -> tuple[sa.FromClause, Request]:
    """Return the movements, each beside its request, and what is read of that.

    Parameters
    ----------
    scope
        The period of the movements; the same is read, quicker where most of what moved was asked for in it.
    """
    if connection.dialect.name != "postgresql":
        return movement.outerjoin(demand_line, _of_movement(demand_line)), LINE
    recent, log = demand_line.alias("recent"), demand_line.alias("log")
    columns = [log.c[name] for name in Request._fields]
    # Of one line at most, in any case: the limit keeps the planner from reading the whole log for it.
    earlier = sa.select(*columns).where(recent.c.line_id.is_(None), _of_movement(log)).limit(1).lateral("earlier")
    source = movement.outerjoin(recent, sa.and_(_of_movement(recent), scope.within(recent.c.opened_on)))
    found: list[Any] = [sa.func.coalesce(recent.c[name], earlier.c[name]) for name in Request._fields]
    return source.outerjoin(earlier, sa.true()), Request(*found)


def _of_movement(line: sa.FromClause) -> sa.ColumnElement[bool]:
    asked = line.c
    return sa.and_(
        asked.store == _MOVED.store, asked.order_no == ORDER_NO, asked.part_no == _MOVED.part_no, asked.line_no == 1
    )
