"""Laws at many origins: each is what a forecast of that day would have told, and none looks ahead."""

import numpy as np
import pytest

from demand.history import DemandHistory
from forecasting.filters import Habits
from forecasting.forecast import Forecast, ForecastSettings
from forecasting.heads.origins import laws_at_origins
from forecasting.heads.pooled import PooledHeads, Standing
from forecasting.heads.rows import Target
from planning.preparing.panel import forecast_panel
from tests.forecasting.histories import history_of


def panel(items: int = 60, periods: int = 30, seed: int = 5) -> list[list[int]]:
    draw = np.random.default_rng(seed)
    rate = draw.gamma(0.7, 1.5, items)
    return [[int(k) for k in row] for row in draw.poisson(rate[:, None] * draw.gamma(2, 0.5, (items, periods)))]


def told(known: DemandHistory, habits: Habits | None) -> Forecast:
    return forecast_panel(known, ForecastSettings(horizon=3), habits)


def test_each_origin_tells_what_a_forecast_of_that_day_tells() -> None:
    history = history_of(panel())
    for found in laws_at_origins(history, told, [24, 30], 3, taught_for=1):
        of_that_day = PooledHeads.of(history.before(found.origin), told).laws(Target(3))[0][0]
        assert (found.law.probability == of_that_day.probability).all()


def test_what_comes_after_an_origin_does_not_change_its_law() -> None:
    rows = panel()
    other = [row[:24] + [9] * 6 for row in rows]
    laws = [next(laws_at_origins(history_of(each), told, [24], 3)) for each in (rows, other)]
    assert laws[0].standing is Standing.HEADS
    assert (laws[0].law.probability == laws[1].law.probability).all()


def test_origins_come_in_the_order_of_time_each_once() -> None:
    found = [each.origin for each in laws_at_origins(history_of(panel()), told, [20, 0, 12, 20], 3)]
    assert found == [0, 12, 20]


def test_an_origin_outside_the_history_is_refused() -> None:
    with pytest.raises(ValueError, match="found 31"):
        list(laws_at_origins(history_of(panel()), told, [31], 3))


def test_between_lessons_the_heads_of_an_earlier_origin_serve() -> None:
    history = history_of(panel())
    kept = list(laws_at_origins(history, told, [24, 25], 3, taught_for=6))
    anew = list(laws_at_origins(history, told, [24, 25], 3, taught_for=1))
    assert (kept[0].law.probability == anew[0].law.probability).all()
    assert kept[1].law.mean().sum() == pytest.approx(anew[1].law.mean().sum(), rel=0.1)
    assert kept[1].law.mean().tolist() != anew[1].law.mean().tolist()


def test_a_lesson_serves_until_the_panel_has_grown_by_a_quarter() -> None:
    history, origins = history_of(panel()), (20, 24, 25)
    usual = list(laws_at_origins(history, told, origins, 3))
    for periods, alike in ((5, (0, 1, 2)), (6, (0, 1)), (4, (0,))):
        other = list(laws_at_origins(history, told, origins, 3, taught_for=periods))
        same = [i for i in range(3) if np.array_equal(usual[i].law.probability, other[i].law.probability)]
        assert tuple(same) == alike


def test_origins_worked_on_side_by_side_tell_what_they_tell_one_after_another() -> None:
    history, origins = history_of(panel()), range(20, 26)
    alone, abreast = (
        list(laws_at_origins(history, told, origins, 3, taught_for=4, threads=threads)) for threads in (1, 2)
    )
    assert [each.origin for each in abreast] == list(origins)
    for one, other in zip(alone, abreast, strict=True):
        assert (one.law.probability == other.law.probability).all()
