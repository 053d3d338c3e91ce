"""The balanced scorecard as tables: the card with its dimensions, what to repair first, and the nearest lawful card."""

from __future__ import annotations

from fractions import Fraction

from inventory.figures.figure import FigureDefinition
from planning.scorecard.card import WHOLE_PERMILLE, Card, Dimension, Reference, per_cent
from planning.scorecard.score import Scored, ScoredKpi
from reporting.figures import DECIMALS_FOR_PROGRAMS, shown
from reporting.tables import Column, ColumnKind, Table, human_text
from reporting.words import WORDS, word

_FOR_PROGRAMS = (
    *(Column(name) for name in ("kind", "dimension", "id", "variant", "store", "month")),
    Column("weight", "number"),
    Column("value", "number"),
    Column("unit"),
    Column("direction"),
    *(Column(name, "number") for name in ("at_least", "at_most")),
    *(Column(name) for name in ("source", "date", "region", "brand", "reference_of")),
    *(Column(name, "number") for name in ("group_at_least", "group_at_most", "reached", "points", "points_measurable")),
    *(Column(name, "number") for name in ("points_lost", "repair_rank", "gap_money", "gap_lines")),
    Column("state"),
)


def card_table(scored: Scored, output: str, language: str = "en") -> Table:
    """Return the card: a row per KPI under its dimension, each dimension's own row, and the card's at the end.

    For programs weights and points are per cent of the card, and what is reached a share; what is not measurable has
    neither value nor points.
    """
    title = word("scorecard_title", language)
    if output != "table":
        return Table(title, _FOR_PROGRAMS, _rows_for_programs(scored))
    rows: list[dict[str, object]] = []
    for dimension in scored.card.dimensions:
        of_it = [each for each in scored.kpis if each.dimension == dimension.name]
        reached, measurable = scored.dimension(dimension.name)
        rows.append(
            {
                "dimension": dimension_name(dimension.name, language),
                "weight": per_cent(dimension.weight_permille),
                "points": _of(reached, measurable, language),
            }
        )
        rows += [_row_for_people(each, language) for each in of_it]
    rows.append(
        {
            "dimension": word("scorecard_whole", language),
            "weight": per_cent(WHOLE_PERMILLE),
            "points": _of(scored.points, scored.points_measurable, language),
        }
    )
    names = ("dimension", "name", "value", "reference", "reached", "weight", "points", "reference_source")
    return Table(title, tuple(Column(name) for name in names), rows, _notes(scored, language))


def repair_table(scored: Scored, output: str, language: str = "en") -> Table:
    """Return what to repair first: the KPIs below their reference, the one that costs most points first."""
    rows: list[dict[str, object]] = [
        {
            "rank": rank,
            "id": each.figure.definition.figure_id,
            "name": word(each.figure.definition.name_key, language),
            "dimension": dimension_name(each.dimension, language) if output == "table" else each.dimension,
            "value": shown(each.figure.value, each.figure.definition, language),
            "reference": reference_text(each.kpi.ruling, each.figure.definition, language),
            "points_lost": _points(each.lost) if output == "table" else _decimal(each.lost),
            "gap_worth": gap_text(each, language),
        }
        for rank, each in enumerate(scored.repair_first, start=1)
    ]
    names = ("name", "dimension", "value", "reference", "points_lost", "gap_worth")
    columns = (Column("rank", "count"), *(Column(name) for name in names), Column("id"))
    notes = (word("scorecard_overlap" if rows else "scorecard_nothing_to_repair", language),)
    return Table(word("scorecard_repair_title", language), columns, rows, notes)


def suggest_table(card: Card, lawful: Card, step_permille: int, output: str, language: str = "en") -> Table:
    """Return the weights of a card beside those of the lawful card nearest to it."""
    for_people = output == "table"
    rows: list[dict[str, object]] = []
    for was, becomes in zip(card.dimensions, lawful.dimensions, strict=True):
        name = dimension_name(was.name, language) if for_people else was.name
        rows.append({"dimension": name, **_changed(was.weight_permille, becomes.weight_permille, for_people)})
        rows += [
            {
                "dimension": "" if for_people else was.name,
                "id": kpi.figure,
                **_changed(kpi.weight_permille, near.weight_permille, for_people),
            }
            for kpi, near in zip(was.kpis, becomes.kpis, strict=True)
        ]
    note = "scorecard_already_lawful" if card == lawful else "scorecard_nearest"
    notes = (word(note, language).format(step=per_cent(step_permille)), lawful_text(lawful, language))
    kind: ColumnKind = "text" if for_people else "number"
    weights = tuple(Column(name, kind) for name in ("weight_now", "weight_lawful", "weight_change"))
    return Table(word("scorecard_suggest_title", language), (Column("dimension"), Column("id"), *weights), rows, notes)


def dimension_name(name: str, language: str) -> str:
    """Return a dimension's name in the reader's language; one of the user's own as it is."""
    key = f"dimension_{name}"
    return word(key, language) if key in WORDS else name


def reference_text(reference: Reference, definition: FigureDefinition, language: str) -> str:
    """Return a reference as it is read: ``≥ 90.0 %``, ``≤ 5.0 %``, ``6.0–8.0 times per year``."""
    if reference.low is None:
        return f"≤ {shown(reference.high, definition, language)}"
    if reference.high is None:
        return f"≥ {shown(reference.low, definition, language)}"
    low = shown(reference.low, definition, language).split(" ", 1)[0]
    return f"{low}–{shown(reference.high, definition, language)}"


def gap_text(each: ScoredKpi, language: str) -> str:
    """Return what the gap of a KPI to its reference is worth; – where the figure can't tell."""
    if each.money is not None:
        amount = human_text(round(each.money * 10_000), "money_e4")
        return word("scorecard_tied_up" if each.tied_up else "scorecard_amount", language).format(amount=amount)
    if each.lines is not None:
        return word(f"gap_{each.counted}", language).format(count=f"{-(-each.lines // 1):,}")
    return "–"


def lawful_text(card: Card, language: str) -> str:
    """Return the sentence that says that, and how, a card keeps every bound."""
    dimensions = [each.weight_permille for each in card.dimensions]
    kpis = [each.weight_permille for each in card.kpis]
    return word("scorecard_lawful", language).format(
        least_dimension=per_cent(min(dimensions)),
        most_dimension=per_cent(max(dimensions)),
        least_kpi=per_cent(min(kpis)),
        most_kpi=per_cent(max(kpis)),
        basis=word(f"basis_{card.basis}", language),
    )


def _notes(scored: Scored, language: str) -> tuple[str, ...]:
    missing = [each for each in scored.kpis if each.reached is None]
    notes = [lawful_text(scored.card, language), word("scorecard_curve", language)]
    if missing:
        names = ("、" if language == "zh" else ", ").join(
            word(each.figure.definition.name_key, language) for each in missing
        )
        weight = f"{float(100 - scored.points_measurable):g} %"
        notes.insert(1, word("scorecard_missing", language).format(weight=weight, names=names))
    return tuple(notes)


def _row_for_people(each: ScoredKpi, language: str) -> dict[str, object]:
    definition, missing = each.figure.definition, word("scorecard_not_measurable", language)
    return {
        "dimension": "",
        "name": word(definition.name_key, language),
        "value": shown(each.figure.value, definition, language),
        "reference": reference_text(each.kpi.ruling, definition, language),
        "reached": missing if each.reached is None else f"{float(each.reached * 100):.0f} %",
        "weight": f"{float(each.weight):g} %",
        "points": _points(each.points),
        "reference_source": _source(each, language),
    }


def _source(each: ScoredKpi, language: str) -> str:
    """Return who says the reference; the group's own beside a store's."""
    group = _said(each.kpi.reference, language)
    if each.kpi.overruled is None:
        return group
    reference = reference_text(each.kpi.reference, each.figure.definition, language)
    own = _said(each.kpi.overruled, language)
    return word("scorecard_own", language).format(own=own, group=f"{reference}, {group}")


def _said(reference: Reference, language: str) -> str:
    parts = (reference.source, reference.region, reference.brand, reference.date)
    return "; ".join(part for part in parts if part) or word("scorecard_unsaid", language)


def _rows_for_programs(scored: Scored) -> list[dict[str, object]]:
    ranks = {each.kpi.figure: rank for rank, each in enumerate(scored.repair_first, start=1)}
    rows: list[dict[str, object]] = []
    for dimension in scored.card.dimensions:
        of_it = [each for each in scored.kpis if each.dimension == dimension.name]
        rows += [_row_for_programs(each, ranks.get(each.kpi.figure)) for each in of_it]
        rows.append(_sum_for_programs("dimension", scored.dimension(dimension.name), scored, dimension))
    rows.append(_sum_for_programs("card", (scored.points, scored.points_measurable), scored))
    return rows


def _row_for_programs(each: ScoredKpi, rank: int | None) -> dict[str, object]:
    figure, ruling, group = each.figure, each.kpi.ruling, each.kpi.reference
    numbers = {
        "weight": each.weight,
        "value": figure.value,
        "at_least": ruling.low,
        "at_most": ruling.high,
        "group_at_least": group.low,
        "group_at_most": group.high,
        "reached": each.reached,
        "points": each.points,
        "points_measurable": Fraction(0) if each.reached is None else each.weight,
        "points_lost": each.lost,
        "gap_money": each.money,
        "gap_lines": each.lines,
    }
    return {
        **{name: _decimal(value) for name, value in numbers.items()},
        "kind": "kpi",
        "dimension": each.dimension,
        "id": figure.definition.figure_id,
        "variant": figure.variant.name,
        "store": figure.store,
        "month": figure.month,
        "unit": figure.definition.unit,
        "direction": ruling.direction,
        "source": ruling.source,
        "date": ruling.date,
        "region": ruling.region,
        "brand": ruling.brand,
        "reference_of": "group" if each.kpi.overruled is None else "store",
        "repair_rank": rank,
        "state": "not measurable" if each.reached is None else "measured",
    }


def _sum_for_programs(
    kind: str, sums: tuple[Fraction, Fraction], scored: Scored, dimension: Dimension | None = None
) -> dict[str, object]:
    figure = scored.kpis[0].figure
    weight = WHOLE_PERMILLE if dimension is None else dimension.weight_permille
    return {
        "kind": kind,
        "dimension": "" if dimension is None else dimension.name,
        "store": figure.store,
        "month": figure.month,
        "weight": _decimal(Fraction(weight, 10)),
        "points": _decimal(sums[0]),
        "points_measurable": _decimal(sums[1]),
    }


def _changed(was: int, becomes: int, for_people: bool) -> dict[str, object]:
    if not for_people:
        return {"weight_now": was / 10, "weight_lawful": becomes / 10, "weight_change": (becomes - was) / 10}
    change = f"{(becomes - was) / 10:+g} %" if becomes != was else "–"
    return {"weight_now": per_cent(was), "weight_lawful": per_cent(becomes), "weight_change": change}


def _of(points: Fraction, measurable: Fraction, language: str) -> str:
    return f"{_points(points)} {word('scorecard_of', language)} {float(measurable):g}"


def _points(points: Fraction | None) -> str:
    return "–" if points is None else f"{float(points):.1f}"


def _decimal(value: Fraction | None) -> float | None:
    return None if value is None else float(round(value, DECIMALS_FOR_PROGRAMS))
