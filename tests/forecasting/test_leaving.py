"""How soon vehicles leave: the published lives without evidence, the store's own with much of it."""

import numpy as np
import pytest

from forecasting.leaving import SCALE_YEARS, TRUST_DEPARTURES, hazards, published_hazard, surviving

AGES = 480
NONE = np.zeros(0)


def own(scale_years: float, vehicles: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return age at the beginning and end of watching, and whether it left, of vehicles with lives of that scale."""
    chance = np.random.default_rng(seed)
    life = 12 * scale_years * chance.weibull(3.14, vehicles)
    begins = chance.uniform(0, 180, vehicles)
    ends = begins + 48
    watched = life > begins  # the others left before anybody wrote it down, and are in no table
    return begins[watched], np.minimum(life, ends)[watched], (life < ends)[watched]


def test_the_published_curve_is_the_table_within_four_points_and_stands_where_nobody_left() -> None:
    table = {1: 0.990, 5: 0.941, 10: 0.787, 13: 0.509, 15: 0.331, 20: 0.092, 25: 0.023}  # NHTSA (2006), passenger cars
    none = NONE.astype(np.int64)
    found = hazards(none, NONE, NONE, NONE.astype(bool), np.zeros(2, dtype=np.int64), AGES)
    assert found == pytest.approx(np.tile(published_hazard(np.arange(AGES + 1.0)), (2, 1)))
    for age, share in table.items():
        assert surviving(found, np.array([1]), np.array([age * 12.0]))[0] == pytest.approx(share, abs=0.045)


@pytest.mark.parametrize("scale_years", [11.0, SCALE_YEARS, 19.0])
def test_many_vehicles_show_how_soon_they_leave_though_each_is_watched_for_four_years_only(scale_years: float) -> None:
    begins, ends, has_left = own(scale_years, 6000)
    model = np.zeros(begins.size, dtype=np.int64)
    found = hazards(model, begins, ends, has_left, np.zeros(1, dtype=np.int64), AGES)
    ages = np.array([60.0, 96.0, 132.0, 168.0])
    true = np.exp(-((ages / 12 / scale_years) ** 3.14))
    assert surviving(found, np.zeros(4, dtype=np.int64), ages) == pytest.approx(true, abs=0.04)


def test_a_few_departures_move_the_curve_little() -> None:
    few = np.zeros(6, dtype=np.int64)
    found = hazards(few, np.full(6, 100.0), np.full(6, 101.0), np.ones(6, bool), np.zeros(1, dtype=np.int64), AGES)
    ratio = found[0, 1:] / published_hazard(np.arange(1.0, AGES + 1))
    assert 1 < ratio.max() < ((6 + TRUST_DEPARTURES) / TRUST_DEPARTURES) ** 4


def test_a_powertrain_that_leaves_sooner_says_so_of_its_models_and_not_of_the_others() -> None:
    begins, ends, has_left = own(SCALE_YEARS, 3000, 2)
    electric_begins, electric_ends, electric_left = own(10.0, 3000, 3)
    model = np.repeat([0, 1], [begins.size, electric_begins.size])
    powertrain = np.array([0, 1, 1])  # of the third model no vehicle was ever seen
    found = hazards(
        model, np.append(begins, electric_begins), np.append(ends, electric_ends),
        np.append(has_left, electric_left), powertrain, AGES,
    )  # fmt: skip
    petrol, electric, unseen = found[:, 120]
    assert petrol == pytest.approx(published_hazard(np.array([120.0]))[0], rel=0.2)
    assert electric == pytest.approx((120 / 12 / 10.0) ** 3.14, rel=0.25)
    assert 2 * petrol < unseen < electric  # drawn to its powertrain, as far as one other model speaks for it


def test_survival_falls_from_one_and_is_finite_at_every_age() -> None:
    begins, ends, has_left = own(9.0, 500)
    found = hazards(np.zeros(begins.size, dtype=np.int64), begins, ends, has_left, np.zeros(1, dtype=np.int64), AGES)
    ages = np.array([-3.0, 0.0, 0.5, 1.0, 200.25, 479.5, 480.0, 9999.0])
    kept = surviving(found, np.zeros(8, dtype=np.int64), ages)
    assert kept[:2].tolist() == [1.0, 1.0]
    assert (np.diff(kept) <= 0).all()
    assert np.isfinite(kept).all()
