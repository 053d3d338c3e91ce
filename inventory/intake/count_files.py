"""Files of a stocktake: a filled-in sheet, a list of parts to count, the causes of variances.

They are read and checked by the same rules as every table, but are no tables of the books. A row of a sheet without a
quantity is a line not counted yet, and left out; so is a row of causes without a cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, tzinfo
from pathlib import Path

import pandas as pd

from inventory.counting.decisions import Decision
from inventory.counting.entries import Tally
from inventory.counting.opening import Place
from inventory.counting.rules import CAUSES
from inventory.findings import Finding
from inventory.intake.checking import CheckedTable, check
from inventory.intake.files import UnreadableFileError, read_table
from inventory.intake.loading import records
from inventory.intake.rules import ColumnRule, TableRule
from inventory.moments import moment_of

SHEET_COLUMNS = ("bin", "part_no", "name", "unit", "quantity", "counter", "counted_at", "note")
"""The columns of a sheet as it goes out, in order; it is read back under the same names, or their Chinese synonyms."""

_PART = ColumnRule("part_no", "code", required=True)
_BIN = ColumnRule("bin", "code", "bin_name")
_SHEET = TableRule(
    "count",
    "",
    ("part_no", "bin_name", "counter"),
    (
        _BIN,
        _PART,
        ColumnRule("name"),
        ColumnRule("unit"),
        ColumnRule("quantity", "quantity", "counted_milli", minimum=0),
        ColumnRule("counter", default=""),
        ColumnRule("counted_at", default=""),
        ColumnRule("note"),
    ),
)
_PARTS = TableRule("parts", "", (), (_PART, _BIN))
_CAUSES = TableRule(
    "causes", "", ("part_no", "bin_name"), (_PART, _BIN, ColumnRule("cause", choices=CAUSES), ColumnRule("note"))
)


@dataclass(frozen=True)
class Clock:
    """What an entry without counter or time means, and how a time is to be read.

    Parameters
    ----------
    counted_at
        ISO text, UTC; empty: the moment of entering.
    day, zone
        The day of a time without one, and the zone of a time that names none.
    """

    counter: str
    counted_at: str
    day: date
    zone: tzinfo


def read_sheet(path: Path, clock: Clock) -> tuple[tuple[Tally, ...], list[Finding], list[str]]:
    """Return the entries of a filled-in sheet, every fault found in it, and notes on how it was read."""
    table, findings, notes = _checked(path, _SHEET, clock.day)
    if table is None or findings:
        return (), findings, notes
    tallies = []
    for record, row in _rows(table):
        if record["counted_milli"] is None:
            continue
        said = str(record["counted_at"] or "")
        at = moment_of(said, clock.day, clock.zone) if said else clock.counted_at
        if at is None:
            reason = "counted_at is a time such as 14:05, or a day and a time such as 2026-06-30 14:05"
            findings.append(Finding(str(path), table.raw.sheet, row, "counted_at", said, reason, ""))
            continue
        tallies.append(
            Tally(
                str(record["part_no"]),
                _bin_of(table, record),
                int(str(record["counted_milli"])),
                str(record["counter"] or clock.counter),
                at,
                row,
            )
        )
    return (() if findings else tuple(tallies)), findings, notes


def read_places(path: Path, as_of: date) -> tuple[tuple[Place, ...], list[Finding], list[str]]:
    """Return the parts to count that a file names (with their bin, where it has such a column), faults and notes."""
    table, findings, notes = _checked(path, _PARTS, as_of)
    if table is None or findings:
        return (), findings, notes
    places = tuple(Place(str(record["part_no"]), _bin_of(table, record), row=row) for record, row in _rows(table))
    return places, [], notes


def read_causes(path: Path, as_of: date) -> tuple[tuple[Decision, ...], list[Finding], list[str]]:
    """Return the causes a file gives, such as a review printed as CSV and filled in; faults and notes."""
    table, findings, notes = _checked(path, _CAUSES, as_of)
    if table is None or findings:
        return (), findings, notes
    decisions = tuple(
        Decision(
            str(record["part_no"]), _bin_of(table, record), str(record["cause"]), str(record["note"] or ""), row
        )
        for record, row in _rows(table)
        if record["cause"]
    )  # fmt: skip
    return decisions, [], notes


def _checked(path: Path, rule: TableRule, as_of: date) -> tuple[CheckedTable | None, list[Finding], list[str]]:
    try:
        raw = read_table(path, rule.kind)
    except UnreadableFileError as fault:
        return None, list(fault.findings), []
    return check(raw, rule, as_of)


def _rows(table: CheckedTable) -> list[tuple[dict[str, object], int]]:
    rows = table.raw.rows[table.kept].tolist()
    return list(zip(records(table.frame), rows, strict=True))


def _bin_of(table: CheckedTable, record: dict[str, object]) -> str | None:
    """Return the bin of a row: None where the file has no such column; an empty cell is the place without a bin."""
    if "bin_name" not in table.positions:
        return None
    return "" if pd.isna(record["bin_name"]) else str(record["bin_name"])  # type: ignore[call-overload]  # any cell
