"""Which documents a report counts: those effective until a business day, and recorded up to one that was known."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from inventory.schema import document


def counted(
    as_of: date, known_at: int | None = None, of: sa.FromClause = document
) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions on documents, or on an alias of them.

    Parameters
    ----------
    as_of
        The last effective date that counts.
    known_at
        The last document that counts, by its sequence; all that are recorded where not given.
    """
    until = (of.c.effective_on <= as_of.isoformat(),)
    return until if known_at is None else (*until, of.c.sequence <= known_at)
