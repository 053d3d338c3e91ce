"""`sparewise scorecard` refuses an unlawful card and says by how much; `suggest` gives the nearest lawful one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cli


@pytest.fixture
def books(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "sparewise.db").write_bytes(sqlite_template.read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SPAREWISE_DB", raising=False)
    return tmp_path


def test_a_card_out_of_bounds_is_refused_and_the_nearest_lawful_one_is_told(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (books / "sparewise.toml").write_text("[scorecard.dimensions]\ncustomer = 55\n", "utf-8")
    assert cli.run(["scorecard", "--as-of", "2026-06-30"]) == 3
    told = capsys.readouterr().err
    assert "55 %" in told
    assert "5 % too much" in told
    assert cli.run(["scorecard", "suggest", "--whole", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    lawful = [row["weight_lawful"] for row in rows if not row["id"]]
    assert sum(lawful) == 100
    assert all(weight == int(weight) for weight in lawful)
    (books / "sparewise.toml").write_text(
        "[scorecard.dimensions]\ncustomer = 0\n[scorecard.kpi.GM]\nweight = 1\n", "utf-8"
    )
    assert cli.run(["scorecard", "suggest"]) == 3, "figures without a dimension"


def test_empty_books_give_a_card_of_which_nothing_is_measurable(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["scorecard", "--as-of", "2026-06-30", "--store", "S01", "--json"]) == 0
    *_, card = json.loads(capsys.readouterr().out)
    assert (card["kind"], card["points"], card["points_measurable"]) == ("card", 0, 0)
    assert cli.run(["scorecard", "--as-of", "2026-06-30", "--lang", "zh"]) == 0
    assert "无法计量：全卡的" in capsys.readouterr().out


def test_a_figure_that_there_is_not_is_a_fault_of_the_call(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (books / "sparewise.toml").write_text('[scorecard.kpi.GM]\nvariant = "mean"\n', "utf-8")
    assert cli.run(["scorecard", "--as-of", "2026-06-30"]) == 2
    assert "no variant 'mean'" in capsys.readouterr().err


def test_options_before_suggest_are_refused(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["scorecard", "--store", "S01", "suggest"]) == 2
    assert "scorecard suggest …" in capsys.readouterr().err
