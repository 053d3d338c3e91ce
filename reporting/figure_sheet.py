"""The figures of a period on a sheet that people look through: by heading, with what changed since earlier periods.

A change is told as it is spoken of: shares in percentage points, counts and ratios by their difference, everything else
in per cent of what it was. Whether that is better is told by the figure's direction; of a figure that has a band, or
that only tells, by nothing. What has no value is named below, and takes no line. Definitions are a question of their
own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from inventory.figures.figure import Figure, FigureDefinition
from reporting.figures import shown
from reporting.tables import Column, Table
from reporting.words import word


@dataclass(frozen=True)
class Earlier:
    """The same figures of an earlier period, in the same order.

    Parameters
    ----------
    key
        Heading of the column: ``change_before`` or ``change_year``.
    """

    key: str
    figures: Sequence[Figure]


def sheet_table(
    figures: Sequence[Figure],
    earlier: Sequence[Earlier],
    language: str = "en",
    *,
    all_shown: bool = False,
    over: bool = True,
) -> Table:
    """Return figures under their headings, each with its changes.

    Parameters
    ----------
    all_shown
        Also those that have no value: they were asked for by name.
    over
        Whether the period is over; if not it is said that it is held against whole ones.
    """
    rows: list[dict[str, object]] = []
    heading = ""
    for place, figure in enumerate(figures):
        if figure.value is None and not all_shown:
            continue
        definition = figure.definition
        row: dict[str, object] = {
            "heading": "" if definition.family == heading else word(f"heading_{definition.family}", language),
            "name": word(definition.name_key, language),
            "value": shown(figure.value, definition, language),
            "id": f"{definition.figure_id}:{figure.variant.name}",
        }
        row |= {each.key: change_text(figure, each.figures[place].value, language) for each in earlier}
        rows.append(row)
        heading = definition.family
    store = figures[0].store or word("sheet_all_stores", language)
    title = f"{word('kpi_title', language)} {figures[0].month}, {store}"
    names = ("heading", "name", "value", *(each.key for each in earlier), "id")
    return Table(title, tuple(Column(name) for name in names), rows, _notes(figures, language, all_shown, over))


def _notes(figures: Sequence[Figure], language: str, all_shown: bool, over: bool) -> tuple[str, ...]:
    notes = [word("sheet_define", language)]
    if not over:
        notes.append(word("sheet_not_over", language))
    empty = [word(figure.definition.name_key, language) for figure in figures if figure.value is None]
    if empty and not all_shown:
        notes.append(word("sheet_empty", language).format(names=("、" if language == "zh" else ", ").join(empty)))
    return tuple(notes)


def change_text(figure: Figure, before: Fraction | None, language: str) -> str:
    """Return by how much a figure changed, and whether that is better; – where one of both has no value."""
    now, definition = figure.value, figure.definition
    if now is None or before is None:
        return "–"
    change = _change(now, before, definition)
    if change is None:
        return "–"
    if now == before or definition.direction not in ("higher", "lower"):
        return change
    is_better = (now > before) == (definition.direction == "higher")
    return f"{change} {word('sheet_better' if is_better else 'sheet_worse', language)}"


def _change(now: Fraction, before: Fraction, definition: FigureDefinition) -> str | None:
    if now == before:
        return "="
    if definition.unit == "share":
        return f"{float((now - before) * 100):+.1f} pp"
    if definition.unit in ("count", "ratio"):
        return f"{float(now - before):+,.2f}".rstrip("0").rstrip(".")
    if before <= 0:
        return None
    return f"{float((now / before - 1) * 100):+.1f} %"
