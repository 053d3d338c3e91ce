"""Each part on the shelf stands with its chance of never again, the value at risk, and what to do with it."""

from __future__ import annotations

from dataclasses import replace

from reporting.pack.idle import risk_told, ways_told, with_risk, with_ways
from reporting.pack.lists import lists_of
from reporting.pack.page import html_report
from tests.reporting.pack.made_pack import made_pack

SHELF = [{"store": "S01", "part_no": part_no, "value_e4": value} for part_no, value in (("A", 10_0000), ("B", 90_0000))]
RISKS = ([100_000, 500_000], [1_0000, 45_0000])
SURPLUS = [
    {"store": "S01", "part_no": "B", "action": "return", "quantity_milli": 2000, "to": "GPC", "act_by": "2026-08-01"},
    {"store": "S01", "part_no": "B", "action": "write-off", "quantity_milli": 500, "to": "", "act_by": ""},
    {"store": "S01", "part_no": "A", "action": "keep", "quantity_milli": 1000, "to": "", "act_by": ""},
]


def test_what_is_most_at_risk_comes_first_and_the_whole_is_told_in_a_sentence() -> None:
    rows = with_risk(SHELF, *RISKS)
    assert [(row["part_no"], row["at_risk_e4"]) for row in rows] == [("B", 45_0000), ("A", 1_0000)]
    assert risk_told(rows, "en").startswith("¥46.00 of ¥100.00 on the shelf (46.0 %)")
    assert risk_told([], "zh") == ""


def test_a_part_may_go_several_ways_and_what_is_worth_most_on_the_shelf_is_kept() -> None:
    rows = with_ways(with_risk(SHELF, *RISKS), SURPLUS)
    assert [ways_told(row, "en") for row in rows] == ["return to GPC by 2026-08-01 (2); write off (0.5)", "keep"]
    assert ways_told(rows[0], "zh") == "2026-08-01 前退回 GPC（2）；报废核销（0.5）"


def test_what_to_do_is_a_column_only_where_it_was_asked_for() -> None:
    pack = made_pack()
    weighed = replace(pack, stocked_parts=with_ways(pack.stocked_parts, ()))
    names = [
        [column.name for column in lists_of(each, "en")["stocked_parts"].table.columns] for each in (pack, weighed)
    ]
    assert names[1] == [*names[0], "action"]
    assert "What to do</th>" in html_report(weighed, "en")
    assert "What to do</th>" not in html_report(pack, "en")
