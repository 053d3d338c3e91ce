"""Cycle service, ready rate and backorders are what a simulated shelf shows."""

import numpy as np

from demand.distribution import poisson
from optimisation.service_measures import cycle_service, mean_backorders, ready_rate

LEAD, REVIEW, LEVEL = 4, 7, 13


def test_the_measures_are_what_a_simulated_base_stock_shows() -> None:
    """Reviewed each week, net stock is S − D(L) just after a delivery and S − D(L + R) just before the next."""
    random = np.random.default_rng(5)
    cycles, rate = 40_000, 1.1
    daily = random.poisson(rate, cycles * REVIEW + LEAD)
    total = np.concatenate([[0], np.cumsum(daily)])
    starts = np.arange(cycles) * REVIEW
    after = LEVEL - (total[starts + LEAD] - total[starts])
    before = LEVEL - (total[np.minimum(starts + LEAD + REVIEW, daily.size)] - total[starts])[: cycles - 1]
    lead, protection = poisson(np.array([rate * LEAD])), poisson(np.array([rate * (LEAD + REVIEW)]))
    level = np.array([LEVEL])

    def near(predicted: float, seen: np.ndarray[tuple[int], np.dtype[np.float64]]) -> bool:
        return bool(abs(predicted - seen.mean()) < 4 * seen.std() / np.sqrt(seen.size / 3))

    assert near(cycle_service(protection, level)[0], (before >= 0).astype(float))
    both = ((after[:-1] > 0).astype(float) + (before > 0)) / 2
    assert near(ready_rate(lead, protection, level)[0], both)
    short = (np.maximum(-after[:-1], 0) + np.maximum(-before, 0)) / 2
    assert near(mean_backorders(lead, protection, level)[0], short)


def test_a_level_below_zero_lacks_that_much_more() -> None:
    lead, protection = poisson(np.array([2.0])), poisson(np.array([5.0]))
    zero, below = (mean_backorders(lead, protection, np.array([level]))[0] for level in (0, -3))
    assert below == zero + 3
