"""A backtest as a whole: who is judged, on what, and that nobody sees what came later."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from demand.distribution import poisson
from demand.history import Float64Array1D, Float64Array2D, Observation
from forecasting.backtest.backtest import OURS, OURS_ALL, Told, backtest, origins_of, told_of_panel
from forecasting.backtest.rivals import BASELINES, COUNTS, NORMAL, RivalView
from forecasting.baselines.exponential_smoothing import ets
from forecasting.baselines.intermittent import adida, croston, croston_by_period, imapa, sba, tsb
from tests.forecasting.histories import history_of

Method = Callable[[Float64Array2D], Float64Array1D]

ROWS = np.random.default_rng(4).poisson([[0.2], [1.0], [5.0]], (3, 30)).tolist()


def test_croston_s_every_origin_of_one_pass_is_what_a_run_up_to_it_says() -> None:
    demand = np.array(ROWS, dtype=np.float64)
    every = croston_by_period(demand)
    for at in range(demand.shape[1]):
        assert every[:, at].tolist() == pytest.approx(croston(demand[:, : at + 1]).tolist())


def test_each_baseline_says_at_each_origin_what_it_says_of_the_periods_before_it() -> None:
    history = history_of(ROWS)
    view = RivalView.of(history, (13, 26), 3)
    demand = np.array(ROWS, dtype=np.float64)
    alone: dict[str, Method] = {"Croston": croston, "SBA": sba, "TSB": tsb, "ADIDA": adida, "IMAPA": imapa}
    for turn, origin in enumerate((13, 26)):
        for name, method in alone.items():
            assert view.mean[name][:, turn].tolist() == pytest.approx((3 * method(demand[:, :origin])).tolist())
        assert view.mean["ETS"][:, turn].tolist() == pytest.approx(ets(demand[:, :origin], 3).sum(axis=1).tolist())
        assert view.variance[:, turn].tolist() == pytest.approx(3 * demand[:, :origin].var(axis=1, ddof=1))


def test_what_comes_later_changes_nothing_that_a_baseline_said() -> None:
    changed = [row[:20] + [99] * 10 for row in ROWS]
    one, other = (RivalView.of(history_of(rows), (12, 20), 2) for rows in (ROWS, changed))
    assert all((one.mean[name] == other.mean[name]).all() for name in BASELINES)
    assert (one.variance == other.variance).all()


def test_every_method_is_judged_on_the_same_rows_and_ours_comes_first() -> None:
    history = history_of(ROWS)
    origins = origins_of(30, 2, 4, 1, 12)
    told = [Told(o, np.arange(3), poisson([0.4, 2.0, 10.0]), history.unit_milli) for o in origins]
    found = backtest(history, origins, told, 2, np.ones(3))
    assert [(m.name, m.law) for m in found.methods] == [
        (OURS, ""),
        *((name, law) for name in BASELINES for law in (NORMAL, COUNTS)),
    ]
    assert {m.sums.rows for m in found.methods} == {12}
    assert {m.sums.demand for m in found.methods} == {float(sum(history.quantity[:, o : o + 2].sum() for o in origins))}
    assert found.origins == tuple(history.axis.labels()[o - 1] for o in origins)
    assert found.items == (3, 3)


def test_a_stretch_not_seen_whole_is_left_out_and_what_nobody_knew_of_is_told() -> None:
    history = history_of([[1] * 14, [2] * 14, [3] * 14])
    observation, availability = history.observation.copy(), history.availability.copy()
    quantity = history.quantity.copy()
    observation[0, 13], availability[0, 13], quantity[0, 13] = Observation.MISSING, 0.0, 0
    history = replace(
        history, observation=observation, availability=availability, quantity=quantity, lines=quantity.copy()
    )
    told = [Told(12, np.array([0, 1]), poisson([2.0, 4.0]), np.array([1000, 1000]))]
    found = backtest(history, (12,), told, 2, np.ones(3))
    assert (found.left_out, found.unforeseen) == (1, 6.0)
    assert found.methods[0].sums.rows == 1
    assert found.methods[0].sums.demand == 4.0


def test_of_a_large_panel_the_baselines_judge_evenly_spread_items(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forecasting.backtest.backtest.RIVAL_ROWS", 2)
    history = history_of(ROWS)
    found = backtest(history, (24,), [Told(24, np.arange(3), poisson([1.0] * 3), history.unit_milli)], 2, np.ones(3))
    assert found.methods[0].name == OURS_ALL
    assert found.methods[0].sums.rows == 3
    assert found.methods[1].sums.rows == found.items[0] == 2


def test_a_part_not_yet_on_sale_is_told_of_by_nobody() -> None:
    history = history_of([[1] * 6, [0] * 6])
    observation, availability = history.observation.copy(), history.availability.copy()
    observation[1, :4], availability[1, :4] = Observation.BEFORE_LAUNCH, 0.0
    history = replace(history, observation=observation, availability=availability)
    law = poisson([1.0, 1.0])
    told = list(told_of_panel(history, (3, 5), [(law, history.unit_milli)] * 2))
    assert [one.items.tolist() for one in told] == [[0], [0, 1]]


def test_no_origin_is_no_backtest() -> None:
    with pytest.raises(ValueError, match="needs an origin"):
        backtest(history_of(ROWS), (), [], 2, np.ones(3))
