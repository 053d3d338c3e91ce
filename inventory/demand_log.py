"""The demand log: what was asked for, on the day it was asked for, filled or not.

Without the lines that could not be filled a fill rate is fiction, so each request is written down, also where the
ledger has nothing to post. The log is append-only: when a special order is handed over later, the line of the day it
was asked for stays as it is, no second demand is written, and what the customer still waits for follows from the
ledger:

    waiting = Σ(requested − supplied) of the special-order lines of a repair order and part
              − (what the ledger has handed over on that repair order − what its lines say was supplied at request)
              − what the customer has since said he no longer wants (`special_orders`).

Lines without a document come from imported files and say themselves what was supplied. A line whose document is
reversed asked for nothing: it stays in the log and counts no more (`asked`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from inventory.books.balances import ON_HAND_KINDS
from inventory.books.movements import PlaceKind
from inventory.books.periods import known_by
from inventory.books.standing import standing, stands
from inventory.bulk import insert_rows
from inventory.questions import Question
from inventory.schema import demand_line, document, movement, vehicle
from inventory.schema_counter import special_order

OUTCOMES = ("shelf", "urgent", "special_order", "lost", "cancelled")


class Request(NamedTuple):
    """A part asked for on one repair or customer order of a store."""

    store: str
    order_no: str
    part_no: str


_OF_REQUEST = [demand_line.c[name] == sa.bindparam(name) for name in Request._fields]
_LAST_LINE = Question(sa.select(sa.func.max(demand_line.c.line_no)).where(*_OF_REQUEST))
_MODEL = Question(sa.select(vehicle.c.model).where(vehicle.c.vin == sa.bindparam("vin")))
_EVER_WAITED = Question(
    sa.select(sa.literal_column("1"))
    .where(
        *_OF_REQUEST,
        demand_line.c.outcome == sa.literal_column("'special_order'"),
        demand_line.c.quantity_requested_milli != demand_line.c.quantity_supplied_milli,
    )
    .limit(1)
)


@dataclass(frozen=True)
class DemandLine:
    """One part on one request, as it stood when it was asked for; quantities in thousandths."""

    store: str
    order_no: str
    part_no: str
    opened_on: date
    quantity_requested_milli: int
    quantity_supplied_milli: int
    outcome: str
    vin: str | None = None
    odometer_km: int | None = None
    job_type: str | None = None
    payer: str | None = None
    unit_price_e4: int | None = None


def append_line(connection: sa.Connection, line: DemandLine, document_sequence: int) -> int:
    """Write a line of demand and return its number within its order and part, counting from 1.

    Parameters
    ----------
    line
        What was asked for; the model is looked up by the VIN.
    document_sequence
        The ledger's document by which it was answered, also where that moves nothing.
    """
    request = Request(line.store, line.order_no, line.part_no)
    line_no = (_LAST_LINE.value(connection, **request._asdict()) or 0) + 1
    told = {
        **vars(line),
        "opened_on": line.opened_on.isoformat(),
        "line_no": line_no,
        "model": _MODEL.value(connection, vin=line.vin) if line.vin else None,
        "document_sequence": document_sequence,
    }
    insert_rows(connection, demand_line, tuple(told), [tuple(told.values())])
    return line_no


def asked(as_of: date, known_at: int | None = None) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions on lines of demand that count on a business day, whatever became of them.

    A line counts from the day it was asked for; not where its document was taken back, for that asked for nothing. An
    imported line has no document and was always known.
    """
    line = demand_line.c
    until = (line.opened_on <= as_of.isoformat(), stands(line.document_sequence, as_of, known_at))
    if known_at is None:
        return until
    return (*until, sa.or_(line.document_sequence.is_(None), line.document_sequence <= known_at))


def waiting(
    connection: sa.Connection, as_of: date, request: Request | None = None, known_at: int | None = None
) -> dict[Request, int]:
    """Return what customers wait for on a business day: thousandths per request, only where more than nothing.

    Parameters
    ----------
    as_of
        The last day of requests and deliveries that count.
    request
        Only this one; all where not given.
    known_at
        The last document that counts, by its sequence; all where not given.
    """
    if request is not None and not _EVER_WAITED.rows(connection, **request._asdict()):
        return {}  # as for nearly every request: it is asked for the first time
    known = known_by(connection, as_of, known_at)
    log_keys = [demand_line.c[name] for name in Request._fields]
    open_milli = sa.func.sum(
        sa.case(
            (
                demand_line.c.outcome == "special_order",
                demand_line.c.quantity_requested_milli - demand_line.c.quantity_supplied_milli,
            ),
            else_=0,
        )
    )
    answered_milli = sa.func.sum(
        sa.case((demand_line.c.document_sequence.is_not(None), demand_line.c.quantity_supplied_milli), else_=0)
    )
    lines = sa.select(*log_keys, open_milli, answered_milli).where(*asked(as_of, known))
    if request is not None:
        lines = lines.where(*_equal(log_keys, request))
    ordered = [row for row in connection.execute(lines.group_by(*log_keys)) if row[-2]]
    if not ordered:
        return {}
    handed_keys = [movement.c.store, movement.c.target_name, movement.c.part_no]
    handed = (
        sa.select(*handed_keys, sa.func.sum(movement.c.quantity_milli))
        .join(document, document.c.sequence == movement.c.document_sequence)
        .where(
            *standing(as_of, known),
            movement.c.target_kind == PlaceKind.CUSTOMER.value,
            movement.c.source_kind.in_(sorted(ON_HAND_KINDS)),
        )
    )
    given_up_keys = [special_order.c[name] for name in Request._fields]
    given_up = (
        sa.select(*given_up_keys, sa.func.sum(special_order.c.cancelled_milli))
        .join(document, document.c.sequence == special_order.c.document_sequence)
        .where(*standing(as_of, known), special_order.c.cancelled_milli > 0)
    )
    if request is not None:
        given_up = given_up.where(*_equal(given_up_keys, request))
        handed = handed.where(*_equal(handed_keys, request))
    given, unwanted = (
        {Request(*row[:3]): int(row[3]) for row in connection.execute(question.group_by(*keys))}
        for question, keys in ((handed, handed_keys), (given_up, given_up_keys))
    )
    found = {}
    for *key, open_sum, answered in ordered:
        at = Request(*key)
        left = int(open_sum) - max(0, given.get(at, 0) - int(answered)) - unwanted.get(at, 0)
        if left > 0:
            found[at] = left
    return found


def _equal(columns: Sequence[sa.ColumnElement[str]], values: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    return [column == value for column, value in zip(columns, values, strict=True)]
