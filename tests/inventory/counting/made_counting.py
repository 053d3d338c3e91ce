"""Stocktakes for tests, said in few words: who counts what when; quantities in units, moments as HH:MM of one day."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from inventory.books.ledger import Posting, post
from inventory.books.movements import Document, Movement
from inventory.counting.classes import ClassRule
from inventory.counting.decisions import Decision, decide
from inventory.counting.entries import Entered, Tally, enter
from inventory.counting.heads import head_of
from inventory.counting.opening import Opening, Scope, open_count
from inventory.counting.posting import Approval, approve
from inventory.counting.rules import Thresholds
from inventory.counting.standing import StandingLine, standing_lines
from inventory.database import read, write
from inventory.findings import Finding
from tests.inventory.made_books import STORE, TODAY


def at(minute: str) -> str:
    """Return a moment of the day of the tests."""
    return f"{TODAY.isoformat()}T{minute if len(minute) > len('09:00') else minute + ':00'}+00:00"


def opened(
    engine: sa.Engine,
    scope: Scope = Scope(),  # noqa: B008 - frozen
    thresholds: Thresholds = Thresholds(),  # noqa: B008 - frozen
    *,
    minute: str = "09:00",
    key: str | None = None,
    on: date = TODAY,
) -> Opening:
    with write(engine) as connection:
        return open_count(connection, STORE, scope, thresholds, ClassRule(), on, "opener", key, at(minute))


def entered(
    engine: sa.Engine,
    count_no: str,
    *tallies: tuple[str, str | None, float, str, str],
    now: str = "12:00",
    key: str | None = None,
    on: date = TODAY,
) -> Entered:
    """Enter part, bin, quantity, counter and minute of each tally; an empty minute is now."""
    said = [
        Tally(part_no, bin_name, round(quantity * 1000), counter, at(minute) if minute else "")
        for part_no, bin_name, quantity, counter, minute in tallies
    ]
    with write(engine) as connection:
        return enter(connection, count_no, said, on, "typist", key, at(now))


def caused(
    engine: sa.Engine, count_no: str, part_no: str, cause: str | None, bin_name: str | None = None
) -> list[Finding]:
    """Give a cause; without one, ask for a recount."""
    with write(engine) as connection:
        return decide(connection, count_no, [Decision(part_no, bin_name, cause)], TODAY, "chief", None, at("13:00"))


def approved(
    engine: sa.Engine, count_no: str, user: str = "chief", *, key: str | None = None, leave: bool = False
) -> Approval:
    with write(engine) as connection:
        return approve(connection, count_no, TODAY, user, key, at("14:00"), leave_uncounted=leave)


def traded(engine: sa.Engine, number: str, minute: str, *movements: Movement, on: date = TODAY) -> Posting:
    """Post a document recorded at a minute of the day."""
    with write(engine) as connection:
        return post(connection, Document("test", number, on, "seller", number, movements, {}), at(minute))


def lines(engine: sa.Engine, count_no: str) -> dict[str, StandingLine]:
    with read(engine) as connection:
        return {line.part_no: line for line in standing_lines(connection, head_of(connection, count_no))}
