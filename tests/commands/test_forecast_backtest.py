"""The backtest at the door: tables for people and programs, a drawing, and what it refuses."""

import json
from datetime import date, timedelta
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
        for month in range(30)
    ]
    path = tmp_path / "demand.csv"
    path.write_text("part_no,period,quantity\n" + "\n".join(rows) + "\n", "utf-8")
    return path


def test_every_method_has_its_row_and_none_is_judged_by_an_absolute_error(
    panel: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["forecast", "backtest", "--panel", str(panel), "--origins", "3", "--lead-time", "2"]
    assert run([*words, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 13
    assert rows[0]["method"] == "Sparewise"
    assert rows[0]["judged"] == 36
    assert {"service_loss", "covered_95", "bias", "stock_at_95"} <= set(rows[0])
    assert run([*words, "--lang", "zh"]) == 0
    told = capsys.readouterr().out
    assert "各方法得分" in told
    for banned in ("MAE", "WAPE", "MAPE"):
        assert banned not in told


@pytest.mark.parametrize(("wanted", "rows"), [("bias", 13 * 7), ("curve", 13 * 11)])
def test_bias_and_curve_are_tables_of_their_own(
    panel: Path, wanted: str, rows: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["forecast", "backtest", "--panel", str(panel), "--origins", "2", "--of", wanted, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == rows


def test_a_weekly_table_is_judged_by_weeks_or_by_the_whole_months_they_make(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"P{part},{date(2025, 1, 6) + timedelta(weeks=week)},{week % 3}" for part in range(4) for week in range(70)]
    path = tmp_path / "weekly.csv"
    path.write_text("part_no,period,quantity\n" + "\n".join(rows) + "\n", "utf-8")
    words = ["forecast", "backtest", "--panel", str(path), "--origins", "2", "--lead-time", "2", "--of", "scores"]
    for more, unit in (([], "2 weeks"), (["--period", "month"], "2 months"), (["--lang", "zh"], "2 周")):
        assert run([*words, *more]) == 0
        assert unit in capsys.readouterr().out.replace("\n", " ")


def test_a_monthly_table_can_t_be_judged_by_weeks(panel: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["forecast", "backtest", "--panel", str(panel), "--period", "week"]) == 3
    assert "month" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", ["svg", "html"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_curves_are_drawn_for_screen_and_paper(panel: Path, tmp_path: Path, suffix: str, language: str) -> None:
    out = tmp_path / f"curves.{suffix}"
    words = ["--origins", "2", "--out", str(out), "--lang", language, "--csv"]
    assert run(["forecast", "backtest", "--panel", str(panel), *words]) == 0
    drawn = out.read_text("utf-8")
    assert ("回测" if language == "zh" else "Backtest") in drawn
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


def test_what_can_t_be_judged_or_drawn_is_told(panel: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["forecast", "backtest", "--panel", str(panel)]
    assert run([*words, "--lead-time", "60"]) == 3
    assert "needs" in capsys.readouterr().err
    assert run([*words, "--out", "curves.png"]) == 2
    assert run([*words, "--out", "/nowhere/curves.svg"]) == 2
