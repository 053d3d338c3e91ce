"""A recall is worked off: who was done is done, and what is left follows from how fast it went so far."""

import numpy as np
import pytest

from forecasting.uptake import USUAL_SHARE, uptake


def worked_off(vehicles: int, share: float, pace: float, months: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    edges = np.arange(months + 1) * 30.4375
    chance = np.random.default_rng(seed)
    day = np.where(chance.random(vehicles) < share, chance.exponential(1 / pace, vehicles), np.inf)
    return np.histogram(day, edges)[0], edges


def within(law, days: float) -> float:  # type: ignore[no-untyped-def]
    return float((law.reach * -np.expm1(-law.pace_per_day * days)).mean())


def test_before_anything_is_known_the_maker_s_share_holds_and_the_usual_one_where_he_says_none() -> None:
    nothing, start = np.zeros(0, dtype=np.int64), np.zeros(1)
    assert within(uptake(300, nothing, start, 0.8, np.inf), 20_000) == pytest.approx(0.8, abs=0.06)
    assert within(uptake(300, nothing, start, None, np.inf), 20_000) == pytest.approx(USUAL_SHARE, abs=0.06)


@pytest.mark.parametrize(("share", "pace"), [(0.4, 0.006), (0.85, 0.002), (0.65, 0.004)])
def test_what_is_left_is_learnt_from_those_done_so_far(share: float, pace: float) -> None:
    errors = []
    for seed in range(12):
        done, edges = worked_off(600, share, pace, 9, seed)
        law = uptake(600, done, edges, None, np.inf)
        age = edges[-1]
        gone = share * -np.expm1(-pace * age)
        truth = share * (np.exp(-pace * age) - np.exp(-pace * (age + 60))) / (1 - gone)
        errors.append(within(law, 60.0) / truth - 1)
    assert abs(np.mean(errors)) < 0.2


def test_a_campaign_that_ends_brings_its_share_by_its_end() -> None:
    law = uptake(300, np.zeros(0, dtype=np.int64), np.zeros(1), 0.55, 120.0)
    assert within(law, 120.0) == pytest.approx(0.55, abs=0.04)


def test_a_recall_that_everybody_came_for_leaves_chances_between_nought_and_one() -> None:
    law = uptake(40, np.array([30, 10]), np.array([0.0, 30.0, 60.0]), 0.3, np.inf)
    assert 0 < within(law, 60.0) < within(law, 2000.0) < 1
