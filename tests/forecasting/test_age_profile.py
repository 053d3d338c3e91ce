"""The correction over age follows the calls where there are many and the published shape where there are few."""

import numpy as np
import pytest

from forecasting import age_profile
from forecasting.age_profile import GROUP_STARTS, Undated, age_groups, corrections

GROUPS = len(GROUP_STARTS)


def test_every_age_has_its_group() -> None:
    groups = age_groups()
    assert groups[[0, 1, 11, 12, 191, 192, 400]].tolist() == [0, 1, 7, 7, GROUPS - 2, GROUPS - 1, GROUPS - 1]


def test_many_calls_show_the_true_shape() -> None:
    chance = np.random.default_rng(1)
    expected = np.full((1, GROUPS), 4000.0)
    true = np.exp(np.sin(np.arange(GROUPS) / 5))
    found = corrections(chance.poisson(expected * true).astype(np.float64), expected)[0]
    assert found / found.mean() == pytest.approx(true / true.mean(), rel=0.06)


def test_without_calls_the_published_shape_stands() -> None:
    assert corrections(np.zeros((2, GROUPS)), np.ones((2, GROUPS))) == pytest.approx(1.0)
    assert corrections(np.zeros((2, GROUPS)), np.zeros((2, GROUPS))) == pytest.approx(1.0)


def test_a_handful_of_calls_moves_it_little() -> None:
    asked = np.zeros((1, GROUPS))
    asked[0, 3] = 1
    found = corrections(asked, np.ones((1, GROUPS)))[0]
    assert 0.7 < found.min() <= found.max() < 1.5


def test_an_absurd_family_still_gives_finite_factors() -> None:
    asked = np.zeros((1, GROUPS))
    asked[0, 0] = 1e6
    expected = np.full((1, GROUPS), 1e-9)
    expected[0, -1] = 1e6
    found = corrections(asked, expected)
    assert np.isfinite(found).all()
    assert (found > 0).all()


def test_without_smoothing_it_is_the_regression_of_the_textbook(monkeypatch: pytest.MonkeyPatch) -> None:
    import statsmodels.api as sm

    monkeypatch.setattr(age_profile, "SMOOTHNESS", 1e8)  # only straight lines of log f cost nothing
    monkeypatch.setattr(age_profile, "NEARNESS", 1e-9)
    chance = np.random.default_rng(4)
    expected = chance.gamma(5, 20, (1, GROUPS))
    asked = chance.poisson(expected * np.exp(0.08 * np.arange(GROUPS))).astype(np.float64)
    model = sm.GLM(
        asked[0], sm.add_constant(np.arange(GROUPS)), family=sm.families.Poisson(), offset=np.log(expected[0])
    ).fit()
    found = np.log(corrections(asked, expected)[0])
    assert np.diff(found) == pytest.approx(model.params[1], abs=1e-4)


def test_what_only_the_maker_pays_for_ends_with_the_warranty() -> None:
    end = GROUP_STARTS.index(age_profile.WARRANTY_MONTHS)
    expected = np.full((2, GROUPS), 4.0)
    asked = np.where(np.arange(GROUPS) < end, 6.0, 0.0) * np.ones((2, 1))
    claims = asked * np.array([[1.0], [0.0]])  # the maker pays for the first, customers for the second
    found = corrections(asked, expected, claims)
    drop = found[:, end] / found[:, end - 1]
    assert drop[0] < 0.3 * drop[1]
    assert corrections(asked, expected) == pytest.approx(corrections(asked, expected, np.zeros_like(asked)))
    unseen = np.where(np.arange(GROUPS) < end, expected, 0.0)
    young_only = corrections(asked, unseen, claims)[0]
    assert young_only[end:] == pytest.approx(1.0)  # no vehicle was ever older: the published shape stands


def undated_rows(true: np.ndarray[tuple[int], np.dtype[np.float64]], levels: list[float]) -> Undated:
    """A model a row, each a year older than the one before, watched for eight stretches; none of its calls is dated."""
    groups = np.arange(GROUPS)
    expected = np.zeros((len(levels), 8, GROUPS))
    for row in range(len(levels)):
        for block in range(8):
            expected[row, block] = 300 * np.exp(-(((groups - 2 * row - block) / 2.0) ** 2))
    asked = (expected * true * np.array(levels)[:, None, None]).sum(axis=2)
    return Undated(np.zeros(len(levels), dtype=np.int64), asked, expected)


def test_ages_no_line_tells_are_read_from_models_that_grow_old() -> None:
    true = np.exp(0.6 * np.sin(np.arange(GROUPS) / 4))
    rows = undated_rows(true, [1.0] * 9)
    nobody = np.zeros((1, GROUPS))
    found = corrections(nobody, nobody, None, (rows, np.zeros(1, dtype=np.int64), np.ones((1, GROUPS))))[0]
    assert found[:22] / found[:22].mean() == pytest.approx(true[:22] / true[:22].mean(), rel=0.12)


def test_a_model_that_always_needs_more_is_not_taken_for_an_age() -> None:
    rows = undated_rows(np.ones(GROUPS), [1.0, 1.0, 1.0, 1.0, 3.0, 1.0, 1.0, 1.0, 1.0])
    nobody = np.zeros((1, GROUPS))
    found = corrections(nobody, nobody, None, (rows, np.zeros(1, dtype=np.int64), np.ones((1, GROUPS))))[0]
    assert found.max() / found.min() < 1.5


def test_calls_are_shared_out_as_they_are_expected() -> None:
    """The plain twin of `Undated.shared`, two rows of two families."""
    chance = np.random.default_rng(2)
    rows = Undated(
        np.array([1, 0]), chance.poisson(6.0, (2, 3)).astype(np.float64), chance.uniform(0, 2, (2, 3, GROUPS))
    )
    code, factor, corrected = np.array([0, 1]), chance.uniform(0.5, 2, (2, GROUPS)), chance.uniform(0.5, 2, (2, GROUPS))
    asked, expected = rows.shared(code, factor, corrected)
    for row, need in enumerate(rows.need):
        family = code[need]
        base = rows.expected[row] * factor[need]
        mean = base * corrected[family]
        plain = sum(rows.asked[row, block] * mean[block] / mean[block].sum() for block in range(3))
        level = rows.asked[row].sum() / mean.sum()  # one row a family: its own level is the family's
        assert asked[family] == pytest.approx(plain)
        assert expected[family] == pytest.approx(base.sum(axis=0) * level)
