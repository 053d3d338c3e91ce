"""What is left of each receipt at the end of a period: `books.layers`, read no further back than the stock reaches.

First in, first out: what lies on the shelf came in last. So the receipts of the last months are read first, and older
ones only of the parts whose stock reaches back behind them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import sqlalchemy as sa

from inventory.books.standing import stands
from inventory.books.valuation import share_e4
from inventory.bulk import among, whole_columns
from inventory.figures.columns import Whole
from inventory.figures.pairs import Pairs
from inventory.figures.positions import Shelf
from inventory.figures.scope import Scope
from inventory.schema import movement, stock_layer

RECENT_DAYS = 120
"""How far back is read of every part: what most stock does not outlast."""

_LAYER = stock_layer.c


@dataclass(frozen=True)
class Layers:
    """What is left of each inflow that is left of; every column of shape (layers,).

    Parameters
    ----------
    row
        Of its part on the shelf.
    day
        When it came in: the day's number (`date.toordinal`).
    quantity_milli, value_e4
        Thousandths of the stock unit, and ten-thousandths of the currency.
    """

    row: Whole
    day: Whole
    quantity_milli: Whole
    value_e4: Whole


def inflows(connection: sa.Connection, scope: Scope, shelf: Shelf) -> Whole:
    """Return the inflows of parts on the shelf, as far back as the stock reaches.

    Returns
    -------
    array
        Row of the part on the shelf, day's number, document, line, quantity and value as they came in; shape
        (6, inflows).
    """
    long_ago = (scope.until - timedelta(days=RECENT_DAYS)).isoformat()
    came = came_in(connection, scope, shelf, _LAYER.received_on > long_ago)
    explained = np.bincount(came[0], came[4], len(shelf.pairs))  # whole numbers, exact as decimals
    short = np.flatnonzero(explained < shelf.quantity_milli).tolist()
    if not short:
        return came
    older = {shelf.pairs.part_nos[row] for row in short}
    return np.hstack([came, came_in(connection, scope, shelf, _LAYER.received_on <= long_ago, older)])


def inflows_left(came: Whole, shelf: Shelf) -> tuple[Whole, Whole]:
    """Return the inflows of which something is left, by part, the newest first; and what is left of each.

    Parameters
    ----------
    came
        As `inflows` gives them, at least those that anything is left of; shape (6, inflows).
    """
    came = came[:, np.lexsort((-came[3], -came[2], -came[1], came[0]))]
    row, _, _, _, quantity, _ = came
    reached = np.cumsum(quantity) - quantity
    newer = reached - reached[np.searchsorted(row, row)] if row.size else reached
    left = np.clip(shelf.quantity_milli[row] - newer, 0, quantity)
    return came[:, left > 0], left[left > 0]


def layers_of(came: Whole, shelf: Shelf) -> Layers:
    """Return what is left of some inflows, each with its share of its value."""
    (row, day, _, _, quantity, value), left = inflows_left(came, shelf)
    cut = np.flatnonzero(left < quantity)  # of a part, at most the oldest layer
    columns = (left[cut].tolist(), quantity[cut].tolist(), value[cut].tolist())
    value[cut] = [share_e4(*each) for each in zip(*columns, strict=True)]  # a product may be beyond 64 bits
    return Layers(row, day, left, value)


def came_in(
    connection: sa.Connection,
    scope: Scope,
    shelf: Shelf,
    when: sa.ColumnElement[bool],
    parts: Collection[str] = (),
) -> Whole:
    """Return the inflows of parts on the shelf under a condition, of some parts or all; see `inflows`."""
    late = sa.select(movement.c.document_sequence).where(movement.c.effective_on > scope.until.isoformat())
    question = (
        sa.select(
            _LAYER.store, _LAYER.part_no, _LAYER.received_on, _LAYER.document_sequence, _LAYER.line_no,
            _LAYER.quantity_milli, _LAYER.value_e4,
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
    stores, part_nos, days, *columns = whole_columns(connection, question)
    number_of = {day: date.fromisoformat(day).toordinal() for day in set(days)}
    rows = shelf.pairs.find(Pairs(stores, part_nos))
    found = np.array([rows, list(map(number_of.__getitem__, days)), *columns], np.int64)
    return found[:, found[0] >= 0]
