"""Services of single vehicles: the table is read from the books, and the months ahead are a renewal."""

from dataclasses import replace

import numpy as np
import pytest

from forecasting.visits import Served, expected_visits, habit, last_service

FIRST, MONTHS, AHEAD = 24270, 48, 6


def fleet(seed: int, vehicles: int = 3000) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return registrations, due times, and vehicle and moment of each service: late, in the end gone."""
    chance = np.random.default_rng(seed)
    registered = FIRST + chance.uniform(-40, MONTHS - 6, vehicles)
    due = chance.choice([6.0, 9.0, 12.0], vehicles)
    gone = registered + np.where(chance.random(vehicles) < 0.3, 0.0, chance.exponential(120, vehicles))
    rows, moments = [], []
    at = registered.copy()
    for _ in range(30):
        at = at + due * np.exp(chance.normal(0.1, 0.15, vehicles))
        seen = (at < gone) & (at >= FIRST)
        rows.append(np.flatnonzero(seen))
        moments.append(at[seen])
    return registered, due, np.concatenate(rows), np.concatenate(moments)


def served(registered: np.ndarray, due: np.ndarray, row: np.ndarray, when: np.ndarray) -> Served:
    came = np.zeros((registered.size, MONTHS))
    column = np.floor(when).astype(int) - FIRST
    past = column < MONTHS
    came[row[past], column[past]] = 1.0
    last = last_service(row[past], when[past], registered.size, FIRST, MONTHS)
    every_month = np.repeat(due[:, None], MONTHS + AHEAD, axis=1)
    store = np.zeros(registered.size, dtype=np.int64)
    return Served(registered, np.full(registered.size, np.inf), every_month, last, came, store)


def test_the_months_ahead_bring_as_many_as_come_and_those_who_are_due() -> None:
    registered, due, row, when = fleet(1)
    expected = expected_visits(served(registered, due, row, when), FIRST, np.ones(MONTHS + AHEAD))
    column = np.floor(when).astype(int) - FIRST
    truth = np.zeros((registered.size, MONTHS + AHEAD))
    inside = column < MONTHS + AHEAD
    truth[row[inside], column[inside]] = 1.0
    ahead = expected[:, MONTHS:]
    assert ahead.sum() == pytest.approx(truth[:, MONTHS:].sum(), rel=0.06)
    due_now = ahead[:, :2].sum(axis=1) > 0.6
    assert truth[due_now, MONTHS : MONTHS + 2].sum(axis=1).mean() == pytest.approx(
        ahead[due_now, :2].sum(axis=1).mean(), abs=0.1
    )
    assert ahead.min() >= 0


def test_a_store_whose_books_are_young_is_not_taken_for_one_that_nobody_came_to() -> None:
    """Half the fleet is of a store whose lines begin fourteen months ago; all come as they always did."""
    registered, due, row, when = fleet(4)
    young = np.arange(registered.size) % 2 == 1
    opened = FIRST + MONTHS - 14
    written = ~young[row] | (when >= opened)
    column = np.floor(when).astype(int) - FIRST
    ahead = (column >= MONTHS) & (column < MONTHS + AHEAD)
    truth = [float((ahead & (young[row] == which)).sum()) for which in (False, True)]
    known = served(registered, due, row[written], when[written])
    told = np.arange(MONTHS)[None, :] >= np.array([[0], [MONTHS - 14]])
    both = replace(known, store=young.astype(np.int64), told=told)
    found = expected_visits(both, FIRST, np.ones(MONTHS + AHEAD))[:, MONTHS:]
    assert [found[~young].sum(), found[young].sum()] == pytest.approx(truth, rel=0.08)
    blind = expected_visits(known, FIRST, np.ones(MONTHS + AHEAD))[:, MONTHS:]
    assert abs(blind.sum() - sum(truth)) > abs(found.sum() - sum(truth))


def test_the_past_is_seen_only_from_its_own_first_day() -> None:
    row, when = np.array([0, 0, 1]), np.array([FIRST + 3.5, FIRST + 9.2, FIRST + 0.1])
    last = last_service(row, when, 3, FIRST, 12)
    assert np.isnan(last[0, :4]).all()
    assert last[0, 4] == last[0, 9] == FIRST + 3.5
    assert last[0, 10] == FIRST + 9.2
    assert last[1, 1] == FIRST + 0.1
    assert np.isnan(last[2]).all()


def test_a_shop_shut_for_a_month_expects_nobody_in_it() -> None:
    registered, due, row, when = fleet(2, 400)
    busy = np.ones(MONTHS + AHEAD)
    busy[[20, MONTHS + 1]] = 0.0
    expected = expected_visits(served(registered, due, row, when), FIRST, busy)
    assert expected[:, [20, MONTHS + 1]].sum() == 0


def test_an_owner_who_is_always_late_is_due_later_and_only_from_then_on() -> None:
    when = FIRST + np.array([0.5, 12.5, 24.5, 0.5, 10.5, 20.5, 0.5, 30.5])
    row = np.array([0, 0, 0, 1, 1, 1, 2, 2])
    factor = habit(row, when, np.full((3, 40), 10.0), FIRST, 40)
    assert (factor[:, :10] == 1).all()
    assert factor[0, 30] > 1.02 > 0.98 > factor[1, 30]
    assert (factor[2] == 1).all()  # a gap of three due times hides services elsewhere


def test_a_store_whose_books_begin_later_does_not_tell_that_nobody_came_before() -> None:
    registered, due, row, when = fleet(4)
    second = np.arange(registered.size) % 2 == 1
    begins = FIRST + 36
    written = ~second[row] | (when >= begins)
    found = served(registered, due, row[written], when[written])
    told = np.stack([np.ones(MONTHS, dtype=np.bool_), np.arange(MONTHS) >= 36])
    expected = expected_visits(replace(found, store=second.astype(np.int64), told=told), FIRST, np.ones(MONTHS + AHEAD))
    column = np.floor(when).astype(int) - FIRST
    ahead = (column >= MONTHS) & (column < MONTHS + AHEAD)
    for mine in (second, ~second):
        came = np.bincount(row[ahead], minlength=registered.size)[mine].sum()
        assert expected[mine][:, MONTHS:].sum() == pytest.approx(came, rel=0.04)
