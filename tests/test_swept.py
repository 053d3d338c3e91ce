"""Tests that share a database find it as empty and as guarded as if it were their own."""

from __future__ import annotations

import psycopg
import pytest
import sqlalchemy as sa

from inventory.schemas import metadata
from tests.inventory.made_books import with_parts
from tests.swept import SweptDatabase, address_of

pytestmark = pytest.mark.postgres


def filled(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return [
            name
            for name, table in metadata.tables.items()
            if connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        ]


def test_what_one_test_wrote_the_next_does_not_find(postgres_server: sa.URL, postgres_template: str) -> None:
    database = SweptDatabase(postgres_server, postgres_template)
    before = filled(database.engine)
    with_parts(database.engine, {"P1": 9})
    assert "part" in filled(database.engine)
    kept = database.engine
    database.sweep()
    assert filled(database.engine) == before
    assert database.engine is kept
    database.drop()


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER movement_no_change ON movement",
        "ALTER TABLE seal DISABLE TRIGGER seal_no_change",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        "ALTER TABLE part ADD COLUMN scent text",
        "UPDATE alembic_version SET version_num = '9999'",
    ],
)
def test_a_database_of_another_shape_is_not_used_again(
    statement: str, postgres_server: sa.URL, postgres_template: str
) -> None:
    database = SweptDatabase(postgres_server, postgres_template)
    altered = database.engine
    with altered.begin() as connection:
        connection.exec_driver_sql(statement)
    database.sweep()
    assert database.engine is not altered
    database.drop()


def test_a_database_somebody_still_holds_is_not_used_again(postgres_server: sa.URL, postgres_template: str) -> None:
    database = SweptDatabase(postgres_server, postgres_template)
    with_parts(database.engine, {"P1": 9})
    held = database.engine
    other = psycopg.connect(address_of(held.url.set(drivername="postgresql")))
    other.execute("LOCK TABLE part IN ACCESS EXCLUSIVE MODE")
    database.sweep()
    other.close()
    assert database.engine is not held
    database.drop()
