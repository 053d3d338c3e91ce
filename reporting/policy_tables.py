"""The models of `policy solve` as a table: what each tells, what it asks for, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence

from optimisation.cases.models import Model
from reporting.tables import Column, Table
from reporting.words import word


def models_table(models: Sequence[Model], language: str) -> Table:
    """Return a row per model, in the order given."""
    rows = [
        {
            "model": model.name,
            "meaning": word(f"model_{model.name}", language),
            "inputs": ", ".join(
                field.name if field.default is None else f"{field.name}={field.default:g}" for field in model.fields
            ),
            "results": ", ".join(model.results),
        }
        for model in models
    ]
    columns = (Column("model"), Column("meaning"), Column("inputs"), Column("results"))
    return Table(word("models_title", language), columns, rows)
