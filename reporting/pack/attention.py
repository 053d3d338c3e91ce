"""What is wrong, in the order of what to repair first; and what waits for somebody: the first page of a report.

A figure is wrong where it misses the reference of the scorecard; the order is the card's, by points lost. Beside each
stands how far it is off in its own unit, what that is worth where the figure can tell, whether it got better since the
period before, and what to do next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from inventory.figures.figure import FigureDefinition
from planning.scorecard.card import Reference
from planning.scorecard.score import ScoredKpi, reached
from reporting.pack import amounts
from reporting.pack.contents import Pack
from reporting.words import word
from reporting.words_pack import NEXT_STEPS

FIRST = 5
"""How many figures are told on the first page; more are no priority."""

_LONG_STILL = 12


@dataclass(frozen=True)
class Gap:
    """A figure that misses its goal, in words.

    Parameters
    ----------
    figure_id
        Which figure.
    mark
        ``▼`` where it is too low, ``▲`` where too high.
    value, goal, gap, worth
        Texts; worth is empty where the figure can't tell.
    since
        Whether it got better since the period before; empty where that can't be told.
    next_step
        A sentence.
    """

    figure_id: str
    name: str
    mark: str
    value: str
    goal: str
    gap: str
    worth: str
    since: str
    next_step: str


@dataclass(frozen=True)
class Tile:
    """Something that waits: how many, of what, worth or told more of, and the anchor of its list."""

    count: int
    what: str
    more: str
    anchor: str


def gaps(pack: Pack, language: str) -> list[Gap]:
    """Return the figures to repair first, at most `FIRST`."""
    return [_gap(pack, each, language) for each in pack.scored.repair_first[:FIRST]]


def verdict(pack: Pack, language: str) -> str:
    """Return in a sentence how many figures miss their goal."""
    measured = sum(each.reached is not None for each in pack.scored.kpis)
    missed = len(pack.scored.repair_first)
    if not measured:
        return word("pack_none_measured", language)
    key = "pack_verdict" if missed else "pack_all_met"
    return word(key, language).format(missed=missed, measured=measured)


def score(pack: Pack, language: str) -> str:
    """Return the points of the scorecard, and which figures could not be measured."""
    told = word("pack_score", language).format(
        points=amounts.number(pack.scored.points, 1), measurable=amounts.number(pack.scored.points_measurable, 0)
    )
    unmeasured = [word(each.figure.definition.name_key, language) for each in pack.scored.kpis if each.reached is None]
    if not unmeasured:
        return told
    separator = "、" if language == "zh" else ", "
    stop = "。" if language == "zh" else ". "
    return f"{told}{stop}{word('pack_unmeasured', language).format(names=separator.join(unmeasured))}"


def tiles(pack: Pack, language: str) -> list[Tile]:
    """Return what waits for somebody; also what nothing waits of, so that the place of each is always the same."""
    drafts = [each for each in pack.awaiting if each.head["state"] == "draft"]
    approved = [each for each in pack.awaiting if each.head["state"] == "approved"]
    still = [row for row in pack.stocked_parts if int(str(row["still_months"])) >= _LONG_STILL]
    late = max((int(str(row["days_late"])) for row in pack.overdue_lines), default=0)
    oldest = word("oldest_late", language).format(days=late) if late else ""
    zero = pack.zero_parts
    stocked = word("of_stocked", language).format(count=amounts.number(Fraction(zero.denominator), 0))
    return [
        Tile(len(drafts), word("wait_approve", language), _sum([each.value_e4 for each in drafts], language),
             "proposals"),
        Tile(len(approved), word("wait_send", language), _sum([each.value_e4 for each in approved], language),
             "proposals"),
        Tile(int(zero.numerator), word("wait_zero", language), stocked if zero.denominator else "", "service"),
        Tile(len(pack.overdue_lines), word("wait_overdue", language), oldest, "overdue_lines"),
        Tile(len(pack.claims), word("wait_claims", language),
             _sum([int(str(row["value_e4"])) for row in pack.claims], language), "claims"),
        Tile(len(still), word("wait_dead", language), _sum([int(str(row["value_e4"])) for row in still], language),
             "stocked_parts"),
    ]  # fmt: skip


def goal_text(reference: Reference, definition: FigureDefinition, language: str) -> str:
    """Return what a figure is held against."""
    low, high = (
        None if end is None else amounts.value_text(end, definition, language)
        for end in (reference.low, reference.high)
    )
    if reference.direction == "band":
        assert reference.low is not None, "a band has a lower end"
        return word("goal_band", language).format(low=amounts.number(reference.low, 1), high=high)
    key = "goal_at_least" if reference.direction == "higher" else "goal_at_most"
    return word(key, language).format(low=low, high=high)


def trend(value: Fraction | None, before: Fraction | None, reference: Reference) -> str:
    """Return whether a figure came nearer to its goal since the period before; empty where that can't be told."""
    if value is None or before is None:
        return ""
    if value == before:
        return "unchanged"
    now, then = reached(value, reference), reached(before, reference)
    if now == then:
        return "unchanged"
    return "better" if now > then else "worse"


def _gap(pack: Pack, each: ScoredKpi, language: str) -> Gap:
    definition, reference = each.figure.definition, each.kpi.ruling
    value = each.figure.value
    assert value is not None, "what is measured has a value"
    is_low = reference.low is not None and value < reference.low
    aim = reference.low if is_low else reference.high
    assert aim is not None, "a figure misses an end that its reference has"
    _, before = pack.change(definition.figure_id)
    return Gap(
        figure_id=definition.figure_id,
        name=word(definition.name_key, language),
        mark="▼" if is_low else "▲",
        value=amounts.value_text(value, definition, language),
        goal=goal_text(reference, definition, language),
        gap=_difference(value - aim, definition, language),
        worth=_worth(each, is_low, language),
        since=_since(pack, trend(value, before, reference), language),
        next_step=word(NEXT_STEPS.get(definition.figure_id, "next_any"), language),
    )


def _since(pack: Pack, trend_of: str, language: str) -> str:
    if not trend_of:
        return ""
    when = amounts.period(pack.overview.earlier_scope, language)
    return word("pack_since", language).format(when=when, trend=word(f"pack_{trend_of}", language))


def _difference(difference: Fraction, definition: FigureDefinition, language: str) -> str:
    if definition.unit == "share":
        return f"{amounts.signed(difference * 100, 1)} {word('pack_points', language)}"
    if definition.unit == "money":
        return ("+" if difference > 0 else "") + amounts.money(difference, language)
    if definition.unit in ("ratio", "count"):
        return amounts.signed(difference, 1)
    unit = word(f"short_{definition.unit.replace(' ', '_')}", language)
    return f"{amounts.signed(difference, 1)} {unit}"


def _worth(each: ScoredKpi, is_low: bool, language: str) -> str:
    if each.money is not None:
        key = "gap_tied" if each.tied_up else "gap_earned"
        return word(key, language).format(money=amounts.money(each.money, language))
    if each.lines is not None:
        key = "gap_more" if is_low else "gap_fewer"
        count = word(f"gap_{each.counted}", language).format(count=amounts.number(Fraction(ceil(each.lines)), 0))
        return word(key, language).format(count=count)
    return ""


def _sum(amounts_e4: Sequence[int], language: str) -> str:
    return amounts.money(Fraction(sum(amounts_e4), 10_000), language) if amounts_e4 else ""
