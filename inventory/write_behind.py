"""Many rows on their way to PostgreSQL while the program goes on: it makes the next rows as the server takes these in.

A server takes rows in about as fast as the program makes them, and neither has to wait for the other. So a statement
that writes very many rows, and answers nothing, is sent from a thread of its own; the next statement on the same
connection, its commit and its rollback wait until the server has taken all of them, and a refusal is raised there. At
no time do two threads use one connection, and within a transaction nothing comes in another order than it was said.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

MANY_ROWS = 1000
"""Fewer are sent sooner than a thread begins."""

BEHIND = "sparewise_behind"
"""Execution option: the statement may be sent while the program goes on."""

Send = Callable[[Any, str, Any], None]
"""How a statement is sent: by which cursor of the driver, its text, and its values."""


def let_write_behind(engine: sa.Engine, send: Send) -> None:
    """Have an engine's statements sent from a thread where they say so, and let all others wait for them.

    Parameters
    ----------
    send
        Sends one of those statements, in the thread.
    """
    on_its_way: WeakKeyDictionary[Any, _Sending] = WeakKeyDictionary()  # by connection of the driver

    def ended(connection: object) -> _Sending | None:
        """Wait for what is on its way; who is interrupted meanwhile leaves it on its way."""
        sending = on_its_way.get(connection)
        if sending is not None:
            sending.wait()
            del on_its_way[connection]
        return sending

    def wait(connection: object) -> None:
        """Wait for what is on its way, and raise what the server says against it."""
        sending = ended(connection)
        if sending is not None and sending.fault is not None:
            base = engine.dialect.loaded_dbapi.Error
            raise sa.exc.DBAPIError.instance(sending.statement, None, sending.fault, base) from sending.fault

    def _execute(cursor: Any, statement: str, values: Any, context: Any) -> bool:
        wait(cursor.connection)
        if not context.execution_options.get(BEHIND):
            return False
        on_its_way[cursor.connection] = _Sending(send, cursor.connection.cursor(), statement, values)
        return True

    def _without_values(cursor: Any, statement: str, context: Any) -> bool:
        return _execute(cursor, statement, None, context)

    def _commit(connection: sa.Connection) -> None:
        wait(connection.connection.dbapi_connection)

    def _rollback(connection: sa.Connection) -> None:
        if not connection.invalidated:  # what comes of it does not matter: it is undone with the rest
            ended(connection.connection.dbapi_connection)

    sa.event.listen(engine, "do_execute", _execute)
    sa.event.listen(engine, "do_executemany", _execute)
    sa.event.listen(engine, "do_execute_no_params", _without_values)
    sa.event.listen(engine, "commit", _commit)
    sa.event.listen(engine, "rollback", _rollback)


class _Sending:
    """A statement that is being sent, and what came of it."""

    def __init__(self, send: Send, cursor: Any, statement: str, values: Any) -> None:
        self.statement = statement
        self.fault: Exception | None = None
        self._thread = Thread(target=self._sent, args=(send, cursor, values), daemon=True)
        self._thread.start()

    def _sent(self, send: Send, cursor: Any, values: Any) -> None:
        try:
            with cursor:
                send(cursor, self.statement, values)
        except Exception as fault:  # noqa: BLE001 - raised by whoever waits for it
            self.fault = fault

    def wait(self) -> None:
        """Wait until the server has taken it, or refused."""
        self._thread.join()
