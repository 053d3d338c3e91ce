"""What all items did of late is taken out of what is known of each: as far as they are enough to show it."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.heads.states import FADING, Means, Past, states_at
from forecasting.heads.together import TRUST, Together
from tests.forecasting.histories import history_of

MONTHS, YEAR = 30, 12
WINDOWS = np.array([1, 3, YEAR, MONTHS])
FADED = np.array(FADING)


def past_of(rows: np.ndarray) -> Past:
    return Past.of(history_of([[int(k) for k in row] for row in rows])).seen_together()


def of_late(past: Past, name: str = "level_3") -> np.ndarray:
    """How far each item's last months lie beside its last year, as the regressions read it."""
    states = states_at(past, Means.of(past))
    return np.asarray(states[name] - states[name.rpartition("_")[0] + "_12"])


def panel(items: int) -> np.ndarray:
    return np.random.default_rng(8).poisson(6.0, (items, MONTHS))


def test_a_spring_of_all_items_is_news_of_none_and_one_item_s_own_rise_is_its_own() -> None:
    asked = panel(400)
    asked[:, -3:] = asked[:, -3:] * 3 // 2
    asked[0, -3:] = 60
    told = of_late(past_of(asked))
    assert abs(np.median(told[1:])) < 0.05
    assert told[0] > 0.6
    plain = Past.of(history_of([[int(k) for k in row] for row in asked]))
    assert np.median(of_late(plain)) > 0.15, "else nothing was taken out"


def test_of_a_handful_of_items_everything_stays_their_own() -> None:
    asked = panel(4)
    asked[:, -3:] *= 2
    plain = Past.of(history_of([[int(k) for k in row] for row in asked]))
    assert of_late(past_of(asked)) == pytest.approx(of_late(plain), abs=0.15)


def test_the_last_year_itself_stays_as_it_is() -> None:
    asked = panel(300) * np.linspace(1, 3, MONTHS).astype(np.int64)
    past = past_of(asked)
    plain = Past.of(history_of([[int(k) for k in row] for row in asked]))
    for name in ("level_12", "often_12"):
        assert states_at(past, Means.of(past))[name].tolist() == states_at(plain, Means.of(plain))[name].tolist()


def test_how_many_are_added_up_at_a_time_makes_no_difference() -> None:
    past = past_of(np.random.default_rng(3).poisson(0.3, (20_000, 14)))
    one, two = (past.seen_together(threads).together for threads in (1, 2))
    assert one is not None
    assert two is not None
    assert one.came.tobytes() == two.came.tobytes()
    assert one.usual.tobytes() == two.usual.tobytes()


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, MONTHS))
def test_the_sums_are_those_of_the_plain_words(seed: int, known: int) -> None:
    chance = np.random.default_rng(seed)
    shape = (5, MONTHS)
    exposed = chance.choice([0.0, 0.4, 1.0], shape)
    demand = np.where(exposed > 0, chance.poisson(chance.gamma(0.5, 3.0, (5, 1)), shape), 0)
    found = Together.of(demand, lambda rows: exposed[rows], known, threads=1).departures(known, WINDOWS, FADED)
    assert found == pytest.approx(_plainly(demand.tolist(), exposed.tolist(), known), abs=1e-12)


def _plainly(demand: list[list[int]], exposed: list[list[float]], known: int) -> list[float]:
    """Return the departures item by item and month by month: the plain twin."""
    weights = [[1.0 if known - 1 - t < window else 0.0 for t in range(known)] for window in WINDOWS.tolist()]
    weights += [[fading ** (known - 1 - t) for t in range(known)] for fading in FADING]
    told = []
    for kind in (float, lambda y: float(y > 0)):
        departed = []
        for weight in weights:
            came = usual = TRUST
            for row, seen in zip(demand, exposed, strict=True):
                asked, there = sum(row[:known]), sum(seen[:known])
                if not asked or not there:
                    continue
                trusted = asked / (sum(y * y for y in row[:known]) + asked)
                mean = sum(kind(y) for y in row[:known]) / there
                came += sum(weight[t] * trusted * kind(row[t]) for t in range(known))
                usual += sum(weight[t] * trusted * mean * seen[t] for t in range(known))
            departed.append(math.log(came / usual))
        told += [each - departed[2] for each in departed]
    return told
