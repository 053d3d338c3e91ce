"""What closing documents keep of the months they close: the ledger's own summaries, read once per look at the books.

Nothing dated in a closed month is ever added, and nothing of it is valued anew. So what its movements come to is final;
the closing document keeps it in sums (`SUMS`). Lines of logs (of demand, of orders) may still come: `closed_logs`. What
depends on the parts is kept by part: how often each was asked for (`closed_demand`), sold (`closed_sales`), ordered
(`closed_parts`), and what is left of its inflows (`closed_layers`). `ledger verify` derives every keeping again, for
ever. What was taken back since is no part of a keeping: who asks for what stands takes it off.

A closing counts for what is looked at up to a day it closes or a later one, and known at its document or a later one;
before that the movements themselves are read. So they are where a closing was made by a program that kept less.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from inventory.figures.figure import Exact
from inventory.figures.scope import Scope
from inventory.schema import document
from inventory.schema_books import period_close


class Sums(NamedTuple):
    """A keeping of sums: by what (first a month or a day, then the store), and the names of the sums."""

    keys: tuple[str, ...]
    names: tuple[str, ...]


SUMS: Mapping[str, Sums] = {
    "sales": Sums(("month", "store", "channel"), ("revenue_e4", "priced_cost_e4")),
    "issues": Sums(
        ("month", "store", "channel"),
        ("cost_e4", "warranty_e4", "workshop_e4", "vehicle_e4", "issued_e4", "returned_e4"),
    ),
    "receipts": Sums(("month", "store", "channel"), ("stock_e4", "received_e4")),
    "deliveries": Sums(("month", "store"), ("lines",)),
    "days": Sums(("day", "store"), ("change_e4", "issued_e4")),
}


class Closing(NamedTuple):
    """A closing document by its number, the last day that it closed, and what it keeps by name."""

    sequence: int
    closed_until: date
    kept: Mapping[str, Any]


def closings(
    connection: sa.Connection, until: date, known_at: int | None = None, before: int | None = None
) -> list[Closing]:
    """Return the closings up to a day, the earliest first.

    Parameters
    ----------
    known_at
        The last document that counts; all where not given.
    before
        Only those recorded before this document; all where not given.
    """
    question = (
        sa.select(document.c.sequence, period_close.c.closed_until, document.c.body)
        .join(document, document.c.sequence == period_close.c.document_sequence)
        .where(period_close.c.closed_until <= until.isoformat())
        .order_by(document.c.sequence)
    )
    if known_at is not None:
        question = question.where(document.c.sequence <= known_at)
    if before is not None:
        question = question.where(document.c.sequence < before)
    return [
        Closing(sequence, date.fromisoformat(last), json.loads(body))
        for sequence, last, body in connection.execute(question)
    ]


def kept_sums(
    known: Iterable[Closing], scope: Scope, name: str
) -> tuple[dict[tuple[str, ...], dict[str, Exact]], date]:
    """Return what is kept of a period by its keys, and the first day of which nothing is.

    Parameters
    ----------
    known
        The closings up to the period's end.
    name
        One of `SUMS`.
    """
    keys, names = SUMS[name]
    found: dict[tuple[str, ...], dict[str, Exact]] = {}
    first, open_from = scope.since.isoformat(), scope.since
    for _, closed_until, kept in known:
        if closed_until < scope.since:
            continue
        rows: Sequence[Sequence[Any]] | None = kept.get(name)
        if rows is None:
            break
        open_from = closed_until + timedelta(days=1)
        for row in rows:
            when, store, *_ = row
            if when >= first[: len(when)] and scope.store in (None, store):
                found[tuple(row[: len(keys)])] = dict(zip(names, row[len(keys) :], strict=True))
    return found, open_from
