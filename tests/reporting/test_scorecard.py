"""A scorecard is read with its references and their sources; programs get numbers, and nothing where nothing is."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

from inventory.figures.catalogue import named
from inventory.figures.figure import Figure
from planning.scorecard.card import Card, Reference
from planning.scorecard.nearest import nearest_lawful
from planning.scorecard.score import Scored, scored
from planning.scorecard.usual import USUAL_CARD
from reporting.scorecard import card_table, repair_table, suggest_table
from reporting.tables import render

VALUES = {"GM": (30_0000, 100_0000), "TURN_GROSS": (7, 1), "FILL_SHELF_LINE": (81, 100)}


def result(card: Card = USUAL_CARD) -> Scored:
    return scored(card, [Figure(*named(k.figure), "S01", "2026-06", *VALUES.get(k.figure, (0, 0))) for k in card.kpis])


def test_people_read_value_reference_points_and_what_could_not_be_measured() -> None:
    said = render(card_table(result(), "table"), "table", "en")
    assert "6.0–8.0 times per year" in said
    assert "≥ 38.0 %" in said
    assert "19.5 of 22" in said, "12 × 30/38 and 10 of finance"
    assert "Not measurable: 66 % of the card (Urgent orders by value, Stock-out rate, common parts" in said
    assert "every dimension weighs 10 to 50 % (here 15 % to 30 %), every KPI 5 to 30 % of the card" in said
    assert card_table(result(), "table", "zh").notes[1].startswith("无法计量：全卡的 66 %（紧急订单比例（金额）、")


def test_programs_get_a_row_per_figure_and_sum() -> None:
    rows = json.loads(render(card_table(result(), "json", "zh"), "json", "zh"))
    assert [row["kind"] for row in rows].count("kpi") == len(USUAL_CARD.kpis)
    gm, card = rows[0], rows[-1]
    assert (gm["id"], gm["weight"], gm["value"], gm["at_least"], gm["at_most"]) == ("GM", 12, 0.3, 0.38, None)
    assert (gm["reached"], gm["points"], gm["gap_money"], gm["repair_rank"]) == (0.789474, 9.473684, 8, 1)
    assert (card["kind"], card["weight"], card["points_measurable"]) == ("card", 100, 34)
    missing = next(row for row in rows if row["id"] == "CLAIM_LATE")
    assert (missing["state"], missing["points"], missing["weight"]) == ("not measurable", None, 5)


def test_what_to_repair_first_tells_what_the_gap_is_worth() -> None:
    first, second = repair_table(result(), "table").rows
    assert (first["name"], first["points_lost"], first["gap_worth"]) == ("Gross margin", "2.5", "8.00 a period")
    assert (second["id"], second["gap_worth"]) == ("FILL_SHELF_LINE", "9 lines")
    assert repair_table(result(), "table", "zh").rows[1]["gap_worth"] == "9 行"


def test_a_store_that_overrules_a_reference_shows_both() -> None:
    own = Reference(Fraction(3, 10), None, "our own", "2026-01", "CN")
    finance = USUAL_CARD.dimensions[0]
    kpis = (replace(finance.kpis[0], overruled=own), *finance.kpis[1:])
    said = result(replace(USUAL_CARD, dimensions=(replace(finance, kpis=kpis), *USUAL_CARD.dimensions[1:])))
    row = card_table(said, "table").rows[1]
    assert (row["reference"], row["reached"]) == ("≥ 30.0 %", "100 %")
    assert row["reference_source"] == (
        "own: our own; CN; 2026-01; group: ≥ 38.0 %, wanada.org, service and parts, whole department; US"
    )
    assert card_table(said, "json").rows[0]["reference_of"] == "store"
    assert card_table(said, "json").rows[0]["group_at_least"] == 0.38


def test_the_nearest_lawful_card_is_shown_beside_the_weights_as_they_are() -> None:
    finance = USUAL_CARD.dimensions[0]
    heavy = replace(USUAL_CARD, dimensions=(replace(finance, weight_permille=350), *USUAL_CARD.dimensions[1:]))
    lawful = nearest_lawful(heavy)
    table = suggest_table(heavy, lawful, 1, "table")
    assert table.rows[0]["weight_now"] == "35 %"
    assert "Least sum of squared changes" in table.notes[0]
    rows = suggest_table(heavy, lawful, 1, "json").rows
    changes = [(row.get("id", ""), round(10 * float(str(row["weight_change"])))) for row in rows]
    assert sum(change for name, change in changes if not name) == -50
    assert sum(change for name, change in changes if name) == 0, "its figures meet it half way, others give way"
    assert suggest_table(USUAL_CARD, USUAL_CARD, 1, "table", "zh").notes[0] == "该计分卡本已合规。"
