"""`Outcome`: what one check tried, what came of it, and what was wrong; and how the books are examined afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.database import open_initialised
from inventory.proof.verification import verify

if TYPE_CHECKING:
    import sqlalchemy as sa


@dataclass(frozen=True)
class Outcome:
    """The result of one check.

    Parameters
    ----------
    check
        Which: races, crashes, power_cuts, sequences, reimports.
    tried
        How often the fault was provoked, or how many operations were done.
    posted
        Documents in the books at the end.
    facts
        What was found, as whole numbers by name.
    faults
        What was wrong, one sentence each; empty where the check holds.
    skipped
        Why the check could not be made here; empty where it was made.
    """

    check: str
    tried: int
    posted: int
    facts: dict[str, int]
    faults: tuple[str, ...] = ()
    skipped: str = ""


@contextmanager
def opened(url: str) -> Iterator[sa.Engine]:
    """Open a database as the program does, and close it at the end."""
    engine = open_initialised(url)
    try:
        yield engine
    finally:
        engine.dispose()


def examined(connection: sa.Connection) -> list[str]:
    """Return what does not add up in the books, one sentence each, by the proof of `sparewise ledger verify`."""
    return [
        f"{each.check}: {each.table} {each.key} {each.column} is {each.found!r} where {each.expected!r} must be"
        for each in verify(connection)
    ]


def agreed(faults: list[str], what: str, found: int, expected: int) -> None:
    """Add a fault where a count is not what it must be."""
    if found != expected:
        faults.append(f"{what}: {found} where {expected} must be")
