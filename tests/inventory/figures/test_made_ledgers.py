"""Two implementations of every figure, and every variant, agree to the last digit on ledgers made by chance."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from demand.periods import PeriodKind, ordinal_of
from inventory.database import open_database, read
from inventory.figures.scope import SPANS, month_end, scope_of
from inventory.schema import document
from tests.inventory.figures.made_ledgers import STORES, make_ledger
from tests.inventory.figures.plain import Books, all_rows
from tests.inventory.figures.shown import all_figures, every_variant

IN_THE_SUITE, IN_ALL = 12, 2000


def agree(engine: sa.Engine, seed: int) -> None:
    """Hold every figure of a period, a store and a state of knowledge drawn by the seed against the plain one."""
    make_ledger(engine, seed)
    chance = Random(seed)  # noqa: S311 - the same draw every time
    month = ordinal_of(chance.choice((date(2026, 6, 1), date(2026, 5, 1), date(2026, 3, 1))), PeriodKind.MONTH)
    span, store = chance.choice(SPANS), chance.choice((None, None, *STORES))
    as_of = chance.choice((date(2026, 6, 30), date(2026, 6, 30), date(2026, 6, 12)))
    with read(engine) as connection:
        last = connection.execute(sa.select(sa.func.max(document.c.sequence))).scalar_one() or 0
        known_at = chance.choice((None, None, chance.randrange(last + 1)))
        scope = scope_of(connection, month, as_of, store, known_at, span)
        names = every_variant()
        found = all_figures(connection, month, as_of, store, names, span=span, known_at=known_at)
        plain = Books(all_rows(connection), scope.since, min(month_end(scope.last_month), as_of), store, scope.known_at)
    said: dict[str, Fraction | None] = {name: figure.value for name, figure in zip(names, found, strict=True)}
    expected = {name: plain.figure(name) for name in names}
    different = {name: (said[name], expected[name]) for name in names if said[name] != expected[name]}
    assert not different, f"seed {seed}, {scope}: {different}"


@pytest.mark.parametrize("seed", range(IN_THE_SUITE))
def test_two_implementations_agree_on_a_made_ledger(engine: sa.Engine, seed: int) -> None:
    agree(engine, seed)


@pytest.mark.soak
def test_two_implementations_agree_on_two_thousand_made_ledgers(sqlite_template: Path, tmp_path: Path) -> None:
    """One database, emptied between ledgers by copying an empty one over it, so that its statements stay compiled."""
    path = tmp_path / "made.db"
    shutil.copy(sqlite_template, path)
    engine = open_database(f"sqlite:///{path}")
    first = int(os.environ.get("FIGURES_FIRST_SEED", "0"))
    with closing(sqlite3.connect(sqlite_template)) as empty:
        for seed in range(first, int(os.environ.get("FIGURES_LAST_SEED", str(IN_ALL)))):
            with engine.connect() as connection:
                used = connection.connection.driver_connection
                assert isinstance(used, sqlite3.Connection)
                empty.backup(used)
            agree(engine, seed)
    engine.dispose()
