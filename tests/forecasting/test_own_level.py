"""An item's own long run is heard where weeks show that items come back to it, and not where they do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from demand.history import DemandHistory, Float64Array2D, Int64Array1D
from demand.periods import PeriodAxis, PeriodKind, ordinal_of
from forecasting import filters
from forecasting.forecast import Forecast, ForecastSettings, forecast
from forecasting.line_size import single_pieces
from forecasting.own_level import (
    CLINGING,
    DISCOUNT,
    KEPT,
    STRENGTH,
    TRUST,
    exposure_then,
    origins_judged,
    own_multiplier,
    share_of_own,
    towards_own_level,
)
from planning.preparing.panel import forecast_panel
from planning.preparing.prepare import forecast_of_prepared, prepare
from tests.forecasting.histories import history_of, plain_exposure
from tests.planning.books import AS_OF, part, snapshot_of

ITEMS, WEEKS = 150, 100
SETTINGS = ForecastSettings(horizon=2)


def _weeks_of(rate: Float64Array2D, seed: int = 7) -> DemandHistory:
    asked = np.random.default_rng(seed).poisson(rate)
    months = history_of(asked.tolist(), [f"P{i:03d}" for i in range(asked.shape[0])])
    return replace(months, axis=PeriodAxis(PeriodKind.WEEK, 2_700, asked.shape[1]))


def _levels(items: int = ITEMS) -> Float64Array2D:
    return np.asarray(np.random.default_rng(1).gamma(1.0, 3.0, (items, 1)) * np.ones((1, WEEKS)))


def _with_runs() -> DemandHistory:
    """Return items that leave their level for some weeks and come back to it."""
    chance = np.random.default_rng(2)
    run = np.zeros((ITEMS, WEEKS))
    for week in range(1, WEEKS):
        run[:, week] = 0.7 * run[:, week - 1] + chance.normal(0, 0.5, ITEMS)
    return _weeks_of(_levels() * np.exp(run))


def _filtered(history: DemandHistory) -> Forecast:
    """Return the filter's forecast, all items one family."""
    family = ("all",) * history.item_count
    line_size = single_pieces(history.item_count)
    return forecast(history, plain_exposure(history, 2), line_size, family, family, SETTINGS)


def _share(history: DemandHistory) -> float:
    found = _filtered(history)

    def before(items: Int64Array1D, origin: int) -> Forecast:
        known, family = history.take(items).before(origin), ("all",) * items.size
        exposure = exposure_then(found.exposure, items, origin)
        return forecast(known, exposure, single_pieces(items.size), family, family, SETTINGS, habits=found.habits)

    return share_of_own(found, history, before, origins_judged(history.axis.count))


def test_where_items_come_back_to_their_own_level_it_is_heard_and_where_nothing_moves_the_filter_is() -> None:
    assert _share(_with_runs()) > 0.7
    assert _share(_weeks_of(_levels())) < 0.1


def test_an_items_own_level_is_the_faded_mean_and_its_run_the_plain_recursion_about_it() -> None:
    history = _weeks_of(_levels(3))
    found = _filtered(history)
    own = own_multiplier(found, history)
    for item in range(3):
        asked, rate = history.lines[item], found.family_rate[item] * 1.001  # a little is always possible
        fade = KEPT ** np.arange(WEEKS)[::-1]
        weight = 1 / (1 + CLINGING * rate)
        level = (TRUST + weight * (fade * asked).sum()) / (TRUST + weight * found.family_rate[item] * fade.sum())
        shape, inverse = filters.run_one(
            asked.tolist(), [rate * level] * WEEKS, [1.0] * WEEKS, [False] * WEEKS, STRENGTH, DISCOUNT, CLINGING
        )
        assert own[item] == pytest.approx(level * shape / inverse, rel=1e-9)


def test_months_a_young_panel_and_an_empty_one_are_left_to_the_filter() -> None:
    def unasked(items: Int64Array1D, origin: int) -> Forecast:
        raise AssertionError(f"nothing is judged of {items.size} items at {origin}")

    weeks = _weeks_of(_levels())
    months = replace(weeks, axis=PeriodAxis(PeriodKind.MONTH, 24_000, WEEKS))
    for history in (months, weeks.before(30), weeks.take(np.zeros(0, dtype=np.int64))):
        found = _filtered(history)
        assert towards_own_level(found, history, unasked) is found


def test_an_origin_is_told_nothing_of_what_came_after_it() -> None:
    history = _weeks_of(_levels())
    exposure = exposure_then(plain_exposure(history, 2), np.array([4, 2]), 40)
    assert exposure.past.shape == (2, 40)
    assert max(origins_judged(WEEKS)) == WEEKS - 4
    assert min(origins_judged(WEEKS)) >= WEEKS / 3


def test_books_that_hold_nothing_but_a_weekly_panel_are_drawn_to_the_same_level_as_the_bare_table() -> None:
    history = _with_runs()
    labels = PeriodAxis(PeriodKind.WEEK, ordinal_of(AS_OF, PeriodKind.WEEK) - WEEKS, WEEKS).labels()
    panel = [
        (name, "S01", label, int(asked) * 1000, 1_000_000)
        for name, weeks in zip(history.part_no, history.lines, strict=True)
        for label, asked in zip(labels, weeks, strict=True)
    ]
    books = snapshot_of(parts=[part(name, 1.0) for name in history.part_no], demand_panel=panel)
    ready = prepare(books, PeriodKind.WEEK, SETTINGS)
    found = forecast_of_prepared(ready, SETTINGS)
    by_filter = forecast(
        ready.history, ready.exposure, ready.line_size, ready.family, ready.group, SETTINGS, kind=ready.kind
    )
    own = own_multiplier(by_filter, ready.history)
    drawn, undrawn = (np.abs(np.log(each.multiplier / own)).mean() for each in (found, by_filter))
    assert drawn < 0.5 * undrawn


def test_the_same_items_in_any_order_are_drawn_to_the_same_level() -> None:
    history = _with_runs()
    shuffled = np.random.default_rng(4).permutation(ITEMS)
    straight, mixed = (forecast_panel(each, SETTINGS) for each in (history, history.take(shuffled)))
    assert (straight.multiplier[shuffled] == mixed.multiplier).all()
