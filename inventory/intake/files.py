"""A file as it lies on the disk → `RawTable`: its cells as text, column by column, with the rows they stand in.

CSV is read as UTF-8 (with or without a byte-order mark), else as GB18030, which contains GBK; never with replacement
characters. XLSX is read cell by cell with its types: text stays as it is, dates become YYYY-MM-DD, numbers are written
with the 15 digits a spreadsheet shows, and which cells were numbers is kept, because a part number stored as a number
may have lost its zeros and nobody can tell. A cell whose formula failed holds what it shows, such as #N/A. Rows
without any content are no rows.

It takes comma-separated CSV and XLSX with the headings in row 1; it repairs nothing.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inventory.findings import Finding
from inventory.intake.error_cells import error_cells

SUFFIXES = (".csv", ".xlsx")


@dataclass(frozen=True)
class RawTable:
    """The cells of one file as text.

    Parameters
    ----------
    source
        The file as the user named it.
    sheet
        Sheet of a workbook; empty for CSV.
    headings
        Row 1, blanks around each dropped.
    columns
        One list of texts per heading, all of the same length n; an empty cell is the empty text.
    rows
        (n,) row of the spreadsheet each cell stands in, whole; the headings are row 1.
    number_cells
        One (n,) mask per heading: cells that a workbook stores as something else than text; None where there is none.
    notes
        What the user should know about how the file was read.
    """

    source: str
    sheet: str
    headings: tuple[str, ...]
    columns: tuple[list[str], ...]
    rows: NDArray[np.int64]
    number_cells: tuple[NDArray[np.bool_] | None, ...]
    notes: tuple[str, ...] = ()


class UnreadableFileError(Exception):
    """The file holds no table that can be read; carries the findings."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(f"{len(findings)} faults")
        self.findings = tuple(findings)


def read_table(path: Path, preferred_sheet: str) -> RawTable:
    """Return the cells of a CSV or XLSX file.

    Parameters
    ----------
    preferred_sheet
        Sheet to take from a workbook of several; the first one where there is none of that name.

    Raises
    ------
    UnreadableFileError
        If the file is empty, of another kind, broken, or a row has more cells than there are headings.
    """
    reader: Callable[[Path, str], RawTable] | None = {".csv": _read_csv, ".xlsx": _read_xlsx}.get(path.suffix.lower())
    if reader is None:
        raise _whole_file(path, "a table is a .csv or .xlsx file", "save it as CSV or XLSX")
    return reader(path, preferred_sheet)


def _whole_file(path: Path, reason: str, suggestion: str = "") -> UnreadableFileError:
    return UnreadableFileError([Finding(str(path), "", 0, "", "", reason, suggestion)])


def _read_csv(path: Path, _sheet: str) -> RawTable:
    text, notes = _decoded(path)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as fault:
        reason = f"every quotation mark that opens a cell closes it again ({fault})"
        raise _whole_file(path, reason, "save it again as CSV from a spreadsheet") from fault
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise _whole_file(path, "row 1 holds the headings", "the file, or its first row, is empty")
    width = len(rows[0])
    widths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    too_wide = np.flatnonzero(widths > width)
    if too_wide.size:
        reason = f"a row has as many cells as there are headings: {width}"
        mend = "put a cell that contains a comma in quotation marks"
        raise UnreadableFileError(
            [Finding(str(path), "", int(i) + 1, "", f"{widths[i]} cells", reason, mend) for i in too_wide]
        )
    for i in np.flatnonzero(widths < width):  # a cut-off row: its missing cells are empty ones
        rows[i] = rows[i] + [""] * (width - len(rows[i]))
    headings, *body = rows
    columns = [list(column) for column in zip(*body, strict=True)] or [[] for _ in headings]
    return _table(path, "", headings, columns, [None] * width, notes)


def _decoded(path: Path) -> tuple[str, tuple[str, ...]]:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("gb18030"), (f"{path.name}: read as GB18030",)
    except UnicodeDecodeError as fault:
        raise _whole_file(path, "text is written in UTF-8 or GB18030", "save it as CSV UTF-8") from fault


def _read_xlsx(path: Path, preferred_sheet: str) -> RawTable:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(str(path))
        names = workbook.sheet_names
        sheet = preferred_sheet if preferred_sheet in names else names[0]
        cells = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except CalamineError as fault:
        raise _whole_file(path, f"a workbook opens without a fault ({fault})", "save it again as .xlsx") from fault
    if not cells or not any(str(cell).strip() for cell in cells[0]):
        raise UnreadableFileError(
            [Finding(str(path), sheet, 1, "", "", "row 1 holds the headings", "the row is empty")]
        )
    failed = error_cells(path, sheet)
    columns, masks = [], []
    for j, column in enumerate(zip(*cells[1:], strict=True)):
        texts, mask = _cell_texts(column)
        for row in [row for at, row in failed if at == j and 2 <= row <= len(column) + 1]:
            texts[row - 2] = failed[j, row]
            mask = np.zeros(len(column), dtype=np.bool_) if mask is None else mask
            mask[row - 2] = True
        columns.append(texts)
        masks.append(mask)
    if not columns:
        columns, masks = [[] for _ in cells[0]], [None for _ in cells[0]]
    others = [name for name in names if name != sheet]
    notes = (f"{path.name}: sheet {sheet} taken; not taken: {', '.join(others)}",) if others else ()
    return _table(path, sheet, [str(cell) for cell in cells[0]], columns, masks, notes)


def _cell_texts(column: Sequence[object]) -> tuple[list[str], NDArray[np.bool_] | None]:
    """Return the cells of a column as text, and which of them were stored as something else."""
    if set(map(type, column)) == {str}:
        return [str(cell) for cell in column], None
    return [_cell_text(cell) for cell in column], np.array([not isinstance(cell, str) for cell in column])


def _cell_text(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return f"{cell:.15g}"  # as the spreadsheet shows it: a sum of 0.1 and 0.2 is 0.3
    if isinstance(cell, datetime) and (cell.hour or cell.minute or cell.second):
        return cell.isoformat(" ")
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    return str(cell)


def _table(
    path: Path,
    sheet: str,
    headings: Sequence[str],
    columns: list[list[str]],
    masks: Sequence[NDArray[np.bool_] | None],
    notes: tuple[str, ...],
) -> RawTable:
    """Return the table without its empty rows and without columns that have neither heading nor content."""
    kept = [j for j, heading in enumerate(headings) if heading.strip() or any(columns[j])]
    count = len(columns[0])
    filled = np.zeros(count, dtype=np.bool_)
    for j in kept:
        filled |= np.fromiter(map(bool, columns[j]), dtype=np.bool_, count=count)
    rows = np.flatnonzero(filled)
    whole = rows.size == count
    return RawTable(
        source=str(path),
        sheet=sheet,
        headings=tuple(headings[j].strip() for j in kept),
        columns=tuple(columns[j] if whole else [columns[j][i] for i in rows] for j in kept),
        rows=rows.astype(np.int64) + 2,
        number_cells=tuple(_masked(masks[j], rows) for j in kept),
        notes=notes,
    )


def _masked(mask: NDArray[np.bool_] | None, rows: NDArray[np.intp]) -> NDArray[np.bool_] | None:
    return None if mask is None else mask[rows]


def cell_address(column: int, row: int) -> str:
    """Return the address of a cell as a spreadsheet writes it.

    >>> cell_address(0, 7), cell_address(27, 2)
    ('A7', 'AB2')
    """
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def looks_separated_otherwise(headings: Sequence[str]) -> bool:
    """Return whether the one heading found looks like several, separated by something else than commas."""
    return len(headings) == 1 and re.search(r"[;\t|]", headings[0]) is not None
