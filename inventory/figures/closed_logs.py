"""What closing documents keep of logs, and sums of a period made of what is kept and the lines that are not.

Lines of a log dated in a closed month may still come (imported history, an order told late), and may be taken back.
So a closing keeps what the lines recorded until then and dated up to the closed day come to, as they are dated, whether
they were taken back or not: by month and store, of the twelve months that end with it. Each line belongs to one closing
or to none yet. Who asks adds up the sums of the closings, reads the lines that none kept, and takes off what was taken
back.

Some logs are counted by *things*: repair orders have several lines, and what becomes of an order line is said by later
receipts. Sums are kept of *settled* things alone; things that may still become something else are named (``again``) and
read again by who asks. Of a thing that only later turns out not to be settled, what was kept is taken off, and the
whole of it is read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from demand.periods import PeriodKind, ordinal_of
from inventory.figures.closed import Closing, closings
from inventory.figures.grouping import Cell, Grain, Measures, added, regrouped, taken_off
from inventory.figures.scope import MONTHS_PER_YEAR, Scope
from inventory.figures.sight import Sight

Conditions = Sequence[sa.ColumnElement[bool]]
Things = frozenset[Cell]
Kept = dict[str, Any]

KEYS = ("month", "store")
"""What sums of logs are kept by."""

NONE: Things = frozenset()


@dataclass(frozen=True)
class OfThings:
    """How lines of a log are of things.

    Parameters
    ----------
    among
        The condition that a line is of one of some things.
    named
        From a sight and conditions on lines to the things they are of.
    unsettled
        From a sight and conditions on lines to those of their things that are not settled with the sight's period.
    taken_back
        From a sight and what is kept to the things of kept lines of which something was taken back.
    goes_on
        From a sight, what is kept, and conditions on lines to those of their things of which other lines are kept;
        None: no thing has several lines.
    """

    among: Callable[[sa.Connection, Things], sa.ColumnElement[bool]]
    named: Callable[[Sight, Conditions], Things]
    unsettled: Callable[[Sight, Conditions], Things]
    taken_back: Callable[[Sight, KeptLog], Things]
    goes_on: Callable[[Sight, KeptLog, Conditions], Things] | None = None


@dataclass(frozen=True)
class Log:
    """How a log is read.

    Parameters
    ----------
    name, names
        Under which its keeping stands in a closing document, and the sums that are kept.
    day, number
        The day its lines bear, and a number that grows as they are recorded.
    of_documents
        Whether the number is that of documents; else it is that of lines of demand.
    read
        From a sight, a grain, conditions on lines, and whether also what was taken back counts, to the sums of lines of
        the sight's period. The conditions are asked before the period: of two least days SQLite looks up the first.
    taken_back
        From a scope to the condition that a line was taken back.
    things
        How lines are of things; None: each is settled.
    """

    name: str
    names: tuple[str, ...]
    day: sa.Column[str]
    number: sa.Column[int]
    of_documents: bool
    read: Callable[[Sight, Grain, Conditions, bool], Measures]
    taken_back: Callable[[Scope], sa.ColumnElement[bool]]
    things: OfThings | None = None


@dataclass
class KeptLog:
    """What the closings up to one keep of a log.

    Parameters
    ----------
    closed_until, up_to
        The last day closed, and the number of the last line recorded before.
    open_from
        The least document that a line dated later may have; of documents alone.
    again
        Things to be read again.
    rows
        Month, store and sums.
    """

    log: Log
    closed_until: date
    up_to: int = 0
    open_from: int = 0
    again: set[Cell] = field(default_factory=set)
    rows: list[list[Any]] = field(default_factory=list)

    def add(self, closing: Closing) -> None:
        """Take in what one more closing keeps."""
        told = closing.kept[self.log.name]
        self.closed_until = closing.closed_until
        self.up_to = closing.sequence if self.log.of_documents else closing.kept["demand"]["up_to_line"]
        self.open_from = told.get("open_from") or self.up_to
        self.again.update(tuple(thing) for thing in told["again"])
        self.rows += told["sums"]

    @property
    def lines(self) -> Conditions:
        """Conditions on lines that a closing kept."""
        return self.log.day <= self.closed_until.isoformat(), self.log.number <= self.up_to

    def not_kept(self, scope: Scope) -> list[Conditions]:
        """Return conditions on lines of a period that no closing kept: of those dated later, of those that came late.

        Each is one index's, and no two meet.
        """
        log, closed = self.log, self.closed_until.isoformat()
        found: list[Conditions] = []
        if scope.until > self.closed_until:
            found.append((log.day > closed, *([log.number >= self.open_from] if log.of_documents else [])))
        if scope.since <= self.closed_until:
            # Found by their numbers: asked for by their days, a database goes through all lines of those days.
            of = log.number.table.alias().c
            number, day = of[log.number.name], of[log.day.name]
            late = sa.select(number).where(number > self.up_to, day.concat("") <= closed)
            found.append((log.number.in_(late), log.day <= closed))
        return found

    def sums(self, scope: Scope, grain: Grain) -> Measures:
        """Return what is kept of a period and its store, by a grain of `KEYS`."""
        first, names = scope.months[0], self.log.names
        places = [KEYS.index(name) for name in grain]
        rows = (
            ((month, store), dict(zip(names, sums, strict=True)))
            for month, store, *sums in self.rows
            if month >= first and scope.store in (None, store)
        )
        return regrouped(rows, lambda cell: tuple(cell[at] for at in places))


def kept_log(known: Iterable[Closing], log: Log) -> KeptLog | None:
    """Return what some closings keep of a log, the earliest first; None where none keeps any."""
    found: KeptLog | None = None
    for closing in known:
        if log.name in closing.kept:  # else closed by a program that kept none: the next one keeps all until then
            found = found or KeptLog(log, closing.closed_until)
            found.add(closing)
    return found


def kept_of(sight: Sight, log: Log) -> KeptLog | None:
    """Return what closings keep of a log for a look at the books; None where it does not serve its period."""
    kept, scope = kept_log(sight.closings, log), sight.scope
    if kept is None or scope.first_day is not None:
        return None
    reaches_back = scope.first_month > ordinal_of(kept.closed_until, PeriodKind.MONTH) - MONTHS_PER_YEAR
    return kept if reaches_back else None


def read_log(sight: Sight, grain: Grain, log: Log) -> Measures:
    """Return the sums of the lines of a period that stand, by a grain."""
    scope = sight.scope
    kept = kept_of(sight, log) if set(grain) <= set(KEYS) else None
    if kept is None:
        return log.read(sight, grain, (), False)
    lines = kept.not_kept(scope)
    found = [log.read(sight, grain, each, False) for each in lines]
    if scope.since > kept.closed_until:
        return added(*found)
    found.append(kept.sums(scope, grain))
    things = log.things
    if things is None:
        back = log.read(sight, grain, [log.taken_back(scope), *kept.lines], True)
        return added(*found, taken_off(back))
    *later, late = lines
    touched = things.taken_back(sight, kept) | _going_on(sight, kept, later) | things.named(sight, late)
    again = touched | kept.again
    if again:
        of = things.among(sight.connection, again)
        found.append(log.read(sight, grain, [of], False))
        found += [taken_off(log.read(sight, grain, [*each, of], False)) for each in lines]
    if touched - kept.again:
        of = things.among(sight.connection, touched - kept.again)
        found.append(taken_off(log.read(sight, grain, [*kept.lines, of], True)))
    return added(*found)


def log_report(
    connection: sa.Connection, log: Log, until: date, before: int | None = None, up_to: int | None = None
) -> Kept:
    """Return what a closing document keeps of a log.

    Parameters
    ----------
    until
        The last day that is closed with it.
    before
        The document itself, where it is there already.
    up_to
        The number of the last line recorded before it; the last there is where not given.
    """
    month = ordinal_of(until, PeriodKind.MONTH)
    sight = Sight(connection, Scope(month - MONTHS_PER_YEAR + 1, month, until))
    earlier = kept_log(closings(connection, until, None, before), log)
    recorded = [] if up_to is None else [log.number <= up_to]
    lines = [[*each, *recorded] for each in (earlier.not_kept(sight.scope) if earlier else [()])]
    found = [log.read(sight, KEYS, each, True) for each in lines]
    new: Things = NONE
    if log.things is not None:
        listed = frozenset(earlier.again) if earlier else NONE
        goes_on = _going_on(sight, earlier, lines) - listed if earlier else NONE
        new = log.things.unsettled(sight, [sa.or_(*(sa.and_(sa.true(), *each) for each in lines))]) | goes_on
        if new | listed:
            unsettled = log.things.among(connection, new | listed)
            found += [taken_off(log.read(sight, KEYS, [*each, unsettled], True)) for each in lines]
        if earlier and goes_on:
            of = log.things.among(connection, goes_on)
            found.append(taken_off(log.read(sight, KEYS, [*earlier.lines, of], True)))
        new -= listed
    rows = [
        [*cell, *(int(measures.get(name, 0)) for name in log.names)]
        for cell, measures in sorted(added(*found).items())
        if any(measures.get(name) for name in log.names)
    ]
    kept: Kept = {"sums": rows, "again": [list(thing) for thing in sorted(new)]}
    if log.of_documents:
        least = sa.select(sa.func.min(log.number)).where(log.day > until.isoformat(), *recorded)
        kept["open_from"] = connection.execute(least).scalar_one_or_none()
    return kept


def _going_on(sight: Sight, kept: KeptLog, lines: Sequence[Conditions]) -> Things:
    """Return the things of some lines of which other lines are kept."""
    things = kept.log.things
    if things is None or things.goes_on is None:
        return NONE
    return NONE.union(*(things.goes_on(sight, kept, each) for each in lines))
