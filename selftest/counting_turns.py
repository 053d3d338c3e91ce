"""Stocktakes while trading goes on, in random sequences: opened, entered, counted again, decided, approved."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from inventory.counting.classes import ClassRule
from inventory.counting.decisions import Decision, decide
from inventory.counting.entries import Tally, enter
from inventory.counting.opening import Place, Scope, cancel, open_count
from inventory.counting.posting import approve
from inventory.counting.rules import Thresholds
from inventory.proof.fingerprint import last_number
from selftest.goods import BINS, COST_E4, PARTS, STORE, USER, some
from selftest.plain_books import Line, PlainBooks, share, worth_at
from selftest.turns import Answer, Operation, Told, Turn, refused, told_findings

if TYPE_CHECKING:
    import sqlalchemy as sa

DIFFERENCE = ("count-difference", "")
COUNTERS = ("ann", "bob", "cid")
UNNOTICED_MILLI = 500
THRESHOLDS = Thresholds(quantity_milli=UNNOTICED_MILLI)

Key = tuple[str, str]
"""A line of a sheet: part and bin."""


class Entry(NamedTuple):
    """What somebody counted, and what the books held at that minute."""

    counter: str
    turn: int
    counted: int
    expected: int

    @property
    def off(self) -> int:
        """How much more was counted than expected."""
        return self.counted - self.expected


@dataclass
class SheetLine:
    """A line of a plain count: its unit cost when it was opened, what was entered (None: a wish for a recount)."""

    cost: int
    events: list[Entry | None] = field(default_factory=list)
    cause: str | None = None

    def entries(self) -> list[Entry]:
        """Return what was counted, in its order."""
        return [each for each in self.events if each is not None]

    def believed(self) -> Entry | None:
        """Return the count that stands: within the threshold, or found alike by another person before."""
        if not self.events or self.events[-1] is None:
            return None
        last = self.events[-1]
        alike = any(each.off == last.off and each.counter != last.counter for each in self.entries()[:-1])
        return last if abs(last.off) <= UNNOTICED_MILLI or alike else None


@dataclass
class Count:
    """A plain count."""

    opened: int
    sheet: dict[Key, SheetLine]
    is_open: bool = True


def _unit_cost(books: PlainBooks, part: str) -> int:
    held, value = books.pool((STORE, part))
    return share(1000, held, value) if held else COST_E4


def _busy(books: PlainBooks) -> set[Key]:
    return {key for count in books.logs["count"].values() if count.is_open for key in count.sheet}


def _open_one(rng: random.Random, books: PlainBooks) -> str | None:
    counts = books.logs["count"]
    still = [number for number, count in counts.items() if count.is_open]
    return some(rng, still if still and rng.random() < 0.95 else list(counts)[-5:])


# --- opening and ending -----------------------------------------------------------------------------------------------


def _draw_opening(rng: random.Random, _books: PlainBooks, _turn: Turn) -> list[Key]:
    return sorted({(rng.choice(PARTS), rng.choice(BINS)) for _ in range(rng.randint(1, 4))})


def _post_opening(connection: sa.Connection, asked: list[Key], turn: Turn) -> Told:
    scope = Scope(tuple(Place(part, name) for part, name in asked))
    signed = (turn.day, USER, turn.key, turn.recorded_at)
    done = open_count(connection, STORE, scope, THRESHOLDS, ClassRule(), *signed)
    return told_findings(done.findings) if done.findings else Told(("posted", done.lines), done.count_no)


def _model_opening(books: PlainBooks, asked: list[Key], turn: Turn, number: str) -> Answer:
    if _busy(books) & set(asked):
        return refused("bin")
    books.post("count-opening", number, turn)
    sheet = {key: SheetLine(_unit_cost(books, key[0])) for key in sorted(asked, key=lambda key: key[::-1])}
    books.logs["count"][number] = Count(turn.number, sheet)
    return "posted", len(sheet)


def _draw_cancel(rng: random.Random, books: PlainBooks, _turn: Turn) -> str | None:
    return _open_one(rng, books)


def _post_cancel(connection: sa.Connection, asked: str, turn: Turn) -> Told:
    done = cancel(connection, asked, "no time", turn.day, USER, turn.key, turn.recorded_at)
    return Told(("posted",), done.number)


def _model_cancel(books: PlainBooks, asked: str, turn: Turn, number: str) -> Answer:
    count = books.logs["count"][asked]
    if not count.is_open:
        return refused("CountConflictError")
    books.post("count-cancel", number, turn)
    count.is_open = False
    return ("posted",)


# --- counting ---------------------------------------------------------------------------------------------------------


class Entering(NamedTuple):
    """What one person brings: the count, and part, bin, quantity of each line, counted at a turn (None: now)."""

    count_no: str
    counter: str
    at: Turn | None
    lines: list[tuple[str, str, int]]


def _draw_entry(rng: random.Random, books: PlainBooks, turn: Turn) -> Entering | None:
    number = _open_one(rng, books)
    if number is None:
        return None
    count = books.logs["count"][number]
    keys = [key for key, line in count.sheet.items() if line.believed() is None] or list(count.sheet)
    keys = rng.sample(keys, rng.randint(1, len(keys)))
    if rng.random() < 0.1:
        keys.append((rng.choice(PARTS), rng.choice(BINS)))
    earlier = books.logs["turn"].get(rng.randint(count.opened, turn.number))
    at = earlier if rng.random() < 0.4 else None
    lines = []
    for part, name in dict.fromkeys(keys):
        expected = books.held_at((STORE, part), ("bin", name), turn.number if at is None else at.number)
        before = count.sheet[part, name].entries() if (part, name) in count.sheet else []
        off = rng.choice((0, 0, 200, -200, 1000, -1000, *(each.off for each in before)))
        lines.append((part, name, max(expected + off, 0)))
    return Entering(number, rng.choice(COUNTERS), at, lines)


def _post_entry(connection: sa.Connection, asked: Entering, turn: Turn) -> Told:
    at = "" if asked.at is None else asked.at.recorded_at
    tallies = [Tally(part, name, milli, asked.counter, at) for part, name, milli in asked.lines]
    done = enter(connection, asked.count_no, tallies, turn.day, USER, turn.key, turn.recorded_at)
    if done.findings:
        return told_findings(done.findings)
    return Told(("posted", done.new, done.known, done.found, done.open, done.recount), last_number(connection))


def _model_entry(books: PlainBooks, asked: Entering, turn: Turn, number: str) -> Answer:
    count = books.logs["count"][asked.count_no]
    if not count.is_open:
        return refused("CountConflictError")
    at = turn.number if asked.at is None else asked.at.number
    fresh: dict[Key, Entry] = {}
    for part, name, milli in asked.lines:
        told = count.sheet[part, name].entries() if (part, name) in count.sheet else []
        same = [each for each in told if (each.counted, each.counter) == (milli, asked.counter)]
        if not any(each.turn == at if asked.at else each is told[-1] for each in same):
            expected = books.held_at((STORE, part), ("bin", name), at)
            fresh[part, name] = Entry(asked.counter, at, milli, expected)
    why = []
    for key in fresh:
        line = count.sheet.get(key)
        if line is None:
            why += ["bin"] if key in _busy(books) else []
        elif line.believed() is not None or (line.entries() and line.entries()[-1].counter == asked.counter):
            why.append("part_no")
    if why:
        return refused(*why)
    if fresh:
        books.post("count-entry", number, turn)
    found = [key for key in fresh if key not in count.sheet]
    for key, entry in fresh.items():
        count.sheet.setdefault(key, SheetLine(_unit_cost(books, key[0]))).events.append(entry)
    left = [line for line in count.sheet.values() if line.believed() is None]
    again = sum(bool(line.entries()) for line in left)
    return "posted", len(fresh), len(asked.lines) - len(fresh), len(found), len(left) - again, again


# --- decisions --------------------------------------------------------------------------------------------------------

Decided = tuple[str, Key, str | None]
"""A count, a line, and the cause of its variance; None: it is to be counted again."""


def _draw_decision(rng: random.Random, books: PlainBooks, _turn: Turn) -> Decided | None:
    number = _open_one(rng, books)
    if number is None:
        return None
    return number, rng.choice(list(books.logs["count"][number].sheet)), rng.choice(("lost", "lost", "found", None))


def _post_decision(connection: sa.Connection, asked: Decided, turn: Turn) -> Told:
    count_no, key, cause = asked
    signed = (turn.day, USER, turn.key, turn.recorded_at)
    findings = decide(connection, count_no, [Decision(*key, cause)], *signed)
    return told_findings(findings) if findings else Told(("posted",), last_number(connection))


def _model_decision(books: PlainBooks, asked: Decided, turn: Turn, number: str) -> Answer:
    count_no, key, cause = asked
    count = books.logs["count"][count_no]
    if not count.is_open:
        return refused("CountConflictError")
    line = count.sheet[key]
    if cause is None and line.believed() is None:
        return refused("part_no")
    books.post("count-review", number, turn)
    if cause is None:
        line.events.append(None)
    else:
        line.cause = cause
    return ("posted",)


# --- approval ---------------------------------------------------------------------------------------------------------

Approved = tuple[str, str, bool]
"""A count, who approves it, and whether lines without a count are left so."""


def _draw_approval(rng: random.Random, books: PlainBooks, _turn: Turn) -> Approved | None:
    number = _open_one(rng, books)
    return None if number is None else (number, rng.choice(("boss", "boss", "boss", USER)), rng.random() < 0.7)


def _post_approval(connection: sa.Connection, asked: Approved, turn: Turn) -> Told:
    count_no, who, leave = asked
    signed = (turn.day, who, turn.key, turn.recorded_at)
    done = approve(connection, count_no, *signed, leave_uncounted=leave)
    if done.findings or done.posting is None:
        return told_findings(done.findings)
    return Told(("posted", done.lines, done.agreed, done.differing, done.uncounted), done.posting.number)


def _model_approval(books: PlainBooks, asked: Approved, turn: Turn, number: str) -> Answer:
    count_no, who, leave = asked
    count = books.logs["count"][count_no]
    was_counted = any(line.entries() for line in count.sheet.values())
    if not count.is_open or (was_counted and who in (USER, *COUNTERS)):
        return refused("CountConflictError")
    believed = {key: line.believed() for key, line in count.sheet.items()}
    offs = {key: each.off for key, each in believed.items() if each is not None}
    is_in_the_way = not offs if leave else len(offs) < len(believed)
    why = ["part_no"] if is_in_the_way else []
    for key, off in offs.items():
        if abs(off) > UNNOTICED_MILLI and count.sheet[key].cause is None:
            why.append("cause")
        if books.at((STORE, key[0]), ("bin", key[1])) + off < 0:
            why.append("quantity")
    if why:
        return refused(*why)
    lines = []
    for (part, name), off in offs.items():
        item, spot = (STORE, part), ("bin", name)
        held, value = books.pool(item)
        if off < 0:
            lines.append(Line(item, spot, DIFFERENCE, -off))
        elif off:
            worth = share(off, held, value) if held else worth_at(off, count.sheet[part, name].cost)
            lines.append(Line(item, DIFFERENCE, spot, off, worth))
    if not books.post("stocktake", number, turn, lines):
        return refused("StockShortError")
    count.is_open = False
    agreed = sum(not off for off in offs.values())
    return "posted", len(believed), agreed, len(offs) - agreed, len(believed) - len(offs)


COUNTS = (
    Operation("count-opening", 2, _draw_opening, _post_opening, _model_opening, is_late=False),
    Operation("count-cancel", 0.2, _draw_cancel, _post_cancel, _model_cancel, is_late=False),
    Operation("count-entry", 5, _draw_entry, _post_entry, _model_entry, is_late=False, is_repeatable=False),
    Operation("count-review", 2, _draw_decision, _post_decision, _model_decision, is_late=False),
    Operation("stocktake", 3, _draw_approval, _post_approval, _model_approval, is_late=False),
)
