"""Bridges between figures and the stores of a group, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from inventory.figures.bridge import Bridge, Step
from inventory.figures.figure import Figure
from inventory.figures.placing import PlacedStore
from reporting.figures import DECIMALS_FOR_PROGRAMS, shown
from reporting.tables import Column, ColumnKind, Table
from reporting.words import word


def bridge_table(way: Bridge, output: str, language: str = "en") -> Table:
    """Return the steps from one figure to another; as printed they add up to the difference as printed.

    Each step is rounded to six decimals; what rounding leaves over goes to the steps that lost most by it.
    """
    value_of = _value(way.first), _value(way.second)
    adds = rounded([step.adds for step in way.steps], value_of[1] - value_of[0])
    rows = [
        {
            "kind": word(f"outcome_{step.kind}", language) if output == "table" else step.kind,
            "how_counted": _counted(step, language) if output == "table" else f"{step.above:+d}/{step.below:+d}",
            "lines": step.lines,
            "adds": float(add) if output != "table" else _signed(add, way.first),
        }
        for step, add in zip(way.steps, adds, strict=True)
    ]
    notes = tuple(
        word("bridge_end", language).format(
            figure=f"{figure.definition.figure_id}:{figure.variant.name}",
            value=shown(figure.value, figure.definition, language),
        )
        for figure in (way.first, way.second)
    )
    title = " ".join((word("kpi_bridge_title", language), _named(way.first), "→", _named(way.second)))
    adds_column = Column("adds") if output == "table" else Column("adds", "number")
    return Table(title, (Column("kind"), Column("how_counted"), Column("lines", "count"), adds_column), rows, notes)


def group_table(stores: Sequence[PlacedStore], output: str, language: str = "en") -> Table:
    """Return the group and its stores, with what places each."""
    for_people = output == "table"
    rows = []
    for each in stores:
        row: dict[str, object] = {
            "store": each.store or (word("all_stores", language) if for_people else ""),
            "place": (word(f"place_{each.place}", language) if each.place else "–") if for_people else each.place,
            "stock_result": _decimal(each.result, for_people),
            "potential": _decimal(each.potential, for_people),
        }
        for figure in each.values:
            value = shown(figure.value, figure.definition, language) if for_people else _decimal(figure.value, False)
            row[figure.definition.name_key] = value
        rows.append(row)
    kind: ColumnKind = "text" if for_people else "number"
    columns = (
        Column("store"),
        Column("place"),
        Column("stock_result", kind),
        Column("potential", kind),
        *(Column(figure.definition.name_key, kind) for figure in stores[0].values),
    )
    return Table(word("kpi_group_title", language), columns, rows, (word("place_note", language),))


def rounded(parts: Sequence[Fraction], whole: Fraction) -> list[Fraction]:
    """Return parts rounded to six decimals, so that they add up to the whole rounded alike.

    >>> [str(each) for each in rounded([Fraction(1, 3), Fraction(2, 3)], Fraction(1))]
    ['333333/1000000', '666667/1000000']
    """
    scale = 10**DECIMALS_FOR_PROGRAMS
    floors = [each * scale // 1 for each in parts]
    missing = round(whole * scale) - sum(floors)
    by_loss = sorted(range(len(parts)), key=lambda at: (floors[at] - parts[at] * scale, at))
    for at in by_loss[:missing]:
        floors[at] += 1
    return [Fraction(each, scale) for each in floors]


def _value(figure: Figure) -> Fraction:
    assert figure.value is not None, "a bridge joins two values"
    return figure.value


def _named(figure: Figure) -> str:
    return f"{figure.definition.figure_id}:{figure.variant.name}"


def _counted(step: Step, language: str) -> str:
    return f"{word(f'above_{step.above}', language)}, {word(f'below_{step.below}', language)}"


def _signed(add: Fraction, figure: Figure) -> str:
    """Return a step with its sign and the decimals that let the steps add up."""
    if figure.definition.unit == "share":
        return f"{float(add * 100):+.4f} %"
    return f"{float(add):+,.6f}"


def _decimal(value: Fraction | None, for_people: bool) -> object:
    if value is None:
        return "–" if for_people else None
    return f"{float(value):.3f}" if for_people else float(round(value, DECIMALS_FOR_PROGRAMS))
