"""The chance that a part is never asked for again: known answers, a plain twin, and another program's."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.survival import CLASS_NAMES, DAYS_OF_CLASS, LEAST_AT_RISK, Curve, curve_of, silences_of, spliced


def plain_curve(days: list[int], has_ended: list[bool]) -> dict[int, tuple[Fraction, Fraction | None]]:
    """S and g after each length at which silences ended, one by one, as exact fractions."""
    found: dict[int, tuple[Fraction, Fraction | None]] = {}
    lasting, spread = Fraction(1), Fraction(0)
    for length in sorted({each for each, ends in zip(days, has_ended, strict=True) if ends}):
        at_risk = sum(each >= length for each in days)
        ended = sum(each == length and ends for each, ends in zip(days, has_ended, strict=True))
        lasting *= 1 - Fraction(ended, at_risk)
        if at_risk == ended:
            return {**found, length: (lasting, None)}
        spread += Fraction(ended, at_risk * (at_risk - ended))
        found[length] = (lasting, spread)
    return found


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=80))
def test_the_curve_is_the_one_counted_silence_by_silence(silences: list[tuple[int, bool]]) -> None:
    days, ended = [each for each, _ in silences], [ends for _, ends in silences]
    curve = curve_of(np.array(days, dtype=np.int64), np.array(ended, dtype=np.bool_))
    enough = {length for length in days if sum(each >= length for each in days) >= LEAST_AT_RISK}
    assert curve.reach_days == max(enough, default=0)
    for length, (lasting, spread) in plain_curve(days, ended).items():
        if length > curve.reach_days:
            continue
        assert curve.lasting(length) == pytest.approx(float(lasting), abs=1e-12)
        if spread is not None:
            assert curve.spread(length) == pytest.approx(float(spread), rel=1e-12)


def made_silences(count: int = 4000, dead: float = 0.3) -> Curve:
    """Silences of which a share never ends, the others after 120 days in the mean, all watched for up to four years."""
    chance = np.random.default_rng(7)
    watched = chance.integers(1, 1461, count)
    lasts = np.where(chance.random(count) < dead, 10**6, np.ceil(chance.exponential(120, count)).astype(np.int64))
    return curve_of(np.minimum(lasts, watched), lasts <= watched)


def test_the_curve_and_its_error_are_those_of_statsmodels() -> None:
    from statsmodels.duration.survfunc import SurvfuncRight

    chance = np.random.default_rng(3)
    days, ended = chance.integers(1, 60, 500), chance.random(500) < 0.7
    curve, theirs = curve_of(days, ended), SurvfuncRight(days, ended.astype(np.int64))
    heard = theirs.surv_times <= curve.reach_days
    assert heard.sum() > 40
    at = np.asarray(theirs.surv_times[heard], dtype=np.int64)
    np.testing.assert_allclose(curve.lasting(at), theirs.surv_prob[heard], rtol=1e-12)
    error = curve.lasting(at) * np.sqrt(curve.spread(at))
    np.testing.assert_allclose(error, theirs.surv_prob_se[heard], rtol=1e-9)


def test_a_known_share_that_never_ends_lies_within_the_interval() -> None:
    curve = made_silences()
    silent = np.array([0, 120, 360])
    alive = 0.7 * np.exp(-silent / 120)
    truth = 0.3 / (0.3 + alive)
    said, low, high = curve.never_again(silent)
    assert (np.abs(said - truth) < 0.04).all()
    assert ((low < truth) & (truth < high)).all()
    assert (np.diff(said) > 0).all(), "the longer the silence, the likelier it lasts"


def test_a_silence_beyond_the_record_is_read_as_the_longest_that_leaves_a_year() -> None:
    curve = made_silences()
    said, low, high = curve.never_again([curve.reach_days - 365, curve.reach_days, 9999])
    assert np.unique(said).size == np.unique(low).size == np.unique(high).size == 1
    assert low[0] < said[0] <= high[0]


def test_where_no_silence_ended_the_chance_is_whole_and_the_bound_is_the_binomial_one() -> None:
    curve = curve_of(np.full(50, 800), np.zeros(50, dtype=np.bool_))
    said, low, high = curve.never_again([10])
    assert (said[0], high[0]) == (1.0, 1.0)
    assert low[0] == pytest.approx(0.025 ** (1 / LEAST_AT_RISK))


def test_too_few_silences_reach_nowhere_and_say_nothing() -> None:
    curve = curve_of(np.full(LEAST_AT_RISK - 1, 800), np.zeros(LEAST_AT_RISK - 1, dtype=np.bool_))
    assert curve.reach_days == 0
    assert [each.tolist() for each in curve.never_again([50])] == [[1.0], [0.0], [1.0]]


def test_a_thin_group_is_heard_as_far_as_it_reaches_and_goes_on_as_the_wider_one() -> None:
    wide = made_silences()
    fine = curve_of(np.repeat(np.arange(1, 61), 2), np.ones(120, dtype=np.bool_))
    both = spliced(fine, wide)
    until, whole = fine.reach_days, both.reach_days
    assert 0 < until < whole == wide.reach_days
    expected = fine.lasting(until) * wide.lasting(whole) / wide.lasting(until)
    assert both.lasting(whole) == pytest.approx(float(expected))
    assert both.spread(whole) == pytest.approx(float(fine.spread(until) + wide.spread(whole) - wide.spread(until)))
    assert spliced(curve_of(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)), wide).days.size == wide.days.size


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1000, 2200)), max_size=60))
def test_silences_and_their_classes_are_those_found_day_by_day(requests: list[tuple[int, int]]) -> None:
    part, day = (np.array([each[at] for each in requests], dtype=np.int64) for at in (0, 1))
    found = silences_of(part, day, 2200)
    expected = []
    for each in sorted({part for part, _ in requests}):
        days = sorted({on for part, on in requests if part == each})
        for at, on in enumerate(days):
            asked = sum(on - DAYS_OF_CLASS < other <= on for other in days)
            name = "1" if asked == 1 else "2" if asked == 2 else "3-5" if asked < 6 else "6-11" if asked < 12 else "12+"
            ended = at + 1 < len(days)
            expected.append((each, on, (days[at + 1] if ended else 2200) - on, ended, CLASS_NAMES.index(name)))
    columns = (found.part, found.begins, found.days, found.has_ended, found.movement_class)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == expected


def test_a_request_after_the_last_day_is_refused() -> None:
    with pytest.raises(ValueError, match="day to come"):
        silences_of(np.array([0]), np.array([11]), 10)
