"""`ColumnRule`, `TableRule`: what a table of the user's must look like, said once and checked by one checker.

A rule is a value and does nothing; `checking` holds a table against it, `loading` brings it into the books.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["code", "text", "whole", "quantity", "money", "share", "number", "date", "month", "period", "weekdays"]
"""How a cell is read.

``code``      text that identifies something: kept as it is, zeros and all; a number cell of a workbook is refused
``text``      free text
``whole``     a whole number
``quantity``  up to 3 decimals, kept in thousandths
``money``     up to 4 decimals, kept in ten-thousandths
``share``     rounded to 6 decimals, kept in millionths; also a multiplier
``number``    a statistic: rounded to 6 decimals, kept as a float
``date``      YYYY-MM-DD
``month``     YYYY-MM
``period``    YYYY-MM, or the Monday of a week as YYYY-MM-DD
``weekdays``  such as MON,THU
"""

Default = str | int | None


@dataclass(frozen=True)
class ColumnRule:
    """One column of a table.

    Parameters
    ----------
    name
        As the contracts write it, and as most files head it.
    kind
        How its cells are read.
    target
        Column of the database it goes to; the name where empty.
    required
        The column must be there and no cell may be empty.
    default
        What an empty cell, or a missing column, means; in the unit of the database. Not for required columns.
    default_from
        Name of the column whose value an empty cell takes.
    choices
        The only texts allowed.
    minimum, maximum
        Bounds, both allowed, in the unit of the database.
    not_after_as_of
        The day, or the month, has come: it does not lie in the future of the import.
    not_before
        Name of the column that this one is never smaller than (or earlier).
    not_above
        Name of the column that this one never exceeds.
    """

    name: str
    kind: Kind = "text"
    target: str = ""
    required: bool = False
    default: Default = None
    default_from: str = ""
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    not_after_as_of: bool = False
    not_before: str = ""
    not_above: str = ""

    @property
    def column(self) -> str:
        """Name of the column in the database."""
        return self.target or self.name


@dataclass(frozen=True)
class Reference:
    """A column whose values should be known from somewhere.

    Parameters
    ----------
    column
        Column of the database it goes to.
    to
        What its values are: see `references.KNOWN_FROM`.
    """

    column: str
    to: Literal["part", "supplier", "listed supplier", "model", "store"]


@dataclass(frozen=True)
class TableRule:
    """One table the program takes in.

    Parameters
    ----------
    kind
        What the user calls it, and what its file is called.
    table
        Table of the database; empty where the ledger takes it.
    key
        Columns of the database that identify a row; two rows of one import with equal key must be equal. Empty where
        nothing but the whole row does.
    columns
        In the order of the contracts.
    references
        Columns whose values should be known already, or come in the same import.
    """

    kind: str
    table: str
    key: tuple[str, ...]
    columns: tuple[ColumnRule, ...]
    references: tuple[Reference, ...] = ()
