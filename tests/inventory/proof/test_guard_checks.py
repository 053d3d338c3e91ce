"""A guard of a log that is missing, altered or switched off is told, and so is a trigger that nobody knows."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from inventory.database import read, write
from inventory.proof.verification import verify
from inventory.schemas import APPEND_ONLY, REFERRED_BY_STATEMENT

SQLITE = {
    "missing": (["DROP TRIGGER movement_no_update"], {"movement_no_update"}),
    "altered": (
        [
            "DROP TRIGGER seal_no_delete",
            "CREATE TRIGGER seal_no_delete BEFORE DELETE ON seal BEGIN SELECT RAISE(IGNORE); END",
        ],
        {"seal_no_delete"},
    ),
    "only of some rows": (
        [
            "DROP TRIGGER document_no_update",
            "CREATE TRIGGER document_no_update BEFORE UPDATE ON document WHEN OLD.user_name <> 'eve'"
            " BEGIN SELECT RAISE(ABORT, 'document is append-only'); END",
        ],
        {"document_no_update"},
    ),
    "unknown": (
        ["CREATE TRIGGER quietly BEFORE INSERT ON claim_event BEGIN SELECT RAISE(IGNORE); END"],
        {"quietly"},
    ),
}
POSTGRESQL = {
    "missing": (["DROP TRIGGER movement_no_change ON movement"], {"movement_no_change"}),
    "switched off": (["ALTER TABLE seal DISABLE TRIGGER seal_no_change"], {"seal_no_change"}),
    "altered": (
        [
            "DROP TRIGGER document_no_change ON document",
            "CREATE TRIGGER document_no_change BEFORE DELETE ON document"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        ],
        {"document_no_change"},
    ),
    "toothless": (
        ["CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"],
        {f"{table}_no_change" for table in APPEND_ONLY},
    ),
    "without its references": (
        [f"ALTER TABLE {table} DISABLE TRIGGER {table}_references" for table in REFERRED_BY_STATEMENT],
        {f"{table}_references" for table in REFERRED_BY_STATEMENT},
    ),
    "unknown": (
        [
            "CREATE FUNCTION quietly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
            "CREATE TRIGGER quietly BEFORE INSERT ON claim_event FOR EACH ROW EXECUTE FUNCTION quietly()",
        ],
        {"quietly"},
    ),
}


def guards_told(engine: sa.Engine) -> set[str]:
    with read(engine) as connection:
        return {fault.key for fault in verify(connection) if fault.check == "guards"}


def test_a_database_as_it_is_made_has_every_guard(engine: sa.Engine) -> None:
    assert guards_told(engine) == set()


@pytest.mark.parametrize(
    ("database_kind", "which"),
    [("sqlite", which) for which in SQLITE]
    + [pytest.param("postgresql", which, marks=pytest.mark.postgres) for which in POSTGRESQL],
    indirect=["database_kind"],
)
def test_a_guard_that_is_not_as_it_should_be_is_told(engine: sa.Engine, which: str) -> None:
    statements, names = (SQLITE if engine.dialect.name == "sqlite" else POSTGRESQL)[which]
    with write(engine) as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    assert guards_told(engine) == names
