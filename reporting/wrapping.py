"""How many lines a text takes in a column: the rows of a workbook are as high as what wraps in them."""

from __future__ import annotations

from collections.abc import Iterable

LINE_HEIGHT = 15.0


def lines_of(cells: Iterable[tuple[str, int]]) -> int:
    """Return how many lines a row takes whose texts wrap in columns of so many places; a Chinese character takes two.

    >>> lines_of([("brake pads", 12), ("制动片 制动液", 6)]), lines_of([])
    (3, 1)
    """
    from rich.cells import cell_len

    return max((-(-cell_len(text) // places) for text, places in cells), default=1) or 1
