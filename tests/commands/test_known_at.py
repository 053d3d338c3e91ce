"""Every report can be asked for what was known at a document, and answers that for ever, to the byte."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
import pytest
import sqlalchemy as sa

import cli
from inventory.books.reversing import reverse
from inventory.claims.core_deposits import move_cores
from inventory.claims.maker_returns import ReturnRequest, open_return
from inventory.claims.warranty_custody import KeepRequest, keep
from inventory.counter.issues import IssueRequest
from inventory.counter.reservations import HoldRequest, hold
from inventory.counter.special_orders import Change, change
from inventory.counter.transfers import SendRequest, send
from inventory.counting.heads import heads
from inventory.database import open_database, read, write
from inventory.demand_log import Request
from inventory.schema import document
from tests.inventory.claims.claiming import delivered, step
from tests.inventory.counter.made_counter import written
from tests.inventory.counting.made_counting import approved, caused, entered
from tests.inventory.every_kind import FAR, LATER, VIN, Made, given, live
from tests.inventory.made_books import OPENING, RECORDED_AT, STORE, TODAY, moved, posted, shelf

DAYS = (TODAY, LATER, FAR)
REPORTS: dict[str, tuple[str, ...]] = {
    "stock show": ("P1",),
    "ledger history": ("P1",),
    "ledger warranty": ("--vin", VIN, "--all"),
    "kpi": ("--month", "2026-07", "--span", "quarter"),
    "kpi lines": ("FILL_SHELF_LINE", "--month", "2026-06"),
    "kpi bridge": ("STOCK_VALUE", "STOCK_VALUE:fifo", "--month", "2026-07"),
    "kpi group": ("--month", "2026-07"),
    "scorecard": ("--month", "2026-07"),
    "claim list": ("--at", "2026-06-30T14:00"),
    "claim show": ("PO1-R1-C1",),
    "order list": ("--all",),
    "order show": ("PO1",),
    "count list": ("--all",),
    "count programme": ("--store", STORE),
    "count show": ("COUNT",),
    "count review": ("COUNT", "--all", "--leave-uncounted"),
    "reserve list": ("--all",),
    "special list": (),
    "transfer list": ("--all",),
    "core list": (),
    "warranty list": ("--all",),
    "return list": (),
}
"""Every command that prints what the books say of a day, and what it is asked here."""

NOT_OF_THE_BOOKS = {
    *("forecast run", "forecast explain", "plan explain", "plan list", "plan export"),
    *("plan levels", "plan figures", "plan diff", "plan what-if", "plan transfers"),
    *("forecast due", "forecast told", "forecast observed", "forecast bulk list"),
    *("forecast backtest", "forecast value-added", "forecast override list", "simulate"),
}
"""Made from a snapshot, which is of one moment, or no document: what is expected, and what a forecast rests on."""

STORED = {"forecast explain"}
"""Reads at a document what was stored then."""

JUDGED = {"stock obsolescence", "stock surplus"}
"""Judges masters and history, of which these books have but stand-ins: see `test_stock_idle`."""

FILES = ("report build",)
"""Writes a file of the day and not a table; asked of one day, since it holds every list there is."""


def commands(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Yield every command by its words."""
    if isinstance(command, click.Group):
        if command.invoke_without_command and words:
            yield " ".join(words), command
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands(below, (*words, name))
    else:
        yield " ".join(words), command


def test_every_report_of_a_day_takes_what_was_known() -> None:
    (program,) = (each for each in vars(cli).values() if isinstance(each, click.Group))
    options = {words: {option.name for option in command.params} for words, command in commands(program)}
    reports = {words for words, names in options.items() if {"as_of", "output"} <= names and "user" not in names}
    assert reports - NOT_OF_THE_BOOKS - JUDGED == set(REPORTS)
    known = set(REPORTS) | STORED | JUDGED | set(FILES)
    assert {words for words, names in options.items() if "known_at" in names} == known


@pytest.fixture
def books(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[sa.Engine, Made]]:
    path = tmp_path / "books.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = open_database(f"sqlite:///{path}")
    made = live(engine)
    monkeypatch.setenv("SPAREWISE_DB", str(path))
    monkeypatch.chdir(tmp_path)
    yield engine, made
    engine.dispose()


def answers(
    capsys: pytest.CaptureFixture[str], count_no: str, known_at: int, but: tuple[str, ...] = ()
) -> dict[tuple[str, date], str | bytes]:
    """What every report says, on several days, as known at a document."""
    found: dict[tuple[str, date], str | bytes] = {}
    for command in FILES:
        options = ("--as-of", TODAY.isoformat(), "--known-at", str(known_at), "--out", "report.html")
        assert cli.run([*command.split(), *options]) == 0, capsys.readouterr().err
        found[command, TODAY] = Path("report.html").read_bytes()
    capsys.readouterr()
    for report, words in REPORTS.items():
        for day in DAYS if report not in but else ():
            asked = [count_no if word == "COUNT" else word for word in (*report.split(), *words)]
            code = cli.run([*asked, "--as-of", day.isoformat(), "--known-at", str(known_at), "--json"])
            output, talk = capsys.readouterr()
            assert code == 0, f"{report}: {talk}"
            found[report, day] = output
    return found


def go_on(engine: sa.Engine, made: Made, count_no: str) -> None:
    """Do what changes every report: on days before and after, and by taking back what they told."""
    posted(engine, "BACKDATED", moved(OPENING, shelf("A"), 7, 700), on=date(2026, 6, 2))
    given(engine, IssueRequest(STORE, "P1", 1000, "RO-70", VIN, odometer_km=99_000), date(2026, 6, 15))
    given(engine, IssueRequest(STORE, "P2", 9000, "RO-71", VIN), date(2026, 6, 15))
    step(engine, made.claim, "accepted")
    delivered(engine, "P1", 2, 1, "wrong")
    written(engine, hold, HoldRequest(STORE, "P1", 1000, "repair_order", "RO-70", FAR))
    written(engine, change, Request(STORE, "RO-9", "P2"), Change(owner="Zoe"))
    written(engine, send, SendRequest(STORE, "S02", "P1", 1000))
    entered(engine, count_no, ("P9", "Z", 70, "ben", "10:45"))
    entered(engine, count_no, ("P9", "Z", 70, "cat", "10:50"))
    caused(engine, count_no, "P9", "found", "Z")
    with write(engine) as connection:
        move_cores(connection, "take", STORE, "P1", 1000, TODAY, "ann", None, RECORDED_AT)
        open_return(connection, ReturnRequest(STORE, "P1", 1000, "A"), TODAY, "ann", None, RECORDED_AT)
        keep(connection, KeepRequest(STORE, "RO-70", "P1", 1000, VIN), TODAY, "ann", None, RECORDED_AT)
    approved(engine, count_no, leave=True)
    for number in (made.back, made.credited, made.handed_over, made.arrived, made.released, made.stocktake):
        with write(engine) as connection:
            reverse(connection, number, "a mistake", FAR, "tester", None, RECORDED_AT)


def test_what_was_known_is_answered_to_the_byte_whatever_came_later(
    books: tuple[sa.Engine, Made], capsys: pytest.CaptureFixture[str]
) -> None:
    engine, made = books
    with read(engine) as connection:
        known_at = connection.execute(sa.select(sa.func.max(document.c.sequence))).scalar_one()
        (count_no,) = (head.count_no for head in heads(connection) if head.state == "open")
    before = answers(capsys, count_no, known_at)
    go_on(engine, made, count_no)
    after = answers(capsys, count_no, known_at)
    assert [report for report in before if before[report] != after[report]] == []
    with read(engine) as connection:
        last = connection.execute(sa.select(sa.func.max(document.c.sequence))).scalar_one()
    now = answers(capsys, count_no, last, but=("count review",))  # which is of open counts
    changed = {report for (report, day), said in now.items() if said != before[report, day]}
    asked_for = (set(REPORTS) | set(FILES)) - {"count review"}
    assert changed == asked_for, "what came later changes every report that is asked for it"
