"""Service of a level: against reference cases, against enumeration, and against a simulated shelf."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demand.distribution import DemandLaw, negative_binomial
from demand.history import Float64Array1D
from optimisation.service import fill_curves, unit_fill

CASES_FILE = "reference_cases/inventory_cases.json"
ONE = DemandLaw.from_rows([[0.0, 1.0]])


def reference_cases(model: str) -> list[dict[str, dict[str, float]]]:
    places = [Path(__file__).parents[2].parent / "shared", Path(os.environ.get("SPAREWISE_SHARED", "/nonexistent"))]
    for place in places:
        if (place / CASES_FILE).exists():
            cases = json.loads((place / CASES_FILE).read_text("utf-8"))["cases"]
            return [case for case in cases if case["model"] == model]
    return []


def each_case(model: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    cases = reference_cases(model)
    if not cases:
        return pytest.mark.skip(reason=f"{CASES_FILE} lies neither in ../shared nor in SPAREWISE_SHARED")
    return pytest.mark.parametrize("case", cases, ids=[str(case["id"]) for case in cases])


def demand_over(inputs: dict[str, float], periods: float) -> DemandLaw:
    """Demand of independent negative binomial periods: shapes add."""
    mean, variance = inputs["demand_mean_per_period"], inputs["demand_variance_per_period"]
    return negative_binomial([mean * periods], [periods * mean**2 / (variance - mean)])


@each_case("RS_negbin_service")
def test_fill_of_a_level_agrees_with_the_reference(case: dict[str, dict[str, float]]) -> None:
    given_, expected = case["inputs"], case["expected"]
    lead = demand_over(given_, given_["lead_time"])
    protection = demand_over(given_, given_["lead_time"] + given_["review_period"])
    level = int(given_["S"])
    assert unit_fill(lead, protection, level)[0] == pytest.approx(expected["unit_fill_rate"], abs=1e-7)
    curves = fill_curves(lead, protection, ONE)
    assert curves.fill_at(level)[0] == pytest.approx(expected["unit_fill_rate"], abs=1e-7)
    assert protection.at_most(level)[0] == pytest.approx(expected["cycle_service"], abs=1e-7)


@each_case("RS_negbin_min_S_for_fill")
def test_least_level_for_a_fill_rate_agrees_with_the_reference(case: dict[str, dict[str, float]]) -> None:
    given_, expected = case["inputs"], case["expected"]
    lead = demand_over(given_, given_["lead_time"])
    curves = fill_curves(lead, demand_over(given_, given_["lead_time"] + given_["review_period"]), ONE)
    level = int(curves.least_level(np.array([given_["target_unit_fill_rate"]]))[0])
    assert level == expected["S"]
    assert curves.fill_at(level)[0] == pytest.approx(expected["achieved_fill_rate"], abs=1e-7)
    assert curves.fill_at(level - 1)[0] == pytest.approx(expected["fill_rate_at_S_minus_1"], abs=1e-7)


def compound_poisson(lines: float, size: list[float], points: int) -> Float64Array1D:
    """P(D = k) of a Poisson number of lines of random size, by Panjer's recursion."""
    law = np.zeros(points)
    law[0] = np.exp(-lines)
    for k in range(1, points):
        law[k] = sum(lines / k * x * size[x] * law[k - x] for x in range(1, min(k, len(size) - 1) + 1))
    return law


@each_case("compound_poisson_rnQ_service")
def test_complete_lines_without_review_agree_with_the_reference(case: dict[str, dict[str, list[float]]]) -> None:
    # With a review interval of almost nothing the level is that of continuous review; the position of an (r, nQ)
    # policy is uniform over r+1 … r+Q, so its fill is the mean over these levels.
    inputs = case["inputs"]
    size = [float(p) for p in inputs["line_size_pmf"]]
    rate, lead, least, batch = (float(str(inputs[k])) for k in ("order_line_rate", "lead_time", "r", "Q"))
    step = 1e-4
    laws = [compound_poisson(rate * (lead + side * step / 2), size, 60) for side in (-1, 1)]
    laws = [law / law.sum() for law in laws]
    curves = fill_curves(DemandLaw.from_rows([laws[0]]), DemandLaw.from_rows([laws[1]]), DemandLaw.from_rows([size]))
    fill = [
        curves.complete_lines_at(level)[0] / (rate * step) for level in range(int(least) + 1, int(least + batch) + 1)
    ]
    assert np.mean(fill) == pytest.approx(case["expected"]["complete_line_fill_rate"], abs=1e-6)


def test_complete_lines_are_those_a_simulated_shelf_fills() -> None:
    random = np.random.default_rng(11)
    rate, lead, review, level, cycles = 0.7, 5.0, 7.0, 12, 60_000
    size = [0.0, 0.6, 0.1, 0.0, 0.3]
    asked = filled = 0
    for count in random.poisson(rate * (lead + review), cycles):
        when = np.sort(random.uniform(0, lead + review, count))
        pieces = random.choice(len(size), p=size, size=count)
        served = (when > lead) & (np.cumsum(pieces) <= level)  # what was asked before it is owed first
        asked += int((when > lead).sum())
        filled += int(served.sum())
    lead_law, protection_law = (
        DemandLaw.from_rows([law / law.sum()])
        for law in (compound_poisson(rate * days, size, 80) for days in (lead, lead + review))
    )
    predicted = fill_curves(lead_law, protection_law, DemandLaw.from_rows([size])).fill_at(level)[0]
    error = np.sqrt(predicted * (1 - predicted) / asked) * 3  # lines of a cycle share their fate: three times as wide
    assert filled / asked == pytest.approx(predicted, abs=4 * error)


@given(mean=st.floats(0.01, 20), shape=st.floats(0.3, 10), longer=st.floats(1.05, 4), one=st.floats(0.05, 1))
def test_more_stock_never_fills_fewer_lines(mean: float, shape: float, longer: float, one: float) -> None:
    size = DemandLaw.from_rows([[0.0, one, (1 - one) / 2, 0.0, (1 - one) / 2]])
    curves = fill_curves(negative_binomial([mean], [shape]), negative_binomial([mean * longer], [shape]), size)
    assert (np.diff(curves.stock_units) >= -1e-12).all()
    units = fill_curves(negative_binomial([mean], [shape]), negative_binomial([mean * longer], [shape]), ONE)
    assert (np.diff(units.complete_lines) >= -1e-9).all()
    assert units.fill_at(units.level_max)[0] == pytest.approx(1, abs=1e-4)


def test_items_worked_out_together_equal_items_worked_out_alone() -> None:
    random = np.random.default_rng(3)
    means = random.lognormal(0, 2, 40)
    lead, protection = negative_binomial(means, 1.5), negative_binomial(means * 2.5, 1.5)
    size = DemandLaw.from_rows([[0, 1.0] if i % 3 else [0, 0.5, 0.2, 0, 0, 0.3] for i in range(40)])
    together = fill_curves(lead, protection, size)
    for item in (0, 7, 21, 39):
        alone = fill_curves(*(law.take(np.array([item])) for law in (lead, protection, size)))
        chosen = together.take(np.arange(40) == item)
        np.testing.assert_allclose(chosen.complete_lines, alone.complete_lines, atol=1e-12)
        np.testing.assert_allclose(chosen.stock_units, alone.stock_units, atol=1e-12)


def test_a_line_of_no_units_is_refused() -> None:
    with pytest.raises(ValueError, match="one unit or more"):
        fill_curves(ONE, ONE, DemandLaw.from_rows([[0.5, 0.5]]))
