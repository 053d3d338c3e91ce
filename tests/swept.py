"""`SweptDatabase`: one PostgreSQL database for many tests, as empty and as shaped before each as when it was made.

To make, open and drop a database takes longer than most tests that need one, and its first statements are slow because
nothing is known of its tables yet. So tests use it after each other, and what they have written is swept out with the
guards of the logs put aside for just that. A database whose shape differs from when it was made (a trigger gone, a
table more, another version), or in which somebody still holds a lock, isn't used again.
"""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from inventory.database import open_database
from inventory.schemas import metadata

_SHAPE = """
SELECT oid::text, relname, '' FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind <> 'S'
UNION ALL SELECT attrelid::text, attname, format_type(atttypid, atttypmod) FROM pg_attribute JOIN pg_class
    ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
UNION ALL SELECT oid::text, tgname, tgenabled::text FROM pg_trigger
UNION ALL SELECT oid::text, conname, convalidated::text FROM pg_constraint
UNION ALL SELECT oid::text, proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'alembic_version', version_num, '' FROM alembic_version
ORDER BY 1, 2, 3
"""
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences"
_PATIENCE = "SET lock_timeout = '2s'"


class SweptDatabase:
    """A database on a server, copied from a template.

    Parameters
    ----------
    server
        The address of a server whose user may create databases and put triggers aside.
    template
        Name of an initialised database; what rows it has are there again after each sweep.
    """

    def __init__(self, server: sa.URL, template: str) -> None:
        self._server = server
        self._template = template
        self._make()

    @property
    def engine(self) -> sa.Engine:
        """The engine on it, the same until the database is replaced."""
        return self._engine

    def sweep(self) -> None:
        """Take out whatever was written, or replace the database where that can't be done."""
        try:
            with self._engine.begin() as connection:
                connection.exec_driver_sql(_PATIENCE)
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
                for name in connection.exec_driver_sql(_FILLED).scalars().all():
                    connection.execute(metadata.tables[name].delete())
                for name, rows in self._rows.items():
                    connection.execute(metadata.tables[name].insert(), rows)
                for name, last in connection.exec_driver_sql(_SEQUENCES).all():
                    if last != self._last[name]:
                        connection.exec_driver_sql(f"ALTER SEQUENCE {name} RESTART WITH {(self._last[name] or 0) + 1}")
                as_made = connection.exec_driver_sql(_SHAPE).all() == self._shape
        except DBAPIError:
            as_made = False
        if not as_made:
            self.drop()
            self._make()

    def drop(self) -> None:
        """Drop the database, whoever is connected to it."""
        self._engine.dispose()
        administer(self._server, f"DROP DATABASE {self._engine.url.database} WITH (FORCE)")

    def _make(self) -> None:
        name = f"swept_{uuid.uuid4().hex}"
        administer(self._server, f"CREATE DATABASE {name} TEMPLATE {self._template}")
        self._engine = open_database(address_of(self._server.set(database=name)))
        with self._engine.begin() as connection:
            self._shape = connection.exec_driver_sql(_SHAPE).all()
            self._last: dict[str, int | None] = dict(connection.exec_driver_sql(_SEQUENCES).all())
            self._rows = {
                name: [dict(row) for row in connection.execute(metadata.tables[name].select()).mappings()]
                for name in connection.exec_driver_sql(_FILLED).scalars().all()
            }


_FILLED = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in sorted(metadata.tables))


def administer(server: sa.URL, statement: str) -> None:
    """Run one statement outside any transaction, as creating a database demands."""
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)


def address_of(url: sa.URL) -> str:
    """Return an address with its password in clear, as programs take it."""
    return url.render_as_string(hide_password=False)
