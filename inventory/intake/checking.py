"""One checker for every table: a raw table held against its rule → typed columns and findings, whole columns at a time.

Each column is reduced to its distinct texts, those are read and judged once, and the judgement is spread over the rows
again; so good rows cost nothing that grows with their number but a look-up. A fault names the row and the heading as
the user's spreadsheet shows them. Cells that could not be read stay empty in the typed columns and are judged no
further, so that one fault is told once.

It looks at one file only; what must be known from elsewhere is the business of `references`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from inventory.findings import Finding
from inventory.intake.files import RawTable, cell_address, looks_separated_otherwise
from inventory.intake.headings import heading_names
from inventory.intake.rules import ColumnRule, TableRule
from inventory.intake.suggestions import likely_value
from inventory.intake.values import DECIMALS, expectation, parse

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class CheckedTable:
    """A file whose cells were read by its rule.

    Parameters
    ----------
    rule
        What the table must look like.
    raw
        The cells as they were.
    positions
        Where each column of the database stands in the file; those the file does not have are not in it.
    kept
        (n,) index of each row among the raw ones.
    frame
        n rows under the columns of the database: text as ``str``, numbers as ``Int64`` in their smallest unit
        (statistics as ``Float64``); empty where the cell was empty without a default, or faulty.
    """

    rule: TableRule
    raw: RawTable
    positions: Mapping[str, int]
    kept: NDArray[np.intp]
    frame: pd.DataFrame

    def faults(
        self, where: Mask, column: str, reason: str, suggestions: Sequence[str] | str = "", *, is_conflict: bool = False
    ) -> list[Finding]:
        """Return a finding for each row of a mask, about one column of the database.

        Parameters
        ----------
        where
            (n,)
        suggestions
            One for all, or one for each row of the mask that is true, in order.
        """
        at = self.kept[np.flatnonzero(where)]
        position = self.positions.get(column)
        heading = column if position is None else self.raw.headings[position]
        told = [suggestions] * at.size if isinstance(suggestions, str) else suggestions
        return [
            Finding(
                self.raw.source,
                self.raw.sheet,
                int(self.raw.rows[i]),
                heading,
                "" if position is None else self.raw.columns[position][i],
                reason,
                suggestion,
                is_conflict,
            )
            for i, suggestion in zip(at, told, strict=True)
        ]


def check(raw: RawTable, rule: TableRule, as_of: date) -> tuple[CheckedTable, list[Finding], list[str]]:
    """Hold a table against its rule.

    Returns
    -------
    table
        Its typed columns, rows that say the same counted once.
    findings
        Every fault found.
    notes
        What was left out and is no fault.
    """
    positions, findings, notes = _match_headings(raw, rule)
    is_whole = not findings
    sound = np.ones(raw.rows.size, dtype=np.bool_)
    columns: dict[str, pd.Series] = {}
    for column in rule.columns:
        position = positions.get(column.name)
        if position is None:
            columns[column.column] = _absent(column, raw.rows.size)
            continue
        values, good, found = _check_column(raw, position, column, as_of)
        columns[column.column] = values
        sound &= good
        findings += found
    _fill_from_other_columns(rule, columns)
    places = {c.column: positions[c.name] for c in rule.columns if c.name in positions}
    table = CheckedTable(rule, raw, places, np.arange(raw.rows.size), pd.DataFrame(columns))
    findings += _check_relations(table)
    if is_whole:
        table, repeated, contradictions = _without_repeats(table, sound)
        findings += contradictions
        notes += repeated
    return table, findings, notes


def _match_headings(raw: RawTable, rule: TableRule) -> tuple[dict[str, int], list[Finding], list[str]]:
    """Return where each column stands, and what is wrong with the headings."""
    names = heading_names(rule)
    positions: dict[str, int] = {}
    findings: list[Finding] = []
    unknown: list[str] = []
    for position, heading in enumerate(raw.headings):
        name = names.get(heading.lower())
        if name is None:
            unknown.append(heading or f"(column {position + 1} without heading)")
        elif name in positions:
            reason = f"each column stands in a table once; {raw.headings[positions[name]]} is {name} already"
            findings.append(Finding(raw.source, raw.sheet, 1, heading, "", reason, "take one of the two out"))
        else:
            positions[name] = position
    for column in rule.columns:
        if column.required and column.name not in positions:
            reason = f"a {rule.kind} table has a column {column.name}"
            mend = f"add it; found: {', '.join(raw.headings)}"
            if looks_separated_otherwise(raw.headings):
                mend = "separate the columns by commas"
            findings.append(Finding(raw.source, raw.sheet, 1, column.name, "", reason, mend))
    notes = [f"{raw.source}: columns not used: {', '.join(unknown)}"] if unknown else []
    return positions, findings, [*raw.notes, *notes]


def _dtype(column: ColumnRule) -> str:
    if column.kind == "number":
        return "Float64"
    return "Int64" if column.kind in DECIMALS else "str"


def _absent(column: ColumnRule, count: int) -> pd.Series:
    return pd.Series([column.default] * count, dtype=_dtype(column))


def _check_column(
    raw: RawTable, position: int, column: ColumnRule, as_of: date
) -> tuple[pd.Series, Mask, list[Finding]]:
    """Return the typed column, which rows are sound in it, and the findings."""
    codes, distinct = pd.factorize(pd.Series(raw.columns[position], dtype="str"))
    words = pd.Series(distinct, dtype="str")
    values, readable = parse(words, column.kind)
    empty = (words == "").to_numpy(dtype=np.bool_)
    readable = readable | empty
    good = (readable & _within_bounds(column, values, as_of)) | empty
    if column.required:
        good = good & ~empty
    unlike, beyond = _expected(column), _bounds(column, as_of)
    findings = [
        Finding(
            raw.source,
            raw.sheet,
            int(raw.rows[i]),
            raw.headings[position],
            text := raw.columns[position][i],
            (beyond if readable[codes[i]] else unlike) if text else f"{column.name} is filled in on every row",
            likely_value(text, column),
        )
        for i in np.flatnonzero(~good[codes])
    ]
    sound = good[codes]
    numbers = raw.number_cells[position]
    if column.kind == "code" and numbers is not None:
        findings += _number_cells(raw, position, column, numbers & sound)
        sound = sound & ~numbers
    typed = pd.Series(values, dtype=_dtype(column))
    if column.kind == "number":
        typed = typed / 10**6
    typed = typed.mask(empty, column.default).mask(~good, None)
    return typed.take(codes).reset_index(drop=True), sound, findings


def _within_bounds(column: ColumnRule, values: NDArray[Any], as_of: date) -> Mask:
    """Return which values keep to the column's choices, bounds and times; of no meaning where there is no value."""
    good = np.ones(values.size, dtype=np.bool_)
    if column.choices:
        good &= np.isin(values.astype(str), column.choices)
    if column.minimum is not None:
        good &= values >= column.minimum * (10**6 if column.kind == "number" else 1)
    if column.maximum is not None:
        good &= values <= column.maximum
    if column.not_after_as_of:
        good &= values.astype(str) <= as_of.isoformat()[: 7 if column.kind == "month" else 10]
    return good


def _expected(column: ColumnRule) -> str:
    return _bounds(column, None) if column.choices else f"{column.name} is {expectation(column.kind)}"


def _bounds(column: ColumnRule, as_of: date | None) -> str:
    """Return the bounds of a column as one positive sentence."""
    parts = []
    unit = 10 ** DECIMALS.get(column.kind, 0)
    if column.choices:
        parts.append(f"one of: {', '.join(column.choices)}")
    if column.minimum == 1 and unit > 1:
        parts.append("more than 0")
    elif column.minimum is not None:
        parts.append(f"at least {column.minimum}")
    if column.maximum is not None:
        parts.append(f"at most {column.maximum // unit}")
    if column.not_after_as_of and as_of is not None:
        parts.append(f"not later than the day of the import, {as_of.isoformat()}")
    return f"{column.name} is {' and '.join(parts)}"


def _number_cells(raw: RawTable, position: int, column: ColumnRule, where: Mask) -> list[Finding]:
    return [
        Finding(
            raw.source,
            raw.sheet,
            int(raw.rows[i]),
            raw.headings[position],
            raw.columns[position][i],
            f"{column.name} is stored as text; cell {cell_address(position, int(raw.rows[i]))} holds a number, a date"
            " or a failed formula, and zeros may be lost",
            "format the column as text and enter the value again, with its zeros",
        )
        for i in np.flatnonzero(where)
    ]


def _fill_from_other_columns(rule: TableRule, columns: dict[str, pd.Series]) -> None:
    by_name = {column.name: column.column for column in rule.columns}
    for column in rule.columns:
        if column.default_from:
            columns[column.column] = columns[column.column].fillna(columns[by_name[column.default_from]])


def _check_relations(table: CheckedTable) -> list[Finding]:
    """Return the findings about two columns of one row: what comes later, what is at most as much."""
    findings: list[Finding] = []
    by_name = {column.name: column.column for column in table.rule.columns}
    for column in table.rule.columns:
        if column.not_before:
            other = table.frame[by_name[column.not_before]]
            wrong = (table.frame[column.column] < other).fillna(value=False).to_numpy(dtype=np.bool_)
            reason = f"{column.name} is not before {column.not_before} of the same row"
            findings += table.faults(wrong, column.column, reason, f"mend {column.name} or {column.not_before}")
        if column.not_above:
            other = table.frame[by_name[column.not_above]]
            wrong = (table.frame[column.column] > other).fillna(value=False).to_numpy(dtype=np.bool_)
            reason = f"{column.name} is at most {column.not_above} of the same row"
            findings += table.faults(wrong, column.column, reason, f"mend {column.name} or {column.not_above}")
    return findings


def _without_repeats(table: CheckedTable, sound: Mask) -> tuple[CheckedTable, list[str], list[Finding]]:
    """Return the table with equal rows counted once, a note on those, and the rows that contradict an earlier one."""
    again = np.zeros(sound.size, dtype=np.bool_)
    again[sound] = table.frame[sound].duplicated().to_numpy(dtype=np.bool_)
    notes = []
    if again.any():
        rows = table.raw.rows[table.kept[again]]
        shown = ", ".join(str(row) for row in rows[:10]) + (" …" if rows.size > 10 else "")
        notes.append(f"{table.raw.source}: rows that repeat an earlier one, counted once: {shown}")
    findings: list[Finding] = []
    if table.rule.key:
        key = list(table.rule.key)
        double = np.zeros(sound.size, dtype=np.bool_)
        candidates = sound & ~again
        double[candidates] = table.frame.loc[candidates, key].duplicated().to_numpy(dtype=np.bool_)
        numbered = table.frame[key].assign(_row=table.raw.rows[table.kept])[candidates]
        first = numbered.groupby(key, dropna=False)["_row"].transform("min")[double[candidates]]
        reason = f"rows with the same {', '.join(c.name for c in table.rule.columns if c.column in key)} say the same"
        mends = [f"row {row} says otherwise: keep one of the two" for row in first]
        findings = table.faults(double, key[0], reason, mends)
    kept = ~again
    frame = table.frame[kept].reset_index(drop=True)
    return CheckedTable(table.rule, table.raw, table.positions, table.kept[kept], frame), notes, findings
