"""Packs, minimums, order days, bridges."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demand.distribution import poisson
from demand.history import Int64Array1D
from optimisation.calendar import order_days, parse_weekdays
from optimisation.channels import bridge_packs
from optimisation.orders import order_quantities
from tests.optimisation.test_service import each_case


def one(number: float) -> Int64Array1D:
    return np.array([round(number * 1000)], dtype=np.int64)


QUANTITIES = [
    # level, position, pack, least, need, rounding, minimum fill, why
    (26, 6, 10, 1, 20, 0, 0, "two whole packs are just what is needed"),
    (26, 7, 10, 1, 19, 1, 0, "19 is rounded up to two packs of 10"),
    (26, 26, 10, 1, 0, 0, 0, "a position at its target orders nothing"),
    (26, 40, 10, 50, 0, 0, 0, "above its target not even the least order is made up"),
    (5, 4, 1, 6, 1, 0, 5, "one is needed, six is the least the supplier sells"),
    (12, 4, 5, 12, 8, 2, 5, "the least order of 12 is itself rounded to whole packs: 15"),
    (1, -2, 1, 1, 3, 0, 0, "what customers wait for comes on top of the target"),
    (0, -2, 4, 0, 2, 2, 0, "a part not stocked is still ordered for who waits, in whole packs"),
    (2.5, 0.5, 0.5, 0, 2, 0, 0, "oil is counted in half litres"),
]


@pytest.mark.parametrize(("level", "position", "pack", "least", "need", "rounding", "fill", "why"), QUANTITIES)
def test_a_need_becomes_whole_packs_and_at_least_the_minimum(
    level: float, position: float, pack: float, least: float, need: float, rounding: float, fill: float, why: str
) -> None:
    answer = order_quantities(one(level), one(position), one(pack), one(least))
    assert answer.need_milli[0] == need * 1000, why
    assert answer.rounding_milli[0] == rounding * 1000, why
    assert answer.minimum_fill_milli[0] == fill * 1000, why


@each_case("order_quantity_rounding")
def test_quantities_agree_with_the_reference(case: dict[str, dict[str, float]]) -> None:
    given_, expected = case["inputs"], case["expected"]
    position = given_["on_hand"] + given_["on_order"] - given_["backorders"] - given_["reserved"]
    assert position == expected["inventory_position"]
    level = given_["S"] if position <= given_["s"] else position  # above the reorder point nothing is needed
    answer = order_quantities(
        one(level), one(position), one(given_["pack_multiple"]), one(given_["minimum_order_quantity"])
    )
    assert answer.quantity_milli[0] == expected["order_quantity"] * 1000


@given(
    level=st.integers(0, 100_000), position=st.integers(-50_000, 150_000), more=st.integers(0, 50_000),
    pack=st.integers(1, 20_000), least=st.integers(0, 50_000),
)  # fmt: skip
def test_a_higher_position_never_needs_or_orders_more(
    level: int, position: int, more: int, pack: int, least: int
) -> None:
    columns = [np.array([value, value], dtype=np.int64) for value in (level, pack, least)]
    answer = order_quantities(columns[0], np.array([position, position + more]), columns[1], columns[2])
    assert answer.need_milli[1] <= answer.need_milli[0]
    assert answer.quantity_milli[1] <= answer.quantity_milli[0]
    assert (answer.quantity_milli % pack == 0).all()
    assert position + answer.quantity_milli[0] >= min(level, position + answer.quantity_milli[0])
    assert answer.quantity_milli[0] == 0 or position + answer.quantity_milli[0] >= level


def test_a_pack_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="more than nothing"):
        order_quantities(one(5), one(0), one(0), one(0))


ORDER_DAYS = [
    # day of the plan, weekdays, next order day, review days, why
    (date(2026, 6, 29), "MON,THU", date(2026, 6, 29), 3, "a Monday's plan is ordered that Monday"),
    (date(2026, 6, 30), "MON,THU", date(2026, 7, 2), 4, "from Tuesday: Thursday, then Monday"),
    (date(2026, 7, 4), "WED", date(2026, 7, 8), 7, "once a week"),
    (date(2026, 7, 4), "", date(2026, 7, 4), 5, "any day: today, and again when the settings say"),
]


@pytest.mark.parametrize(("as_of", "weekdays", "order_on", "review", "why"), ORDER_DAYS)
def test_the_next_order_day_follows_the_suppliers_week(
    as_of: date, weekdays: str, order_on: date, review: int, why: str
) -> None:
    days = order_days(as_of, parse_weekdays(weekdays), 5, 4.5, 1.0)
    assert (days.order_on, days.review_days) == (order_on, review), why
    assert days.lead_days_mean == (order_on - as_of).days + 4.5
    assert (days.expected_on - order_on).days == 5
    assert days.protection_days_mean == days.lead_days_mean + review


def test_an_unknown_weekday_is_refused() -> None:
    with pytest.raises(ValueError, match="MON, TUE"):
        parse_weekdays("MON,FUNDAY")


BRIDGES = [
    # net stock, pack, most packs, worth of a unit, surcharge of a pack, packs, why
    (0, 1, 9, 100.0, 5.0, 6, "an empty shelf is filled for as long as the next unit is likely to be missing"),
    (0, 1, 2, 100.0, 5.0, 2, "never beyond the target"),
    (30, 1, 9, 100.0, 5.0, 0, "what lies there lasts until the stock order"),
    (0, 1, 9, 100.0, 200.0, 0, "a surcharge above the worth of a unit never pays"),
    (0, 10, 1, 100.0, 40.0, 1, "a whole pack pays through its first units"),
]


@pytest.mark.parametrize(("net", "pack", "most", "worth", "surcharge", "packs", "why"), BRIDGES)
def test_a_bridge_is_ordered_where_it_avoids_more_than_it_costs(
    net: int, pack: int, most: int, worth: float, surcharge: float, packs: int, why: str
) -> None:
    answer = bridge_packs(
        poisson([1.0]), poisson([6.0]), one(net), one(1), one(pack), np.array([most]), np.array([worth]),
        np.array([surcharge]),
    )  # fmt: skip
    # By hand: the (y+1)-th unit avoids P(D_stock > y) − P(D_urgent > y).
    gains = (poisson([1.0]).at_most(y)[0] - poisson([6.0]).at_most(y)[0] for y in range(net, net + pack * most))
    by_hand = np.cumsum(list(gains))[pack - 1 :: pack] * worth - surcharge * np.arange(1, most + 1)
    assert answer[0] == (int(np.argmax(by_hand)) + 1 if by_hand.max() > 0 else 0), why
    assert (answer[0] > 0) == (packs > 0), why
