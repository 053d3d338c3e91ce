"""Vehicles on the road, and how they thin out, drift away and slow down."""

import numpy as np
import pytest

from forecasting import population
from forecasting.population import NEVER, Vehicles, loyalty, months_of_driving, published_loyalty, survival, usage


def vehicles(rows: list[tuple[int, int, int, int, bool]]) -> Vehicles:
    registered, left, count, model, followed = (np.array(column) for column in zip(*rows, strict=True))
    return Vehicles(np.zeros(len(rows), dtype=np.int64), model, registered, left, count, followed.astype(bool))


def test_survival_is_the_published_table_within_four_points() -> None:
    table = {1: 0.990, 5: 0.941, 10: 0.787, 13: 0.509, 15: 0.331, 20: 0.092, 25: 0.023}  # NHTSA (2006), passenger cars
    for age, share in table.items():
        assert survival(np.array([age * 12.0]))[0] == pytest.approx(share, abs=0.045)


def test_a_car_drives_152_thousand_miles_in_its_life() -> None:
    months = np.arange(0, 40 * 12, dtype=np.float64)
    monthly = np.diff(months_of_driving(np.arange(0, 40 * 12 + 1, dtype=np.float64)))
    assert (monthly * survival(months)).sum() * 14_231 / 12 == pytest.approx(152_137, rel=0.08)


def test_a_vehicle_counts_from_its_registration_until_it_leaves() -> None:
    people = population.population(
        vehicles([(100, 103, 1, 0, True), (102, NEVER, 2, 0, True)]), np.arange(99.5, 106), 106.0
    )
    assert people.on_road.sum(axis=0).tolist() == [0, 1, 1, 3, 2, 2, 2]


def test_what_is_known_stands_and_only_the_future_is_thinned() -> None:
    people = population.population(vehicles([(0, NEVER, 100, 0, True)]), np.array([119.5, 121.5, 180.5]), 120.0)
    assert people.on_road[0, 0] == 100
    expected = survival(np.array([180.0])) / survival(np.array([119.5])) * 100
    assert people.on_road[0, 2] == pytest.approx(expected[0])


def test_counted_registrations_are_thinned_from_the_start() -> None:
    people = population.population(vehicles([(0, NEVER, 100, 0, False)]), np.array([120.5]), 121.0)
    assert people.on_road[0, 0] == pytest.approx(100 * survival(np.array([120.0]))[0])


def test_loyalty_follows_the_store_where_it_has_seen_enough_and_the_published_curve_where_not() -> None:
    none = np.zeros(0)
    assert loyalty(none.astype(np.int64), none, none.astype(bool), 1)[0] == pytest.approx(published_loyalty())
    age = np.full(4000, 30.0)
    seen = np.arange(4000) % 10 < 3
    share = loyalty(np.zeros(4000, dtype=np.int64), age, seen, 2)
    assert share[0, 2] == pytest.approx(0.3, abs=0.01)
    assert share[1, 2] == pytest.approx(0.3, abs=0.01)  # a store without vehicles of its own follows the others
    assert share[0, 9] < share[0, 2]


def test_loyalty_set_wrong_is_put_right_by_visits_and_stands_without_them() -> None:
    age, seen = np.full(4000, 30.0), np.arange(4000) % 2 == 0
    right, wrong = (loyalty(np.zeros(4000, dtype=np.int64), age, seen, 1, level)[0, 2] for level in (1.0, 0.7))
    assert wrong == pytest.approx(right, abs=0.005)
    nobody = np.zeros(0)
    unknown = loyalty(nobody.astype(np.int64), nobody, nobody.astype(bool), 1, 0.7)
    assert unknown[0] == pytest.approx(0.7 * published_loyalty())


def test_distance_is_the_model_s_own_once_odometers_are_read() -> None:
    age = np.full(500, 36.0)
    km = usage(np.zeros(500, dtype=np.int64), age, 2000 * months_of_driving(age), 2)
    assert km[0] == pytest.approx(2000, rel=0.05)
    assert 1083 < km[1] < 2000  # a model without readings is drawn to all others
