"""Lead times: what is told is believed until deliveries say otherwise, and then as far as they do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from planning.levels.lead_times import TOLD_ORDERS, LeadTime, lead_times
from planning.notes import notes_of
from planning.preparing.prepare import forecast_of
from planning.run import work_out
from planning.settings import Settings
from reporting.reasons import note_sentence
from tests.planning.books import frame, small_dealership

FIRST, TODAY = date(2026, 1, 5), date(2026, 6, 30)


def receipt(number: int, days: int, lines: int = 1, supplier: str = "GPC", kind: str = "stock") -> tuple[object, ...]:
    return (f"PO{number}", supplier, kind, FIRST, FIRST + timedelta(days=days), lines)


def learnt(
    rows: list[tuple[object, ...]],
    told: tuple[float, float] = (7.0, 2.0),
    only_told: bool = False,
    waiting: list[tuple[object, ...]] | None = None,
) -> LeadTime:
    channels = frame("channels", [("GPC", "stock", *told, "", 1_000_000, 0, 0)])
    tables = frame("receipts", rows), frame("open_orders", waiting or [])
    (found,) = lead_times(channels, *tables, TODAY, only_told=only_told)
    return found


def still_open(number: int, age: int, part_no: str = "P") -> tuple[object, ...]:
    placed = TODAY - timedelta(days=age)
    return (f"PO{number}", "S01", part_no, "GPC", "stock", 1000, 10_000, placed, placed + timedelta(days=7))


def test_without_a_delivery_the_supplier_is_believed() -> None:
    assert learnt([]) == LeadTime(7.0, 2.0, 0, 0.0, 0.0, 7.0, 2.0)


def test_deliveries_move_what_was_told_as_the_conjugate_prior_says() -> None:
    days = [9, 12, 8, 11, 10]
    found = learnt([receipt(number, day) for number, day in enumerate(days)])
    assert (found.orders, found.seen_mean) == (5, 10.0)
    assert found.seen_sd == pytest.approx(2**0.5)
    assert found.mean == pytest.approx((5 * 7 + 5 * 10) / 10)
    variance = (5 * 2.0**2 + 5 * 2.0 + 25 / 10 * 3.0**2) / 10
    assert found.sd == pytest.approx((variance * 1.1) ** 0.5)


def test_an_order_counts_once_however_many_lines_it_has() -> None:
    few = learnt([receipt(1, 5), receipt(2, 9)])
    assert few == learnt([receipt(1, 5, 400), receipt(2, 9)])


def test_what_came_later_counts_with_its_share_of_the_order() -> None:
    found = learnt([receipt(1, 5, 9), receipt(1, 25, 1)])
    assert (found.orders, found.seen_mean) == (1, 7.0)
    assert found.seen_sd == pytest.approx(6.0)


def test_each_channel_learns_from_its_own_orders() -> None:
    assert learnt([receipt(1, 30, supplier="LUB"), receipt(2, 30, kind="urgent")]).orders == 0


def test_what_was_delivered_counts_for_nothing_where_the_settings_say_so() -> None:
    assert learnt([receipt(1, 30)], only_told=True).mean == 7.0


@settings(max_examples=15)
@given(days=st.lists(st.integers(0, 60), min_size=1, max_size=40))
def test_what_is_planned_with_lies_between_what_was_told_and_what_was_seen(days: list[int]) -> None:
    found = learnt([receipt(number, day) for number, day in enumerate(days)])
    assert min(7.0, found.seen_mean) - 1e-9 <= found.mean <= max(7.0, found.seen_mean) + 1e-9
    assert (
        abs(found.mean - found.seen_mean) <= TOLD_ORDERS / (TOLD_ORDERS + len(days)) * abs(7.0 - found.seen_mean) + 1e-9
    )
    assert found.sd > 0


def test_an_order_just_placed_says_nothing_and_one_that_is_late_says_how_late_at_least() -> None:
    came = [receipt(number, day) for number, day in enumerate([6, 7, 8, 7, 9, 6])]
    without, young, late = (learnt(came, waiting=rows) for rows in ([], [still_open(90, 1)], [still_open(90, 25)]))
    assert young.mean == pytest.approx(without.mean, abs=0.02)
    assert young.sd == pytest.approx(without.sd, abs=0.02)
    assert (young.late, late.late) == (0, 1)
    # As late as it is, it weighs no less than one that came today would.
    came_today = learnt([*came, receipt(90, 25)])
    assert late.mean >= came_today.mean > without.mean
    assert late.sd > without.sd


def test_what_is_open_moves_the_law_to_where_the_days_seen_are_likeliest() -> None:
    """Beside a plain search for the mode of prior times chances: densities of what came, P(T > age) of what did not."""
    days, ages = [6.0, 7.0, 9.0, 8.0], [12.0, 4.0, 15.0]
    rows = [receipt(number, int(day)) for number, day in enumerate(days)]
    found = learnt(rows, waiting=[still_open(90 + place, int(age)) for place, age in enumerate(ages)])
    means, sds = np.meshgrid(np.linspace(5, 16, 441), np.linspace(1.5, 8, 521))
    told = stats.norm.logpdf(7.0, means, sds) * TOLD_ORDERS - TOLD_ORDERS * 2.0**2 / (2 * sds**2)
    chance = told + sum(stats.norm.logpdf(day, means, sds) for day in days)
    chance = chance + sum(stats.norm.logsf(age, means, sds) for age in ages)
    best = np.unravel_index(np.argmax(chance), chance.shape)
    assert found.mean == pytest.approx(means[best], abs=0.03)
    assert found.sd == pytest.approx(sds[best] * (1 + 1 / (TOLD_ORDERS + len(days))) ** 0.5, abs=0.03)


def test_orders_taken_over_while_under_way_say_nothing_of_how_long_others_take() -> None:
    """Of a list of open orders what came in time was never in it: its late ones would make every supplier slow."""
    came = [receipt(number, day) for number, day in enumerate([6, 7, 8, 7, 9, 6])]
    listed = [(*still_open(90 + age, age), TODAY) for age in (2, 14, 35, 42)]
    alone, beside = learnt([], waiting=listed), learnt(came, waiting=listed)
    assert (alone.mean, alone.sd, alone.late, alone.taken_over) == (7.0, 2.0, 0, 3)
    assert beside == replace(learnt(came), taken_over=3)
    since = (*receipt(91, 60), FIRST + timedelta(days=40))
    assert learnt([*came, since]) == learnt(came), "and no more once they have come"
    followed = [(*still_open(90 + age, age), TODAY - timedelta(days=age - 1)) for age in (2, 14, 35, 42)]
    assert learnt(came, waiting=followed).mean > learnt(came).mean
    assert learnt(came, waiting=followed).late == 3


def test_of_an_order_that_came_in_part_the_rest_is_open_with_its_share() -> None:
    found = learnt([receipt(1, 5, 3)], waiting=[still_open(1, 40)])
    assert found.orders == 1
    assert found.seen_mean == 5.0
    assert learnt([receipt(1, 5, 3)]).mean < found.mean < learnt([receipt(1, 5, 1)], waiting=[still_open(1, 40)]).mean


def test_late_orders_count_for_nothing_where_the_settings_say_so_and_old_ones_are_forgotten() -> None:
    assert learnt([], only_told=True, waiting=[still_open(1, 40)]).mean == 7.0
    assert learnt([], waiting=[still_open(1, 1000)]) == LeadTime(7.0, 2.0, 0, 0.0, 0.0, 7.0, 2.0)


def test_what_is_late_is_named_in_both_languages() -> None:
    books = small_dealership(open_orders=[still_open(1, 60, "BRK-1")])
    notes = notes_of(work_out(books, Settings(), forecast_of(books, Settings())))
    (note,) = [note for note in notes if note.kind == "lead-time-late"]
    assert note_sentence(note, "en").startswith("GPC, stock: orders open for longer than he told: 1")
    assert "1 张订单超过告知的交货期仍未到货" in note_sentence(note, "zh")


def test_what_was_late_when_it_was_taken_over_is_named_in_both_languages_and_changes_no_plan() -> None:
    listed = (*still_open(1, 60, "BRK-1"), TODAY)
    on_time = (*still_open(1, 1, "BRK-1"), TODAY)
    forecast = forecast_of(small_dealership(), Settings())
    with_late, without = (
        work_out(small_dealership(open_orders=[row]), Settings(), forecast) for row in (listed, on_time)
    )
    assert with_late.targets.level.tolist() == without.targets.level.tolist()
    (note,) = [note for note in notes_of(with_late) if note.kind == "lead-time-taken-over"]
    assert note_sentence(note, "en").startswith("Orders open for longer than told: GPC 1. They were under way")
    assert "录入账簿时已在途" in note_sentence(note, "zh")


def test_many_orders_outweigh_what_was_told() -> None:
    few, many = (learnt([receipt(number, 14 + number % 3) for number in range(count)]) for count in (9, 900))
    assert abs(many.mean - 15) < 0.1 < abs(few.mean - 15)
    assert abs(many.sd - many.seen_sd) < 0.3 < abs(few.sd - few.seen_sd)


def test_a_supplier_seen_to_be_slow_is_expected_later_held_more_of_and_named() -> None:
    late = [receipt(number, 25) for number in range(30)]
    quick, slow = (small_dealership(receipts=rows) for rows in ([], late))
    forecast = forecast_of(quick, Settings())
    before, after = (work_out(books, Settings(), forecast) for books in (quick, slow))
    channel = before.channels.supplier.index("GPC")
    assert before.channels.days[channel].expected_on < after.channels.days[channel].expected_on
    brake = before.items.part_no.index("BRK-1")
    assert before.targets.level[brake] < after.targets.level[brake]
    (note,) = [note for note in notes_of(after) if note.kind == "lead-time"]
    assert note_sentence(note, "en").startswith(
        "GPC, stock: lead time told as 5.0 ± 1.0 days, seen as 25.0 ± 0.0 (orders received: 30); planned with 22.1"
    )
    assert "30 张到货订单" in note_sentence(note, "zh")
    assert not [note for note in notes_of(before) if note.kind == "lead-time"]
