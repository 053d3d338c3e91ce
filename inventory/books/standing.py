"""Which documents stand: those not reversed, as of a day and as known at a document."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from inventory.schema import document
from inventory.schema_books import reversal


def stands(sequence: sa.Column[int], as_of: date, known_at: int | None = None) -> sa.ColumnElement[bool]:
    """Return the condition that a document is not reversed.

    Parameters
    ----------
    sequence
        The column that names the document.
    as_of
        Reversals up to this day count.
    known_at
        Reversals up to this document count; all where not given.
    """
    by = sa.select(reversal.c.reverses_sequence).join(document, document.c.sequence == reversal.c.document_sequence)
    by = by.where(document.c.effective_on <= as_of.isoformat())
    if known_at is not None:
        by = by.where(reversal.c.document_sequence <= known_at)
    return sequence.not_in(by)
