"""Heads are heard equally until the past has shown more than one standard error, and then as far as it is sure."""

import numpy as np
import pytest

from forecasting.heads.blend import SEGMENTS, WAYS, learnt_weights, segment_of, usual_weights

ITEMS, TRIALS = 200, 6


def weights_for(gain_of_trial: list[float], noise: float = 0.5) -> np.ndarray:
    """Weights of the first segment, when the fourth way (calls alone) gains so much in each trial."""
    draw = np.random.default_rng(3)
    gain = np.repeat(gain_of_trial, ITEMS) + draw.normal(0, noise, ITEMS * len(gain_of_trial))
    losses = np.full((gain.size, len(WAYS)), 5.0)
    losses[:, 1:] = 6.0
    losses[:, 3] = 5.0 - gain
    item = np.tile(np.arange(ITEMS), len(gain_of_trial))
    trial = np.repeat(np.arange(len(gain_of_trial)), ITEMS)
    return np.asarray(learnt_weights(losses, item, trial, np.zeros(gain.size, dtype=np.int64))[0])


def test_a_head_that_is_better_each_time_is_heard_almost_alone() -> None:
    assert weights_for([0.3] * TRIALS) == pytest.approx([0.0, 1.0, 0.0], abs=0.05)


def test_a_head_that_one_good_spring_favoured_is_heard_like_the_other() -> None:
    assert weights_for([2.0, -0.6, -0.4, -0.5, -0.2, -0.1]).tolist() == [0.5, 0.5, 0.0]


def test_between_sure_and_unsure_the_head_is_heard_in_part() -> None:
    weights = weights_for([0.30, 0.05, 0.20, -0.05, 0.10, 0.0])
    assert 0.5 < weights[1] < 0.95
    assert weights.sum() == pytest.approx(1.0)


def test_two_trials_teach_nothing() -> None:
    assert weights_for([0.3, 0.3]).tolist() == [0.5, 0.5, 0.0]


def test_of_a_part_asked_for_often_the_filter_is_heard_as_much_as_either_head() -> None:
    slow, often = usual_weights(segment_of(np.array([1.0, SEGMENTS[-1]])))
    assert slow.tolist() == [0.5, 0.5, 0.0]
    assert often == pytest.approx([1 / 3, 1 / 3, 1 / 3])


def test_parts_asked_for_often_keep_their_mixing_until_another_has_gained_on_it() -> None:
    losses = np.full((ITEMS * TRIALS, len(WAYS)), 5.0)
    losses[:, 0] = 4.9  # the way that is usual elsewhere
    item, trial = np.tile(np.arange(ITEMS), TRIALS), np.repeat(np.arange(TRIALS), ITEMS)
    segment = np.full(item.size, len(SEGMENTS))
    assert learnt_weights(losses, item, trial, segment)[-1] == pytest.approx([0.5, 0.5, 0.0], abs=0.01)
    losses[:, 0] = 5.1
    assert learnt_weights(losses, item, trial, segment)[-1] == pytest.approx([1 / 3, 1 / 3, 1 / 3])
