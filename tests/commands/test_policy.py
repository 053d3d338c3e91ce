"""`sparewise policy`: cases in, answers out, and the list of models in both languages."""

import json
from pathlib import Path

import pytest

from cli import run
from optimisation.cases.solve import MODELS
from reporting.words import WORDS

EOQ = {"id": "a", "model": "eoq", "inputs": {"fixed_cost": 8, "holding_cost": 0.225, "demand_rate": 1300}}


def written(folder: Path, content: object) -> Path:
    file = folder / "cases.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return file


def test_cases_are_solved_in_their_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "answers.json"
    assert run(["policy", "solve", str(written(tmp_path, {"cases": [EOQ]})), "--out", str(out)]) == 0
    results = json.loads(out.read_text("utf-8"))["results"]
    assert results == [
        {"id": "a", "result": {"order_quantity": pytest.approx(304.0468), "cost": pytest.approx(68.4105, abs=1e-4)}}
    ]
    told = capsys.readouterr()
    assert told.out == ""
    assert "1 of 1 cases solved" in told.err


def test_an_unknown_model_is_exit_code_1_and_the_rest_is_solved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "answers.json"
    cases = [{"id": 1, "model": "fortune", "inputs": {}}, EOQ, {"id": 3, "model": "lot_sizing_optimal", "inputs": {}}]
    assert run(["policy", "solve", str(written(tmp_path, {"cases": cases})), "--out", str(out)]) == 1
    results = json.loads(out.read_text("utf-8"))["results"]
    assert [set(each) for each in results] == [{"id", "error"}, {"id", "result"}, {"id", "error"}]
    assert "1 of 3 cases solved" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["{", "[]", '{"cases": 3}', '"cases"', "[" * 100_000, "\ufeff"])
def test_a_file_that_holds_no_cases_is_rejected_with_its_remedy(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "answers.json"
    assert run(["policy", "solve", str(written(tmp_path, content)), "--out", str(out)]) == 3
    assert '"cases"' in capsys.readouterr().err
    assert not out.exists()


def test_a_folder_that_is_not_there_is_a_matter_of_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "nowhere" / "answers.json"
    assert run(["policy", "solve", str(written(tmp_path, {"cases": [EOQ]})), "--out", str(out)]) == 2
    assert "folder" in capsys.readouterr().err


def test_the_models_are_listed_with_their_inputs_in_either_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "models", "--json"]) == 0
    rows = {row["model"]: row for row in json.loads(capsys.readouterr().out)}
    assert set(rows) == set(MODELS)
    assert rows["sS_poisson"]["inputs"] == "holding_cost, stockout_cost, fixed_cost, demand_mean, lead_time=0"
    assert rows["sS_poisson"]["results"] == "s, S, cost"
    assert run(["policy", "models", "--lang", "zh"]) == 0
    assert "最后一次采购" in capsys.readouterr().out
    assert {key for key in WORDS if key.startswith("model_")} == {f"model_{name}" for name in MODELS}
