"""Measures by group: how rows of the books are summed by store, supplier, part class, family, channel, or one by one.

A *grain* is what sums are split by; its finest gives the lines behind a figure, and the sums of the lines are the
figure, because both come from the same question. Supplier and family are those of the parts table. The class of a part
is that of the month a row belongs to (`classes`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa

from inventory.books.balances import ON_HAND_KINDS
from inventory.books.movements import PlaceKind
from inventory.bulk import raw_rows
from inventory.figures.columns import Whole
from inventory.figures.figure import Exact
from inventory.figures.sight import Sight
from inventory.schema import movement, part

Grain = tuple[str, ...]
Cell = tuple[str, ...]
Measures = dict[Cell, dict[str, Exact]]
Columns = Mapping[str, sa.ColumnElement[str]]

SHELF = sorted(ON_HAND_KINDS)
ISSUED_TO = (PlaceKind.CUSTOMER.value, PlaceKind.WORKSHOP.value)
CLASS = "class"
PART_DIMENSIONS = ("supplier", "family", CLASS)

LEAVES = sa.and_(movement.c.source_kind.in_(SHELF), movement.c.target_kind.in_(ISSUED_TO))
RETURNS = sa.and_(movement.c.target_kind.in_(SHELF), movement.c.source_kind.in_(ISSUED_TO))
"""What is issued from the shelf, and what comes back to it, a reversed issue among it."""


def channel_of(
    payer: sa.ColumnElement[str], vin: sa.ColumnElement[str], job_type: sa.ColumnElement[str]
) -> sa.ColumnElement[str]:
    """Return through which channel a line was asked for: by who pays, and at the counter where no vehicle is named."""
    at_counter = sa.and_(vin.is_(None), job_type.is_(None))
    usual = sa.case((at_counter, "counter"), else_="workshop")
    return sa.case((payer.in_(["warranty", "insurance", "internal", "goodwill"]), payer), else_=usual)


def month_of(day: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """Return the month of a day, ``YYYY-MM``."""
    return sa.func.substr(day, 1, 7)


def summed(
    sight: Sight,
    grain: Grain,
    source: sa.FromClause,
    columns: Columns,
    sums: Mapping[str, sa.ColumnElement[int]],
    where: Sequence[sa.ColumnElement[bool]],
) -> Measures:
    """Return sums of rows, by the cells of a grain.

    Parameters
    ----------
    source
        The table, or tables joined.
    columns
        What rows can be split by; for supplier, family and class ``store``, ``part_no`` and, where rows are of a day,
        ``month`` are among them.
    sums
        Whole numbers, by measure.
    """
    wanted = [name for name in grain if name != CLASS]
    if CLASS in grain:
        wanted += [name for name in ("store", "part_no", "month") if name in columns and name not in wanted]
    rows = raw_rows(sight.connection, _question(wanted, source, columns, sums, where))
    if CLASS in grain:
        return _by_class(sight, grain, wanted, sums, rows)
    width = len(wanted)
    return {row[:width]: dict(zip(sums, row[width:], strict=True)) for row in rows}


def counted(
    sight: Sight,
    grain: Grain,
    keys: Sequence[str],
    rows: tuple[sa.FromClause, Columns, Mapping[str, sa.ColumnElement[int]], Sequence[sa.ColumnElement[bool]]],
    counts: Mapping[str, Mapping[str, bool]],
) -> Measures:
    """Return how many things of several rows (orders, part numbers, bins) there are, by the cells of a grain.

    Parameters
    ----------
    keys
        The columns by which rows are of one thing.
    rows
        Source, columns, sums and conditions, as `summed` takes them; the sums are those of a thing.
    counts
        By measure, which sums of a thing are above zero (True) or zero (False) where it counts.
    """
    finer = (*grain, *(name for name in keys if name not in grain))
    if CLASS in grain:
        told = (
            (cell, {name: int(all((of[each] > 0) == is_so for each, is_so in wanted.items()))
                    for name, wanted in counts.items()})
            for cell, of in summed(sight, finer, *rows).items()
        )  # fmt: skip
        return regrouped(told, lambda cell: cell[: len(grain)])
    things = _question(finer, *rows).subquery()
    sums = {
        name: sa.case((sa.and_(sa.true(), *(things.c[each] > 0 if is_so else things.c[each] == 0
                                            for each, is_so in wanted.items())), 1), else_=0)
        for name, wanted in counts.items()
    }  # fmt: skip
    return summed(sight, grain, things, {name: things.c[name] for name in finer}, sums, [])


def _question(
    wanted: Sequence[str],
    source: sa.FromClause,
    columns: Columns,
    sums: Mapping[str, sa.ColumnElement[int]],
    where: Sequence[sa.ColumnElement[bool]],
) -> sa.Select[Any]:
    """Return the question for sums of rows by some columns, each under its name."""
    missing = {"supplier", "family"}.intersection(wanted).difference(columns)
    if missing:
        source = source.outerjoin(part, part.c.part_no == columns["part_no"])
        columns = {"supplier": sa.func.coalesce(part.c.supplier, ""), **columns}
        columns = {"family": sa.func.coalesce(part.c.category, ""), **columns}
    keys = [columns[name].label(name) for name in wanted]
    totals = [sa.cast(sa.func.coalesce(sa.func.sum(each), 0), sa.BigInteger).label(name) for name, each in sums.items()]
    asked: list[sa.ColumnElement[Any]] = [*keys, *totals]
    question = sa.select(*asked).select_from(source).where(*where)
    return question.group_by(*(sa.literal_column(str(place)) for place in range(1, len(keys) + 1)))


def _by_class(
    sight: Sight, grain: Grain, wanted: Sequence[str], names: Iterable[str], rows: Iterable[tuple[Any, ...]]
) -> Measures:
    """Return the sums by cells in which the class stands in place of part and month."""
    at = {name: place for place, name in enumerate(wanted)}
    store_at, part_at, month_at = at["store"], at["part_no"], at.get("month")
    places = [at.get(name) for name in grain]
    last, class_of, width = sight.scope.months[-1], sight.class_of, len(wanted)
    totals: dict[Cell, list[Exact]] = {}
    for row in rows:
        kind = class_of(row[store_at], row[part_at], last if month_at is None else row[month_at])
        cell = tuple([kind if place is None else row[place] for place in places])
        into = totals.get(cell)
        if into is None:
            totals[cell] = list(row[width:])
        else:
            for number, amount in enumerate(row[width:]):
                into[number] += amount
    return {cell: dict(zip(names, sums, strict=True)) for cell, sums in totals.items()}


def added(*each: Measures) -> Measures:
    """Return the sums of measures that several questions gave, cell by cell."""
    return regrouped((pair for measures in each for pair in measures.items()), lambda cell: cell)


def taken_off(measures: Measures) -> Measures:
    """Return measures to be added as what they take off."""
    return {cell: {name: -amount for name, amount in sums.items()} for cell, sums in measures.items()}


def regrouped(found: Iterable[tuple[Cell, Mapping[str, Exact]]], cell: Callable[[Cell], Cell]) -> Measures:
    """Return measures added up by what a function makes of their keys."""
    whole: Measures = {}
    for key, measures in found:
        into = whole.setdefault(cell(key), {})
        for name, amount in measures.items():
            into[name] = into.get(name, 0) + amount
    return whole


def by_part(
    sight: Sight, grain: Grain, pairs: Sequence[tuple[str, str]], columns: Mapping[str, Sequence[Exact] | Whole]
) -> Measures:
    """Return measures known per store and part by the cells of a grain of store, part, supplier, family and class.

    Parameters
    ----------
    pairs
        Store and part of each row; one may have several. Not looked at without a grain.
    columns
        By measure, an amount per row; whole numbers may come as an array.
    """
    if not grain:
        return {(): {name: _total(column) for name, column in columns.items()}}
    last = sight.scope.months[-1]

    def cell(store: str, part_no: str) -> Cell:
        at = {"store": store, "part_no": part_no}
        if "supplier" in grain or "family" in grain:
            at["supplier"], at["family"] = sight.attributes.get(part_no, ("", ""))
        if CLASS in grain:
            at[CLASS] = sight.class_of(store, part_no, last)
        return tuple(at[name] for name in grain)

    totals: dict[Cell, list[Exact]] = {}
    listed = [column.tolist() if isinstance(column, np.ndarray) else column for column in columns.values()]
    for pair, row in zip(pairs, zip(*listed, strict=True), strict=True):
        key = cell(*pair)
        totals[key] = [one + other for one, other in zip(totals[key], row, strict=True)] if key in totals else list(row)
    return {key: dict(zip(columns, sums, strict=True)) for key, sums in totals.items()}


def _total(column: Sequence[Exact] | Whole) -> Exact:
    return int(column.sum()) if isinstance(column, np.ndarray) else sum(column)


def from_rows(
    found: Mapping[tuple[str, str], Mapping[str, Exact]],
) -> tuple[list[tuple[str, str]], dict[str, list[Exact]]]:
    """Return measures kept per store and part as `by_part` takes them; what a pair has none of is nothing."""
    names = dict.fromkeys(name for measures in found.values() for name in measures)
    return list(found), {name: [measures.get(name, 0) for measures in found.values()] for name in names}
