"""`Table`: rows with typed columns, and its three faces: a table for people, JSON and CSV for programs.

Inside, quantities, money and shares are whole numbers of their smallest unit (see `ColumnKind`); only here do they
become decimals. JSON and CSV name a column by its key without the unit (``quantity_milli`` → ``quantity``) and are
the same in every language; only the table for people speaks the reader's.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reporting.words import word

ColumnKind = Literal["text", "count", "number", "factor", "quantity_milli", "money_e4", "share_ppm", "units_e9", "date"]
Cell = object

_UNITS = {"quantity_milli": 1000, "money_e4": 10_000, "share_ppm": 1_000_000, "units_e9": 1_000_000_000}
_SUFFIXES = ("_milli", "_e4", "_ppm", "_e9")
_PIPE_WIDTH = 160
_WRAPPED_WIDTH = 24


@dataclass(frozen=True)
class Column:
    """One column: the key of its cells in a row, and what kind of value they are.

    Parameters
    ----------
    said
        Key of the heading in the message catalogue, where the column's own name stands for something else there.
    cells
        With what the keys of its cells begin in the catalogue, where people are to read words: ``order_type_`` and
        ``stock`` make ``order_type_stock``. Programs always get the cell.
    """

    key: str
    kind: ColumnKind = "text"
    said: str = ""
    cells: str = ""

    @property
    def name(self) -> str:
        """The key without its unit: how programs and the message catalogue know the column."""
        for suffix in _SUFFIXES:
            if self.key.endswith(suffix):
                return self.key.removesuffix(suffix)
        return self.key

    @property
    def heading(self) -> str:
        """The key of the heading that people read."""
        return self.said or self.name

    def text(self, value: Cell, language: str) -> str:
        """Return a cell as people of a language read it."""
        return word(f"{self.cells}{value}", language) if self.cells and value else human_text(value, self.kind)


ORDER_TYPE = Column("order_type", cells="order_type_")


@dataclass(frozen=True)
class Table:
    """Rows under typed columns, a title and notes; the title and notes are already in the reader's language."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Mapping[str, Cell]]
    notes: tuple[str, ...] = ()


def plain_value(value: Cell, kind: ColumnKind) -> object:
    """Return a cell as JSON has it: whole where it is whole, else a decimal; None where there is nothing.

    >>> plain_value(2500, "quantity_milli"), plain_value(2000, "quantity_milli"), plain_value(953000, "share_ppm")
    (2.5, 2, 0.953)
    """
    if value is None or value == "":
        return None if kind != "text" else ""
    if kind in _UNITS:
        whole = int(str(value))
        unit = _UNITS[kind]
        return whole // unit if whole % unit == 0 else whole / unit
    return str(value) if kind in ("text", "date") else value


def human_text(value: Cell, kind: ColumnKind) -> str:
    """Return a cell as people read it: thousands grouped, money with two decimals, shares in per cent, – for nothing.

    >>> human_text(12345678, "money_e4"), human_text(2500, "quantity_milli"), human_text(953000, "share_ppm")
    ('1,234.57', '2.5', '95.3 %')
    """
    if value is None or (value == "" and kind != "text"):
        return "–"
    if kind == "money_e4":
        cents = (abs(int(str(value))) + 50) // 100
        sign = "-" if cents and int(str(value)) < 0 else ""
        return f"{sign}{cents // 100:,}.{cents % 100:02d}"
    if kind == "share_ppm":
        return f"{int(str(value)) / 10_000:.1f} %"
    if kind == "quantity_milli":
        return f"{int(str(value)) / 1000:,.3f}".rstrip("0").rstrip(".")  # always has a point, so no zero is lost
    if kind in ("factor", "units_e9"):
        return f"{float(str(plain_value(value, kind))):,.4g}"
    if kind == "count":
        return f"{int(str(value)):,}"
    if kind == "number":
        return f"{float(str(value)):,.2f}"
    return str(value)


def render(table: Table, output: str, language: str, width: int | None = None) -> str:
    """Return the table as text.

    Parameters
    ----------
    output
        ``table`` for people, ``json`` (a list of objects) or ``csv``.
    language
        ``en`` or ``zh``; of use to the table for people only.
    width
        Columns of the terminal for the table for people; as wide as it likes where not given.
    """
    if output == "json":
        return json.dumps(_plain_rows(table), ensure_ascii=False, indent=1)
    if output == "csv":
        return _as_csv(table)
    return _for_people(table, language, width)


def show(table: Table, output: str = "table", language: str = "en") -> None:
    """Write the table on standard output, fitted to the terminal if there is one; colour only on a terminal."""
    is_terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if is_terminal else None
    text = render(table, output, language, width)
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def _plain_rows(table: Table) -> list[dict[str, object]]:
    return [{c.name: plain_value(row.get(c.key), c.kind) for c in table.columns} for row in table.rows]


def _as_csv(table: Table) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    for row in _plain_rows(table):
        writer.writerow(["" if value is None else value for value in row.values()])
    return stream.getvalue()


def _for_people(table: Table, language: str, width: int | None) -> str:
    from rich import box
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    stream = io.StringIO()
    console = Console(file=stream, width=width or _PIPE_WIDTH, force_terminal=width is not None, highlight=False)
    grid = RichTable(title=table.title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in table.columns:
        is_text = column.kind in ("text", "date")
        longest = max((cell_len(column.text(row.get(column.key), language)) for row in table.rows), default=0)
        grid.add_column(
            Text(word(column.heading, language)),
            justify="left" if is_text else "right",
            min_width=min(longest, _WRAPPED_WIDTH),  # names and numbers stay whole, sentences wrap
            overflow="fold",
        )
    for row in table.rows:
        grid.add_row(*(Text(column.text(row.get(column.key), language)) for column in table.columns))
    console.print(grid)
    for note in table.notes:
        console.print(Text(note, style="dim"))
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"
