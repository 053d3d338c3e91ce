"""What figures are asked for: a period, a store, what was known; and the conditions on rows that follow from it.

Five periods: a day, a week from Monday, a calendar month, a calendar quarter, and the twelve months that end with a
month. Figures of a state (stock, age) are of the period's last day; figures of twelve months (turns) of the twelve that
end with the period's last month.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import sqlalchemy as sa

from demand.periods import PeriodKind, first_day_of, label_of, ordinal_of
from inventory.books.periods import known_by

Span = Literal["day", "week", "month", "quarter", "rolling-12"]
SPANS: tuple[Span, ...] = ("month", "quarter", "rolling-12", "day", "week")
WITHIN_MONTHS: tuple[Span, ...] = ("day", "week")
"""The spans that are no whole months."""
MONTHS_PER_YEAR, MONTHS_PER_QUARTER = 12, 3


@dataclass(frozen=True)
class Scope:
    """What figures are asked for.

    Parameters
    ----------
    first_month, last_month
        Ordinals of the first and last month of the period (`demand.periods`).
    until
        The last day that counts: the end of the last month, or earlier where it is not over.
    store
        None: all stores together.
    known_at
        The last document that counts, by its sequence; None: all. Imported rows have no document and always count.
    first_day
        Where the period begins within its first month; None: it is of whole months.
    """

    first_month: int
    last_month: int
    until: date
    store: str | None = None
    known_at: int | None = None
    first_day: date | None = None

    @property
    def since(self) -> date:
        """The first day of the period."""
        return self.first_day or first_day_of(self.first_month, PeriodKind.MONTH)

    @property
    def months(self) -> tuple[str, ...]:
        """The months of the period, as ``YYYY-MM``."""
        return tuple(label_of(month, PeriodKind.MONTH) for month in range(self.first_month, self.last_month + 1))

    @property
    def label(self) -> str:
        """The period as it is printed."""
        if self.first_day is not None:
            return self.until.isoformat() if self.first_day == self.until else f"{self.first_day} – {self.until}"
        last = label_of(self.last_month, PeriodKind.MONTH)
        length = self.last_month - self.first_month + 1
        if length == 1:
            return last
        if length == MONTHS_PER_QUARTER:
            return f"{last[:4]}-Q{(int(last[5:]) + 2) // MONTHS_PER_QUARTER}"
        return f"{length} months to {last}"

    def year(self) -> Scope:
        """Return the twelve months that end with the period."""
        return self.last_months(MONTHS_PER_YEAR)

    def last_months(self, count: int) -> Scope:
        """Return the last months of the period, or further back than it reaches."""
        return replace(self, first_month=self.last_month - count + 1, first_day=None)

    def of_store(self, store: str) -> Scope:
        """Return the same of one store."""
        return replace(self, store=store)

    def day_before(self, months: int) -> date:
        """Return the last day before so many months that end with the period."""
        return first_day_of(self.last_month - months + 1, PeriodKind.MONTH) - timedelta(days=1)

    def of(self, column: sa.ColumnElement[str]) -> list[sa.ColumnElement[bool]]:
        """Return the condition that a row is of the store; none where all stores count."""
        return [] if self.store is None else [column == self.store]

    def known(self, column: sa.ColumnElement[int]) -> list[sa.ColumnElement[bool]]:
        """Return the condition that a row was known; one without a document was imported, and always is."""
        return [] if self.known_at is None else [sa.or_(column.is_(None), column <= self.known_at)]

    def within(self, column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        """Return the condition that a day lies in the period.

        Not by BETWEEN: SQLite would look its first day up even where another condition asks for a later one before it.
        """
        return sa.and_(column >= self.since.isoformat(), column <= self.until.isoformat())


def scope_of(
    connection: sa.Connection,
    month: int,
    as_of: date,
    store: str | None = None,
    known_at: int | None = None,
    span: Span = "month",
) -> Scope:
    """Return the scope of a period that ends with, or holds, a month.

    Parameters
    ----------
    month
        Ordinal of the month (`demand.periods`); of a quarter any of its months.
    as_of
        The last day that counts, where the period is not over yet; of a day or week, a day of it that is the last to
        count, whatever the month.
    known_at
        The last document that counts; all where not given, but in a closed month none recorded after it was closed.
    """
    if span in WITHIN_MONTHS:
        begins = as_of - timedelta(days=as_of.weekday() if span == "week" else 0)
        first, last = (ordinal_of(day, PeriodKind.MONTH) for day in (begins, as_of))
        return Scope(first, last, as_of, store, known_by(connection, as_of, known_at), begins)
    first = last = month
    if span == "quarter":
        first = month - (int(label_of(month, PeriodKind.MONTH)[5:]) - 1) % MONTHS_PER_QUARTER
        last = first + MONTHS_PER_QUARTER - 1
    elif span == "rolling-12":
        first = month - MONTHS_PER_YEAR + 1
    until = min(month_end(last), as_of)
    return Scope(first, last, until, store, known_by(connection, until, known_at))


def month_end(month: int) -> date:
    """Return the last day of a month given by its ordinal.

    >>> month_end(24317)
    datetime.date(2026, 6, 30)
    """
    return first_day_of(month + 1, PeriodKind.MONTH) - timedelta(days=1)
