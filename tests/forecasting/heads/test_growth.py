"""What all parts did together is taken to go on as far as many origins show it, and no further."""

import numpy as np
import pytest

from forecasting.heads.growth import TRUST, passing_growth
from forecasting.heads.rows import Rows, Target

ITEMS = 50


def rows_of(growth: list[float], length: int = 1, seed: int = 3) -> Rows:
    """Rows of as many origins as there are growths, the last weighing most; items of different rates."""
    draw = np.random.default_rng(seed)
    rate = np.tile(draw.gamma(2, 2, ITEMS), len(growth))
    often = np.full(rate.size, 0.4)
    by = np.repeat(growth, ITEMS)
    weight = np.repeat(0.97 ** np.arange(len(growth))[::-1], ITEMS)
    states = {"level_12": np.log(rate), "often_12": np.log(often)}
    times = often / (often + (1 - often) * np.exp(-by)) * length
    return Rows(states, rate * length * np.exp(by), times, np.ones(rate.size), weight)


def test_a_dip_seen_after_one_origin_passes_for_the_most_part() -> None:
    count, calls = passing_growth(rows_of([-0.4]), Target(1))
    assert count == pytest.approx(-0.4 * TRUST / (TRUST + 1), abs=0.002)
    assert calls == pytest.approx(-0.4 * TRUST / (TRUST + 1), abs=0.01)


def test_a_fall_seen_after_sixty_origins_is_believed() -> None:
    count, calls = passing_growth(rows_of([-0.06] * 60), Target(1))
    assert -0.06 * 0.06 < count < 0
    assert -0.06 * 0.06 < calls < 0


def test_origins_whose_stretches_are_almost_one_show_little_more_than_one() -> None:
    apart, shared = (passing_growth(rows_of([-0.2] * 6, length), Target(length))[0] for length in (1, 6))
    assert shared == pytest.approx(-0.2 * TRUST / (TRUST + 1), abs=0.002)
    assert shared < 1.5 * apart < 0


def test_origins_are_weighed_and_summed_as_written() -> None:
    growth, length = [0.3, -0.1, 0.05, 0.2, -0.25, 0.1, 0.0, 0.15], 3
    rows = rows_of(growth, length)
    total = share = squares = 0.0
    for weight in np.unique(rows.weight):
        of_origin = rows.take(rows.weight == weight)
        usual = (np.exp(of_origin.states["level_12"]) * length).sum()
        total += weight * np.log((of_origin.demand.sum() + 0.5) / (usual + 0.5))
        share, squares = share + weight, squares + weight**2
    independent = share**2 / squares / length
    expected = total / share * TRUST / (TRUST + independent)
    assert passing_growth(rows, Target(length))[0] == pytest.approx(expected, rel=1e-9)


def test_where_nothing_was_asked_nothing_grew() -> None:
    rows = rows_of([0.0] * 3)
    none = Rows(rows.states, rows.demand * 0, rows.occurrences * 0, rows.available, rows.weight)
    assert np.isfinite(passing_growth(none, Target(1))).all()
