"""Needs by age: service intervals, wear, failure, and what distance does to them."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import gamma

from forecasting.hazard import Need, NeedKind, need_of, needs_by_age, renewals

INF = float("inf")


def by_age(category: str, km: float = INF, months: float = INF, distance: float = 1000.0) -> NDArray[np.float64]:
    calls: NDArray[np.float64] = needs_by_age([need_of(category, km, months)], np.array([distance]))[0, 0]
    return calls


def test_renewals_of_a_memoryless_life_are_its_rate() -> None:
    clock = np.array([0.0, 0.5, 3.0, 11.0, 30.0])
    assert renewals(clock, Need("x", NeedKind.FAILURE, 1, 1, 1.0)) == pytest.approx(clock, rel=1e-3)


@pytest.mark.parametrize("spread", [1.3, 2.0, 3.7])
def test_renewals_settle_to_one_a_mean_life(spread: float) -> None:
    need = Need("x", NeedKind.WEAR, 1, 1, spread)
    late = renewals(np.array([20.0, 30.0]), need)
    assert late[1] - late[0] == pytest.approx(10 / gamma(1 + 1 / spread), rel=1e-3)


def test_a_yearly_service_comes_once_a_year_and_not_in_the_first_months() -> None:
    calls = by_age("maintenance", months=12)
    assert calls[:6].sum() < 0.01
    assert calls[120:132].sum() == pytest.approx(1.0, abs=0.05)
    assert calls[6:18].sum() == pytest.approx(1.0, abs=0.1)


def test_whichever_comes_first_rules() -> None:
    far, near = by_age("fluid", 10_000, 12, distance=3000), by_age("fluid", 10_000, 12, distance=200)
    assert far[24:36].sum() == pytest.approx(3.3, rel=0.15)
    assert near[24:36].sum() == pytest.approx(1.0, rel=0.15)


def test_a_new_battery_does_not_fail_in_its_first_year_and_does_in_its_fourth() -> None:
    calls = by_age("battery")
    assert calls[:12].sum() < 0.02
    assert calls[36:48].sum() > 0.2


def test_accessories_are_fitted_to_new_cars() -> None:
    calls = by_age("accessory")
    assert calls[:3].sum() > 20 * calls[24:27].sum()


def test_an_unknown_category_is_a_repair_part() -> None:
    assert need_of("gadget", INF, INF).kind is NeedKind.FAILURE


@pytest.mark.parametrize(
    "category", ["maintenance", "fluid", "wear", "tyre", "battery", "repair", "collision", "accessory"]
)
def test_no_need_is_ever_negative_or_missing(category: str) -> None:
    calls = by_age(category)
    assert np.isfinite(calls).all()
    assert (calls >= 0).all()
