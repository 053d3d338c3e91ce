"""`Question`: a question that is asked with every document, put into words once.

Building a statement and finding its text again takes several times as long as SQLite takes to answer where the answer
is one row. So what is asked again and again is written down with named places for what differs, is compiled once per
kind of database, and from then on goes to the driver as text.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


class Question:
    """A question with places (`sqlalchemy.bindparam`) for what differs each time it is asked.

    Its answers are of text and whole numbers, which every driver gives as Python has them.
    """

    def __init__(self, said: sa.Select[*tuple[Any, ...]]) -> None:
        self._said = said
        self._texts: dict[str, tuple[str, list[str] | None, dict[str, Any]]] = {}

    def rows(self, connection: sa.Connection, **values: object) -> list[Any]:
        """Return the rows of the answer as plain tuples."""
        dialect = connection.dialect
        if dialect.name not in self._texts:
            compiled = self._said.compile(dialect=dialect)
            names = list(getattr(compiled, "positiontup", None) or []) or None
            self._texts[dialect.name] = (str(compiled), names, dict(compiled.params))
        text, names, given = self._texts[dialect.name]
        told = {**given, **values}
        parameters: Any = told if names is None else tuple([told[name] for name in names])
        result = connection.exec_driver_sql(text, parameters)
        found = list(result.cursor.fetchall())
        result.close()
        return found

    def value(self, connection: sa.Connection, **values: object) -> Any:
        """Return the only cell of the answer; None where there is no row."""
        rows = self.rows(connection, **values)
        return rows[0][0] if rows else None
