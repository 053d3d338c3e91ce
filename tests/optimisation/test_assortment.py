"""What is stocked at all: the best of all choices by enumeration, steady between entering and leaving."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from demand.distribution import DemandLaw, negative_binomial, poisson
from demand.history import Float64Array1D
from optimisation.assortment import ShelfRisk, first_step, tied_up, unasked_units
from optimisation.costs import DAYS_PER_YEAR, CostTerms
from optimisation.levels import levels_for_fill_rate, levels_for_price
from optimisation.service import FillCurves, fill_curves

REVIEW_DAYS = 7.0
NO_MOST = 10**9


class Assortment:
    """Random parts, slow ones mostly, with five years in which they can be sold."""

    def __init__(self, count: int, seed: int, returned: float = 0.0, band: float = 0.0) -> None:
        random = np.random.default_rng(seed)
        weekly = random.lognormal(-3.5, 1.5, count)
        shape = random.uniform(0.3, 5.0, count)
        self.cost = random.lognormal(4, 1.2, count)
        self.curves = fill_curves(
            negative_binomial(weekly * 2, shape),
            negative_binomial(weekly * 3, shape),
            DemandLaw.from_rows([[0.0, 0.8, 0.2]] * count),
        )
        cost_e4 = np.round(self.cost * 10_000).astype(np.int64)
        holding = random.uniform(0.1, 0.4, count) * cost_e4
        self.costs = CostTerms(cost_e4, holding, random.uniform(20, 200, count) * 10_000)
        self.ahead = negative_binomial(weekly * 260, shape)
        self.loss = unasked_units(self.ahead, self.curves.boundaries) * np.repeat(
            cost_e4 * (1 - returned) / 5, np.diff(self.curves.boundaries)
        )
        self.risk = ShelfRisk(self.loss, random.random(count) < 0.5, np.full(count, NO_MOST), band)
        self.review = np.full(count, REVIEW_DAYS)
        self.none = np.zeros(count, dtype=np.int64)

    def per_year(self, item: int) -> tuple[Float64Array1D, Float64Array1D]:
        """Worth and cost of every level of one item in a year, from the definitions."""
        points = slice(*self.curves.boundaries[item : item + 2])
        lines = self.curves.complete_lines[points] / REVIEW_DAYS * DAYS_PER_YEAR
        cost = self.curves.stock_units[points] * self.costs.holding_per_year_e4[item] + self.loss[points]
        return lines * self.costs.unmet_line_e4[item], cost


def test_what_is_left_over_is_what_the_law_says() -> None:
    law = DemandLaw.from_rows([[0.2, 0.5, 0.3], [1.0], [0.0, 0.0, 0.0, 1.0]])
    levels = 6
    flat = unasked_units(law, np.arange(4) * levels).reshape(3, levels)
    for level in range(levels):
        assert flat[:, level] == pytest.approx(law.expected_surplus(level))


def test_at_a_price_each_of_2000_parts_is_stocked_as_enumeration_says() -> None:
    parts = Assortment(2000, seed=3)
    chosen = levels_for_price(parts.curves, parts.costs, parts.review, parts.none, parts.risk).level
    gains = [worth - cost for worth, cost in map(parts.per_year, range(2000))]
    best = np.array([gain.max() for gain in gains])
    mine = np.array([gain[level] for gain, level in zip(gains, chosen, strict=True)])
    assert mine == pytest.approx(best, rel=1e-9, abs=1e-3)
    nothing_pays = np.array([bool((gain[1:] < -1e-3).all()) for gain in gains])
    assert (chosen[nothing_pays] == 0).all()
    assert 200 < nothing_pays.sum() < 1800, "some of either kind, or nothing is shown"


def test_no_other_choice_fills_as_many_lines_at_less_cost_and_risk() -> None:
    parts = Assortment(4, seed=11)
    chosen = levels_for_fill_rate(parts.curves, parts.costs, parts.review, parts.none, 0.7, parts.risk)
    money = tied_up(parts.curves, parts.costs, parts.risk)
    start = parts.curves.boundaries[:-1]
    lines, spent = parts.curves.complete_lines_at(chosen.level).sum(), money[start + chosen.level].sum()
    for levels in itertools.product(*(range(min(most, 7) + 1) for most in parts.curves.level_max)):
        if parts.curves.complete_lines_at(np.array(levels)).sum() >= lines - 1e-12:
            assert money[start + np.array(levels)].sum() >= spent * (1 - 1e-9)


def test_a_part_that_may_never_be_asked_for_leaves_its_place_to_a_surer_one() -> None:
    # Two parts alike for the weeks to come; of one it is not known whether anybody will ask for it again.
    lead, protection, size = poisson([0.02, 0.02]), poisson([0.04, 0.04]), DemandLaw.from_rows([[0.0, 1.0]] * 2)
    curves = fill_curves(lead, protection, size)
    costs = CostTerms(np.array([50_0000, 50_0000]), np.array([125_000.0] * 2), np.array([60_0000.0] * 2))
    ahead = negative_binomial(np.array([5.0, 5.0]), np.array([0.2, 50.0]))
    loss = unasked_units(ahead, curves.boundaries) * 100_000
    risk = ShelfRisk(loss, np.zeros(2, dtype=np.bool_), np.full(2, NO_MOST), 0.0)
    none, review = np.zeros(2, dtype=np.int64), np.full(2, REVIEW_DAYS)
    assert (levels_for_fill_rate(curves, costs, review, none, 0.45, risk).level > 0).tolist() == [False, True]


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), less=st.floats(0, 0.5), more=st.floats(0.05, 0.5))
def test_the_more_comes_back_the_more_is_stocked(seed: int, less: float, more: float) -> None:
    levels = [
        levels_for_price(parts.curves, parts.costs, parts.review, parts.none, parts.risk).level
        for parts in (Assortment(30, seed, less), Assortment(30, seed, less + more))
    ]
    assert (levels[0] <= levels[1]).all()


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), band=st.floats(0.01, 0.5))
def test_a_part_comes_only_where_it_is_clearly_worth_it_and_leaves_only_where_it_clearly_is_not(
    seed: int, band: float
) -> None:
    parts = Assortment(40, seed, band=band)
    steady = levels_for_price(parts.curves, parts.costs, parts.review, parts.none, parts.risk).level > 0
    first = first_step(
        tied_up(parts.curves, parts.costs, parts.risk), parts.curves.complete_lines, parts.curves.boundaries
    )
    for item, level in enumerate(first - parts.curves.boundaries[:-1]):
        worth, cost = (float(column[level]) for column in parts.per_year(item))
        if worth > cost * (1 + band) * (1 + 1e-9):
            assert steady[item], "worth it even for a part that is not there"
        elif worth < cost * (1 - band) * (1 - 1e-9):
            assert not steady[item], "not worth it even for a part that is there"


def test_between_entering_and_leaving_a_part_stays_where_it_is() -> None:
    parts = Assortment(2000, seed=5)

    def held(band: float) -> NDArray[np.bool_]:
        risk = ShelfRisk(parts.loss, parts.risk.is_on_shelf, parts.risk.most, band)
        levels = levels_for_price(parts.curves, parts.costs, parts.review, parts.none, risk).level
        return np.asarray(levels > 0, dtype=np.bool_)

    there = parts.risk.is_on_shelf
    moves = [int((held(band) != there).sum()) for band in (0.0, 0.2, 0.5)]
    assert moves[0] > moves[1] > moves[2]
    assert not (held(0.2) & ~there & ~held(0.0)).any(), "nothing comes that would not come without a band"
    assert not (~held(0.2) & there & held(0.0)).any(), "nothing leaves that would stay without a band"


def test_no_more_is_chosen_than_will_be_of_use() -> None:
    parts = Assortment(200, seed=8)
    most = np.arange(200) % 3
    risk = ShelfRisk(parts.loss, parts.risk.is_on_shelf, most, 0.2)
    for chosen in (
        levels_for_price(parts.curves, parts.costs, parts.review, parts.none, risk),
        levels_for_fill_rate(parts.curves, parts.costs, parts.review, parts.none, 0.99, risk),
    ):
        assert (chosen.level <= most).all()
        assert (chosen.level == 2).any()


def test_where_money_costs_nothing_risk_alone_is_weighed() -> None:
    parts = Assortment(50, seed=2)
    free = CostTerms(parts.costs.unit_cost_e4.copy(), np.zeros(50), parts.costs.unmet_line_e4.copy())
    chosen = levels_for_price(parts.curves, free, parts.review, parts.none, parts.risk).level
    for item, level in enumerate(chosen):
        worth, _ = parts.per_year(item)
        loss = parts.loss[parts.curves.boundaries[item] :][: worth.size]
        assert worth[level] - loss[level] >= (worth - loss).max() - 0.01 * parts.costs.unit_cost_e4[item]


def test_a_band_of_one_would_never_let_a_part_go() -> None:
    with pytest.raises(ValueError, match="band"):
        ShelfRisk(np.zeros(1), np.zeros(1, dtype=np.bool_), np.zeros(1, dtype=np.int64), 1.0)


def test_a_curve_that_fills_nothing_has_no_first_step() -> None:
    curves = FillCurves(np.zeros(3), np.arange(3.0), np.array([0, 3]), np.zeros(1))
    costs = CostTerms(np.array([10]), np.array([2.5]), np.array([1.0]))
    assert first_step(tied_up(curves, costs, None), curves.complete_lines, curves.boundaries).tolist() == [0]
