"""Points follow the curve, what is not measurable is not spread, and the gap that costs most comes first."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from inventory.figures.catalogue import named
from inventory.figures.figure import Figure
from planning.scorecard.card import Card, Dimension, Kpi, Reference
from planning.scorecard.score import CAP, ScoredKpi, reached, scored
from planning.scorecard.usual import USUAL_CARD

AT_LEAST, AT_MOST = Reference(Fraction(9, 10), None), Reference(None, Fraction(1, 20))
BAND = Reference(Fraction(6), Fraction(8))


@pytest.mark.parametrize(
    ("value", "reference", "share", "reason"),
    [
        ("0.9", AT_LEAST, "1", "as good as asked for"),
        ("0.45", AT_LEAST, "0.5", "half of it"),
        ("1.35", AT_LEAST, "1.2", "half as much again counts a fifth"),
        ("-0.3", AT_LEAST, "0", "a loss is nothing, not less than nothing"),
        ("0.05", AT_MOST, "1", "as little as asked for"),
        ("0.10", AT_MOST, "0.5", "twice as much"),
        ("0", AT_MOST, "1.2", "none at all"),
        ("0", Reference(None, Fraction(0)), "1", "none was asked for, and there is none"),
        ("0.01", Reference(None, Fraction(0)), "0", "none was asked for"),
        ("7", BAND, "1", "inside the band no value is better than another"),
        ("6", BAND, "1", "its edge is inside"),
        ("8", BAND, "1", "its other edge as well"),
        ("4.5", BAND, "0.75", "below it as where more is better"),
        ("10", BAND, "0.75", "a quarter above it"),
        ("16", BAND, "0", "twice its upper edge"),
        ("20", BAND, "0", "never less than nothing"),
        ("0", Reference(Fraction(0), None), "1", "nothing was asked for"),
    ],
)
def test_a_value_reaches_so_much_of_its_reference(value: str, reference: Reference, share: str, reason: str) -> None:
    assert reached(Fraction(value), reference) == Fraction(share), reason


@settings(max_examples=40)
@given(some.fractions(0, 100), some.fractions(0, 100), some.sampled_from([AT_LEAST, AT_MOST, BAND]))
def test_a_better_value_never_reaches_less(one: Fraction, other: Fraction, reference: Reference) -> None:
    low, high = sorted((one, other))
    for each in (low, high):
        assert 0 <= reached(each, reference) <= CAP
    if reference.direction == "higher":
        assert reached(low, reference) <= reached(high, reference)
    elif reference.direction == "lower":
        assert reached(low, reference) >= reached(high, reference)
    elif high <= 6:
        assert reached(low, reference) <= reached(high, reference)
    elif low >= 8:
        assert reached(low, reference) >= reached(high, reference)


def one(name: str, numerator: int, denominator: int, reference: Reference) -> ScoredKpi:
    """A KPI that is a card of its own."""
    card = Card((Dimension("finance", 1000, (Kpi(name, 1000, reference),)),))
    return scored(card, [Figure(*named(name), "S01", "2026-06", numerator, denominator)]).kpis[0]


@pytest.mark.parametrize(
    ("name", "numerator", "denominator", "reference", "money", "reason"),
    [
        ("GM", 30_0000, 100_0000, Reference(Fraction(38, 100), None), "8", "38 of margin were asked for, 30 are there"),
        ("DEAD_12", 20_0000, 100_0000, AT_MOST, "15", "20 lie dead, 5 may"),
        ("TURN_GROSS", 400_0000, 100_0000, BAND, "33.333333", "400 a year need a stock of 66.67 to turn six times"),
        ("DAYS_SUPPLY", 365 * 100_0000, 400_0000, Reference(None, Fraction(365, 8)), "50", "eight turns need 50"),
        ("REVENUE_PER_VISIT", 900, 10, Reference(Fraction(100), None), "100", "ten visits of ten less each"),
        ("LOST_VALUE", 120, 1, Reference(None, Fraction(100)), "20", "an amount is itself money"),
    ],
)
def test_the_gap_is_worth_money_where_the_figure_tells(
    name: str, numerator: int, denominator: int, reference: Reference, money: str, reason: str
) -> None:
    found = one(name, numerator, denominator, reference).money
    assert found is not None
    assert round(found, 6) == Fraction(money), reason


def test_money_that_lies_in_stock_is_told_from_money_that_is_earned() -> None:
    assert one("DEAD_12", 20, 100, AT_MOST).tied_up
    assert one("TURN_GROSS", 4, 1, BAND).tied_up
    assert not one("GM", 30, 100, AT_LEAST).tied_up
    too_quick = one("TURN_GROSS", 12, 1, BAND)
    assert (too_quick.reached, too_quick.money) == (Fraction(1, 2), None), "what turns too quickly ties up nothing"


def test_a_gap_of_lines_is_counted() -> None:
    fill = one("FILL_SHELF_LINE", 80, 100, AT_LEAST)
    assert (fill.lines, fill.counted, fill.money) == (Fraction(10), "lines", None)
    assert one("FILL_ORDER", 80, 100, AT_LEAST).counted == "orders"
    assert one("STOCKOUT_COMMON", 8, 100, AT_MOST).lines == 3
    assert one("FILL_SUPPLIER", 0, 20, AT_LEAST).counted == "lines"
    assert one("STOCK_AGE_DAYS", 100, 1, Reference(None, Fraction(60))).lines is None, "days of age are no lines"


def of_usual_card(values: dict[str, tuple[int, int]]) -> list[Figure]:
    """The figures of the card one starts from; those not given have nothing to divide by."""
    return [Figure(*named(kpi.figure), "", "2026-06", *values.get(kpi.figure, (0, 0))) for kpi in USUAL_CARD.kpis]


def test_what_is_not_measurable_has_no_points_and_leaves_its_weight_to_nobody() -> None:
    result = scored(USUAL_CARD, of_usual_card({"GM": (38, 100), "DEAD_12": (10, 100)}))
    assert result.points == 12 + 5
    assert result.points_measurable == 12 + 10
    assert result.dimension("finance") == (Fraction(12), Fraction(12))
    assert result.dimension("customer") == (Fraction(0), Fraction(0))
    assert [each.kpi.figure for each in result.repair_first] == ["DEAD_12"]
    assert {each.points for each in result.kpis} == {None, Fraction(12), Fraction(5)}


def test_what_costs_most_points_is_repaired_first() -> None:
    low = {"GM": (19, 100), "FILL_SHELF_LINE": (81, 100), "TURN_GROSS": (3, 1), "FILL_SAMEDAY": (95, 100)}
    result = scored(USUAL_CARD, of_usual_card(low))
    assert [(each.kpi.figure, each.lost) for each in result.repair_first] == [
        ("GM", Fraction(6)),
        ("TURN_GROSS", Fraction(5)),
        ("FILL_SHELF_LINE", Fraction(6, 5)),
    ]
