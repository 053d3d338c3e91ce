"""The law of demand over a stretch of time, held against scipy, enumeration and simulation."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from demand.distribution import DemandLaw
from demand.periods import PeriodAxis, PeriodKind
from forecasting.forecast import Exposure, Forecast
from forecasting.lead_time import compound, law_of_period, law_over, law_over_periods, lengths_of
from forecasting.line_size import single_pieces


def forecast_of(calls: list[list[float]], shape: float, dispersion: float, sizes: DemandLaw, past: float) -> Forecast:
    rows = np.array(calls)
    count = len(calls)
    ones = np.ones(rows.shape)
    exposure = Exposure(
        np.zeros((count, 0)), rows, ones, ones, np.ones(rows.shape[1]), np.ones(count, dtype=bool)
    )  # fmt: skip
    names = tuple(f"P{i}" for i in range(count))
    one = np.ones(count)
    axis = PeriodAxis(PeriodKind.MONTH, 24318, rows.shape[1])  # July 2026: 31, 31, 30 days
    return Forecast(
        names, ("S01",) * count, np.full(count, 1000), axis, past, exposure, ("f",) * count, one,
        one * shape, one, one * dispersion, sizes, ("calls",) * count,
    )  # fmt: skip


@pytest.mark.parametrize(("mean", "size"), [(0.2, 0.3), (3.0, 1.5), (40.0, 0.8), (7.0, np.inf), (900.0, 12.0)])
def test_without_pieces_the_law_is_the_negative_binomial_of_the_books(mean: float, size: float) -> None:
    law = compound(np.array([[mean]]), np.array([[size]]), single_pieces(1))
    k = np.arange(law.sizes[0])
    book = stats.poisson.pmf(k, mean) if np.isinf(size) else stats.nbinom.pmf(k, size, size / (size + mean))
    assert law.row(0)[:-1] == pytest.approx(book[:-1], abs=2e-9)
    assert law.mean()[0] == pytest.approx(mean, rel=1e-6)


def test_calls_of_several_pieces_agree_with_enumeration() -> None:
    sizes = DemandLaw.from_rows([[0, 0.5, 0.3, 0, 0.2]])
    law = compound(np.array([[1.3]]), np.array([[0.9]]), sizes)
    calls = stats.nbinom.pmf(np.arange(8), 0.9, 0.9 / (0.9 + 1.3))
    expected = np.zeros(7)
    for count in range(7):
        for pieces in product((1, 2, 4), repeat=count):
            if sum(pieces) < 7:
                expected[sum(pieces)] += calls[count] * np.prod([sizes.row(0)[piece] for piece in pieces])
    assert law.row(0)[:7] == pytest.approx(expected, abs=2e-9)


def test_a_long_tail_does_not_fold_back_onto_small_demands() -> None:
    law = compound(np.array([[30.0]]), np.array([[0.05]]), single_pieces(1))
    assert law.row(0)[0] == pytest.approx(stats.nbinom.pmf(0, 0.05, 0.05 / 30.05), abs=1e-8)


def test_three_equal_months_cling_less_than_one_but_share_the_doubt_about_the_rate() -> None:
    found = forecast_of([[2.0, 2.0, 2.0]], shape=4.0, dispersion=0.6, sizes=single_pieces(1), past=0.0)
    law = law_over_periods(found, 3)
    assert law.mean()[0] == pytest.approx(6.0, rel=1e-6)
    assert law.variance()[0] == pytest.approx(6 + 36 * (1 / 4 + 0.6 / 3), rel=1e-5)
    assert law_of_period(found, 1).variance()[0] == pytest.approx(2 + 4 * (1 / 4 + 0.6), rel=1e-5)


def test_days_are_counted_from_the_origin_and_the_last_period_goes_on() -> None:
    found = forecast_of([[3.1, 6.2]], shape=1e9, dispersion=0.0, sizes=single_pieces(1), past=21.0)
    assert law_over(found, 10.0, 0.0).mean()[0] == pytest.approx(1.0, rel=1e-6)  # ten days of July are left
    assert law_over(found, 41.0, 0.0).mean()[0] == pytest.approx(1.0 + 6.2, rel=1e-6)
    assert law_over(found, 72.0, 0.0).mean()[0] == pytest.approx(1.0 + 12.4, rel=1e-6)
    assert law_over(found, 0.0, 0.0).row(0).tolist() == [1.0]


def test_an_uncertain_lead_time_keeps_the_mean_and_widens_the_law() -> None:
    found = forecast_of([[31.0] * 4], shape=50.0, dispersion=0.0, sizes=single_pieces(1), past=0.0)
    fixed, varying = law_over(found, 20.0, 0.0), law_over(found, 20.0, 6.0)
    assert varying.mean()[0] == pytest.approx(fixed.mean()[0], rel=1e-6)
    assert varying.variance()[0] == pytest.approx(fixed.variance()[0] + 36 * (1 + 1 / 50), rel=0.02)


@given(st.floats(0, 400), st.floats(0, 200))
def test_lengths_keep_the_mean_and_are_never_negative(mean: float, spread: float) -> None:
    days = lengths_of(np.array([mean]), np.array([spread]))
    assert (days >= 0).all()
    assert days.mean() == pytest.approx(mean, abs=1e-9, rel=1e-9)


@settings(max_examples=60)
@given(
    st.lists(st.floats(0, 500), min_size=1, max_size=5),
    st.floats(0.1, 50),
    st.floats(0, 5),
    st.lists(st.floats(0.01, 1), min_size=1, max_size=9),
)
def test_any_forecast_gives_a_law_with_its_mean(
    calls: list[float], shape: float, dispersion: float, weights: list[float]
) -> None:
    sizes = DemandLaw.from_rows([np.concatenate([[0], np.array(weights) / sum(weights)])])
    found = forecast_of([calls], shape, dispersion, sizes, past=0.0)
    law = law_over_periods(found, len(calls))
    assert law.mean()[0] == pytest.approx(found.mean.sum(), rel=1e-4, abs=1e-6)
    assert np.isfinite(law.probability).all()
    quantiles = [int(law.quantile(share)[0]) for share in (0.1, 0.5, 0.9, 0.99)]
    assert quantiles == sorted(quantiles)
