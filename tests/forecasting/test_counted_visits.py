"""Vehicles known by number come again when their model's visits of months ago make them due."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from forecasting import counted_visits as module
from forecasting.counted_visits import Expected, Series, chances, counted_visits
from forecasting.counted_visits_compiled import pass_months
from forecasting.hazard import LATENESS, owners_distance
from forecasting.population import AGES

YEAR_OF_OWNERS = 12.0


def series(visits: NDArray[np.float64], ahead: int = 12, kept: float = 0.75, registered: int = 24000) -> Series:
    """A hundred vehicles of one month, in books that begin with them; due every twelve months."""
    return Series(
        np.array([registered]),
        np.array([100.0]),
        24000,
        visits,
        np.ones(visits.size + ahead),
        np.inf,
        YEAR_OF_OWNERS,
        1000.0,
        np.full(AGES, kept),
    )


def alone(one: Series) -> Expected:
    return counted_visits([one])[0]


def plainly(
    registered: list[int], vehicles: list[float], again: list[list[float]], first_time: list[float], longest: int,
    busy: list[float], visits: list[float], begins: int, trust: float, surest: float,
) -> tuple[list[list[float]], list[list[float]]]:  # fmt: skip
    """The plain twin of `pass_months`: a dictionary of who waits since when."""
    months = len(busy)
    waits: list[dict[int | None, float]] = [{None: count} for count in vehicles]
    expected, squares = ([[0.0] * months for _ in vehicles] for _ in range(2))
    for month in range(months):
        chance_of: list[dict[int | None, float]] = []
        for cohort, born in enumerate(registered):
            chance: dict[int | None, float] = {}
            if born <= month:
                chance[None] = min(first_time[month - born] * busy[month], surest)
                for last in waits[cohort]:
                    if last is not None and month - last <= longest:
                        chance[last] = min(again[last - born][month - last] * busy[month], surest)
            chance_of.append(chance)
            expected[cohort][month] = sum(waits[cohort][last] * p for last, p in chance.items())
            squares[cohort][month] = sum(waits[cohort][last] * p * p for last, p in chance.items())
        seen = 0 <= month - begins < len(visits)
        total = sum(row[month] for row in expected)
        scale = (visits[month - begins] + trust) / (total + trust) if seen else 1.0
        for cohort, chance in enumerate(chance_of):
            moved = {last: waits[cohort][last] * min(p * scale, 1.0) for last, p in chance.items()}
            for last, count in moved.items():
                waits[cohort][last] -= count
            if chance:
                waits[cohort][month] = sum(moved.values())
    return expected, squares


def test_the_compiled_months_are_the_plain_ones() -> None:
    chance = np.random.default_rng(1)
    cohorts, months, begins = 4, 15, 3
    registered = np.array([0, 0, 5, 13])
    vehicles, busy = chance.uniform(5, 50, cohorts), chance.uniform(0.6, 1.4, months)
    again, first_time = chance.uniform(0, 0.5, (months + 1, months + 1)), chance.uniform(0, 0.4, months + 1)
    visits = chance.poisson(9.0, 8).astype(np.float64)
    found = np.zeros((2, cohorts, months))
    waiting = np.zeros((cohorts, months + 1))
    pass_months(
        registered, vehicles, again, first_time, 6, busy, visits, begins, 0.5, 0.45, found[0], found[1], waiting
    )
    plain = plainly(
        registered.tolist(), vehicles.tolist(), again.tolist(), first_time.tolist(), 6, busy.tolist(), visits.tolist(),
        begins, 0.5, 0.45,
    )  # fmt: skip
    assert found == pytest.approx(np.array(plain))
    assert waiting.sum(axis=1) == pytest.approx(vehicles)  # nobody is lost, and nobody is made


def test_who_came_is_due_again_a_year_later_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NEWCOMERS", (1.0,))
    came = np.zeros(24)
    came[12] = 40.0
    ahead = alone(series(came)).visits[0, 24:]
    quiet = alone(series(np.zeros(24))).visits[0, 24:]
    assert ahead[:4].sum() > 5 * quiet[:4].sum()
    came[12], came[20] = 0.0, 40.0
    assert alone(series(came)).visits[0, 24:28].sum() < 2.0


def test_nobody_comes_more_often_than_there_are_vehicles() -> None:
    found = alone(series(np.full(36, 500.0)))
    assert (found.visits <= 100.0).all()
    assert (found.squares <= found.visits).all()


def test_without_a_visit_in_the_books_the_published_shares_stand() -> None:
    found = alone(series(np.zeros(0), ahead=18))
    by_then = norm.cdf(np.log(17.5 / YEAR_OF_OWNERS / module.USUAL_LATENESS) / LATENESS)
    assert found.visits[0].sum() == pytest.approx(75.0 * by_then, rel=0.02)  # hardly one has come twice


def test_how_many_new_vehicles_come_is_read_from_the_visits() -> None:
    """75 in 100 come; a house that thinks 45 do finds it out, and foresees as many as one that was told rightly."""
    chance = np.random.default_rng(3)
    true = series(np.zeros(36), ahead=6)
    cohorts = np.arange(24000, 24030)
    true = replace(true, registered=cohorts, vehicles=np.full(cohorts.size, 60.0))
    mean = module._followed(replace(true, visits=np.zeros(0), busy=np.ones(42)), chances(true, 60), 1.0).visits.sum(
        axis=0
    )
    seen = chance.poisson(mean[:36]).astype(np.float64)
    told = [alone(replace(true, visits=seen, kept=np.full(AGES, level))).visits[:, 36:].sum() for level in (0.75, 0.45)]
    assert told[0] == pytest.approx(mean[36:].sum(), rel=0.15)
    assert told[1] == pytest.approx(told[0], rel=0.1)


def test_chances_rise_about_the_due_time_and_fade_where_customers_drift_away() -> None:
    one = series(np.zeros(12), kept=0.5)
    found = chances(one, 40)[0]
    assert found[:8].max() < 0.05
    assert found[11:16].max() > 0.3
    assert found[24:].max() < 0.05 or found[24] >= found[12]  # with nobody drifting away, who is overdue still comes
    leaving = replace(one, kept=0.9 ** np.arange(AGES, dtype=np.float64))
    assert chances(leaving, 40)[0, 26:].max() < 0.01


def test_the_law_of_a_visit_is_that_of_its_five_owners() -> None:
    """By hand: on the calendar's clock all owners are alike, and the law is one lognormal."""
    found = chances(series(np.zeros(12)), 30)[0]
    edges = np.array([10.5, 11.5, 12.5])
    reached = norm.cdf(np.log(edges / YEAR_OF_OWNERS / module.USUAL_LATENESS) / LATENESS)
    assert found[11] == pytest.approx((reached[1] - reached[0]) / (1 - reached[0]))
    assert owners_distance().mean() == pytest.approx(1.0)
