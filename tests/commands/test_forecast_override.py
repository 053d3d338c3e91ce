"""What people set, at the door: set, listed, shown where it acts, withdrawn, and measured."""

import json

import pytest

from cli import run
from tests.commands.test_forecast import books

__all__ = ["books"]
WISH = ["--store", "S01", "--from", "2026-07", "--to", "2026-08", "--reason", "fleet visit", "--user", "ann"]


@pytest.fixture
def where(books: str) -> list[str]:
    return ["--db", books, "--as-of", "2026-06-30"]


def test_what_is_set_moves_the_forecast_until_it_is_withdrawn(
    where: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    def expected() -> float:
        capsys.readouterr()
        assert run(["forecast", "explain", "00195040", *where, "--json"]) == 0
        rows = {row["factor"]: row for row in json.loads(capsys.readouterr().out)}
        return float(rows["expected_demand"]["factor_value"])

    plain = expected()
    setting = ["forecast", "override", "set", "00195040", *WISH, "--amount", "77", "--id", "K", *where]
    assert run([*setting, "--dry-run"]) == 0
    assert expected() == plain
    assert run(setting) == run(setting) == 0
    assert expected() == pytest.approx(77)
    assert run(["forecast", "override", "list", *where, "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["set_by"], row["set_reason"], row["monthly_amount"], row["override_state"]) == (
        "ann", "fleet visit", 77, "counts",
    )  # fmt: skip
    withdrawing = ["forecast", "override", "withdraw", "1", "--reason", "called off", "--user", "bob", *where]
    assert run(withdrawing) == 0
    assert expected() == plain
    assert run(withdrawing) == 3
    assert run(["forecast", "override", "list", *where]) == 0
    assert "fleet visit" not in capsys.readouterr().out
    assert run(["forecast", "override", "list", "--all", "--lang", "zh", *where]) == 0
    assert "已撤销" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["00195040", *WISH], 2),
        (["00195040", *WISH, "--amount", "1", "--factor", "2"], 2),
        (["00195040", "--family", "wear", *WISH, "--amount", "1"], 2),
        (["00195040", *WISH, "--amount", "-1"], 2),
        (["NOSUCH", *WISH, "--factor", "2"], 3),
        (["00195040", *WISH, "--factor", "2", "--expires", "2026-01-01"], 3),
        (["00195040", "--store", "S01", "--from", "July", "--reason", "x", "--factor", "2"], 2),
    ],
)
def test_what_is_not_understood_is_not_set(where: list[str], words: list[str], code: int) -> None:
    assert run(["forecast", "override", "set", *words, *where]) == code


def test_what_each_step_added_is_printed(where: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["forecast", "value-added", *where, "--origins", "1", "--lead-time", "1", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["value_step"] for row in rows] == ["naive", "statistical", "vehicles", "events", "override"]
