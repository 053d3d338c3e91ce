"""Findings as a table: what is wrong with the user's data, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from inventory.findings import Finding
from reporting.tables import Column, Table
from reporting.words import word

SHOWN_ROWS_MAX = 200
"""Longer lists are cut on the screen; the count in the message below them stays whole."""


def findings_table(findings: Sequence[Finding], language: str = "en") -> Table:
    """Return the findings as a table, in the order of file and row."""
    columns = ("source", "sheet", "row", "column", "value", "reason", "suggestion")
    shown = [
        {**asdict(finding), "row": str(finding.row) if finding.row else ""}
        for finding in sorted(findings)[:SHOWN_ROWS_MAX]
    ]
    used = tuple(Column(name) for name in columns if any(row[name] for row in shown))
    rest = len(findings) - len(shown)
    notes = (f"… and {rest} more of the same kind below.",) if rest > 0 else ()
    return Table(word("findings", language), used, shown, notes)
