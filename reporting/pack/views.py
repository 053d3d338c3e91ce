"""From a `Pack` to what the page of a report says: every cell as text, every chart drawn, every link named.

The template (`templates/pack.html`) only puts it in place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from inventory.figures.figure import Figure
from inventory.figures.trends import Trend
from planning.scorecard.score import ScoredKpi, reached
from reporting.charts.months import spark
from reporting.figures import definition_text
from reporting.pack import amounts
from reporting.pack.attention import goal_text, trend
from reporting.pack.contents import PAGES, STOCKED, Pack
from reporting.pack.lists import PROPOSALS, PROPOSED, SUPPLIERS, Listed, cell_text, heading
from reporting.scorecard import card_table
from reporting.tables import Column
from reporting.words import word

MOST_STORES = 4
"""With more stores than this their figures stand on a page of their own."""

SHOWN_ROWS = 10
"""Rows of a list that the page shows."""

SIDE_BY_SIDE = ("REVENUE_NET", "GM", "FILL_SHELF_LINE", "STOCKOUT_COMMON", "STOCK_VALUE", "TURN_GROSS", "DEAD_12")
"""What is told of each store where there are many."""

_LISTS = {
    "sales": ("sold_parts",),
    "service": ("short_lines",),
    "stock": ("stocked_parts",),
    "suppliers": (SUPPLIERS, "overdue_lines", "claims"),
    "proposals": (PROPOSALS, PROPOSED),
}
"""The lists on each page."""

_WORKBOOK_ONLY = {STOCKED: ("last_asked", "last_received")}
"""Columns for which a page of A4 has no room; how long a part lay still tells as much."""


@dataclass(frozen=True)
class FigureRow:
    """A figure on a page, in words; state is ``met``, ``missed`` or empty where it has no goal or no value."""

    figure_id: str
    name: str
    value: str
    change: str
    trend: str
    goal: str
    state: str
    mark: str
    spark: str
    stores: tuple[str, ...]
    anchor: str


@dataclass(frozen=True)
class ListView:
    """A list on a page; of each column the class it is styled by: a number, a date, a sentence, or a key."""

    anchor: str
    title: str
    heads: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    told: str
    note: str = ""


@dataclass(frozen=True)
class Definition:
    """What a figure means, and the command that prints its lines."""

    figure_id: str
    version: int
    variant: str
    name: str
    text: str
    goal: str
    source: str
    command: str


def figure_rows(pack: Pack, page: str, language: str) -> list[FigureRow]:
    """Return the figures of a page."""
    stores = pack.overview.stores
    beside = stores if 1 < len(stores) <= MOST_STORES else ()
    (found,) = (each for each in PAGES if each.name == page)
    return [_figure_row(pack, figure_id, anchor, beside, language) for figure_id, anchor in found.figures]


def store_rows(pack: Pack, language: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return of each store the figures of `SIDE_BY_SIDE`, all together first."""
    named = [("", pack.overview.together), *pack.overview.by_store.items()]
    return [
        (
            store or word("chart_all", language),
            tuple(amounts.value_text(values[name].value, values[name].definition, language) for name in SIDE_BY_SIDE),
        )
        for store, values in named
    ]


def list_views(lists: Mapping[str, Listed], page: str, language: str) -> list[ListView]:
    """Return the lists of a page, their first rows."""
    return [_list_view(name, lists[name], language) for name in _LISTS[page]]


def with_note(lists: Sequence[ListView], anchor: str, note: str) -> list[ListView]:
    """Return lists of which one says more under its title."""
    return [replace(each, note=note) if each.anchor == anchor else each for each in lists]


def card_view(pack: Pack, language: str) -> ListView:
    """Return the scorecard; who says each reference is told with the definitions."""
    table = card_table(pack.scored, "table", language)
    names = [dimension.name for dimension in pack.scored.card.dimensions]
    measured = iter(sorted(pack.scored.kpis, key=lambda each: names.index(each.dimension)))
    rows = [{**row, **_held(next(measured), language)} if "name" in row else row for row in table.rows]
    sign = amounts.sign(language)
    columns = [column.name for column in table.columns if column.name != "reference_source"]
    return ListView(
        anchor="scorecard",
        title=word("page_scorecard", language),
        heads=tuple(word(name, language) for name in columns),
        kinds=tuple("t" if name in ("dimension", "name") else "n" for name in columns),
        rows=tuple(tuple(str(row.get(name, "")).replace(" %", sign) for name in columns) for row in rows),
        told="",
    )


def _held(each: ScoredKpi, language: str) -> dict[str, str]:
    """Return value and goal of a figure of the card as the page tells them everywhere."""
    definition = each.figure.definition
    return {
        "value": amounts.value_text(each.figure.value, definition, language),
        "reference": goal_text(each.kpi.ruling, definition, language),
    }


def definitions(pack: Pack, call: str, language: str) -> list[Definition]:
    """Return what every figure of the report means.

    Parameters
    ----------
    call
        The options that the command for its lines takes for this period.
    """
    ruled = pack.references
    found = []
    for definition, variant in pack.chosen:
        reference = ruled.get(definition.figure_id)
        source = (
            ""
            if reference is None
            else ("，" if language == "zh" else ", ").join(
                each for each in (reference.source, reference.date, reference.region, reference.brand) if each
            )
        )
        found.append(
            Definition(
                definition.figure_id,
                definition.version,
                variant.name,
                word(definition.name_key, language),
                definition_text(definition, language, variant),
                "" if reference is None else goal_text(reference, definition, language),
                source,
                f"sparewise kpi lines {definition.figure_id}:{variant.name} {call}",
            )
        )
    return found


def trend_values(trend_of: Trend) -> list[float | None]:
    """Return a trend as decimals for a chart."""
    return [None if figure.value is None else float(figure.value) for figure in trend_of]


def _figure_row(pack: Pack, figure_id: str, anchor: str, beside: Sequence[str], language: str) -> FigureRow:
    figure: Figure = pack.overview.together[figure_id]
    definition, value = figure.definition, figure.value
    change, before = pack.change(figure_id)
    reference = pack.references.get(figure_id)
    state, mark = "", ""
    if reference is not None and value is not None:
        state = "met" if reached(value, reference) >= 1 else "missed"
        is_low = reference.low is not None and value < reference.low
        mark = "" if state == "met" else "▼" if is_low else "▲"
    return FigureRow(
        figure_id=figure_id,
        name=word(definition.name_key, language),
        value=amounts.value_text(value, definition, language),
        change=amounts.change_text(change, definition, language, before),
        trend="" if reference is None else trend(value, before, reference),
        goal="" if reference is None else goal_text(reference, definition, language),
        state=state,
        mark=mark,
        spark=_spark(pack, figure_id, language),
        stores=tuple(
            amounts.value_text(pack.overview.by_store[store][figure_id].value, definition, language) for store in beside
        ),
        anchor=anchor or f"def-{figure_id}",
    )


def _spark(pack: Pack, figure_id: str, language: str) -> str:
    reference = pack.references.get(figure_id)
    end = None if reference is None else reference.low if reference.low is not None else reference.high
    name = word(pack.overview.together[figure_id].definition.name_key, language)
    if figure_id == "STOCK_VALUE":
        return spark([value / 10_000 for value in pack.overview.stock_values[""].values()], None, name)
    values = trend_values(pack.overview.trends[""].get(figure_id, ()))
    return spark(values, None if end is None else float(end), name)


def _list_view(name: str, listed: Listed, language: str) -> ListView:
    table, shown = listed.table, listed.table.rows[:SHOWN_ROWS]
    columns = [column for column in table.columns if column.name not in _WORKBOOK_ONLY.get(name, ())]
    told = word("shown_of", language).format(shown=len(shown), total=f"{listed.count:,}")
    return ListView(
        anchor=name,
        title=table.title,
        heads=tuple(heading(column, language) for column in columns),
        kinds=tuple(_kind(column) for column in columns),
        rows=tuple(tuple(cell_text(row.get(column.key), column, language) for column in columns) for row in shown),
        told=told if len(shown) < listed.count else word("none_there", language) if not shown else "",
    )


def _kind(column: Column) -> str:
    if column.kind not in ("text", "date"):
        return "n"
    return "d" if column.kind == "date" else "t" if column.name in ("name", "why", "action") else "k"
