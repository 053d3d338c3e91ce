"""How long what lies on the shelf has been there: first in, first out, from the days on which it came in.

Each inflow to the shelf is a layer with its day of receipt, its quantity and its value. What has left since has left
the oldest layers first, so what is left lies in the newest ones: with layers numbered from the newest, quantities q₁,
q₂, … and Q on hand, layer k still holds

    left_k = min(q_k, max(0, Q − (q₁+…+q_{k−1})))

and its value in proportion, rounded half up; so what the last unit takes is all that is left. The value of a layer is
what its document brought, so the layers of a part sum to another value than the moving average of the books: the
value of the stock by first in, first out. What a stretch of time used up by that method is what the shelf was worth
before it, plus what came in, less what it is worth after it.

A document that is reversed counts for nothing here, nor does its reversal: the layers are as if neither had been.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from inventory.books.balances import on_hand
from inventory.books.standing import stands
from inventory.books.valuation import share_e4
from inventory.schema import document, stock_layer


class Layer(NamedTuple):
    """What is left of one inflow; quantity in thousandths, value in ten-thousandths of the currency."""

    store: str
    part_no: str
    received_on: date
    quantity_milli: int
    value_e4: int


def layers_left(
    connection: sa.Connection, as_of: date, store: str | None = None, known_at: int | None = None
) -> Iterator[Layer]:
    """Yield what is left of each inflow on a business day, by store and part, the newest first.

    Parameters
    ----------
    as_of
        The last effective date that counts.
    store
        Only this one; all where not given.
    known_at
        The last document that counts, by its sequence; all where not given.
    """
    left = {pair: amount.quantity_milli for pair, amount in on_hand(connection, as_of, store, known_at).items()}
    question = (
        sa.select(
            stock_layer.c.store,
            stock_layer.c.part_no,
            stock_layer.c.received_on,
            stock_layer.c.quantity_milli,
            stock_layer.c.value_e4,
        )
        .join(document, document.c.sequence == stock_layer.c.document_sequence)
        .where(document.c.effective_on <= as_of.isoformat(), stands(stock_layer.c.document_sequence, as_of, known_at))
        .order_by(
            stock_layer.c.store,
            stock_layer.c.part_no,
            stock_layer.c.received_on.desc(),
            stock_layer.c.document_sequence.desc(),
            stock_layer.c.line_no.desc(),
        )
    )
    if known_at is not None:
        question = question.where(stock_layer.c.document_sequence <= known_at)
    if store is not None:
        question = question.where(stock_layer.c.store == store)
    for row in connection.execute(question):
        kept = min(row.quantity_milli, left.get((row.store, row.part_no), 0))
        if kept > 0:
            left[row.store, row.part_no] -= kept
            value_e4 = share_e4(kept, row.quantity_milli, row.value_e4)
            yield Layer(row.store, row.part_no, date.fromisoformat(row.received_on), kept, value_e4)


def fifo_values(
    connection: sa.Connection, as_of: date, store: str | None = None, known_at: int | None = None
) -> dict[tuple[str, str], int]:
    """Return what lies on the shelf is worth by first in, first out, per store and part (ten-thousandths)."""
    found: dict[tuple[str, str], int] = {}
    for layer in layers_left(connection, as_of, store, known_at):
        found[layer.store, layer.part_no] = found.get((layer.store, layer.part_no), 0) + layer.value_e4
    return found
