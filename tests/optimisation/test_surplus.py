"""What to do with stock beyond its level: held against trying everything, and rules that always hold."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimisation.surplus import Actions, Idle, Ways, best_actions, keep_worth_e4, within_quota

money = st.integers(0, 300)
line = st.tuples(
    st.integers(0, 6), money, money, money, st.sampled_from((0, 0.3, 2, 7)), st.sampled_from((0, 0.2, 0.5, 1)),
    st.sampled_from((0.5, 3)),
    money, st.integers(0, 7), money, st.integers(0, 90),
)  # fmt: skip


def made(lines: list[tuple[float, ...]]) -> tuple[Idle, Ways]:
    columns = list(zip(*lines, strict=True)) if lines else [()] * 11
    real = [np.array(column, dtype=np.float64) for column in columns]
    whole = [column.astype(np.int64) for column in real]
    return Idle(whole[0], *real[1:7]), Ways(*whole[7:])


def keep_plainly(idle: Idle, row: int, unit: int) -> int:
    """keep_j by its formula."""
    h, years, p = float(idle.holding_per_year_e4[row]), float(idle.years[row]), float(idle.alive[row])
    rate = float(idle.units_per_year[row])
    used = float(idle.cost_e4[row] + idle.lacking_e4[row] - h * (unit / rate)) if rate > 0 else -h * years
    wasted = h * years  # multiplied in the same order: a half is rounded by its last digit
    return round(p * max(used, -wasted) - (1 - p) * wasted)


def best_plainly(idle: Idle, ways: Ways, row: int) -> int:
    """The most worth of a line, by trying every way to share its units out."""
    units, best = int(idle.units[row]), None
    for kept, back, cheap in product(range(units + 1), repeat=3):
        if kept + back + cheap > units or back > ways.returnable[row]:
            continue
        worth = sum(keep_plainly(idle, row, unit + 1) for unit in range(kept))
        worth += back * int(ways.return_e4[row]) + cheap * int(ways.discount_e4[row])
        worth -= ((back > 0) + (cheap > 0)) * int(ways.line_cost_e4[row])
        best = worth if best is None else max(best, worth)
    assert best is not None
    return best


def worth_of(idle: Idle, ways: Ways, found: Actions, row: int) -> int:
    """The worth of a choice, added up again."""
    worth = sum(keep_plainly(idle, row, unit + 1) for unit in range(int(found.kept[row])))
    for units, each in ((found.returned, ways.return_e4), (found.discounted, ways.discount_e4)):
        worth += int(units[row] * each[row]) - (int(ways.line_cost_e4[row]) if units[row] else 0)
    return worth


@settings(max_examples=40)
@given(st.lists(line, max_size=4))
def test_no_other_way_to_share_a_line_out_is_worth_more(lines: list[tuple[float, ...]]) -> None:
    idle, ways = made(lines)
    found = best_actions(idle, ways)
    for row in range(len(lines)):
        assert found.worth_e4[row] == best_plainly(idle, ways, row) == worth_of(idle, ways, found, row)
        parts = (found.kept, found.returned, found.discounted, found.written_off)
        assert sum(int(part[row]) for part in parts) == idle.units[row]
        assert all(part[row] >= 0 for part in parts)
        assert found.returned[row] <= ways.returnable[row]
        gone = range(int(found.kept[row]) + 1, int(idle.units[row]) + 1)
        assert found.gone_keep_worth_e4[row] == sum(keep_plainly(idle, row, unit) for unit in gone)


@settings(max_examples=40)
@given(st.lists(line, min_size=1, max_size=6), st.integers(0, 900))
def test_lines_that_share_a_quota_send_back_no_more_than_it_allows(
    lines: list[tuple[float, ...]], left_e4: int
) -> None:
    idle, ways = made(lines)
    charge = np.maximum(idle.cost_e4, 1).astype(np.int64)
    quota = np.arange(len(lines)) % 2
    allowed = within_quota(idle, ways, quota, np.array([left_e4, 10**9]), charge)
    free = best_actions(idle, ways).returned
    assert ((allowed * charge)[quota == 0]).sum() <= left_e4
    assert (allowed <= free).all()
    assert (allowed[quota == 1] == free[quota == 1]).all(), "the other quota is large enough for all"


def test_the_quota_goes_first_to_the_line_that_gains_most_per_money_sent_back() -> None:
    # two lines of 10 units at 100; the second is hardly asked for, so sending it back saves more holding
    idle, ways = made([(10, 100, 0, 25, 8, 1, 4, 85, 10, 0, 0), (10, 100, 0, 25, 0.5, 1, 4, 85, 10, 0, 0)])
    allowed = within_quota(idle, ways, np.zeros(2, dtype=np.int64), np.array([700]), np.array([100, 100]))
    assert allowed.tolist() == [0, 7]


def test_a_unit_is_kept_until_its_holding_eats_what_sending_it_back_would_bring() -> None:
    # 10 a year at 100, a quarter of it to hold for a year, 85 for a unit sent back: worth it beyond 0.6 years, 6 units
    idle, ways = made([(20, 100, 0, 25, 10, 1, 4, 85, 99, 0, 0)])
    found = best_actions(idle, ways)
    assert (int(found.kept[0]), int(found.returned[0])) == (6, 14)


def test_what_is_never_asked_for_again_is_sold_for_whatever_it_brings_or_written_off() -> None:
    dead, ways = made([(3, 100, 0, 25, 1, 0, 4, 0, 0, 20, 50), (1, 100, 0, 25, 1, 0, 4, 0, 0, 20, 50)])
    found = best_actions(dead, ways)
    assert found.discounted.tolist() == [3, 0]
    assert found.written_off.tolist() == [0, 1], "one unit is not worth the work of selling it"


def test_each_further_unit_is_worth_less_to_keep() -> None:
    idle, _ = made([(50, 100, 30, 25, 6, 0.7, 3, 0, 0, 0, 0)])
    worth = keep_worth_e4(idle, np.zeros(50, dtype=np.int64), np.arange(1, 51))
    assert (np.diff(worth) <= 0).all()
    assert (
        keep_worth_e4(replace(idle, alive=np.array([0.2])), np.zeros(1, dtype=np.int64), np.array([1])) < worth[0]
    ).all()
