"""`Fault`: a row of the books that differs from what it follows from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A row that differs.

    Parameters
    ----------
    check
        Which step found it: pages, guards, seals, documents, values, balances, layers, waiting or closed-months.
    table, key
        The row.
    column
        What of it differs; empty: the row as a whole.
    expected, found
        What follows from the rest of the books, and what is there.
    """

    check: str
    table: str
    key: str
    column: str = ""
    expected: str = ""
    found: str = ""
