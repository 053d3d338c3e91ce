"""Which documents stand: those not reversed, as of a day and as known at a document."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from inventory.books.horizon import counted
from inventory.schema import document
from inventory.schema_books import reversal

REVERSAL = "reversal"
"""The kind of a document that takes another one back."""


def stands(sequence: sa.ColumnElement[int], as_of: date, known_at: int | None = None) -> sa.ColumnElement[bool]:
    """Return the condition that a document is not reversed.

    Parameters
    ----------
    sequence
        The column that names the document; a row without one was imported, and stands.
    as_of
        Reversals up to this day count.
    known_at
        Reversals up to this document count; all where not given.
    """
    return sa.or_(sequence.is_(None), sequence.not_in(_reversed(as_of, known_at)))


def taken_back(sequence: sa.ColumnElement[int], as_of: date, known_at: int | None = None) -> sa.ColumnElement[bool]:
    """Return the condition that a document is reversed, by which its rows are found: what `stands` leaves out."""
    return sequence.in_(_reversed(as_of, known_at))


def _reversed(as_of: date, known_at: int | None) -> sa.Select[int]:
    by = sa.select(reversal.c.reverses_sequence).join(document, document.c.sequence == reversal.c.document_sequence)
    return by.where(*counted(as_of, known_at))


def standing(
    as_of: date, known_at: int | None = None, of: sa.FromClause = document
) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions on documents, or on an alias of them, that tell what was done and holds.

    Those counted (see `horizon`) which are neither reversed nor reversals: of a mistake that was taken back, neither
    side is a thing that was done.
    """
    return (*counted(as_of, known_at, of), stands(of.c.sequence, as_of, known_at), of.c.kind != REVERSAL)
