"""On which business day each purchase order came into the books: with its placing, or when it was under way already.

A list of open orders holds those that have not come, and none of those that came in time. So an order that was taken
over from a list tells less of how long orders take than one that the books have followed from its placing; who learns
lead times has to know which is which. The clock of the machine is no business day, and the documents of a list bear the
days on which its orders were placed. What was recorded together entered together (it has one moment of recording), and
not before the latest day on which any order recorded by then was placed.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from inventory.bulk import raw_rows
from inventory.schema import document, purchase_order_line


def entry_days(connection: sa.Connection, as_of: date, known_at: int | None = None) -> dict[str, str]:
    """Return the day (ISO text) on which each order entered the books, by its number.

    Parameters
    ----------
    as_of
        Only orders placed up to this day.
    known_at
        The last document that counts, by its sequence; all where not given.
    """
    line = purchase_order_line.c
    question = (
        sa.select(line.order_no, document.c.recorded_at, line.document_sequence, sa.func.max(line.ordered_on))
        .join(document, document.c.sequence == line.document_sequence)
        .where(
            line.ordered_on <= as_of.isoformat(),
            *([] if known_at is None else [line.document_sequence <= known_at]),
        )
        .group_by(line.order_no, document.c.recorded_at, line.document_sequence)
        .order_by(line.document_sequence)
    )
    recorded: dict[str, list[str]] = {}
    moment_of: dict[str, str] = {}
    # A moment names what was recorded together; which came first is told by the sequence.
    for order_no, moment, _, ordered_on in raw_rows(connection, question):
        recorded.setdefault(str(moment), []).append(str(ordered_on))
        moment_of[str(order_no)] = str(moment)
    latest, entered = "", {}
    for moment, days in recorded.items():
        latest = max([latest, *days])
        entered[moment] = latest
    return {order_no: entered[moment] for order_no, moment in moment_of.items()}
