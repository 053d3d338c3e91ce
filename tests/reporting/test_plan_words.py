"""Reasons in words: one sentence per line, in both languages, and a sum that adds up."""

import string

import pytest

from planning.lines import working_lines
from planning.notes import notes_of
from planning.preparing.prepare import forecast_of
from planning.run import plan, work_out
from planning.settings import Settings
from reporting.plan_tables import LINE_COLUMNS, lines_table
from reporting.reasons import line_row, line_sentence, note_sentence, run_sentences, sum_table
from reporting.words_plan import PLAN_WORDS, SENTENCES
from tests.planning.books import small_dealership

KEYS = [
    "store", "part_no", "supplier", "order_type", "quantity", "unit_cost", "value", "on_hand", "on_order", "reserved",
    "safety_stock", "reorder_point", "order_up_to_level", "expected_fill_rate", "reason",
]  # fmt: skip


def line(kind: str = "replenish", **facts: int | str) -> dict[str, object]:
    import json

    told: dict[str, int | str] = {
        "target_milli": 26_000, "position_milli": 6_000, "need_milli": 20_000, "rounding_milli": 0,
        "minimum_fill_milli": 0, "budget_cut_milli": 0, "topped_up_milli": 0, "pack_milli": 10_000,
        "least_milli": 1_000, "urgent_milli": 0, "covered_days": 9, "covered_until": "2026-07-07", **facts,
    }  # fmt: skip
    return {
        "store": "S01", "part_no": "00195040", "supplier": "GPC", "order_type": "stock", "name": "Filter",
        "quantity_milli": 20_000, "unit_cost_e4": 125_000, "on_hand_milli": 4_000, "on_order_milli": 2_000,
        "reserved_milli": 0, "backorder_milli": 0, "safety_stock_milli": 9_000, "reorder_point_milli": 25_000,
        "order_up_to_level_milli": 26_000, "expected_demand_milli": 17_000, "expected_fill_rate_ppm": 981_000,
        "reason": json.dumps({"kind": kind, "facts": told}),
    }  # fmt: skip


SENTENCES_TOLD = [
    (
        line(),
        "Order 20: target 26 to last 9 days, until the delivery of Tue 2026-07-07, at some 689 a year;"
        " 4 on hand, 2 on order.",
        "订 20：目标库存 26，保障到 周二 2026-07-07 到货前的 9 天，年需求约 689；在库 4，在途 2。",
    ),
    (
        line(need_milli=15_000, rounding_milli=5_000, position_milli=11_000),
        "Order 20: target 26 to last 9 days, until the delivery of Tue 2026-07-07, at some 689 a year;"
        " 4 on hand, 2 on order;"
        " rounded up to 2 × packs of 10.",
        "订 20：目标库存 26，保障到 周二 2026-07-07 到货前的 9 天，年需求约 689；在库 4，在途 2；"
        "按每包 10 取整为 2 包。",
    ),
    (
        line(floor="vital"),
        "Order 20: target 26 to last 9 days, until the delivery of Tue 2026-07-07, at some 689 a year;"
        " 4 on hand, 2 on order; kept at this level because it is vital.",
        "订 20：目标库存 26，保障到 周二 2026-07-07 到货前的 9 天，年需求约 689；在库 4，在途 2；"
        "因属关键件而保持此库存。",
    ),
    (
        line(need_milli=23_000, rounding_milli=-3_000, target_milli=29_000, left_out_milli=10_000),
        "Order 20: target 29 to last 9 days, until the delivery of Tue 2026-07-07, at some 689 a year;"
        " 4 on hand, 2 on order;"
        " rounded down to 2 × packs of 10: one more would fill too little for its money.",
        "订 20：目标库存 29，保障到 周二 2026-07-07 到货前的 9 天，年需求约 689；在库 4，在途 2；"
        "按每包 10 向下取整为 2 包：再多一包所满足的需求抵不上其资金。",
    ),
    (
        line(is_held=1, free_level_milli=25_000, approved_milli=1_000, transit_milli=1_000),
        "Order 20: target 26 to last 9 days, until the delivery of Tue 2026-07-07, at some 689 a year;"
        " 4 on hand, 2 on order (1 of it approved, 1 of it from another store);"
        " the target stays as in the last plan: moving it to 25 would save too little.",
        "订 20：目标库存 26，保障到 周二 2026-07-07 到货前的 9 天，年需求约 689；"
        "在库 4，在途 2（其中已批准 1，其中调拨在途 1）；目标沿用上次计划：调整到 25 节省甚微。",
    ),
    (
        line("backorder", target_milli=0, position_milli=-20_000),
        "Order 20 urgently: customers wait for 20 that nothing on hand or on order covers, 4 on hand, 2 on order.",
        "紧急订 20：客户在等 20，在库和在途均无法满足，在库 4，在途 2。",
    ),
]


@pytest.mark.parametrize(("told", "english", "chinese"), SENTENCES_TOLD)
def test_a_line_says_why_in_one_sentence(told: dict[str, object], english: str, chinese: str) -> None:
    assert line_sentence(told, "en") == english
    assert line_sentence(told, "zh") == chinese


def test_every_sentence_and_word_has_both_languages_with_the_same_places() -> None:
    for english, chinese in SENTENCES.values():
        places = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (english, chinese)]
        assert places[0] == places[1], english
    assert all(english and chinese for english, chinese in PLAN_WORDS.values())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_line_and_note_of_a_plan_can_be_said(language: str) -> None:
    snapshot, settings = small_dealership(), Settings()
    made = plan(snapshot, settings, budget_e4=6_000_000)
    told = [line_sentence(line_row(one), language) for proposal in made.proposals for one in proposal.lines]
    told += [note_sentence(note, language) for note in made.notes]
    told += run_sentences(made, settings, language)
    workings = work_out(snapshot, settings, forecast_of(snapshot, settings), 0)
    told += [note_sentence(note, language) for note in notes_of(workings)]
    for part_no in set(workings.items.part_no):
        for order_type, one in working_lines(workings, part_no, None):
            row = {**line_row(one), "order_type": order_type}
            told.append(line_sentence(row, language))
            assert sum_table(row, language).rows
    assert all("{" not in text and text.endswith((".", "。")) for text in told)


def test_a_line_has_for_programs_the_agreed_keys() -> None:
    assert [column.name for column in LINE_COLUMNS] == KEYS
    table = lines_table([line()], "json", "en")
    assert [column.name for column in table.columns] == KEYS


def test_the_dearest_lines_come_first_where_only_some_are_shown() -> None:
    cheap, dear = {**line(), "part_no": "A", "unit_cost_e4": 1}, {**line(), "part_no": "B"}
    assert [row["part_no"] for row in lines_table([cheap, dear], "table", "en", top=1).rows] == ["B"]


def test_an_edited_line_says_by_whom_and_why() -> None:
    edited = {**line(), "proposed_milli": 20_000, "quantity_milli": 30_000, "edited_by": "mei", "edit_reason": "fleet"}
    assert line_sentence(edited, "en").endswith("; set to 30 by mei: fleet.")
    steps = {row["step"]: row["quantity_milli"] for row in sum_table(edited, "en").rows}
    assert steps["± Edited by hand"] == 10_000
    assert steps["= Order quantity"] == 30_000
