"""The futures of a world: repeatable, independent of each other, and true to the law of the past."""

from dataclasses import replace

import numpy as np
import pytest

from data_samples.settings import WorldSettings
from data_samples.truth import future_demand
from data_samples.workdays import NEVER
from data_samples.world import World, make_world


@pytest.fixture(scope="module")
def small() -> World:
    return make_world(WorldSettings(parts=300, vehicles=3000, years=1, seed=3))


def test_futures_of_one_seed_are_the_same_and_do_not_depend_on_their_number(small: World) -> None:
    few, many = future_demand(small, 2, 2, seed=9), future_demand(small, 2, 4, seed=9)
    assert (few.quantity_milli == many.quantity_milli[:2]).all()
    assert (many.quantity_milli[0] != many.quantity_milli[1]).any()
    assert few.month == ("2026-07", "2026-08")
    assert few.quantity_milli.shape == (2, 2, 2, 300)


def test_looking_into_the_future_leaves_the_world_as_it_was(small: World) -> None:
    before = small.state.copied()
    future_demand(small, 1, 1, seed=1)
    assert (small.state.odometer_km == before.odometer_km).all()
    assert (small.state.booked_day == before.booked_day).all()


def test_the_future_goes_on_where_the_past_ends(world: World) -> None:
    future = future_demand(world, 12, 6, seed=2)
    last_year = (world.requests.day >= world.settings.end_day - 365).sum()
    assert 0.95 < future.lines.sum(axis=(1, 2, 3)).mean() / last_year < 1.15


def test_appointments_tell_who_comes_but_not_that_more_come(small: World) -> None:
    nobody = replace(small.state, booked_day=np.full(len(small.fleet), NEVER, dtype=np.int64))
    assert (small.state.booked_day < NEVER).sum() > 20
    blank = future_demand(replace(small, state=nobody), 1, 80, seed=4).lines.sum(axis=(1, 2, 3))
    known = future_demand(small, 1, 80, seed=5).lines.sum(axis=(1, 2, 3))
    chance = np.sqrt((blank.var() + known.var()) / 80)
    booked_luck = 0.06 * blank.mean()
    assert abs(blank.mean() - known.mean()) < 3 * chance + booked_luck


def test_superseded_numbers_have_no_future(small: World) -> None:
    future = future_demand(small, 1, 10, seed=6)
    old = small.catalogue.links.successor >= 0
    assert future.lines[..., old].sum() == 0
    assert future.lines[..., small.catalogue.links.predecessor >= 0].sum() > 0


def test_months_outside_the_table_of_sales_are_refused(small: World) -> None:
    with pytest.raises(ValueError, match="between 1 and 24"):
        future_demand(small, 25, 1, seed=1)
