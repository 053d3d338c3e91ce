"""What is left of each receipt at the end of a period: `books.layers`, read no further back than the stock reaches.

First in, first out: what lies on the shelf came in last. So the receipts of the last months are read first, and older
ones only of the parts whose stock reaches back behind them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from inventory.books.layers import Layer
from inventory.books.standing import stands
from inventory.books.valuation import share_e4
from inventory.bulk import among, raw_rows
from inventory.figures.scope import Scope
from inventory.schema import movement, stock_layer

RECENT_DAYS = 120
"""How far back is read of every part: what most stock does not outlast."""

_LAYER = stock_layer.c


def newest_layers(connection: sa.Connection, scope: Scope, left: dict[tuple[str, str], int]) -> list[Layer]:
    """Return what is left of each inflow, by store and part, the newest first.

    Parameters
    ----------
    left
        What lies on the shelf, in thousandths by store and part; taken down to what no layer explains.
    """
    cut = (scope.until - timedelta(days=RECENT_DAYS)).isoformat()
    found = list(_taken(_rows(connection, scope, _LAYER.received_on > cut), left))
    older = {part_no for (_, part_no), quantity in left.items() if quantity}
    if older:
        found += _taken(_rows(connection, scope, _LAYER.received_on <= cut, older), left)
    return found


def _rows(
    connection: sa.Connection, scope: Scope, when: sa.ColumnElement[bool], parts: Collection[str] = ()
) -> Iterable[Any]:
    late = sa.select(movement.c.document_sequence).where(movement.c.effective_on > scope.until.isoformat())
    question = (
        sa.select(
            _LAYER.store, _LAYER.part_no, _LAYER.received_on, _LAYER.quantity_milli, _LAYER.value_e4,
            _LAYER.document_sequence, _LAYER.line_no,
        )
        .where(
            when,
            stands(_LAYER.document_sequence, scope.until, scope.known_at),
            _LAYER.document_sequence.not_in(late),
            *scope.of(_LAYER.store),
            *scope.known(_LAYER.document_sequence),
        )
    )  # fmt: skip
    if parts:
        question = question.where(among(connection, stock_layer.c.part_no, parts))
    return sorted(raw_rows(connection, question), key=itemgetter(2, 5, 6), reverse=True)


def _taken(rows: Iterable[Any], left: dict[tuple[str, str], int]) -> Iterable[Layer]:
    """Yield what the stock still holds of each layer, and take it off the stock."""
    days: dict[str, date] = {}
    for store, part_no, received_on, quantity, value, *_ in rows:
        wanted = left.get((store, part_no), 0)
        if wanted > 0:
            kept = min(quantity, wanted)
            left[store, part_no] = wanted - kept
            if received_on not in days:
                days[received_on] = date.fromisoformat(received_on)
            yield Layer(store, part_no, days[received_on], kept, share_e4(kept, quantity, value))
