"""A card is lawful or says which bound it breaks and by how much; the nearest lawful card is found exactly."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from planning.scorecard.card import DIMENSION_PERMILLE, KPI_PERMILLE, Basis, Card, Dimension, Kpi, Reference, faults_of
from planning.scorecard.nearest import NoLawfulCardError, nearest_lawful
from planning.scorecard.usual import USUAL_CARD

NAMES = ("finance", "customer", "process", "learning")
COARSE = 50
"""A step so coarse that all lawful cards can be written down."""


def card(*weights: tuple[int, tuple[int, ...]], basis: Basis = "card") -> Card:
    reference = Reference(Fraction(1), None)
    return Card(
        tuple(
            Dimension(name, whole, tuple(Kpi(f"{name}-{at}", each, reference) for at, each in enumerate(kpis)))
            for name, (whole, kpis) in zip(NAMES, weights, strict=False)
        ),
        basis,
    )


def weights_of(of: Card) -> list[int]:
    return [
        weight for each in of.dimensions for weight in (each.weight_permille, *(k.weight_permille for k in each.kpis))
    ]


def distance(one: Card, other: Card) -> int:
    return sum((a - b) ** 2 for a, b in zip(weights_of(one), weights_of(other), strict=True))


def test_the_card_a_dealership_starts_from_is_lawful_and_names_a_source_for_every_reference() -> None:
    assert faults_of(USUAL_CARD) == ()
    assert all(kpi.reference.source for kpi in USUAL_CARD.kpis)


@pytest.mark.parametrize(
    ("broken", "key", "value", "says"),
    [
        (card((600, (300, 300)), (100, (100,)), (150, (150,)), (150, (150,))), "dimensions.finance", "60 %",
         "a dimension weighs 10 to 50 % of the card; this is 10 % too much"),
        (card((300, (300,)), (310, (310,)), (250, (250,)), (140, (140,))), "kpi.customer-0", "31 %",
         "a KPI weighs 5 to 30 % of the card; this is 1 % too much"),
        (card((300, (300,)), (300, (255, 45)), (250, (250,)), (150, (150,))), "kpi.customer-1", "4.5 %",
         "a KPI weighs 5 to 30 % of the card; this is 0.5 % too little"),
        (card((300, (300,)), (300, (300,)), (250, (250,)), (100, (100,))), "dimensions", "95 %",
         "the dimensions sum to 100 %; this is 5 % too little"),
        (card((300, (200,)), (300, (300,)), (250, (250,)), (150, (150,))), "dimensions.finance", "20 %",
         "the KPIs of a dimension sum to 30 %; this is 10 % too little"),
        (card((400, (200, 200)), (300, (300,)), (300, (300,))), "dimensions", "3", "a card has 4 dimensions"),
        (card((100, (300, 300, 300)), (300, (250,) * 4), (300, (250,) * 4), (300, (250,) * 4), basis="dimension"),
         "dimensions.finance", "90 %", "the KPIs of a dimension sum to 100 %; this is 10 % too little"),
    ],
)  # fmt: skip
def test_a_broken_bound_is_told_with_by_how_much(broken: Card, key: str, value: str, says: str) -> None:
    assert faults_of(broken) == ((f"scorecard.{key}", value, says),)


def test_a_figure_stands_on_a_card_once() -> None:
    reference = Reference(Fraction(1), None)
    twice = Dimension("finance", 300, (Kpi("GM", 150, reference), Kpi("GM:ratio_of_sums", 150, reference)))
    fine = card((300, (300,)), (300, (300,)), (250, (250,)), (150, (150,)))
    (fault,) = faults_of(Card((twice, *fine.dimensions[1:])))
    assert fault == ("scorecard.kpi.GM", "2", "a figure stands on a card once")


def test_of_a_card_by_dimensions_a_kpi_weighs_its_share_of_its_dimension() -> None:
    by_dimension = card((100, (250,) * 4), (300, (250,) * 4), (300, (250,) * 4), (300, (250,) * 4), basis="dimension")
    assert faults_of(by_dimension) == ()
    shares = [by_dimension.share_of_card(each, kpi) for each in by_dimension.dimensions for kpi in each.kpis]
    assert (shares[0], shares[4], sum(shares)) == (Fraction(5, 2), Fraction(15, 2), 100)


def lawful_cards(like: Card) -> list[Card]:
    """Write down every lawful card in coarse steps."""
    low, high = KPI_PERMILLE
    kpis = [
        [
            (sum(each), each)
            for each in product(range(low, high + 1, COARSE), repeat=len(dimension.kpis))
            if DIMENSION_PERMILLE[0] <= sum(each) <= DIMENSION_PERMILLE[1]
        ]
        for dimension in like.dimensions
    ]
    wholes = product(*({whole for whole, _ in each} for each in kpis))
    return [
        card(*each)
        for four in wholes
        if sum(four) == 1000
        for each in product(*([e for e in of if e[0] == whole] for of, whole in zip(kpis, four, strict=True)))
    ]


WEIGHTS = some.integers(0, 600)


@settings(max_examples=3)
@given(some.tuples(*[WEIGHTS] * 4), some.tuples(*[WEIGHTS] * 6))
def test_no_lawful_card_is_nearer_than_the_nearest(wholes: tuple[int, ...], kpis: tuple[int, ...]) -> None:
    unlawful = card((wholes[0], kpis[:2]), (wholes[1], kpis[2:4]), (wholes[2], kpis[4:5]), (wholes[3], kpis[5:]))
    near = nearest_lawful(unlawful, COARSE)
    assert faults_of(near) == ()
    assert distance(near, unlawful) == min(distance(each, unlawful) for each in lawful_cards(unlawful))


@settings(max_examples=15)
@given(some.lists(some.lists(WEIGHTS, min_size=1, max_size=5), min_size=4, max_size=4), some.tuples(*[WEIGHTS] * 4))
def test_the_nearest_card_is_lawful_and_its_own_nearest(kpis: list[list[int]], wholes: tuple[int, ...]) -> None:
    unlawful = card(*((whole, tuple(each)) for whole, each in zip(wholes, kpis, strict=True)))
    for step in (1, 10):
        near = nearest_lawful(unlawful, step)
        assert faults_of(near) == ()
        assert nearest_lawful(near, step) == near


@settings(max_examples=15)
@given(some.lists(some.lists(WEIGHTS, min_size=4, max_size=6), min_size=4, max_size=4), some.tuples(*[WEIGHTS] * 4))
def test_weights_within_dimensions_are_mended_apart_from_those_of_dimensions(
    kpis: list[list[int]], wholes: tuple[int, ...]
) -> None:
    unlawful = card(*((whole, tuple(each)) for whole, each in zip(wholes, kpis, strict=True)), basis="dimension")
    near = nearest_lawful(unlawful)
    assert faults_of(near) == ()
    other = card(*((250, tuple(each)) for each in kpis), basis="dimension")
    inner = [[kpi.weight_permille for kpi in each.kpis] for each in near.dimensions]
    assert inner == [[kpi.weight_permille for kpi in each.kpis] for each in nearest_lawful(other).dimensions]


@pytest.mark.parametrize(
    ("hopeless", "says"),
    [
        (card((300, (300,)), (300, (300,)), (400, (400,))), "has 3"),
        (
            card((300, ()), (300, (300,)), (250, (250,)), (150, (150,))),
            "finance lawful: it takes 1 to 10 KPIs and has 0",
        ),
        (card((300, (30,) * 11), (300, (300,)), (250, (250,)), (150, (150,))), "has 11"),
        (card(*[(250, (250,) * 3)] * 4, basis="dimension"), "it takes 4 to 20 KPIs and has 3"),
        (card(*[(250, (40,) * 6)] * 4), "a card has 4 to 20 KPIs"),
    ],
)
def test_what_no_weights_can_mend_is_said(hopeless: Card, says: str) -> None:
    with pytest.raises(NoLawfulCardError, match=says):
        nearest_lawful(hopeless)
