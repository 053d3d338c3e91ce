"""The command that makes a dealership."""

import csv
from pathlib import Path

import pytest

from data_samples.generate import main
from data_samples.settings import WorldSettings


def _files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_one_seed_makes_one_set_of_bytes_and_another_seed_another(tmp_path: Path) -> None:
    small = ["--parts", "200", "--vehicles", "400", "--years", "1", "--stores", "3"]
    for folder, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        assert main(["--out", str(tmp_path / folder), *small, "--seed", seed]) == 0
    assert _files(tmp_path / "a") == _files(tmp_path / "b")
    assert _files(tmp_path / "a")["vehicles.csv"] != _files(tmp_path / "c")["vehicles.csv"]
    assert _files(tmp_path / "a")["parts.csv"].count(b"\n") == 201
    assert _files(tmp_path / "a")["vehicles.csv"].count(b"\n") == 401


@pytest.mark.parametrize(("parts", "stores"), [(150, 1), (700, 4)])
def test_a_world_of_any_size_hangs_together(tmp_path: Path, parts: int, stores: int) -> None:
    main(["--out", str(tmp_path), "--parts", str(parts), "--vehicles", "600", "--years", "2", "--stores", str(stores)])
    tables = {}
    for file in tmp_path.iterdir():
        tables[file.stem] = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    numbers = {row["part_no"] for row in tables["parts"]}
    fits = {(row["part_no"], row["model"]) for row in tables["fitments"]}
    assert len(numbers) == parts
    assert len({row["store"] for row in tables["vehicles"]}) == stores
    assert len({row["vin"] for row in tables["vehicles"]}) == 600
    for row in tables["campaigns"]:
        assert (row["part_no"], row["model"]) in fits
    for kind in ("service_history", "stock", "open_orders", "appointments", "supersessions"):
        assert {row["part_no"] for row in tables[kind]} <= numbers
    assert all((r["part_no"], r["model"]) in fits for r in tables["service_history"] if r["job_type"] == "maintenance")


@pytest.mark.parametrize(
    ("sizes", "reason"),
    [((10, 1000, 4), "150 or more"), ((200, 0, 4), "1 or more"), ((200, 1000, 13), "12 or less")],
)
def test_sizes_that_make_no_world_are_refused(sizes: tuple[int, int, int], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        WorldSettings(*sizes)
