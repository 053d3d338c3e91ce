"""Figures for tests, asked for in few words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from inventory.figures.catalogue import FIGURES, named
from inventory.figures.computing import figures
from inventory.figures.figure import Figure
from inventory.figures.scope import Span, scope_of


def all_figures(
    connection: sa.Connection,
    month: int,
    as_of: date,
    store: str | None = None,
    names: Sequence[str] = (),
    *,
    span: Span = "month",
    known_at: int | None = None,
    dimension: str = "",
) -> list[Figure]:
    """Return the figures named, each in its first variant; all where none is named."""
    scope = scope_of(connection, month, as_of, store, known_at, span)
    return figures(connection, scope, [named(name) for name in names or FIGURES], dimension)


def every_variant() -> list[str]:
    """Return the names of all figures with all their variants."""
    return [f"{name}:{variant.name}" for name, definition in FIGURES.items() for variant in definition.variants]
