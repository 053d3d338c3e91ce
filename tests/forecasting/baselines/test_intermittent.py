"""The named baselines for series with many zeros, held against statsforecast's recorded answers and their equations."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from demand.history import Float64Array1D, Float64Array2D
from forecasting.baselines.intermittent import adida, croston, imapa, sba, tsb, tsb_by_period
from forecasting.baselines.simple_smoothing import fitted_alpha, levels

RECORDED = json.loads(
    (Path(__file__).parents[3] / "benchmarks" / "rivals" / "statsforecast_answers.json").read_text("utf-8")
)
Method = Callable[[Float64Array2D], Float64Array1D]
METHODS: dict[str, Method] = {
    "croston": croston,
    "sba": sba,
    "tsb": partial(tsb, alpha_size=0.2, alpha_chance=0.1),
    "adida": adida,
    "imapa": imapa,
}
ANY_CONSTANT_IS_BEST = {"imapa": [[0, 0, 7, 0, 0]]}
"""Two sums, so one error, which no constant changes: we take the middle, statsforecast stops somewhere on its way."""

SERIES = some.lists(some.lists(some.integers(0, 9), min_size=12, max_size=12), min_size=1, max_size=6)


@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_baseline_says_what_statsforecast_says(name: str) -> None:
    assert len(RECORDED["series"]) > 200
    by_length: dict[int, list[tuple[list[int], float]]] = {}
    for demand, expected in zip(RECORDED["series"], RECORDED["mean"][name], strict=True):
        if demand not in ANY_CONSTANT_IS_BEST.get(name, []):
            by_length.setdefault(len(demand), []).append((demand, expected))
    for pairs in by_length.values():
        found = METHODS[name](np.array([demand for demand, _ in pairs], dtype=np.float64))
        assert found == pytest.approx(np.array([expected for _, expected in pairs]), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("name", sorted(METHODS))
@settings(max_examples=15)
@given(rows=SERIES)
def test_a_series_is_forecast_alike_alone_and_among_others_in_any_order(name: str, rows: list[list[int]]) -> None:
    demand = np.array(rows, dtype=np.float64)
    together = METHODS[name](demand)
    assert (METHODS[name](demand[::-1]) == together[::-1]).all()
    assert [METHODS[name](demand[i : i + 1])[0] for i in range(len(demand))] == together.tolist()
    assert np.isfinite(together).all()
    assert (together >= 0).all()


@pytest.mark.parametrize("name", sorted(METHODS))
def test_no_history_and_no_demand_are_forecast_nothing(name: str) -> None:
    assert METHODS[name](np.zeros((3, 0))).tolist() == [0, 0, 0]
    assert METHODS[name](np.zeros((3, 7))).tolist() == [0, 0, 0]


def test_every_origin_of_one_pass_is_what_a_run_up_to_it_says() -> None:
    demand = np.array(RECORDED["series"][-2:-1], dtype=np.float64)
    every = tsb_by_period(demand)
    assert every[0].tolist() == [tsb(demand[:, : at + 1])[0] for at in range(demand.shape[1])]


def test_the_fitted_constant_is_in_the_valley_that_a_fine_grid_finds() -> None:
    values = np.random.default_rng(1).gamma(2.0, size=(5, 30)).cumsum(axis=1)
    length = np.full(5, 30)
    found = fitted_alpha(values, length, 0.01, 0.99)
    for row, alpha in zip(values, found, strict=True):
        grid = np.linspace(0.01, 0.99, 9801)
        every = levels(np.repeat(row[None], len(grid), axis=0), grid)
        best = grid[np.argmin(((row[1:] - every[:, :-1]) ** 2).sum(axis=1))]
        assert alpha == pytest.approx(best, abs=2e-4)
