"""The made world and the shipped files, read once for all tests of this folder."""

import csv
from pathlib import Path

import pytest

from data_samples.dealership import sample_folder
from data_samples.settings import WorldSettings
from data_samples.world import World, make_world

Table = list[dict[str, str]]


@pytest.fixture(scope="session")
def world() -> World:
    return make_world(WorldSettings())


@pytest.fixture(scope="session")
def shipped() -> dict[str, Table]:
    tables = {}
    for file in sample_folder().iterdir():
        lines = file.read_text(encoding="utf-8").splitlines()
        tables[Path(file.name).stem] = list(csv.DictReader(lines))
    return tables
