"""The simulation at the door: tables for people and programs, a drawing, sampled futures, and what it refuses."""

import json
from pathlib import Path

import numpy as np
import pytest

from cli import run


@pytest.fixture
def panel(tmp_path: Path) -> Path:
    draw = np.random.default_rng(3)
    rows = [
        f"P{part:02d},{2023 + month // 12}-{month % 12 + 1:02d},{draw.poisson(0.4 * (1 + part % 5))}"
        for part in range(12)
        for month in range(26)
    ]
    path = tmp_path / "demand.csv"
    path.write_text("part_no,period,quantity\n" + "\n".join(rows) + "\n", "utf-8")
    return path


def test_ours_stands_beside_todays_rule_and_promise_beside_fact(
    panel: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["simulate", "--panel", str(panel), "--periods", "3", "--rule", "mad"]
    assert run([*words, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["rule"] for row in rows] == ["sparewise", "mad"]
    assert {"stock_value", "line_fill", "promised_fill", "stock_for_95", "saved_at_95"} <= set(rows[0])
    assert rows[1]["promised_fill"] is None
    assert run([*words, "--curve", "--csv"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + 15 + 19


@pytest.mark.parametrize(("language", "title"), [("en", "Stock against lines filled"), ("zh", "库存与整行满足率")])
def test_futures_are_drawn_for_screen_and_paper_in_both_languages(
    panel: Path, tmp_path: Path, language: str, title: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "simulation.html"
    words = ["--futures", "2", "--periods", "3", "--lang", language, "--out", str(out)]
    assert run(["simulate", "--panel", str(panel), *words]) == 0
    assert title in capsys.readouterr().out
    drawn = out.read_text("utf-8")
    assert title in drawn
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


def test_a_table_too_short_to_be_replayed_is_told(panel: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "--panel", str(panel), "--periods", "100"]) == 3
    assert "a replay of 100 periods needs" in capsys.readouterr().err
