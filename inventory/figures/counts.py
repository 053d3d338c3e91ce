"""Measures of counting: how far books and shelves agree, line by line, by value and bin by bin.

Plus and minus are never netted: 5 too many here and 5 too few there are two wrong lines, and ten units of difference.
A line is within tolerance where it agrees to the unit, or, above `SMALL_MILLI`, differs by no more than the share of
its class. What was not counted counts nowhere; nor does a count that was taken back.
"""

from __future__ import annotations

import sqlalchemy as sa

from inventory.books.standing import stands
from inventory.figures.grouping import Grain, Measures, counted, month_of, summed
from inventory.figures.sight import Sight
from inventory.schema_counting import count_line

LINES = ("store", "part_no", "bin_name", "day")
SMALL_MILLI = 5_000
"""Up to so much in the books (five units) a count agrees to the unit or not at all."""

TOLERANCES_PERCENT = {"fast": 1, "A": 1, "B": 3, "C": 5}
"""Share of the books' quantity by which a line of a class may differ."""

_LINE = count_line.c
_COLUMNS = {
    "store": _LINE.store,
    "part_no": _LINE.part_no,
    "bin_name": _LINE.bin_name,
    "day": _LINE.counted_on,
    "month": month_of(_LINE.counted_on),
}


def counts(sight: Sight, grain: Grain) -> Measures:
    """Return the lines counted in the period, those that agree, and what the books held and were out by."""
    off = sa.func.abs(_LINE.counted_milli - _LINE.expected_milli)
    percent = sa.case(
        *((_LINE.count_class == name, share) for name, share in TOLERANCES_PERCENT.items()),
        else_=TOLERANCES_PERCENT["C"],
    )
    small_off = sa.and_(_LINE.expected_milli > SMALL_MILLI, 100 * off <= percent * _LINE.expected_milli)
    sums = {
        "lines": sa.literal(1),
        "exact": sa.case((off == 0, 1), else_=0),
        "within": sa.case((sa.or_(off == 0, small_off), 1), else_=0),
        "off_e4": (off * _LINE.unit_cost_e4 + 500) // 1000,
        "book_e4": (_LINE.expected_milli * _LINE.unit_cost_e4 + 500) // 1000,
    }
    return summed(sight, grain, count_line, _COLUMNS, sums, _counted(sight))


def bins(sight: Sight, grain: Grain) -> Measures:
    """Return the bins counted in the period, and those of which every line agreed to the unit."""
    sums = {"off": sa.case((_LINE.counted_milli != _LINE.expected_milli, 1), else_=0)}
    rows = (count_line, _COLUMNS, sums, _counted(sight))
    return counted(sight, grain, ("store", "bin_name"), rows, {"bins": {}, "right": {"off": False}})


def _counted(sight: Sight) -> list[sa.ColumnElement[bool]]:
    scope = sight.scope
    return [
        _LINE.counted_milli.is_not(None),
        scope.within(_LINE.counted_on),
        stands(_LINE.document_sequence, scope.until, scope.known_at),
        *scope.of(_LINE.store),
        *scope.known(_LINE.document_sequence),
    ]
