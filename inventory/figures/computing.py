"""Figures of a period: whole, split by a dimension, store by store; and the lines behind each.

What measures a figure needs says its formula; each family of measures is read once per grain, whatever number of
figures stand on it. The lines behind a figure are its measures at the finest grain they have in common, so their sums
are the figure's numerator and denominator, to the last unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from inventory.figures.catalogue import dimensions_of, lines_of
from inventory.figures.families import FAMILIES, family_of
from inventory.figures.figure import Exact, Figure, FigureDefinition, UnknownFigureError, Variant, worked_out
from inventory.figures.grouping import Cell, Grain, Measures
from inventory.figures.positions import stores_of
from inventory.figures.scope import Scope
from inventory.figures.sight import Sight, Told

Chosen = tuple[FigureDefinition, Variant]


@dataclass(frozen=True)
class Line:
    """One line behind a figure: what it is, and what it adds to numerator and denominator.

    Parameters
    ----------
    keys
        By name: store, order_no, part_no, day, …
    """

    keys: tuple[tuple[str, str], ...]
    numerator: Exact
    denominator: Exact


class Reading:
    """The measures of one scope; each family is read once per grain, at its first use."""

    def __init__(self, sight: Sight) -> None:
        self.sight = sight
        self._read: dict[tuple[str, Grain], Measures] = {}

    def cells(self, variants: Iterable[Variant], grain: Grain) -> dict[Cell, dict[str, Exact]]:
        """Return the measures of some variants by cell, under their full names."""
        found: dict[Cell, dict[str, Exact]] = {}
        for family in dict.fromkeys(family_of(name) for variant in variants for name in variant.measures):
            if (family, grain) not in self._read:
                self._read[family, grain] = FAMILIES[family].read(self.sight, grain)
            for cell, measures in self._read[family, grain].items():
                into = found.setdefault(cell, {})
                into.update((f"{family}.{name}", amount) for name, amount in measures.items())
        return found


def figures(
    connection: sa.Connection, scope: Scope, chosen: Sequence[Chosen], dimension: str = "", told: Told | None = None
) -> list[Figure]:
    """Return figures of a period, in the order chosen.

    Parameters
    ----------
    chosen
        Definitions, each with the variant meant.
    dimension
        What to split them by; empty: not at all. Figures that can't be split by it are left out.
    told
        What the books can't know (see `outside`).
    """
    if dimension == "store":
        stores = stores_of(connection) if scope.store is None else [scope.store]
        found = [figures(connection, scope.of_store(store), chosen, "", told) for store in stores]
        return [_member(figure, dimension, figure.store) for each in zip(*found, strict=True) for figure in each]
    reading = Reading(Sight(connection, scope, told or {}))
    grain = (dimension,) if dimension else ()
    computed: list[Figure] = []
    for definition, variant in chosen:
        if dimension and dimension not in dimensions_of(variant):
            continue
        cells = reading.cells([variant], grain)
        for cell in sorted(cells) if dimension else [()]:
            figure = figure_of(definition, variant, scope, cells.get(cell, {}))
            computed.append(_member(figure, dimension, cell[0]) if dimension else figure)
    return computed


def figure_of(definition: FigureDefinition, variant: Variant, scope: Scope, measured: Mapping[str, Exact]) -> Figure:
    """Return a figure from its measures."""
    numerator = worked_out(variant.numerator, measured)
    denominator = worked_out(variant.denominator, measured) if variant.denominator else 1
    if variant.needs and not measured.get(variant.needs):
        denominator = 0
    return Figure(definition, variant, scope.store or "", scope.label, numerator, denominator)


def lines(connection: sa.Connection, scope: Scope, chosen: Chosen, told: Told | None = None) -> list[Line]:
    """Return the lines behind a figure that add anything to it, sorted by their keys.

    Raises
    ------
    UnknownFigureError
        If the figure has no lines in the books.
    """
    definition, variant = chosen
    grain = lines_of(variant)
    if not grain:
        raise UnknownFigureError(f"{definition.figure_id} has no lines of its own; see those of what it is made of")
    cells = Reading(Sight(connection, scope, told or {})).cells([variant], grain)
    found = []
    for cell in sorted(cells):
        numerator = worked_out(variant.numerator, cells[cell])
        denominator = worked_out(variant.denominator, cells[cell])
        if numerator or denominator:
            found.append(Line(tuple(zip(grain, cell, strict=True)), numerator, denominator))
    return found


def _member(figure: Figure, dimension: str, member: str) -> Figure:
    return Figure(
        figure.definition, figure.variant, figure.store, figure.month, figure.numerator, figure.denominator,
        dimension, member,
    )  # fmt: skip
