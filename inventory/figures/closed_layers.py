"""What is left of each inflow when a month is closed, as its closing document keeps it: first in, first out goes on.

What lies on the shelf later came in with what was left then, or since: all that comes onto the shelf brings a layer, so
nothing older comes up again. Only where a document is taken back goods return without one; of those parts all layers
are read. Layers of documents that were taken back since belong to such parts as well.

Kept are parts by store, and as columns of whole numbers (`columns`) the layers in the order of parts, the newest first,
as they came in: what is still left of the oldest follows from the stock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import sqlalchemy as sa

from demand.periods import PeriodKind, ordinal_of
from inventory.bulk import raw_rows
from inventory.figures.closed import Closing
from inventory.figures.columns import Pair, Whole, as_text, from_text
from inventory.figures.layers import Layers, came_in, inflows, inflows_left, layers_of
from inventory.figures.pairs import Pairs
from inventory.figures.positions import Shelf, on_shelf
from inventory.figures.scope import Scope
from inventory.schema import movement, stock_layer
from inventory.schema_books import reversal

_MOVED = movement.c


class KeptLayers(NamedTuple):
    """What a closing keeps: the last day closed, the parts, and the inflows of them; see `layers.inflows`."""

    closed_until: date
    pairs: Pairs
    came: Whole


def kept_layers(known: Iterable[Closing]) -> KeptLayers | None:
    """Return what the last of some closings that kept any keeps; None where none did."""
    last = max((each for each in known if "layers" in each.kept), default=None, key=lambda each: each.closed_until)
    if last is None:
        return None
    kept = last.kept["layers"]
    came = np.array([from_text(each) for each in kept["columns"]]).reshape(6, -1)
    return KeptLayers(last.closed_until, Pairs.of_stores(kept["parts"]), came)


def layers_report(connection: sa.Connection, until: date) -> dict[str, Any]:
    """Return what a closing document keeps of the layers.

    Parameters
    ----------
    until
        The last day that is closed with it.
    """
    month = ordinal_of(until, PeriodKind.MONTH)
    scope = Scope(month, month, until)
    shelf = on_shelf(connection, scope)
    came, _ = inflows_left(inflows(connection, scope, shelf), shelf)
    pairs = sorted(shelf.pairs)  # a database lists them in any order
    came[0] = shelf.pairs.find(Pairs.of(pairs)).argsort()[came[0]]
    came = came[:, np.argsort(came[0], kind="stable")]
    parts: dict[str, list[str]] = {}
    for store, part_no in pairs:
        parts.setdefault(store, []).append(part_no)
    return {"parts": parts, "columns": [as_text(each.tolist()) for each in came]}


def goods_returned(connection: sa.Connection, kept: KeptLayers, scope: Scope) -> set[Pair]:
    """Return the stores and parts of documents taken back since the closing, as of the scope."""
    by = sa.select(reversal.c.document_sequence)
    question = (
        sa.select(_MOVED.store, _MOVED.part_no)
        .distinct()
        .where(
            _MOVED.document_sequence.in_(by),
            _MOVED.effective_on > kept.closed_until.isoformat(),
            _MOVED.effective_on <= scope.until.isoformat(),
            *scope.of(_MOVED.store),
            *scope.known(_MOVED.document_sequence),
        )
    )
    return {(row[0], row[1]) for row in raw_rows(connection, question)}


def layers_left(connection: sa.Connection, scope: Scope, shelf: Shelf, kept: KeptLayers | None) -> Layers:
    """Return what is left of each inflow to the shelf.

    Parameters
    ----------
    kept
        What the last closing up to the end of the period keeps; None where there is none.
    """
    if kept is None:
        return layers_of(inflows(connection, scope, shelf), shelf)
    returned = goods_returned(connection, kept, scope)
    is_read = Pairs.of(sorted(returned)).find(shelf.pairs) >= 0
    came = kept.came.copy()
    came[0] = shelf.pairs.find(kept.pairs)[came[0]]
    since = sa.select(_MOVED.document_sequence).where(_MOVED.effective_on > kept.closed_until.isoformat())
    new = came_in(connection, scope, shelf, stock_layer.c.document_sequence.in_(since))
    came = np.hstack([came[:, came[0] >= 0], new])
    came = came[:, ~is_read[came[0]]]
    if returned:
        again = came_in(connection, scope, shelf, sa.true(), {part_no for _, part_no in returned})
        came = np.hstack([came, again[:, is_read[again[0]]]])
    return layers_of(came, shelf)
