"""How long what lies on the shelf has been there: first in, first out, from the days on which it came in.

Each inflow to the shelf is a layer with its day of receipt, its quantity and its value. What has left since has left
the oldest layers first, so what is left lies in the newest ones: with layers numbered from the newest, quantities q₁,
q₂, … and Q on hand, layer k still holds

    left_k = min(q_k, max(0, Q − (q₁+…+q_{k−1})))

and its value in proportion, rounded half up. The value of a layer is what was paid for it, so the layers of a part
may sum to another value than the moving average of the books; the age they are used for is a ratio of their own sums.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from inventory.balances import on_hand
from inventory.schema import document, stock_layer
from inventory.valuation import share_e4


class Layer(NamedTuple):
    """What is left of one inflow; quantity in thousandths, value in ten-thousandths of the currency."""

    store: str
    part_no: str
    received_on: date
    quantity_milli: int
    value_e4: int


def layers_left(connection: sa.Connection, as_of: date, store: str | None = None) -> Iterator[Layer]:
    """Yield what is left of each inflow on a business day, by store and part, the newest first.

    Parameters
    ----------
    as_of
        The last effective date that counts.
    store
        Only this one; all where not given.
    """
    left = {pair: amount.quantity_milli for pair, amount in on_hand(connection, as_of, store).items()}
    question = (
        sa.select(
            stock_layer.c.store,
            stock_layer.c.part_no,
            stock_layer.c.received_on,
            stock_layer.c.quantity_milli,
            stock_layer.c.value_e4,
        )
        .join(document, document.c.sequence == stock_layer.c.document_sequence)
        .where(document.c.effective_on <= as_of.isoformat())
        .order_by(
            stock_layer.c.store,
            stock_layer.c.part_no,
            stock_layer.c.received_on.desc(),
            stock_layer.c.document_sequence.desc(),
            stock_layer.c.line_no.desc(),
        )
    )
    if store is not None:
        question = question.where(stock_layer.c.store == store)
    for row in connection.execute(question):
        kept = min(row.quantity_milli, left.get((row.store, row.part_no), 0))
        if kept > 0:
            left[row.store, row.part_no] -= kept
            value_e4 = share_e4(kept, row.quantity_milli, row.value_e4)
            yield Layer(row.store, row.part_no, date.fromisoformat(row.received_on), kept, value_e4)
