"""What leaves takes its share, to the last ten-thousandth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.books.balances import Amount, Balances, Where, share_value
from inventory.books.valuation import amount_e4, share_e4, values_out


@pytest.mark.parametrize(
    ("quantity_milli", "unit_cost_e4", "amount", "reason"),
    [
        (1000, 33_3333, 33_3333, "one unit costs its unit cost"),
        (500, 1, 1, "half a ten-thousandth is rounded up"),
        (499, 1, 0, "less than half is rounded down"),
        (2500, 10_0000, 25_0000, "two and a half litres"),
    ],
)
def test_an_amount_is_quantity_times_cost_rounded_half_up(
    quantity_milli: int, unit_cost_e4: int, amount: int, reason: str
) -> None:
    assert amount_e4(quantity_milli, unit_cost_e4) == amount, reason


def test_ten_at_ten_and_ten_at_twenty_leave_at_fifteen() -> None:
    held = {("S", "P"): Amount(20_000, 300_0000)}
    assert values_out([("S", "P", 1000)], held) == [15_0000]


def test_the_last_unit_takes_the_rest() -> None:
    held = {("S", "P"): Amount(3, 10)}  # 10/3 = 3.33: 3, then 7 − 3 = 4, then 10 − 7 = 3
    assert values_out([("S", "P", 1), ("S", "P", 1), ("S", "P", 1)], held) == [3, 4, 3]


def test_taking_more_than_there_is_is_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="more of P"):
        values_out([("S", "P", 2), ("S", "P", 2)], {("S", "P"): Amount(3, 10)})


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=8), st.integers(0, 10**18), st.integers(0, 10**12))
def test_parts_of_a_pool_never_add_up_to_more_than_the_pool(taken: list[int], value: int, left: int) -> None:
    whole = sum(taken) + left
    values = values_out([("S", "P", quantity) for quantity in taken], {("S", "P"): Amount(whole, value)})
    assert all(each >= 0 for each in values)
    assert sum(values) == share_e4(sum(taken), whole, value)
    assert sum(values) <= value
    assert left or sum(values) == value


@given(st.lists(st.integers(0, 10**12), min_size=2, max_size=6), st.integers(0, 10**18))
def test_places_share_the_value_of_the_pool_exactly(quantities: list[int], value: int) -> None:
    value = value if sum(quantities) else 0
    held: Balances = {
        Where("S", "P", "bin", str(i)): Amount(quantity, value if i == 0 else 0)
        for i, quantity in enumerate(quantities)
    }
    share_value(held)
    assert sum(amount.value_e4 for amount in held.values()) == value
    for amount in held.values():
        assert amount.value_e4 >= 0
        assert amount.quantity_milli or amount.value_e4 == 0
        if sum(quantities):  # never further than one ten-thousandth from its fair share
            assert abs(amount.value_e4 * sum(quantities) - value * amount.quantity_milli) <= sum(quantities)
