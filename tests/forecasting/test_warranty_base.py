"""Who drives far is out of warranty before its months are over, and asks for no more claims."""

import numpy as np
import pytest

from forecasting.age_profile import WARRANTY_MONTHS
from forecasting.population import months_of_driving
from forecasting.warranty_base import LIMITS_KM, limit_of, share_within, spread_of, still_asked


def one(*values: float) -> np.ndarray:
    return np.array(values)


def test_the_share_within_falls_with_age_and_distance_and_the_months_end_it_anyway() -> None:
    within = share_within(one(900.0, 3000.0), 0.35, 60_000.0)
    young = within[:, :WARRANTY_MONTHS]
    assert (np.diff(young, axis=1) <= 0).all()
    assert (young[1] <= young[0]).all()
    assert young[0, -1] > 0.95
    assert young[1, -1] < 0.2
    assert (within[:, WARRANTY_MONTHS:] == 1).all()


def test_the_share_within_is_the_share_of_drawn_owners_within() -> None:
    chance = np.random.default_rng(5)
    owners = 2000 * np.exp(0.4 * chance.standard_normal(200_000) - 0.4**2 / 2)  # their mean is the model's
    driven = owners * months_of_driving(np.array([30.5]))[0]
    assert share_within(one(2000.0), 0.4, 60_000.0)[0, 30] == pytest.approx((driven <= 60_000).mean(), abs=0.005)


@pytest.mark.parametrize(
    ("highest_km", "claims", "limit"),
    [
        (60_000, 400, 60_000),
        (100_000, 400, 100_000),
        (115_000, 400, 120_000),
        (100_000, 50, 60_000),  # a handful of claims shows no limit: that of the law
        (900_000, 400, 200_000),
    ],
)
def test_the_limit_is_where_claims_end(highest_km: int, claims: int, limit: int) -> None:
    assert limit in LIMITS_KM
    assert limit_of(np.linspace(500, highest_km, claims)) == limit


def test_one_odometer_written_wrong_moves_no_limit() -> None:
    assert limit_of(np.append(np.linspace(500, 59_000, 400), 590_000)) == 60_000


def test_the_spread_of_owners_is_that_of_the_odometers_and_the_usual_one_without_any() -> None:
    chance = np.random.default_rng(6)
    usual = chance.uniform(10_000, 60_000, 5000)
    assert spread_of(usual * np.exp(0.6 * chance.standard_normal(5000)), usual) == pytest.approx(0.6, abs=0.02)
    assert spread_of(np.zeros(0), np.zeros(0)) == pytest.approx(0.35)


@pytest.mark.parametrize(
    ("beyond", "e_beyond", "told"),
    [
        (0.0, 100.0, 0.0),  # a hundred should have called beyond the limit, and none did
        (200.0, 100.0, 1.0),  # two hundred did, as many as within: customers pay, and go on
        (0.0, 0.0, 0.1),  # nobody is beyond it: what others than the maker pay for goes on
    ],
)
def test_what_goes_on_beyond_the_limit_is_read_where_it_can_be(beyond: float, e_beyond: float, told: float) -> None:
    goes_on = still_asked((one(2000.0), one(beyond)), (one(1000.0), one(e_beyond)), one(0.9))
    assert goes_on[0] == pytest.approx(told, abs=0.03)
