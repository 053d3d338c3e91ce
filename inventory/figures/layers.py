"""What is left of each receipt at the end of a period: `books.layers`, read no further back than the stock reaches.

First in, first out: what lies on the shelf came in last. So the receipts of the last months are read first, and older
ones only of the parts whose stock reaches back behind them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from inventory.books.standing import stands
from inventory.books.valuation import share_e4
from inventory.bulk import among, raw_rows
from inventory.figures.scope import Scope
from inventory.schema import movement, stock_layer

RECENT_DAYS = 120
"""How far back is read of every part: what most stock does not outlast."""

_LAYER = stock_layer.c


class Left(NamedTuple):
    """What is left of one inflow: its day as ISO text, quantity in thousandths, value in ten-thousandths."""

    store: str
    part_no: str
    received_on: str
    quantity_milli: int
    value_e4: int


def newest_layers(connection: sa.Connection, scope: Scope, left: dict[tuple[str, str], int]) -> list[Left]:
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


def _taken(rows: Iterable[Any], left: dict[tuple[str, str], int]) -> Iterable[Left]:
    """Yield what the stock still holds of each layer, and take it off the stock."""
    for store, part_no, received_on, quantity, value, *_ in rows:
        key = (store, part_no)
        wanted = left.get(key, 0)
        if wanted >= quantity:
            left[key] = wanted - quantity
            yield Left(store, part_no, received_on, quantity, value)
        elif wanted > 0:
            left[key] = 0
            yield Left(store, part_no, received_on, wanted, share_e4(wanted, quantity, value))
