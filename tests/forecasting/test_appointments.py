"""An appointment of a car that is due adds certainty and nothing else; one of a car that is not due adds itself."""

import numpy as np
import pytest

from forecasting.appointments import share_written, with_appointments

CARS = 400


def fleet(seed: int = 1) -> np.ndarray:
    """Return chances of a month: most cars were here lately, some are due."""
    chance = np.random.default_rng(seed)
    return np.where(chance.random(CARS) < 0.2, chance.uniform(0.3, 0.9, CARS), 0.004)[:, None]


def booked(cars: list[int], sure: float = 0.9) -> np.ndarray:
    result = np.zeros((CARS, 1))
    result[cars] = sure
    return result


def after(chance: np.ndarray, appointments: np.ndarray, open_share: float = 1.0) -> np.ndarray:
    return with_appointments(chance, appointments, np.zeros(CARS, dtype=np.int64), np.array([open_share]))


def test_an_appointment_of_a_car_that_is_due_adds_nothing_but_certainty() -> None:
    chance = fleet()
    due = int(chance[:, 0].argmax())
    told = after(chance, booked([due]))
    assert told[due, 0] == 0.9
    assert told.sum() == pytest.approx(chance.sum(), abs=0.35)


def test_an_appointment_of_a_car_that_is_not_due_adds_itself() -> None:
    chance = fleet()
    rested = int(chance[:, 0].argmin())
    told = after(chance, booked([rested]))
    assert told.sum() - chance.sum() == pytest.approx(0.9, abs=0.06)


def test_when_half_of_those_who_come_have_booked_no_more_come_in_all() -> None:
    sums = []
    for seed in range(20):
        chance = fleet(seed)
        random = np.random.default_rng(100 + seed)
        cars = np.flatnonzero(random.random(CARS) < chance[:, 0] * 0.5 / 0.9).tolist()
        told = after(chance, booked(cars))
        sums.append(told.sum() / chance.sum())
        others = np.setdiff1d(np.flatnonzero(chance[:, 0] > 0.3), cars)
        assert (told[others] < chance[others]).all()
    assert np.mean(sums) == pytest.approx(1.0, abs=0.03)


def test_a_store_s_appointments_say_nothing_of_another_s_cars() -> None:
    chance = fleet()
    store = np.arange(CARS) % 2
    cars = np.flatnonzero((store == 0) & (chance[:, 0] > 0.3)).tolist()
    told = with_appointments(chance, booked(cars), store, np.ones(1))
    assert (told[store == 1] == chance[store == 1]).all()


def test_where_nobody_was_expected_an_appointment_still_counts() -> None:
    told = after(np.zeros((CARS, 1)), booked([3], 1.0))
    assert told.sum() == 1.0


def thinned(seed: int, share: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Return visit and availability of the lines left in the books, and the share of visits that left one or more."""
    random = np.random.default_rng(seed)
    pieces = random.choice((1, 2, 3, 6), 8000, p=(0.1, 0.3, 0.4, 0.2))
    visit = np.repeat(np.arange(8000), pieces)
    left = visit[random.random(visit.size) < share]
    return left, np.full(left.size, share), np.unique(left).size / 8000


@pytest.mark.parametrize("share", [0.9, 0.7, 0.5])
def test_most_of_the_visits_that_left_no_line_are_reckoned_with(share: float) -> None:
    visit, availability, true = thinned(7, share)
    told = share_written(visit, np.zeros(visit.size, dtype=np.int64), availability, 1)[0]
    assert true < 1
    assert true - 0.01 < told < 1 - 0.5 * (1 - true)


def test_where_all_parts_were_to_be_had_every_visit_is_in_the_books() -> None:
    visit, store = np.array([0, 0, 1, 2]), np.array([0, 0, 0, 1])
    assert share_written(visit, store, np.ones(4), 3).tolist() == [1, 1, 1]
    # One line of a visit that could not fail to be written is enough for it.
    half = share_written(visit, store, np.array([0.5, 1.0, 1.0, 0.5]), 3)
    assert half[0] == 1
    assert half[1] == pytest.approx(1 - 0.5**2)  # the line left stands for two
    assert half[2] == 1
