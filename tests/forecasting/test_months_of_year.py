"""What the months of the year bring back to a whole panel: learnt where it returns, and nothing where it does not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from demand.history import Float64Array1D, Int64Array2D
from forecasting.months_of_year import DIPS_RETURN, HALF, PAIRS, PEAKS_RETURN, YEAR, month_factors

ITEMS, MONTHS, AHEAD = 300, 40, 6
SUMMER = np.where(np.arange(MONTHS + AHEAD) % YEAR == 7, 1.5, 1.0)


def _asked(factor: np.ndarray, items: int = ITEMS, seed: int = 3) -> Int64Array2D:
    return np.asarray(np.random.default_rng(seed).poisson(4.0 * factor[:MONTHS], (items, MONTHS)), dtype=np.int64)


def _factors(asked: Int64Array2D) -> Float64Array1D:
    return month_factors(asked, np.ones(asked.shape), AHEAD)


def test_what_the_panel_does_every_year_is_expected_of_the_next() -> None:
    factor = _factors(_asked(SUMMER))
    assert factor.size == MONTHS + AHEAD
    ahead, due = factor[MONTHS:], SUMMER[MONTHS:] > 1
    assert ahead[due].mean() == pytest.approx(1.4, abs=0.05)
    assert ahead[~due].mean() == pytest.approx(0.97, abs=0.03)


def test_chance_has_no_season() -> None:
    assert (_factors(_asked(np.ones(MONTHS), items=5_000)) == 1).all()
    assert np.abs(_factors(_asked(np.ones(MONTHS), items=20)) - 1).max() < 0.05


def test_what_came_once_and_not_again_is_not_expected() -> None:
    once = np.where(np.arange(MONTHS) == MONTHS - YEAR, 1.6, 1.0)
    assert _factors(_asked(once))[MONTHS] < 1.1


@pytest.mark.parametrize(("seen", "least", "most"), [(1.6, 1.1, 1.3), (0.4, 0.5, 0.7)])
def test_after_one_year_and_a_month_a_third_of_a_peak_and_most_of_a_dip_are_taken_to_return(
    seen: float, least: float, most: float
) -> None:
    known = YEAR + 1
    asked = _asked(np.where(np.arange(MONTHS) == 7, seen, 1.0), items=2_000)[:, :known]
    assert least < month_factors(asked, np.ones(asked.shape), YEAR)[7 + YEAR] < most


def test_a_month_that_closed_the_panel_in_one_year_of_three_is_hardly_expected_to() -> None:
    once = np.where(np.arange(MONTHS) == MONTHS - YEAR, 0.4, 1.0)
    assert _factors(_asked(once))[MONTHS] > 0.85


def test_one_part_asked_for_by_the_hundred_every_march_is_no_season_of_the_panel() -> None:
    asked = _asked(np.ones(MONTHS))
    asked[0, 2::YEAR] = 900
    assert np.abs(_factors(asked) - 1).max() < 0.02


def test_with_a_year_or_less_nothing_is_known_to_return() -> None:
    assert (month_factors(np.ones((5, YEAR), dtype=np.int64), np.ones((5, YEAR)), 4) == 1).all()
    assert (month_factors(np.zeros((2, MONTHS), dtype=np.int64), np.ones((2, MONTHS)), 4) == 1).all()


def test_months_that_nobody_watched_tell_nothing() -> None:
    asked, there = _asked(SUMMER), np.ones((ITEMS, MONTHS))
    there[:, 20] = 0.0
    there[:100, 5:25] = 0.0
    factor = month_factors(np.where(there > 0, asked, 0), there, AHEAD)
    assert factor[MONTHS + 3] == pytest.approx(1.4, abs=0.06)


def test_growth_is_no_season() -> None:
    factor = _factors(_asked(0.985 ** np.arange(MONTHS), items=2_000))
    assert np.abs(factor - 1).max() < 0.03


def _plainly(asked: Int64Array2D) -> list[float]:
    """Return the factors of one year item by item and month by month, for a panel always seen: the plain twin."""
    items, months = asked.shape
    year = [1.0] * YEAR
    for _ in range(2):
        came, thought = [0.0] * months, [0.0] * months
        for item in range(items):
            calls = [float(y) for y in asked[item]]
            if not sum(calls):
                continue
            trusted = sum(calls) / max(sum(y * y for y in calls) + sum(calls), 1.0)
            mean = sum(calls) / max(sum(year[t % YEAR] for t in range(months)), 1.0)
            for t in range(months):
                about = range(max(t - HALF, 0), min(t + HALF + 1, months))
                pace = (sum(calls[u] for u in about) + mean) / (sum(year[u % YEAR] for u in about) + 1)
                came[t] += trusted * calls[t]
                thought[t] += trusted * pace
        departed = [came[t] / thought[t] - 1 for t in range(months)]
        spread = sum(r * r for r in departed) / months
        beyond = max(spread - sum(1 / e for e in thought) / months, 0.0)
        year = [1.0] * YEAR
        for is_dip, returns in ((True, DIPS_RETURN), (False, PEAKS_RETURN)):
            alike = [m for m in range(YEAR) if (sum(departed[m::YEAR]) < 0) == is_dip]
            at = [t for t in range(months) if t % YEAR in alike]
            pairs = [departed[t] * departed[u] for t in at for u in range(t % YEAR, t, YEAR)]
            back = min(max((sum(pairs) + PAIRS * returns * beyond) / (len(pairs) + PAIRS), 0.0), spread)
            for m in alike:
                same = departed[m::YEAR]
                year[m] = 1 + back / (back + (spread - back) / len(same)) * sum(same) / len(same)
        year = [each * YEAR / sum(year) for each in year]
    return year


def test_the_columns_agree_with_sums_taken_item_by_item() -> None:
    asked = _asked(SUMMER, items=25)
    asked[3] = 0
    assert _factors(asked)[:YEAR] == pytest.approx(_plainly(asked), rel=1e-12)


@given(arrays(np.int64, st.tuples(st.integers(1, 6), st.integers(1, 40)), elements=st.integers(0, 50)))
def test_factors_of_any_panel_are_above_zero_and_one_in_the_mean_of_a_year(asked: Int64Array2D) -> None:
    factor = month_factors(asked, np.ones(asked.shape), YEAR)
    assert np.isfinite(factor).all()
    assert factor.min() > 0
    assert factor[:YEAR].mean() == pytest.approx(1.0)
    assert (factor[:-YEAR] == factor[YEAR:]).all() or asked.shape[1] < YEAR
