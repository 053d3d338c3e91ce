"""Deliveries as they came: of each purchase order, on which days how many of its lines were taken in.

From these a lead time is learnt. A line counts on the day on which something of it was accepted; one that came in two
parts counts twice. What is still open does not count, nor what a document brought in that was reversed.
"""

from __future__ import annotations

from datetime import date
from typing import cast

import sqlalchemy as sa

from inventory.books.standing import stands
from inventory.bulk import raw_rows
from inventory.schema import document, purchase_order_line, receipt_line

_KEY = ("order_no", "store", "part_no")


def deliveries(
    connection: sa.Connection, after: date, as_of: date, store: str | None = None
) -> list[dict[str, object]]:
    """Return one row per order and day of receipt: ``order_no, supplier, order_type, ordered_on, received_on, lines``.

    Parameters
    ----------
    after, as_of
        Only what was received after the first day, up to the second.
    store
        Only lines of this one; all where not given.
    """
    line, received = purchase_order_line.c, receipt_line.c
    key = (line.order_no, line.supplier, line.order_type, line.ordered_on, document.c.effective_on)
    question = (
        sa.select(*key, sa.func.count())
        .select_from(receipt_line)
        .join(document, document.c.sequence == received.document_sequence)
        .join(purchase_order_line, sa.and_(*(line[name] == received[name] for name in _KEY)))
        .where(
            document.c.effective_on > after.isoformat(),
            document.c.effective_on <= as_of.isoformat(),
            document.c.effective_on >= line.ordered_on,
            received.quantity_accepted_milli > 0,
            stands(received.document_sequence, as_of),
            *([] if store is None else [line.store == store]),
        )
        .group_by(*key)
    )
    names = ("order_no", "supplier", "order_type", "ordered_on", "received_on", "lines")
    return [dict(zip(names, cast("tuple[object, ...]", row), strict=True)) for row in raw_rows(connection, question)]
