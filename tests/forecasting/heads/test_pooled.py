"""The pooled heads: strange series do no harm, the order of rows does nothing, few rows are left to the filter."""

from dataclasses import replace

import numpy as np
import pytest

from demand import side_by_side
from demand.history import DemandHistory
from demand.periods import PeriodAxis, PeriodKind
from forecasting.forecast import ForecastSettings
from forecasting.heads.pooled import PooledHeads, Standing
from forecasting.heads.rows import Target
from forecasting.moving_weeks import year_ago
from planning.preparing.panel import forecast_panel
from tests.forecasting.histories import history_of


def panel(items: int, periods: int, seed: int = 5) -> list[list[int]]:
    draw = np.random.default_rng(seed)
    rate = draw.gamma(0.7, 1.5, items)
    return [[int(k) for k in row] for row in draw.poisson(rate[:, None] * draw.gamma(2, 0.5, (items, periods)))]


SETTINGS = ForecastSettings(horizon=3)


def heads_of(history: DemandHistory, threads: int = 2) -> PooledHeads:
    return PooledHeads.of(history, lambda known, habits: forecast_panel(known, SETTINGS, habits), threads)


def test_any_order_of_rows_gives_the_same_bytes() -> None:
    history = history_of(panel(60, 24))
    shuffled = np.random.default_rng(1).permutation(history.item_count)
    for target in (Target(3), Target(1, 3)):
        there, standing = heads_of(history).laws(target)
        again, _ = heads_of(history.take(shuffled)).laws(target)
        assert standing is Standing.HEADS
        for law, other in zip(there, again, strict=True):
            moved = law.take(shuffled)
            assert (moved.boundaries == other.boundaries).all()
            assert (moved.probability == other.probability).all()


def test_one_thread_or_two_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side, "BLOCK", 16)
    history = history_of(panel(80, 24))
    laws = [heads_of(history, threads).laws(Target(3))[0][0] for threads in (1, 2)]
    assert (laws[0].boundaries == laws[1].boundaries).all()
    assert (laws[0].probability == laws[1].probability).all()


def test_each_item_s_law_is_that_of_its_kind() -> None:
    history = history_of(panel(60, 24) * 3)
    heads = heads_of(history)
    (law,), kind, _ = heads.laws_of_kinds(Target(3))
    assert law.item_count <= 60
    assert (law.take(kind).probability == heads.laws(Target(3))[0][0].probability).all()


@pytest.mark.parametrize("periods", [0, 1, 2, 7])
def test_a_young_panel_is_left_to_the_filter_and_says_so(periods: int) -> None:
    heads = heads_of(history_of([[1] * periods, [0] * periods]))
    laws, standing = heads.laws(Target(3))
    assert standing is Standing.FILTER
    assert np.isfinite(laws[0].mean()).all()


def test_strange_series_among_many_get_whole_and_rising_quantiles() -> None:
    rows = panel(60, 36)
    rows[0], rows[1], rows[2] = [0] * 36, [0] * 35 + [100_000], [3_000] * 36
    rows[3] = [0, 500] * 18
    laws, standing = heads_of(history_of(rows)).laws(Target(3))
    assert standing is Standing.HEADS
    quantiles = np.stack([laws[0].quantile(share) for share in (0.1, 0.5, 0.9, 0.99)], axis=1)
    assert (np.diff(quantiles, axis=1) >= 0).all()
    assert quantiles.min() >= 0
    assert np.isfinite(laws[0].mean()).all()
    assert laws[0].mean()[2] == pytest.approx(9_000, rel=0.5)


def test_series_of_six_hundred_months_are_read_to_the_end() -> None:
    laws, _ = heads_of(history_of(panel(6, 600))).laws(Target(2))
    assert np.isfinite(laws[0].mean()).all()


def test_of_a_panel_that_only_falls_the_heads_expect_less_than_the_filter() -> None:
    draw = np.random.default_rng(9)
    falling = 3 * 0.93 ** np.arange(48)
    rows = [[int(k) for k in draw.poisson(falling * rate)] for rate in draw.gamma(2, 0.5, 300)]
    history = history_of([row[:45] for row in rows])
    ahead = 300 * falling[45:].sum()
    heads = heads_of(history)
    told, filtered = heads.laws(Target(3))[0][0].mean().sum(), heads.forecast.mean[:, :3].sum()
    assert ahead * 0.9 < told < ahead + 0.7 * (filtered - ahead)


def test_a_sale_that_comes_back_every_year_is_in_the_laws_of_its_weeks_in_any_order_of_rows() -> None:
    weeks, items = year_ago(2) + 10, 40
    factor = np.where(np.isin(np.arange(weeks), [10, year_ago(1) + 10]), 4.0, 1.0)
    draw = np.random.default_rng(4)
    asked = draw.poisson(draw.uniform(1.0, 6.0, items)[:, None] * factor)
    history = history_of([[int(k) for k in row] for row in asked])
    history = replace(history, axis=PeriodAxis(PeriodKind.WEEK, history.axis.first, weeks))
    usual, sale = (heads_of(history.before(weeks - early)).laws(Target(1))[0][0] for early in (6, 0))
    assert sale.mean().sum() > 1.5 * usual.mean().sum()
    shuffled = draw.permutation(items)
    (again,), _ = heads_of(history.take(shuffled)).laws(Target(1))
    assert (again.probability == sale.take(shuffled).probability).all()
