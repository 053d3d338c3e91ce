"""Vehicles on the road, and how they thin out, drift away and slow down."""

import numpy as np
import pytest

from forecasting import population
from forecasting.leaving import published_hazard
from forecasting.population import AGES, NEVER, Vehicles, loyalty, months_of_driving, published_loyalty, usage

HAZARD = published_hazard(np.arange(AGES + 1.0))[None, :]


def vehicles(rows: list[tuple[int, int, int, float]]) -> Vehicles:
    registered, left, count, seen = (np.array(column) for column in zip(*rows, strict=True))
    nothing = np.zeros(len(rows), dtype=np.int64)
    return Vehicles(nothing, nothing, registered, left, count, seen.astype(np.float64))


def survival(age_months: float) -> float:
    return float(np.exp(-published_hazard(np.array([age_months]))[0]))


def test_a_car_drives_152_thousand_miles_in_its_life() -> None:
    months = np.arange(0, 40 * 12, dtype=np.float64)
    monthly = np.diff(months_of_driving(np.arange(0, 40 * 12 + 1, dtype=np.float64)))
    assert (monthly * np.exp(-published_hazard(months))).sum() * 14_231 / 12 == pytest.approx(152_137, rel=0.08)


def test_a_vehicle_counts_from_its_registration_until_it_leaves() -> None:
    two = vehicles([(100, 103, 1, NEVER), (102, NEVER, 2, NEVER)])
    people = population.population(two, HAZARD, np.arange(99.5, 106), 106.0)
    assert people.on_road.sum(axis=0).tolist() == [0, 1, 1, 3, 2, 2, 2]


def test_what_is_known_stands_and_only_the_future_is_thinned() -> None:
    known = vehicles([(0, NEVER, 100, NEVER)])
    people = population.population(known, HAZARD, np.array([119.5, 121.5, 180.5]), 120.0)
    assert people.on_road[0, 0] == 100
    assert people.on_road[0, 2] == pytest.approx(survival(180.0) / survival(119.5) * 100, rel=1e-4)


def test_counted_registrations_are_thinned_from_the_start() -> None:
    people = population.population(vehicles([(0, NEVER, 100, 0.0)]), HAZARD, np.array([120.5]), 121.0)
    assert people.on_road[0, 0] == pytest.approx(100 * survival(120.0))


def test_a_vehicle_seen_at_nine_years_was_on_the_road_at_nine_years() -> None:
    cohort = vehicles([(0, NEVER, 1, 0.0), (0, NEVER, 1, 108.5)])  # one never seen again, one seen at nine
    people = population.population(cohort, HAZARD, np.array([60.5, 108.5, 156.5]), 160.0)
    expected = [survival(60) + 1, survival(108) + 1, survival(156) + survival(156) / survival(108)]
    assert people.on_road[0] == pytest.approx(expected)


def test_a_vehicle_that_will_leave_on_a_day_told_beforehand_counts_until_then() -> None:
    people = population.population(
        vehicles([(0, 124, 1, NEVER)]), HAZARD, np.array([119.5, 122.5, 123.5, 124.5, 130.5]), 120.0
    )
    assert people.on_road[0, 0] == 1
    assert 0.9 < people.on_road[0, 2] < people.on_road[0, 1] < 1
    assert people.on_road[0, 3:] == pytest.approx(0, abs=1e-9)


def test_loyalty_follows_the_store_where_it_has_seen_enough_and_the_published_curve_where_not() -> None:
    none = np.zeros(0)
    assert loyalty(none.astype(np.int64), none, none.astype(bool), none, 1)[0] == pytest.approx(published_loyalty())
    age = np.full(4000, 30.0)
    seen = np.arange(4000) % 10 < 3
    share = loyalty(np.zeros(4000, dtype=np.int64), age, seen, np.ones(4000), 2)
    assert share[0, 2] == pytest.approx(0.3, abs=0.01)
    assert share[1, 2] == pytest.approx(0.3, abs=0.01)  # a store without vehicles of its own follows the others
    assert share[0, 9] < share[0, 2]


def test_loyalty_set_wrong_is_put_right_by_visits_and_stands_without_them() -> None:
    age, seen = np.full(4000, 30.0), np.arange(4000) % 2 == 0
    right, wrong = (
        loyalty(np.zeros(4000, dtype=np.int64), age, seen, np.ones(4000), 1, level)[0, 2] for level in (1.0, 0.7)
    )
    assert wrong == pytest.approx(right, abs=0.005)
    nobody = np.zeros(0)
    unknown = loyalty(nobody.astype(np.int64), nobody, nobody.astype(bool), nobody, 1, 0.7)
    assert unknown[0] == pytest.approx(0.7 * published_loyalty())


def test_a_vehicle_that_is_likely_scrapped_is_no_disloyal_customer() -> None:
    age, seen = np.full(4000, 150.0), np.arange(4000) % 10 < 3
    store = np.zeros(4000, dtype=np.int64)
    all_here, half_gone = (loyalty(store, age, seen, np.full(4000, chance), 1)[0, 12] for chance in (1.0, 0.5))
    assert all_here == pytest.approx(0.3, abs=0.01)
    assert half_gone == pytest.approx(0.6, abs=0.02)


def test_distance_is_the_model_s_own_once_odometers_are_read() -> None:
    age = np.full(500, 36.0)
    km = usage(np.zeros(500, dtype=np.int64), age, 2000 * months_of_driving(age), 2)
    assert km[0] == pytest.approx(2000, rel=0.05)
    assert 1083 < km[1] < 2000  # a model without readings is drawn to all others
