"""Rows that nothing can be planned with are told one by one, and cost nobody else his plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from demand.distribution import DemandLaw
from demand.periods import PeriodKind
from inventory.snapshot import Snapshot
from optimisation.costs import CostTerms
from optimisation.levels import levels_for_fill_rate
from optimisation.service import fill_curves
from planning.proposal import Plan
from planning.run import plan
from planning.settings import PlanningSettings, Settings, SettingsError
from planning.unusable import usable
from reporting.reasons import note_sentence
from tests.planning.books import panel_rows, part, small_dealership, snapshot_of


def _books() -> Snapshot:
    """Return the small dealership with empty shelves, so that every supplier is ordered from."""
    books = small_dealership()
    return replace(books, positions=books.positions.iloc[:0])


def _spoilt(table: str, column: str, row: int, value: object) -> Snapshot:
    """Return the small dealership with one cell as no import would take it."""
    books = _books()
    spoilt = getattr(books, table).copy()
    spoilt.loc[row, column] = value
    return replace(books, **{table: spoilt})


def _parts_ordered(found: Plan) -> set[str]:
    return {line.part_no for proposal in found.proposals for line in proposal.lines}


@pytest.fixture(scope="module")
def sound() -> Plan:
    return plan(_books(), Settings())


@pytest.mark.parametrize(
    ("table", "column", "row", "value", "heading", "lost"),
    [
        ("channels", "lead_time_days_mean", 2, -3.0, "lead_time_days_mean", {"OIL-5W"}),
        ("channels", "lead_time_days_mean", 2, np.nan, "lead_time_days_mean", {"OIL-5W"}),
        ("channels", "lead_time_days_sd", 2, -1.0, "lead_time_days_sd", {"OIL-5W"}),
        ("channels", "order_weekdays", 2, "SOMEDAY", "order_weekdays", {"OIL-5W"}),
        ("parts", "pack_size_milli", 0, 0, "pack_size", {"00195040"}),
        ("parts", "unit_cost_e4", 0, -1, "unit_cost", {"00195040"}),
    ],
)
def test_a_row_that_cannot_be_is_named_and_the_rest_is_planned(
    sound: Plan, table: str, column: str, row: int, value: object, heading: str, lost: set[str]
) -> None:
    found = plan(_spoilt(table, column, row, value), Settings())
    told = [note for note in found.notes if note.kind == "left-out"]
    assert [note.facts["column"] for note in told] == [heading]
    assert lost <= _parts_ordered(sound)
    assert _parts_ordered(found) == _parts_ordered(sound) - lost
    for language in ("en", "zh"):
        assert str(told[0].facts["source"]) in note_sentence(told[0], language)


def test_sound_books_are_taken_as_they_are() -> None:
    books = small_dealership()
    same, told = usable(books)
    assert same is books
    assert told == ()


def test_a_budget_below_zero_is_named_and_buys_nothing() -> None:
    books = small_dealership(budgets=[("S01", "2026-07", -5_0000, 0)])
    sound, told = usable(books)
    assert [finding.column for finding in told] == ["amount"]
    assert sound.budgets["amount_e4"].tolist() == [0]


def test_a_part_without_a_supplier_is_told_and_the_rest_is_planned(sound: Plan) -> None:
    found = plan(_spoilt("parts", "supplier", 0, ""), Settings())
    assert "no-channel" in {note.kind for note in found.notes}
    assert _parts_ordered(found) == _parts_ordered(sound) - {"00195040"}


def test_a_minimum_above_the_budget_lets_that_order_wait_and_buys_the_rest() -> None:
    books = _spoilt("channels", "min_order_value_e4", 2, 10**9)
    found = plan(books, Settings(), 20_000_0000)
    waiting = [note.facts["supplier"] for note in found.notes if note.kind in ("order-waits", "budget-cut")]
    assert "LUB" in waiting
    assert {proposal.supplier for proposal in found.proposals} == {"GPC"}


def test_a_goal_of_a_hundred_per_cent_is_refused_with_its_key() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_mapping({"planning": {"fill_rate": 1.0}, "store": {"S01": {"fill_rate": 0.9}}})
    assert [key for key, _, _ in refused.value.faults] == ["planning.fill_rate"]
    assert "below 1" in refused.value.faults[0][2]


def test_a_law_with_holes_is_planned_by_its_whole_curve() -> None:
    law = DemandLaw.from_rows([[0.5, 0.0, 0.0, 0.0, 0.5]])
    nothing, four = DemandLaw.from_rows([[1.0]]), DemandLaw.from_rows([[0.0, 0.0, 0.0, 0.0, 1.0]])
    curves = fill_curves(nothing, law, four)
    costs = CostTerms(np.array([1]), np.ones(1), np.ones(1))
    found = levels_for_fill_rate(curves, costs, np.ones(1), np.zeros(1, dtype=np.int64), 0.9)
    assert found.level.tolist() == [4]
    with pytest.raises(ValueError, match="finite and zero or more"):
        DemandLaw.from_rows([[0.5, np.nan, 0.5]])


@pytest.mark.parametrize("kind", list(PeriodKind))
def test_a_bare_set_is_planned_by_months_and_by_weeks_at_the_costs_that_rule(kind: PeriodKind) -> None:
    books = snapshot_of(
        parts=[part("P1", 10.0), part("P2", 10.0)],
        suppliers=[("GPC", "Genuine Parts")],
        channels=[("GPC", "stock", 14.0, 0.0, "", 1_000_000, 0, 0)],
        demand_panel=panel_rows({("P1", "S01"): 8.0, ("P2", "S01"): 1.0}, kind, 60),
        positions=[("S01", "P1", 2000, 0, 3000, 0, 20_0000)],
    )
    ordered = {}
    for shortage in (0.5, 1.0, 20.0):
        own = PlanningSettings(
            period=kind.value,
            objective="cost",
            unmet="lost",
            holding_cost_per_unit_period_e4=2000,
            shortage_cost_per_unit_e4=round(shortage * 10_000),
        )
        found = plan(books, Settings(own))
        (proposal,) = found.proposals
        ordered[shortage] = {line.part_no: line.quantity_milli for line in proposal.lines}
    assert ordered[0.5].get("P1", 0) <= ordered[1.0]["P1"] < ordered[20.0]["P1"]
    if kind is PeriodKind.WEEK:  # what is lacking before the order is here is lost: it serves the week after that
        assert 8000 <= ordered[1.0]["P1"] <= 2.2 * 8000
    else:  # three weeks of demand lie between this order's day and the arrival of the next one
        demand_milli = 8000 * 3 * 12 / 52.18
        assert demand_milli <= ordered[1.0]["P1"] + 5000 <= 2.2 * demand_milli
