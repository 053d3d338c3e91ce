"""How a faulty cell could be mended: a likely value, offered and never taken.

Only what is unmistakable is offered: 2026/3/1 can only be one day, 03/04/2026 could be two and gets none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from inventory.intake.rules import ColumnRule

_YEAR_FIRST = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
_YEAR_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_DIGITS = re.compile(r"((?:19|20)\d\d)(\d\d)")


def likely_value(text: str, column: ColumnRule) -> str:
    """Return how to mend a cell, or nothing where it is not clear.

    >>> likely_value("2026/3/1", ColumnRule("opened_on", "date"))
    'write 2026-03-01'
    >>> likely_value("1,234.5", ColumnRule("amount", "money"))
    'write 1234.5'
    """
    if text == "":
        return f"fill in {column.name}, or take the row out"
    likely = _likely(text, column)
    if likely and likely != text:
        return f"write {likely}"
    return "mend it, or import with --as-of and the day the file is of" if likely and column.not_after_as_of else ""


def _likely(text: str, column: ColumnRule) -> str:
    """Return what was probably meant, the text itself where it is written as it should be; nothing where unclear."""
    if column.choices:
        near = text.strip().lower().replace(" ", "_")
        return near if near in column.choices else ""
    if column.kind == "date" and (found := _YEAR_FIRST.fullmatch(text)):
        return _as_day(*map(int, found.groups()))
    if column.kind == "month" and (found := _YEAR_MONTH.fullmatch(text)) and 1 <= int(found[2]) <= 12:
        return f"{int(found[1])}-{int(found[2]):02d}"
    if column.kind == "period":
        return _as_period(text)
    if column.kind == "code":
        return text.strip()
    if column.kind in ("whole", "quantity", "money") and re.fullmatch(r"[¥￥$]?\d{1,3}(,\d{3})*(\.\d+)?", text):
        return re.sub(r"[¥￥$,]", "", text)
    return ""


def _as_period(text: str) -> str:
    """Return a month written otherwise, or the first of one, as YYYY-MM; nothing for any other day."""
    month, day = _YEAR_MONTH.fullmatch(text) or _DIGITS.fullmatch(text), _YEAR_FIRST.fullmatch(text)
    found = month or (day if day and int(day[3]) == 1 else None)
    return f"{int(found[1])}-{int(found[2]):02d}" if found and 1 <= int(found[2]) <= 12 else ""


def _as_day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


class NearCodes:
    """Finds the one known code that a given one was probably meant to be: zeros lost, blanks or capitals astray.

    Parameters
    ----------
    known
        The codes there are.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._by_bare: dict[str, list[str]] = {}
        for code in known:
            self._by_bare.setdefault(self._bare(code), []).append(code)

    @staticmethod
    def _bare(code: str) -> str:
        return re.sub(r"[\s\-./_]", "", code).upper().lstrip("0")

    def suggestion(self, code: str) -> str:
        """Return the remedy for an unknown code, naming the known one where there is exactly one like it."""
        near = self._by_bare.get(self._bare(code), [])
        return f"probably {near[0]}; write it so" if len(near) == 1 else ""
