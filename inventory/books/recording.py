"""When the books were written last, by the clocks of the machines that wrote: what a clock can be held against.

The order of the books is the order of recording, never a clock's, so a clock set back does no harm to them. It does
harm to the day that a program would take from it.
"""

from __future__ import annotations

import sqlalchemy as sa

from inventory.schema import document

_LOOK_BACK = 1000
"""Documents looked at: one posted while the clock was wrong does not hide those before it."""


def last_recorded_at(connection: sa.Connection) -> str | None:
    """Return the latest time of recording (ISO text, UTC) among the last documents; None where there is none."""
    last = sa.select(sa.func.max(document.c.sequence)).scalar_subquery()
    question = sa.select(sa.func.max(document.c.recorded_at)).where(document.c.sequence > last - _LOOK_BACK)
    return connection.execute(question).scalar_one_or_none()


def last_sequence(connection: sa.Connection) -> int:
    """Return the sequence of the last document in the books; 0 where there is none."""
    return int(connection.execute(sa.select(sa.func.max(document.c.sequence))).scalar_one_or_none() or 0)
