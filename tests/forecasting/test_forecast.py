"""The doorway: factors that multiply exactly, reasons for every row, and no input that breaks it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demand.history import DemandHistory, Observation
from demand.periods import PeriodAxis, PeriodKind
from forecasting.forecast import Basis, Exposure, Forecast, ForecastSettings, forecast
from forecasting.lead_time import law_over_periods
from forecasting.line_size import single_pieces
from tests.forecasting.histories import history_of, plain_exposure


def forecast_rows(rows: list[list[int]], names: list[str] | None = None, horizon: int = 3) -> Forecast:
    history = history_of(rows, names)
    count = len(rows)
    family = tuple("f" if i % 2 else "g" for i in range(count))
    exposure = plain_exposure(history, horizon)
    return forecast(history, exposure, single_pieces(count), family, family, ForecastSettings(horizon=horizon))


def test_the_factors_multiply_to_the_forecast_to_the_last_digit() -> None:
    found = forecast_rows([[1, 0, 2, 5], [0, 0, 1, 0], [9, 8, 7, 6]])
    product = np.ones((3, 3))
    for factor in found.factors().values():
        product = product * factor
    assert (product == found.mean).all()


def test_the_same_items_in_another_order_give_the_same_bytes() -> None:
    chance = np.random.default_rng(5)
    rows = chance.poisson(chance.gamma(0.5, 3, (60, 1)), (60, 30)).tolist()
    names = [f"P{i:02d}" for i in range(60)]
    order = chance.permutation(60)
    history, shuffled = history_of(rows, names), history_of([rows[i] for i in order], [names[i] for i in order])
    settings_ = ForecastSettings(horizon=2)
    one = ("f",) * 60
    first = forecast(history, plain_exposure(history, 2), single_pieces(60), one, one, settings_)
    second = forecast(shuffled, plain_exposure(shuffled, 2), single_pieces(60), one, one, settings_)
    assert first.mean[order].tobytes() == second.mean.tobytes()
    assert (
        law_over_periods(first, 2).take(order).probability.tobytes()
        == law_over_periods(second, 2).probability.tobytes()
    )


def test_what_comes_later_does_not_change_what_was_forecast_before() -> None:
    chance = np.random.default_rng(6)
    rows = chance.poisson(2, (20, 30))
    later = rows.copy()
    later[:, 20:] = 50
    one = ("f",) * 20
    means = []
    for data in (rows, later):
        known = history_of(data.tolist()).before(20)
        means.append(
            forecast(known, plain_exposure(known, 3), single_pieces(20), one, one, ForecastSettings(horizon=3)).mean
        )
    assert (means[0] == means[1]).all()


@pytest.mark.parametrize(
    ("lines", "carried", "seen", "expected"),
    [
        ([0, 1], True, True, Basis.VEHICLES_AND_CALLS),
        ([0, 1], False, True, Basis.CALLS),
        ([0, 0], True, True, Basis.VEHICLES),
        ([0, 0], False, True, Basis.NEVER_ASKED),
        ([0, 0], False, False, Basis.FAMILY),
    ],
)
def test_every_row_says_on_what_it_rests(lines: list[int], carried: bool, seen: bool, expected: Basis) -> None:
    history = history_of([lines])
    if not seen:
        code = np.full((1, 2), Observation.MISSING, dtype=np.uint8)
        history = DemandHistory(
            history.part_no, history.store, history.axis, history.quantity, history.lines, np.zeros((1, 2)), code,
            history.unit_milli,
        )  # fmt: skip
    exposure = plain_exposure(history, 2)
    exposure = Exposure(
        exposure.past, exposure.vehicles, exposure.coming, exposure.need, exposure.open_months, np.array([carried])
    )
    found = forecast(history, exposure, single_pieces(1), ("f",), ("f",), ForecastSettings(horizon=2))
    assert found.basis == (str(expected),)
    assert found.mean.min() > 0


def test_settings_outside_their_range_are_refused() -> None:
    with pytest.raises(ValueError, match="horizon is 1 to 120"):
        ForecastSettings(horizon=0)


@settings(max_examples=30)
@given(st.integers(0, 600), st.integers(0, 2**32 - 1), st.sampled_from(["zero", "spike", "rare", "fast", "hidden"]))
def test_nothing_breaks_it(length: int, seed: int, kind: str) -> None:
    chance = np.random.default_rng(seed)
    rows = np.zeros((3, length), dtype=np.int64)
    if length and kind == "spike":
        rows[1, chance.integers(length)] = 10_000
    if kind == "rare":
        rows = chance.binomial(1, 0.03, rows.shape) * chance.integers(1, 50, rows.shape)
    if kind == "fast":
        rows = chance.poisson(chance.gamma(1, 200, rows.shape))
    code = chance.integers(0, 5, rows.shape).astype(np.uint8) if kind == "hidden" else np.zeros(rows.shape, np.uint8)
    rows = np.where(code == Observation.SEEN, rows, 0)
    axis = PeriodAxis(PeriodKind.MONTH, 24317 - length, length)
    names = ("a", "b", "c")
    history = DemandHistory(
        names, ("", "", ""), axis, rows, rows.copy(), (code == 0) * chance.random(rows.shape), code, np.full(3, 1000)
    )
    found = forecast(history, plain_exposure(history, 4), single_pieces(3), names, names, ForecastSettings(horizon=4))
    assert np.isfinite(found.mean).all()
    assert (found.mean >= 0).all()
    law = law_over_periods(found, 4)
    shares = np.stack([law.quantile(share) for share in (0.05, 0.5, 0.8, 0.95, 0.999)])
    assert (np.diff(shares, axis=0) >= 0).all()
    assert all(found.basis)


def test_months_before_an_exposure_is_settled_teach_as_little_as_months_that_are_missing() -> None:
    chance = np.random.default_rng(8)
    rows = chance.poisson(chance.gamma(0.7, 3, (30, 1)), (30, 24))
    rows[:, :10] *= 9
    history, one = history_of(rows.tolist()), ("f",) * 30
    early = np.arange(24) < 10
    hidden = replace(
        history,
        quantity=np.where(early, 0, history.quantity),
        lines=np.where(early, 0, history.lines),
        availability=np.where(early, 0.0, history.availability),
        observation=np.where(early, np.uint8(Observation.MISSING), history.observation),
    )
    exposure = plain_exposure(history, 2)
    settled = replace(exposure, settled=np.full(30, 10))
    chosen = ForecastSettings(horizon=2)
    guessed, unsettled, missing = (
        forecast(of, seen, single_pieces(30), one, one, chosen).mean
        for of, seen in ((history, settled), (history, exposure), (hidden, exposure))
    )
    assert guessed.tobytes() == missing.tobytes()
    assert guessed.sum() < unsettled.sum() / 1.3


def test_some_items_of_a_forecast_are_forecast_as_among_all() -> None:
    history = history_of([[1, 0, 2], [3, 3, 3], [0, 0, 0]])
    exposure = plain_exposure(history, 2)
    every = forecast(history, exposure, single_pieces(3), ("f",) * 3, ("g",) * 3, ForecastSettings(horizon=2))
    some = every.take(np.array([2, 0]))
    assert some.part_no == ("P2", "P0")
    assert some.mean.tolist() == every.mean[[2, 0]].tolist()
    assert law_over_periods(some, 2).mean().tolist() == law_over_periods(every, 2).mean()[[2, 0]].tolist()
