"""The guards of the logs held against what they should be: triggers that refuse every change, in the database itself.

A guard that is missing, switched off or worded otherwise is told, and so is any trigger on a log that the program does
not know: it could do with a row what it likes. On PostgreSQL some logs have one more, which looks up what new rows
refer to (`schemas.REFERRED_BY_STATEMENT`). What a migration has made is spelled out there; here it is said again from
the present shape, so that the two are held against each other as well.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from inventory.proof.faults import Fault
from inventory.schemas import APPEND_ONLY, REFERRED_BY_STATEMENT, metadata

_ON_SQLITE = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'"
_ON_POSTGRESQL = (
    "SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid, true), t.tgenabled::text, p.prosrc"
    " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
    " WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)"
)
_REFUSES = "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END"
_SWITCHED_ON = ("O", "A")
"""How PostgreSQL marks a trigger that is at work: as it comes, or always."""

Guards = dict[tuple[str, str], str]
"""Wording of triggers, by table and name."""


def guard_faults(connection: sa.Connection) -> Iterator[Fault]:
    """Yield every guard of a log that is missing or altered, and every trigger of a log that is none."""
    if connection.dialect.name == "sqlite":
        due, there = _due_on_sqlite(), _there_on_sqlite(connection)
    else:
        due, there = _due_on_postgresql(), _there_on_postgresql(connection)
    for key in sorted(due.keys() | there.keys()):
        expected, found = due.get(key, "no trigger"), there.get(key, "no trigger")
        if expected != found:
            table, name = key
            yield Fault("guards", table, name, "", expected, found)


def _due_on_sqlite() -> Guards:
    return {
        (
            table,
            f"{table}_no_{action.lower()}",
        ): f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in APPEND_ONLY
        for action in ("UPDATE", "DELETE")
    }


def _there_on_sqlite(connection: sa.Connection) -> Guards:
    rows = connection.exec_driver_sql(_ON_SQLITE).all()
    return {(table, name): _even(sql.replace('"', "")) for table, name, sql in rows if table in APPEND_ONLY}


def _due_on_postgresql() -> Guards:
    due: Guards = {}
    for table in APPEND_ONLY:
        name = f"{table}_no_change"
        head = f"CREATE TRIGGER {name} BEFORE DELETE OR UPDATE OR TRUNCATE ON {table}"
        due[table, name] = f"{head} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change() {_REFUSES}"
    for table in REFERRED_BY_STATEMENT:
        name = f"{table}_references"
        head = f"CREATE TRIGGER {name} AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh"
        due[table, name] = f"{head} FOR EACH STATEMENT EXECUTE FUNCTION {name}() {_looks_up(table)}"
    return due


def _looks_up(table: str) -> str:
    """Return the body of the function that looks up what new rows of a log refer to."""
    checks = ""
    for column in sorted(metadata.tables[table].columns, key=lambda column: column.name):
        for reference in column.foreign_keys:
            parent, key = reference.target_fullname.split(".")
            checks += (
                f" IF EXISTS (SELECT FROM (SELECT DISTINCT {column.name} AS said FROM fresh) AS each"  # noqa: S608
                f" WHERE each.said IS NOT NULL"
                f" AND NOT EXISTS (SELECT FROM {parent} WHERE {parent}.{key} = each.said)) THEN"
                f" RAISE foreign_key_violation USING"
                f" MESSAGE = 'a row of {table} refers to a {parent} that is not there'; END IF;"
            )
    return f"BEGIN{checks} RETURN NULL; END"


def _there_on_postgresql(connection: sa.Connection) -> Guards:
    return {
        (table, name): f"{wording} {_even(source)}" if state in _SWITCHED_ON else "a trigger that is switched off"
        for table, name, wording, state, source in connection.exec_driver_sql(_ON_POSTGRESQL).all()
        if table in APPEND_ONLY
    }


def _even(text: str) -> str:
    r"""Return a text with one blank wherever it has any.

    >>> _even(" BEGIN  x;\n END ")
    'BEGIN x; END'
    """
    return " ".join(text.split())
