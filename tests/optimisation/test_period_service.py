"""Complete periods: what is promised of a level is what a simulated shelf fills, whether demand waits or not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demand.distribution import DemandLaw, negative_binomial
from demand.history import Float64Array1D, Int64Array1D, Int64Array2D
from optimisation.period_service import period_fill_curves
from optimisation.service import FillCurves
from optimisation.simulate import OrderingRules, Unmet, simulate

SHELVES, PERIODS, WARM_UP = 1500, 90, 30


def independent(mean: float, shape: float, length: int) -> DemandLaw:
    """Demand of independent negative binomial periods: shapes add."""
    return negative_binomial([mean * length], [shape * length]) if length else DemandLaw.from_rows([[1.0]])


def one_rate(mean: float, shape: float, length: int) -> DemandLaw:
    """Poisson demand at a rate that is gamma distributed over parts and stays as it is."""
    return negative_binomial([mean * length], [shape]) if length else DemandLaw.from_rows([[1.0]])


def lived(demand: Int64Array2D, level: int, lead: int, review: int, unmet: Unmet) -> tuple[float, float]:
    """The share of periods with demand that were filled whole, and its standard error, shelves being independent."""
    every: Int64Array1D = np.ones(demand.shape[0], dtype=np.int64)
    rules = OrderingRules.up_to(every * level, every * lead, every * review)
    shelf = simulate(demand, rules, every * level, unmet, WARM_UP)
    share = shelf.whole_periods.sum() / shelf.asked_periods.sum()
    residual = shelf.whole_periods - share * shelf.asked_periods
    return float(share), float(np.sqrt((residual**2).sum()) / shelf.asked_periods.sum())


def level_of(curves: FillCurves, fill: float) -> int:
    return int(curves.least_level(np.array([fill]))[0])


@pytest.mark.parametrize("fill", [0.8, 0.97])
@pytest.mark.parametrize(("lead", "review"), [(0, 1), (1, 1), (3, 1), (1, 3)])
@pytest.mark.parametrize(("mean", "shape"), [(0.3, 0.3), (4.0, 2.0)])
def test_where_demand_waits_a_simulated_shelf_fills_what_is_promised(
    mean: float, shape: float, lead: int, review: int, fill: float
) -> None:
    spans = tuple(independent(mean, shape, length) for length in range(lead, lead + review + 1))
    curves = period_fill_curves(independent(mean, shape, 1), spans, lead, waits=True)
    level = level_of(curves, fill)
    demand = np.random.default_rng(level).negative_binomial(shape, shape / (shape + mean), (SHELVES, PERIODS))
    came, error = lived(demand, level, lead, review, Unmet.BACKORDER)
    assert came == pytest.approx(curves.fill_at(level)[0], abs=4 * error)


@pytest.mark.parametrize("lead", [1, 3])
@pytest.mark.parametrize("mean", [0.2, 2.0])
def test_a_rate_that_is_not_known_is_promised_for_as_well(mean: float, lead: int) -> None:
    """Parts with a higher rate than believed ask for more before and for more now."""
    shape, chance = 0.8, np.random.default_rng(lead)
    curves = period_fill_curves(
        one_rate(mean, shape, 1), (one_rate(mean, shape, lead), one_rate(mean, shape, lead + 1)), lead, waits=True
    )
    level = level_of(curves, 0.9)
    rate = chance.gamma(shape, mean / shape, (4 * SHELVES, 1))
    demand = chance.poisson(np.broadcast_to(rate, (4 * SHELVES, PERIODS)))
    came, error = lived(demand, level, lead, 1, Unmet.BACKORDER)
    assert came == pytest.approx(curves.fill_at(level)[0], abs=4 * error)


@pytest.mark.parametrize("fill", [0.85, 0.95])
@pytest.mark.parametrize(("mean", "shape"), [(0.3, 5.0), (2.0, 0.5), (10.0, 30.0)])
def test_urgent_orders_leave_on_the_shelf_what_is_promised(mean: float, shape: float, fill: float) -> None:
    laws = tuple(independent(mean, shape, length) for length in (1, 2))
    curves = period_fill_curves(laws[0], laws, 1, waits=False)
    level = level_of(curves, fill)
    demand = np.random.default_rng(level).negative_binomial(shape, shape / (shape + mean), (SHELVES, PERIODS))
    came, error = lived(demand, level, 1, 1, Unmet.URGENT)
    assert came == pytest.approx(curves.fill_at(level)[0], abs=4 * error)


@pytest.mark.parametrize("lead", [2, 4])
@pytest.mark.parametrize(("mean", "shape"), [(0.3, 5.0), (2.0, 0.5), (10.0, 2.0), (10.0, 30.0)])
def test_over_longer_lead_times_urgent_orders_are_promised_for_within_a_point(
    mean: float, shape: float, lead: int
) -> None:
    spans = tuple(independent(mean, shape, length) for length in (lead, lead + 1))
    one = independent(mean, shape, 1)
    waiting, urgent = (period_fill_curves(one, spans, lead, waits=waits) for waits in (True, False))
    level = level_of(waiting, 0.94)
    demand = np.random.default_rng(level).negative_binomial(shape, shape / (shape + mean), (SHELVES, PERIODS))
    came, _ = lived(demand, level, lead, 1, Unmet.URGENT)
    assert came == pytest.approx(urgent.fill_at(level)[0], abs=0.01)
    assert abs(came - urgent.fill_at(level)[0]) < abs(came - waiting.fill_at(level)[0])


def plain_filled(period: Float64Array1D, lead: Float64Array1D, longer: Float64Array1D, level: int) -> float:
    """B(S) where demand waits, ρ found by trying thousands."""
    quiet, q0 = period[0], min(longer[0] / lead[0], 1.0)
    tried = np.linspace(0, 1, 20_001)
    said = np.array([float(lead @ (q0 * ratio ** np.arange(lead.size))) for ratio in tried])
    ratio = tried[np.argmin(np.abs(said - quiet))]
    idle = sum(lead[d] * q0 * ratio**d for d in range(min(level + 1, lead.size)))
    return float(longer[: level + 1].sum() - idle)


def plain_chain(period: Float64Array1D, level: int) -> float:
    """Lines filled where nothing waits and L = 1: the units on order, period after period until nothing changes."""
    out = np.eye(1, level + 1)[0]
    for _ in range(400):
        after = np.zeros(level + 1)
        for units, chance in enumerate(out):
            for asked, likely in enumerate(period):
                after[min(asked, level - units)] += chance * likely
        out = (out + after) / 2  # the chain may go to and fro between two states
    return float(sum(out[units] * period[1 : level - units + 1].sum() for units in range(level + 1)))


def test_the_compiled_curves_are_those_of_their_plain_twins() -> None:
    slow, fast = np.array([0.8, 0.1, 0.1, 0.0, 0.0, 0.0]), np.array([0.2, 0.3, 0.1, 0.0, 0.3, 0.1])
    period, longer = (slow + fast) / 2, (np.convolve(slow, slow) + np.convolve(fast, fast)) / 2
    lead = period
    laws = [DemandLaw.from_rows([row]) for row in (period, lead, longer)]
    curves = period_fill_curves(laws[0], (laws[1], laws[2]), 1, waits=True)
    for level in (1, 3, 6, 8):
        assert curves.complete_lines_at(level)[0] == pytest.approx(plain_filled(period, lead, longer, level), abs=2e-4)
    twice = DemandLaw.from_rows([np.convolve(period, period)])
    urgent = period_fill_curves(laws[0], (laws[0], twice), 1, waits=False)
    for level in (1, 2, 4, 7):
        assert urgent.complete_lines_at(level)[0] == pytest.approx(plain_chain(period, level), abs=1e-6)


@settings(max_examples=40)
@given(mean=st.floats(0.01, 20), shape=st.floats(0.2, 10), lead=st.integers(0, 4), wider=st.floats(0.5, 2))
def test_more_stock_never_fills_fewer_lines_and_enough_fills_all(
    mean: float, shape: float, lead: int, wider: float
) -> None:
    spans = (one_rate(mean * wider, shape, lead), one_rate(mean, shape, lead + 1))  # laws that do not fit one another
    waiting, urgent = (period_fill_curves(one_rate(mean, shape, 1), spans, lead, waits=each) for each in (True, False))
    for curves in (waiting, urgent):
        assert (np.diff(curves.complete_lines) >= 0).all()
        assert (np.diff(curves.stock_units) >= 0).all()
        assert curves.fill_at(curves.level_max)[0] == pytest.approx(1, abs=1e-4)
        assert curves.complete_lines[0] == 0
    assert (urgent.complete_lines >= waiting.complete_lines - 1e-12).all()


def test_a_part_is_promised_the_same_alone_and_beside_others() -> None:
    chance = np.random.default_rng(3)
    mean, shape = chance.lognormal(0, 1.5, 12), np.full(12, 1.5)
    laws = [negative_binomial(mean * length, shape) for length in (1, 2, 3)]
    together = period_fill_curves(laws[0], (laws[1], laws[2]), 2, waits=False)
    for item in (0, 5, 11):
        own = [law.take(np.array([item])) for law in laws]
        alone = period_fill_curves(own[0], (own[1], own[2]), 2, waits=False)
        chosen = together.take(np.arange(12) == item)
        assert chosen.complete_lines.tobytes() == alone.complete_lines.tobytes()
        assert chosen.stock_units.tobytes() == alone.stock_units.tobytes()


def test_a_part_that_is_never_asked_for_has_no_lines() -> None:
    nothing = DemandLaw.from_rows([[1.0]])
    curves = period_fill_curves(nothing, (nothing, nothing), 1, waits=False)
    assert curves.lines.tolist() == [0.0]
    assert curves.complete_lines.tolist() == [0.0]
    assert curves.fill_at(0).tolist() == [1.0]


def test_laws_of_fewer_parts_or_spans_are_refused() -> None:
    law = negative_binomial([1.0, 2.0], 1.0)
    with pytest.raises(ValueError, match="one row per item"):
        period_fill_curves(law, (law,), 1, waits=True)
    with pytest.raises(ValueError, match="one row per item"):
        period_fill_curves(law, (law, law.take(np.array([0]))), 1, waits=True)
