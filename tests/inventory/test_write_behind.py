"""Many rows are on their way to PostgreSQL while the program goes on, and nothing comes in another order for it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from inventory.bulk import insert_rows, set_rows
from inventory.database import read, write
from inventory.schema import balance, movement
from inventory.write_behind import MANY_ROWS

MANY = 2 * MANY_ROWS
COLUMNS = tuple(column.name for column in balance.columns)
ONLY_THERE = pytest.mark.parametrize(
    "database_kind", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


def rows(quantity: int) -> list[tuple[object, ...]]:
    return [("S01", f"P{number}", "bin", "A", quantity, quantity) for number in range(MANY)]


def total(connection: sa.Connection) -> int:
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.sum(balance.c.quantity_milli), 0))).scalar_one())


@ONLY_THERE
def test_who_asks_next_sees_all_rows_and_so_does_who_comes_after_the_commit(engine: sa.Engine) -> None:
    with write(engine) as connection:
        insert_rows(connection, balance, COLUMNS, rows(1))
        assert total(connection) == MANY
        set_rows(connection, balance, COLUMNS, rows(3))
    with read(engine) as connection:
        assert total(connection) == 3 * MANY


@ONLY_THERE
def test_what_the_server_refuses_is_told_and_nothing_stays(engine: sa.Engine) -> None:
    with pytest.raises(sa.exc.IntegrityError, match="never_below_zero"), write(engine) as connection:
        insert_rows(connection, balance, COLUMNS, rows(-1))
    said = ("S01", "P1", "supplier", "G", "bin", "A", 1, 1, "2026-06-30")
    lines = [(number, 10**9, number, *said) for number in range(1, MANY + 1)]
    with pytest.raises(sa.exc.IntegrityError, match="a document that is not there"), write(engine) as connection:
        insert_rows(connection, movement, tuple(column.name for column in movement.columns), lines)
    with read(engine) as connection:
        assert total(connection) == 0


def begun_and_failed(connection: sa.Connection) -> None:
    insert_rows(connection, balance, COLUMNS, rows(1))
    raise KeyError


@ONLY_THERE
def test_a_fault_of_the_program_undoes_rows_that_are_still_on_their_way(engine: sa.Engine) -> None:
    with pytest.raises(KeyError), write(engine) as connection:
        begun_and_failed(connection)
    with write(engine) as connection:  # the connection is as good as new
        insert_rows(connection, balance, COLUMNS, rows(2))
    with read(engine) as connection:
        assert total(connection) == 2 * MANY
