"""The catalogue: every figure the program prints, in the order of a manager's reading."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.figures import definitions_demand, definitions_stock, definitions_supply
from inventory.figures.families import DIMENSIONS, FAMILIES, family_of
from inventory.figures.figure import FigureDefinition, UnknownFigureError, Variant
from inventory.figures.grouping import Grain

FIGURES: dict[str, FigureDefinition] = {
    definition.figure_id: definition
    for definition in (
        *definitions_demand.DEFINITIONS,
        *definitions_stock.DEFINITIONS,
        *definitions_supply.DEFINITIONS,
    )
}
"""Every definition, by its id."""


def definition_of(figure_id: str) -> FigureDefinition:
    """Return a definition by its id, however it is written.

    Raises
    ------
    UnknownFigureError
        If there is none; near names are told.
    """
    found = FIGURES.get(figure_id.upper())
    if found is None:
        from difflib import get_close_matches

        near = ", ".join(get_close_matches(figure_id.upper(), FIGURES, 3, 0.5)) or "see: sparewise kpi define"
        raise UnknownFigureError(f"there is no figure {figure_id}; {near}")
    return found


def named(text: str, chosen: Mapping[str, str] | None = None) -> tuple[FigureDefinition, Variant]:
    """Return a definition and its variant from ``ID`` or ``ID:variant``.

    Parameters
    ----------
    chosen
        The variant that the settings choose for a figure that names none, by id.

    Raises
    ------
    UnknownFigureError
        If there is no such figure, or it has no such variant.
    """
    figure_id, _, variant = text.partition(":")
    definition = definition_of(figure_id)
    return definition, definition.variant(variant or (chosen or {}).get(definition.figure_id, ""))


def dimensions_of(variant: Variant) -> tuple[str, ...]:
    """Return what a variant can be split by: the store, and what all its measures can be split by."""
    families = [FAMILIES[family_of(measure)] for measure in variant.measures]
    return tuple(
        name for name in DIMENSIONS if name == "store" or all(name in family.dimensions for family in families)
    )


def lines_of(*variants: Variant) -> Grain:
    """Return the finest grain that all measures of some variants have in common; of one family it is its own."""
    grains = [FAMILIES[family_of(measure)].lines for variant in variants for measure in variant.measures]
    return tuple(name for name in grains[0] if all(name in grain for grain in grains))
