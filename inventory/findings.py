"""`Finding`: one fault in the user's data, told so that it can be mended; collected whole, never thrown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """What is wrong, where, and how to mend it.

    Parameters
    ----------
    source
        The file (or document) as the user named it.
    sheet
        Sheet of a workbook; empty for CSV.
    row
        Line as the user's spreadsheet counts it: the heading is row 1. 0 where the fault is of the whole file.
    column
        Heading of the column; empty where the fault is of the row or the file.
    value
        What was found there, as text.
    reason
        What is expected, in a positive sentence.
    suggestion
        How to mend it; may be empty.
    is_conflict
        True where the same document number arrived before with other content.
    """

    source: str
    sheet: str
    row: int
    column: str
    value: str
    reason: str
    suggestion: str
    is_conflict: bool = False


def unmet(source: str, checks: Iterable[tuple[bool, str, str, str, str]]) -> list[Finding]:
    """Return a finding for each check that does not hold.

    Parameters
    ----------
    source
        The file or document as the user named it.
    checks
        Whether it holds, the column, the value found, what is expected, and how to mend it.
    """
    return [
        Finding(source, "", 0, column, value, reason, remedy)
        for holds, column, value, reason, remedy in checks
        if not holds
    ]
