"""Numbers as the managers of a country read them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from inventory.figures.catalogue import definition_of
from inventory.figures.scope import Scope
from reporting.pack import amounts
from tests.reporting.pack.made_pack import JUNE


@pytest.mark.parametrize(
    ("figure_id", "value", "english", "chinese"),
    [
        ("REVENUE_NET", Fraction(5_128_797, 10), "¥512,880", "51.29 万元"),
        ("REVENUE_NET", Fraction(123_456_789), "¥123,456,789", "1.23 亿元"),
        ("LOST_VALUE", Fraction(9_999), "¥9,999", "9,999 元"),
        ("LOST_VALUE", Fraction(97, 2), "¥48.50", "48.50 元"),
        ("LOST_VALUE", Fraction(0), "¥0", "0 元"),
        ("FILL_SHELF_LINE", Fraction(921, 1000), "92.1 %", "92.1%"),
        ("TURN_GROSS", Fraction(9, 2), "4.5 a year", "4.5 次/年"),
        ("SHORT_LINES_COMMON", Fraction(1234), "1,234", "1,234"),
        ("PARTS_LABOUR", Fraction(128, 100), "1.28", "1.28"),
    ],
)
def test_a_value_is_read_in_its_unit_and_language(figure_id: str, value: Fraction, english: str, chinese: str) -> None:
    definition = definition_of(figure_id)
    assert amounts.value_text(value, definition, "en") == english
    assert amounts.value_text(value, definition, "zh") == chinese
    assert amounts.value_text(None, definition, "en") == "–"


def test_a_share_changes_by_points_an_amount_by_per_cent_and_nothing_from_nothing() -> None:
    fill, revenue = definition_of("FILL_SHELF_LINE"), definition_of("REVENUE_NET")
    assert amounts.change_text(Fraction(-7, 1000), fill, "en", Fraction(1)) == "−0.7 pts"
    assert amounts.change_text(Fraction(-7, 1000), fill, "zh", Fraction(1)) == "−0.7 个百分点"
    assert amounts.change_text(Fraction(50), revenue, "en", Fraction(400)) == "+12.5 %"
    assert amounts.change_text(Fraction(50), revenue, "en", Fraction(0)) == "–"
    assert amounts.change_text(None, revenue, "en", None) == "–"


def test_a_period_is_named_as_people_name_it() -> None:
    month = Scope(JUNE, JUNE, date(2026, 6, 30))
    week = Scope(JUNE, JUNE, date(2026, 6, 21), first_day=date(2026, 6, 15))
    day = Scope(JUNE, JUNE, date(2026, 6, 21), first_day=date(2026, 6, 21))
    assert [amounts.period(each, "en") for each in (month, week, day)] == [
        "June 2026", "15–21 June 2026", "21 June 2026",
    ]  # fmt: skip
    assert [amounts.period(each, "zh") for each in (month, day)] == ["2026年6月", "2026年6月21日"]


@given(some.fractions(-(10**9), 10**9, max_denominator=10_000), some.sampled_from([0, 1, 2]))
def test_a_number_is_never_off_by_more_than_half_its_last_digit(value: Fraction, decimals: int) -> None:
    shown = Fraction(amounts.number(value, decimals).replace(",", "").replace("−", "-"))
    assert abs(shown - value) <= Fraction(1, 2 * 10**decimals) + abs(value) / 10**12
    assert not amounts.number(value, decimals).startswith("−0.00")


@given(some.fractions(-100, 100, max_denominator=1000))
def test_a_change_says_its_direction_unless_it_rounds_to_nothing(change: Fraction) -> None:
    sign = amounts.signed(change, 1)[0]
    assert sign == ("±" if not round(change, 1) else "+" if change > 0 else "−")
