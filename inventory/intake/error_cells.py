"""Cells of a workbook in which a formula failed (#N/A, #REF!, …): where they are.

The reader of workbooks gives such a cell as an empty one, and an empty cell often means a default: a failed look-up
would silently become a quantity. So they are looked for in the sheet itself, an XML file inside the workbook whose
failed cells are marked ``t="e"``.
"""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path, PurePosixPath

_FAILED = re.compile(r'<c\b(?P<marks>[^>]*\bt="e"[^>]*)>(?P<inside>.*?)</c>', re.DOTALL)
_ADDRESS = re.compile(r'\br="([A-Z]+)(\d+)"')
_VALUE = re.compile(r"<v>(.*?)</v>", re.DOTALL)


def error_cells(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """Return what failed cells show, by column (from 0) and row of the spreadsheet (from 1).

    Parameters
    ----------
    path
        An .xlsx file that opens without a fault.
    sheet
        Name of one of its sheets.
    """
    with zipfile.ZipFile(path) as archive:
        text = archive.read(_part_of(archive, sheet)).decode("utf-8")
    found = {}
    for cell in _FAILED.finditer(text):
        address = _ADDRESS.search(cell["marks"])
        value = _VALUE.search(cell["inside"])
        if address is not None:
            found[_column(address[1]), int(address[2])] = value[1] if value else "#ERROR"
    return found


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return the name of the file inside the workbook that holds a sheet."""
    book = archive.read("xl/workbook.xml").decode("utf-8")
    links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8")
    key = next(
        _attribute(entry, "r:id")
        for entry in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book)
        if unescape(_attribute(entry, "name")) == sheet
    )
    entries = re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", links)
    target = next(_attribute(entry, "Target") for entry in entries if _attribute(entry, "Id") == key)
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)


def _attribute(entry: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', entry)
    return found[1] if found else ""


def _column(letters: str) -> int:
    """Return the column of its letters, counted from 0.

    >>> _column("A"), _column("AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
