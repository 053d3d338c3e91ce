"""Cases by name: the reference file, faults that stay in their case, and what a file may hold."""

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from optimisation.cases.inputs import Field, Kind
from optimisation.cases.solve import MODELS, solve_cases

CASES_FILE = "reference_cases/inventory_cases.json"
LEFT_TO_TEXTBOOKS = {
    "lot_sizing_optimal",
    "lot_sizing_silver_meal",
    "lot_sizing_least_unit_cost",
    "joint_replenishment",
    "serial_echelon_base_stock",
    "finite_horizon_sS_normal",
}

EXAMPLES: dict[str, dict[str, Any]] = {
    "eoq": {"fixed_cost": 8, "holding_cost": 0.225, "demand_rate": 1300},
    "eoq_all_units_discount": {
        "fixed_cost": 8,
        "holding_cost_rate": 0.3,
        "demand_rate": 1300,
        "breakpoints": [0, 400, 800],
        "unit_costs": [0.75, 0.72, 0.68],
    },
    "newsvendor_discrete": {"holding_cost": 1, "stockout_cost": 2, "demand_pmf": {"1": 0.25, "4": 0.75}},
    "sS_poisson": {"holding_cost": 1, "stockout_cost": 9, "fixed_cost": 64, "demand_mean": 15},
    "RS_negbin_min_S_for_fill": {
        "demand_mean_per_period": 2.0,
        "demand_variance_per_period": 5.0,
        "lead_time": 3,
        "review_period": 1,
        "target_unit_fill_rate": 0.95,
    },
    "two_echelon_base_stock_poisson": {
        "demand_rates": [1.0, 0.5],
        "transport_times": [1, 1],
        "depot_lead_time": 4,
        "depot_stock": 5,
        "base_stock": [3, 2],
    },
    "order_quantity_rounding": {"on_hand": 3, "on_order": 2, "backorders": 1, "s": 5, "S": 12, "pack_multiple": 5},
    "compound_poisson_rnQ_service": {
        "order_line_rate": 0.1,
        "lead_time": 6,
        "line_size_pmf": [0, 0.5, 0, 0, 0.5],
        "r": 4,
        "Q": 4,
    },
    "budget_allocation_poisson": {
        "ltd_means": [1.63, 0.85],
        "unit_costs": [10, 17],
        "weights": [2.2, 1.6],
        "budget": 40,
        "max_units": 25,
    },
}


def reference_cases() -> list[dict[str, Any]]:
    places = [Path(__file__).parents[3].parent / "shared", Path(os.environ.get("SPAREWISE_SHARED", "/nonexistent"))]
    for place in places:
        if (place / CASES_FILE).exists():
            cases: list[dict[str, Any]] = json.loads((place / CASES_FILE).read_text("utf-8"))["cases"]
            return cases
    return []


REFERENCE = reference_cases()
NO_REFERENCE = f"{CASES_FILE} lies neither in ../shared nor in SPAREWISE_SHARED"


def near(found: Any, expected: Any, tolerance: Mapping[str, float]) -> bool:
    if isinstance(expected, list):
        return len(found) == len(expected) and all(near(*pair, tolerance) for pair in zip(found, expected, strict=True))
    if isinstance(expected, int) and isinstance(found, int):
        return found == expected
    return math.isclose(found, expected, rel_tol=tolerance["rel"], abs_tol=tolerance["abs"])


@pytest.mark.skipif(not REFERENCE, reason=NO_REFERENCE)
def test_every_reference_case_of_our_models_is_met_to_its_tolerance() -> None:
    ours = [case for case in REFERENCE if case["model"] not in LEFT_TO_TEXTBOOKS]
    answers = solve_cases(ours)
    for case, answer in zip(ours, answers, strict=True):
        assert answer.result is not None, (case["id"], answer.error)
        assert set(answer.result) == set(case["expected"]), case["id"]
        for key, expected in case["expected"].items():
            assert near(answer.result[key], expected, case["tolerance"]), (case["id"], key, answer.result[key])
    assert {case["model"] for case in ours} <= set(MODELS)


@pytest.mark.skipif(not REFERENCE, reason=NO_REFERENCE)
def test_a_reference_case_alone_has_the_answer_it_has_among_others() -> None:
    ours = [case for case in REFERENCE if case["model"] in MODELS]
    together = solve_cases(ours)
    for case, answer in zip(ours, together, strict=True):
        alone = solve_cases([case])[0]
        assert alone.result is not None
        assert answer.result is not None
        for key, value in alone.result.items():
            assert near(answer.result[key], value, {"rel": 1e-9, "abs": 1e-10}), (case["id"], key)


@pytest.mark.parametrize("name", sorted(LEFT_TO_TEXTBOOKS))
def test_textbook_models_are_left_to_others_and_said_so(name: str) -> None:
    answer = solve_cases([{"id": 1, "model": name, "inputs": {}}])[0]
    assert answer.error is not None
    assert "textbook" in answer.error
    assert answer.as_mapping() == {"id": 1, "error": answer.error}


def test_the_examples_come_out() -> None:
    cases = [{"id": name, "model": name, "inputs": inputs} for name, inputs in EXAMPLES.items()]
    found = {answer.case_id: answer.result or {} for answer in solve_cases(cases)}
    assert found["eoq"]["order_quantity"] == pytest.approx(304.0468, abs=1e-4)
    assert found["eoq_all_units_discount"]["price_region"] == 2
    assert found["newsvendor_discrete"] == {"base_stock_level": 4, "cost": pytest.approx(0.75)}
    assert (found["sS_poisson"]["s"], found["sS_poisson"]["S"]) == (10, 49)
    assert found["RS_negbin_min_S_for_fill"]["S"] == 17
    assert found["two_echelon_base_stock_poisson"]["depot_expected_backorders"] == pytest.approx(1.518059, abs=1e-6)
    assert found["order_quantity_rounding"] == {"inventory_position": 4, "order_quantity": 10}
    assert found["compound_poisson_rnQ_service"]["complete_line_fill_rate"] == pytest.approx(0.860406, abs=1e-6)
    assert all(isinstance(value, int) for value in found["order_quantity_rounding"].values())


@pytest.mark.parametrize(
    ("model", "change", "sentence"),
    [
        ("sS_poisson", {"lead_time": -1}, "lead_time is a number, zero or more"),
        ("sS_poisson", {"demand_mean": 0}, "demand_mean is a number above zero"),
        ("sS_poisson", {"demand_mean": "15"}, "found '15'"),
        ("sS_poisson", {"demand_mean": True}, "found True"),
        ("sS_poisson", {"demand_mean": float("nan")}, "found nan"),
        ("sS_poisson", {"demand_mean": 10**400}, "demand_mean is"),
        ("sS_poisson", {"demand_mean": None}, "found None"),
        ("sS_poisson", {"colour": "red"}, "found colour too"),
        ("sS_poisson", {"fixed_cost": 1e12, "holding_cost": 1e-9}, "orders of at most"),
        ("order_quantity_rounding", {"pack_multiple": 0}, "pack_multiple is a whole number, one or more"),
        ("order_quantity_rounding", {"on_hand": 2.5}, "on_hand is a whole number"),
        ("RS_negbin_min_S_for_fill", {"target_unit_fill_rate": 1.0}, "target_unit_fill_rate is a share"),
        ("RS_negbin_min_S_for_fill", {"demand_variance_per_period": 1.0}, "variance of a negative binomial law"),
        ("newsvendor_discrete", {"demand_pmf": [0.5, 0.4]}, "sum to one"),
        ("newsvendor_discrete", {"demand_pmf": {"1": 0.5, "-2": 0.5}}, "demand_pmf is"),
        ("newsvendor_discrete", {"demand_pmf": {"1": 0.5, "01": 0.5}}, "demand_pmf is"),
        ("newsvendor_discrete", {"demand_pmf": {}}, "demand_pmf is"),
        ("newsvendor_discrete", {"demand_pmf": [0.5, -0.1, 0.6]}, "demand_pmf is"),
        ("eoq_all_units_discount", {"unit_costs": [0.75, 0.8, 0.68]}, "prices fall"),
        ("eoq_all_units_discount", {"unit_costs": [0.75, 0.8]}, "of one length"),
        ("eoq_all_units_discount", {"breakpoints": []}, "breakpoints is a list"),
        ("compound_poisson_rnQ_service", {"line_size_pmf": [0.5, 0.5]}, "one unit or more"),
        ("two_echelon_base_stock_poisson", {"base_stock": [3, -2]}, "base_stock is a list of whole numbers"),
        ("budget_allocation_poisson", {"budget": -5}, "budget is a number, zero or more"),
    ],
)
def test_a_fault_is_told_in_a_sentence_and_the_other_cases_are_solved(
    model: str, change: dict[str, Any], sentence: str
) -> None:
    good = {"id": "good", "model": model, "inputs": EXAMPLES[model]}
    bad = {"id": "bad", "model": model, "inputs": {**EXAMPLES[model], **change}}
    answers = solve_cases([good, good, bad, good])
    assert [answer.error is None for answer in answers] == [True, True, False, True]
    assert sentence in (answers[2].error or "")
    alone = solve_cases([good])[0].result or {}
    for answer in (answers[0], answers[3]):
        assert answer.result is not None
        assert all(near(answer.result[key], value, {"rel": 1e-12, "abs": 0.0}) for key, value in alone.items())


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_missing_input_is_named(name: str) -> None:
    answer = solve_cases([{"id": 7, "model": name, "inputs": {}}])[0]
    first = next(field for field in MODELS[name].fields if field.default is None)
    assert answer.error is not None
    assert f"the input {first.name} is required" in answer.error


def test_what_is_no_case_is_told_in_its_place() -> None:
    told = solve_cases([7, {"id": 1}, {"id": 2, "model": "eoq"}, {"id": 3, "model": ["eoq"], "inputs": {}}, {}])
    assert [answer.case_id for answer in told] == [None, 1, 2, 3, None]
    assert all(answer.error for answer in told)
    assert "an object" in (told[0].error or "")
    assert "policy models" in (told[1].error or "")


def test_price_lists_of_different_lengths_do_not_disturb_one_another() -> None:
    long = EXAMPLES["eoq_all_units_discount"]
    short = {**long, "breakpoints": [0, 900], "unit_costs": [5.0, 4.5]}
    one = {**long, "breakpoints": [0], "unit_costs": [0.75]}
    cases = [{"id": i, "model": "eoq_all_units_discount", "inputs": each} for i, each in enumerate([long, short, one])]
    assert [answer.result for answer in solve_cases(cases)] == [solve_cases([case])[0].result for case in cases]


def test_an_answer_beyond_numbers_is_left_empty() -> None:
    inputs = {"demand_rate": 0.2, "lead_time_mean": 10, "lead_time_variance": 0, "y": 3}
    result = solve_cases([{"id": 1, "model": "poisson_gamma_leadtime", "inputs": inputs}])[0].result
    assert result is not None
    assert result["nbinom_r"] is None
    json.dumps(result, allow_nan=False)


def test_a_field_with_a_default_may_be_left_out() -> None:
    field = Field("lead_time", Kind("a number", lambda value: value if isinstance(value, float) else None), 0.0)
    assert field.value_of({}) == 0.0
    assert field.value_of({"lead_time": 2.5}) == 2.5
