"""What the pooled heads make of a forecast: the law of any stretch from what they say of a short and of a long one."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from demand.distribution import DemandLaw
from demand.history import DemandHistory, Float64Array1D, Int64Array1D, Observation
from demand.periods import PeriodAxis, PeriodKind
from forecasting.filters import Habits
from forecasting.forecast import Exposure, Forecast, ForecastSettings, forecast
from forecasting.heads.heard import LEAST_ITEMS, STRETCHES, _rate_and_months, heard
from forecasting.heads.pooled import PooledHeads
from forecasting.heads.rows import Target
from forecasting.lead_time import law_over_periods
from forecasting.line_size import single_pieces
from forecasting.own_level import exposure_then
from tests.forecasting.histories import history_of, plain_exposure

MONTHS, ITEMS = 30, 160
SETTINGS = ForecastSettings(horizon=6)


def _panel(pieces: int = 1, items: int = ITEMS) -> DemandHistory:
    """Return parts of unlike pace, some on their way out, each call of so many pieces."""
    chance = np.random.default_rng(3)
    pace = chance.gamma(0.6, 2.0, (items, 1)) * np.exp(-np.outer(chance.random(items), np.arange(MONTHS)) / 12)
    calls = chance.poisson(pace)
    history = history_of(calls.tolist(), [f"P{i:03d}" for i in range(items)])
    return replace(history, quantity=history.lines * pieces)


def _sizes(history: DemandHistory) -> DemandLaw:
    pieces = max(int(history.quantity.sum() // max(history.lines.sum(), 1)), 1)
    if pieces == 1:
        return single_pieces(history.item_count)
    return DemandLaw.from_rows([[0.0] * pieces + [1.0]] * history.item_count)


def _heard(history: DemandHistory, over: Exposure | None = None, threads: int = 2) -> tuple[Forecast, Forecast]:
    """Return the filter's forecast of a history, all one family, and what the heads make of it."""
    exposure = plain_exposure(history, SETTINGS.horizon) if over is None else over

    def said(known: DemandHistory, exposure: Exposure, habits: Habits | None) -> Forecast:
        family = ("all",) * known.item_count
        return forecast(known, exposure, _sizes(history).take(np.arange(known.item_count)), family, family, SETTINGS,
                        habits=habits)  # fmt: skip

    def before(items: Int64Array1D, origin: int, habits: Habits | None) -> Forecast:
        return said(history.take(items).before(origin), exposure_then(exposure, items, origin), habits)

    by_filter = said(history, exposure, None)
    return by_filter, heard(by_filter, history, before, threads)


@cache
def _once() -> tuple[Forecast, Forecast]:
    return _heard(_panel())


def test_over_both_stretches_the_law_has_the_mean_and_variance_that_the_heads_say() -> None:
    by_filter, found = _once()
    heads = PooledHeads.of(
        _panel(),
        lambda known, habits: forecast(
            known, plain_exposure(known, 6), single_pieces(known.item_count), ("all",) * known.item_count,
            ("all",) * known.item_count, SETTINGS, habits=habits,
        ),
    )  # fmt: skip
    told = {length: heads.laws(Target(length))[0][0] for length in STRETCHES}
    laws = {length: law_over_periods(found, length) for length in told}
    short, long = (_inverse_size(told[length]) for length in told)
    both = (short > long) & (long > short / 6) & (long > 1e-3)
    assert both.sum() > 20
    for length, law in laws.items():
        assert law.mean() == pytest.approx(told[length].mean(), rel=1e-6)
        assert law.variance()[both] == pytest.approx(told[length].variance()[both], rel=0.02)
        # Elsewhere one line stands for two: between what is said of the short stretch and of the long one.
        between = (_inverse_size(law) >= np.minimum(short, long) * 0.95) & (
            _inverse_size(law) <= np.maximum(short, long) * 1.05 + 1e-3
        )
        assert between[short <= long].all()
    assert not np.allclose(law_over_periods(by_filter, 6).mean(), laws[6].mean(), rtol=0.02)


def _inverse_size(law: DemandLaw) -> Float64Array1D:
    return np.asarray(np.maximum((law.variance() - law.mean()) / law.mean() ** 2, 0.0))


def test_the_factors_still_multiply_to_the_mean() -> None:
    _, found = _once()
    assert found.its_like is not None
    product = np.ones((ITEMS, 6))
    for factor in found.factors().values():
        product = product * factor
    assert product == pytest.approx(found.mean)
    assert found.take(np.array([3, 1])).its_like == pytest.approx(found.its_like[[3, 1]])


def test_pieces_of_a_call_are_counted_once() -> None:
    by_fours, one_by_one = _heard(_panel(4))[1], _once()[1]
    for length in STRETCHES:
        fours, ones = law_over_periods(by_fours, length), law_over_periods(one_by_one, length)
        assert fours.mean().sum() == pytest.approx(4 * ones.mean().sum(), rel=0.1)
        assert np.median(fours.variance() / fours.mean()) > 3


def test_the_order_of_the_rows_and_the_number_of_threads_change_nothing() -> None:
    history, order = _panel(), np.random.default_rng(1).permutation(ITEMS)
    found = _once()[1]
    for again, place in ((_heard(history.take(order))[1], order), (_heard(history, threads=1)[1], np.arange(ITEMS))):
        for name in ("its_like", "shape", "dispersion"):
            assert (getattr(again, name) == getattr(found, name)[place]).all()


def test_what_moves_all_items_alike_is_left_to_the_exposure() -> None:
    history, exposure = _panel(), plain_exposure(_panel(), 6)
    halved = replace(exposure, open_months=np.full(6, 0.5))
    found, in_half = _once()[1], _heard(history, halved)[1]
    assert in_half.mean.sum() == pytest.approx(found.mean.sum() / 2, rel=0.02)


def test_where_vehicles_tell_or_too_few_items_are_left_the_filter_speaks_alone() -> None:
    history, exposure = _panel(), plain_exposure(_panel(), 6)
    carried = np.arange(ITEMS) < 40
    by_filter, found = _heard(history, replace(exposure, has_vehicles=carried))
    assert found.its_like is not None
    assert (found.its_like[carried] == 1).all()
    assert (found.its_like[~carried] != 1).any()
    assert (found.shape[carried] == by_filter.shape[carried]).all()
    few = _panel(items=LEAST_ITEMS - 1)
    alone, same = _heard(few)
    assert same is alone


def test_a_part_of_which_nothing_was_seen_keeps_what_its_family_says() -> None:
    history = _panel()
    unseen = history.availability.copy()
    unseen[7] = 0
    seen = unseen > 0
    hidden = np.where(seen, history.observation, Observation.MISSING).astype(np.uint8)
    asked, calls = history.quantity * seen, history.lines * seen
    blind = replace(history, availability=unseen, quantity=asked, lines=calls, observation=hidden)
    by_filter, found = _heard(blind)
    assert found.its_like is not None
    assert (found.its_like[7] == 1).all()
    assert found.mean[7] == pytest.approx(by_filter.mean[7])


def test_a_panel_that_nobody_asks_for_is_left_to_the_filter() -> None:
    quiet = replace(
        _panel(), quantity=np.zeros((ITEMS, MONTHS), dtype=np.int64), lines=np.zeros((ITEMS, MONTHS), dtype=np.int64)
    )
    by_filter, found = _heard(quiet)
    assert found is by_filter


@pytest.mark.parametrize(
    ("short", "long", "rate", "months"),
    [
        (0.9, 0.4, 0.3, 0.6),  # both
        (0.5, 0.5, 0.5, 0.0),  # the rate alone
        (0.3, 0.5, 0.4, 0.0),  # wider over the longer stretch: their mean
        (0.9, 0.1, 0.0, 0.6),  # averages out faster than months can: the months alone, as the long stretch says
    ],
)
def test_two_stretches_tell_what_is_uncertain_of_the_rate_from_what_averages_out(
    short: float, long: float, rate: float, months: float
) -> None:
    def column(value: float) -> Float64Array1D:
        return np.array([value])

    shape, dispersion = _rate_and_months(column(short), column(1.0), column(long), column(1 / 6))
    assert 1 / shape[0] == pytest.approx(rate, abs=1e-5)
    assert dispersion[0] == pytest.approx(months, abs=1e-5)


def test_weeks_are_left_to_the_items_own_long_run() -> None:
    by_filter, found = _heard(replace(_panel(), axis=PeriodAxis(PeriodKind.WEEK, 2_700, MONTHS)))
    assert found is by_filter
