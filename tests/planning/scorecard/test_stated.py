"""What a settings file says of the scorecard: over the usual card, with every fault told by its key."""

from __future__ import annotations

import tomllib
from fractions import Fraction

import pytest

from planning.scorecard.card import Reference, faults_of
from planning.scorecard.usual import USUAL_CARD
from planning.settings import Settings, SettingsError

STATED = """
[scorecard.dimensions]
finance = 35
customer = 30
process = 20

[scorecard.kpi.GM]
weight = 17
at_least = 0.32
source = "our own stores"
date = 2026-01-31

[scorecard.kpi.STOCK_ORDER_PERF]
weight = 0

[scorecard.kpi.FILL_SHELF_LINE]
variant = "half"

[store.S01]
fill_rate = 0.97

[store.S01.scorecard.kpi.GM]
at_least = 0.3
source = "a store of small cars"

[store.S02.scorecard.kpi.TURN_GROSS]
at_least = 5
at_most = 7.5
"""


def test_a_file_changes_what_it_states_and_leaves_the_rest() -> None:
    settings = Settings.from_mapping(tomllib.loads(STATED))
    card = settings.scorecard.of_store(None)
    assert faults_of(card) == ()
    assert [each.weight_permille for each in card.dimensions] == [350, 300, 200, 150]
    by_figure = {kpi.figure: kpi for kpi in card.kpis}
    assert by_figure["GM"].reference == Reference(Fraction("0.32"), None, "our own stores", "2026-01-31")
    assert "STOCK_ORDER_PERF" not in by_figure
    assert by_figure["FILL_SHELF_LINE:half"].reference == USUAL_CARD.dimensions[1].kpis[0].reference
    assert settings.of_store("S01").fill_rate == 0.97, "the plan's own settings stand beside it"


def test_a_store_overrules_references_and_both_are_kept() -> None:
    scorecard = Settings.from_mapping(tomllib.loads(STATED)).scorecard
    gm = scorecard.of_store("S01").kpis[0]
    assert (gm.ruling.low, gm.ruling.source) == (Fraction("0.3"), "a store of small cars")
    assert (gm.reference.low, gm.weight_permille) == (Fraction("0.32"), 170)
    turns = scorecard.of_store("S02").kpis[1]
    assert (turns.ruling, turns.ruling.direction) == (Reference(Fraction(5), Fraction("7.5")), "band")
    assert all(kpi.overruled is None for kpi in scorecard.of_store("S03").kpis)


def test_the_ends_of_a_reference_say_which_way_is_better() -> None:
    stated = {"LOST_SALES": {"dimension": "customer", "weight": 10, "at_most": 0.02}, "GM": {"source": "a friend"}}
    card = Settings.from_mapping({"scorecard": {"kpi": stated}}).scorecard.card
    by_figure = {kpi.figure: kpi for kpi in card.kpis}
    assert by_figure["LOST_SALES"].ruling.direction == "lower"
    assert (by_figure["GM"].ruling.direction, by_figure["GM"].ruling.source) == ("higher", "a friend")
    assert [fault[0] for fault in faults_of(card)] == ["scorecard.dimensions.customer"], "its weight is too much"


def kpi(**stated: object) -> dict[str, object]:
    return {"scorecard": {"kpi": {"GM": stated}}}


@pytest.mark.parametrize(
    ("mapping", "key", "why"),
    [
        ({"scorecard": 3}, "scorecard", "a section holds keys"),
        ({"scorecard": {"weights": {}}}, "scorecard.weights", "a key that is not known"),
        ({"scorecard": {"basis": "store"}}, "scorecard.basis", "of the card or of the dimension"),
        ({"scorecard": {"dimensions": {"finance": 30.25}}}, "scorecard.dimensions.finance", "one decimal at most"),
        ({"scorecard": {"dimensions": {"finance": True}}}, "scorecard.dimensions.finance", "yes is no weight"),
        (kpi(weight=101), "scorecard.kpi.GM.weight", "more than all"),
        (kpi(goal=0.3), "scorecard.kpi.GM.goal", "a key that is not known"),
        (kpi(at_least="high"), "scorecard.kpi.GM.at_least", "a number is meant"),
        (kpi(at_least=0.4, at_most=0.3), "scorecard.kpi.GM", "a band has its ends in order"),
        (kpi(source=3), "scorecard.kpi.GM.source", "a source is text"),
        (kpi(variant=3), "scorecard.kpi.GM.variant", "a variant has a name"),
        (kpi(dimension="people"), "scorecard.kpi.GM.dimension", "no dimension of that name"),
        ({"scorecard": {"kpi": {"PRICED": {"at_least": 0.9}}}}, "scorecard.kpi.PRICED", "where, and how heavy?"),
        ({"scorecard": {"kpi": {"PRICED": {"dimension": "finance", "weight": 5}}}}, "scorecard.kpi.PRICED",
         "held against what?"),
        ({"store": {"S01": {"scorecard": {"kpi": {"GM": {"weight": 10}}}}}}, "store.S01.scorecard.kpi.GM.weight",
         "weights are the group's"),
        ({"store": {"S01": {"scorecard": {"kpi": {"PRICED": {"at_least": 1}}}}}}, "store.S01.scorecard.kpi.PRICED",
         "not on the card"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_told_with_its_key(mapping: dict[str, object], key: str, why: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_mapping(mapping)
    assert [fault[0] for fault in caught.value.faults] == [key], why
    assert all(fault[2] for fault in caught.value.faults)
