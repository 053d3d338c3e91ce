"""Stretched laws hold the past as often as they say; what they already held is left alone."""

import numpy as np
import pytest

from demand.distribution import DemandLaw, negative_binomial, poisson
from forecasting.heads import calibrate


def stretched(law: DemandLaw, heights: np.ndarray) -> DemandLaw:
    """All laws here are alike: they have as many points."""
    return DemandLaw.from_rows(list(calibrate.stretched(law.probability.reshape(law.item_count, -1), heights)))


def origins(law: DemandLaw, demand: np.ndarray, parts: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """What covers demand at so many origins of as many items each."""
    rows = np.array_split(np.arange(demand.size), parts)
    return (
        np.stack([calibrate.covered(law.take(chosen), demand[chosen]) for chosen in rows]),
        np.array([chosen.size for chosen in rows]),
    )


def test_laws_too_narrow_are_widened_until_they_cover() -> None:
    draw = np.random.default_rng(4)
    demand = np.asarray(draw.poisson(draw.gamma(8, 0.5, 6_000)), dtype=np.float64)
    narrow = poisson(np.full(demand.size, 4.0))
    wider = stretched(narrow, calibrate.curve(*origins(narrow, demand)))
    before, after = (calibrate.covered(law, demand)[3] / demand.size for law in (narrow, wider))
    assert before < calibrate.POINTS[3] - 0.02
    assert after == pytest.approx(calibrate.POINTS[3], abs=0.01)


def test_a_law_that_covers_is_left_almost_as_it_is() -> None:
    draw = np.random.default_rng(5)
    law = negative_binomial(np.full(6_000, 3.0), 2.0)
    demand = np.asarray(draw.negative_binomial(2.0, 2 / 5, 6_000), dtype=np.float64)
    moved = stretched(law, calibrate.curve(*origins(law, demand)))
    assert moved.mean() == pytest.approx(law.mean(), rel=0.03)
    assert (moved.quantile(0.5) == law.quantile(0.5)).all()


def test_laws_too_wide_are_narrowed_until_they_cover_no_more_than_they_say() -> None:
    draw = np.random.default_rng(6)
    demand = np.asarray(draw.poisson(4.0, 6_000), dtype=np.float64)
    wide = negative_binomial(np.full(demand.size, 4.0), 2.0)
    narrower = stretched(wide, calibrate.curve(*origins(wide, demand)))
    before, after = (calibrate.covered(law, demand)[2] / demand.size for law in (wide, narrower))
    assert before > calibrate.POINTS[2] + 0.05
    assert after == pytest.approx(calibrate.POINTS[2], abs=0.015)


def test_a_demand_that_a_law_gives_no_chance_lies_below_a_point_as_a_whole_or_not_at_all() -> None:
    holed = DemandLaw.from_rows([[0.3, 1e-310, 0.7]] * 3)
    below = calibrate.covered(holed.take(np.array([0])), np.array([1.0])) > 0.5
    assert below.tolist() == [point > 0.3 for point in calibrate.POINTS]
    assert calibrate.covered(holed.take(np.array([0])), np.array([9.0])).tolist() == [0.0] * len(calibrate.POINTS)


def test_what_one_origin_shows_and_the_next_denies_is_not_learnt() -> None:
    points = np.array(calibrate.POINTS)
    up, down = np.minimum(points + 0.003, 1.0), points - 0.003
    heights = calibrate.curve(np.stack([up, down, up, down]) * 2_000, np.full(4, 2_000))
    assert heights == pytest.approx(points, abs=1e-4)


def test_stretches_that_share_their_periods_show_less_than_as_many_apart() -> None:
    points = np.array(calibrate.POINTS)
    seen = np.tile((points - 0.12 * points * (1 - points)) * 2_000, (4, 1)), np.full(4, 2_000)
    apart, shared = (np.abs(calibrate.curve(*seen, overlap) - points) for overlap in (1, 6))
    assert (shared <= apart).all()
    assert apart[0] > 2 * shared[0] > 0


def test_one_part_that_asks_for_a_hundred_times_its_usual_is_no_level_of_all() -> None:
    mean, size = np.full(1_000, 2.0), np.full(1_000, 1.0)
    mean[0], size[0] = 40.0, 0.2
    as_said = mean.copy()
    as_said[0] = 4_000.0
    assert as_said.sum() / mean.sum() > 2.5
    assert calibrate.level_that_came(mean, size, as_said) == pytest.approx(1.03, abs=0.01)


def test_a_spring_that_lifts_all_parts_alike_is_their_level() -> None:
    mean, size = np.geomspace(0.01, 300, 500), np.geomspace(5, 0.2, 500)
    assert calibrate.level_that_came(mean, size, 1.3 * mean) == pytest.approx(1.3)
    assert calibrate.level_that_came(mean, size, np.zeros(500)) == 1.0
    assert calibrate.level_that_came(np.zeros(500), size, mean) == 1.0


def test_heights_rise_to_one_at_most_and_without_demands_nothing_is_stretched() -> None:
    heights = calibrate.curve(np.full((2, 7), 500.0), np.array([500, 500]))
    assert (np.diff(heights) >= 0).all()
    assert heights[-1] <= 1
    assert (calibrate.curve(np.zeros((1, 7)), np.array([0])) == np.array(calibrate.POINTS)).all()
