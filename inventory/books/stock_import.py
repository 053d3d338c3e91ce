"""A stock file is an assertion: on this day, these bins hold this much. The ledger is brought to agree with it.

Where the ledger has never moved a part in a store, the file opens its books: each row comes from the place *opening*,
at its own cost and with its own day of receipt. So does a bin never touched of a part that another file of the same day
has opened, so that it does not matter over how many files the bins of a part are spread. Where the ledger knows more,
only the difference between the file and the books of that day moves, to or from the place *count-difference*: what is
found is valued at the file's unit cost, what is missing takes its share of the moving average. A bin the file does not
name is not touched.

The natural key of an assertion is day, store, part and bin. The same assertion again changes nothing, in whatever
order and however split over files; another assertion under the same key is a conflict, which is shown.

An import that was reversed asserted nothing and touched nothing: the same file, or a corrected one, opens the books
again as if it were the first, unless something else has moved the part. Until the day of its reversal the books still
hold what it brought, so a file of an earlier day is refused, with that day.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pandas as pd
import sqlalchemy as sa

from inventory.books.balances import NOTHING, Balances, Where, balances, balances_on, pools
from inventory.books.ledger import post, take_turn
from inventory.books.movements import Document, Movement, Place, PlaceKind
from inventory.books.standing import stands
from inventory.books.valuation import amount_e4, values_out
from inventory.bulk import among, raw_rows
from inventory.findings import Finding
from inventory.schema import document, movement
from inventory.schema_books import reversal

KIND = "stock-import"
_REMEDY = "import the stock under its own day with --as-of, or correct the row"


class _Row(NamedTuple):
    """What a row of the file says about one bin: how much, at what cost, come in when."""

    quantity_milli: int
    unit_cost_e4: int
    received_on: str


class _Bin(NamedTuple):
    store: str
    part_no: str
    name: str

    @property
    def where(self) -> Where:
        return Where(self.store, self.part_no, PlaceKind.BIN.value, self.name)


@dataclass(frozen=True)
class StockImport:
    """What a stock file did: bins opened, corrected up or down, agreeing already, asserted before; or its faults."""

    opened: int = 0
    increased: int = 0
    decreased: int = 0
    agreed: int = 0
    repeated: int = 0
    findings: tuple[Finding, ...] = ()


def post_stock(
    connection: sa.Connection,
    rows: pd.DataFrame,
    as_of: date,
    user_name: str,
    recorded_at: str,
    source: str = "stock",
) -> StockImport:
    """Bring the ledger to what a stock file asserts, or post nothing and tell why.

    Parameters
    ----------
    rows
        ``store, part_no, bin`` (text, bin may be empty), ``quantity_milli`` (zero or more), ``unit_cost_e4``,
        ``received_on`` (date, or empty: `as_of`); where there is a column ``row``, findings name it. Several rows of
        one bin are its layers and add up.
    as_of
        The business day on which the bins held this.
    user_name, recorded_at
        Who answers for it, and when it was recorded (ISO text, UTC).
    source
        Name of the file, for the findings.
    """
    take_turn(connection)
    asserted, row_of = _asserted(rows, as_of)
    before = _asserted_before(connection, as_of)
    findings = [
        _conflict(source, row_of[place], place, f"what was imported for {as_of} before: {_told(before[place])}")
        for place in asserted
        if place in before and before[place] != asserted[place]
    ]
    fresh = {place: each for place, each in asserted.items() if place not in before}
    now = balances(connection, {place.store for place in fresh}, {place.part_no for place in fresh})
    then = balances_on(connection, as_of)
    touched = _touched(connection, now)
    seen = {where[:2] for where in touched}
    taken_back_on = _taken_back_after(connection, as_of)
    for place in fresh:
        day = taken_back_on.get(place[:2])
        if day is not None:
            reason = f"a day from {day} on: only then was an earlier import of this part taken back"
            findings.append(_conflict(source, row_of[place], place, reason, f"import it with --as-of {day}, or later"))
    opened_today = _opened(connection, as_of) if before else set()
    gap = {
        place: sum(row.quantity_milli for row in each) - then.get(place.where, NOTHING).quantity_milli
        for place, each in fresh.items()
        if (place.store, place.part_no) in seen and (place.where in touched or place[:2] not in opened_today)
    }
    for place, difference in gap.items():
        held = now.get(place.where, NOTHING).quantity_milli
        if held + difference < 0:
            reason = (
                f"at least what has left this bin since {as_of}: {-difference / 1000:g} fewer is more than it has now"
            )
            findings.append(_conflict(source, row_of[place], place, reason))
    if findings:
        return StockImport(findings=tuple(findings))
    opening = {place: each for place, each in fresh.items() if place not in gap}
    movements = [*_down(gap, now), *_up(gap, fresh), *_open(opening)]
    if fresh:
        post(connection, _document(connection, fresh, movements, as_of, user_name), recorded_at)
    return StockImport(
        opened=len(opening),
        increased=sum(difference > 0 for difference in gap.values()),
        decreased=sum(difference < 0 for difference in gap.values()),
        agreed=sum(difference == 0 for difference in gap.values()),
        repeated=len(asserted) - len(fresh),
    )


def _asserted(rows: pd.DataFrame, as_of: date) -> tuple[dict[_Bin, list[_Row]], dict[_Bin, int]]:
    """Return the rows by bin, sorted, so that the order of the file does not matter; and the first row of each."""
    asserted: dict[_Bin, list[_Row]] = {}
    row_of: dict[_Bin, int] = {}
    for at, record in enumerate(rows.to_dict("records"), start=2):
        place = _Bin(str(record["store"]), str(record["part_no"]), _text(record["bin"]))
        received_on = _text(record.get("received_on"))[:10] or as_of.isoformat()
        row = _Row(int(record["quantity_milli"]), int(record["unit_cost_e4"]), received_on)
        asserted.setdefault(place, []).append(row)
        row_of.setdefault(place, int(record.get("row", at)))
    return {place: sorted(each) for place, each in sorted(asserted.items())}, row_of


def _text(value: object) -> str:
    """Return a cell as text; empty where there is none."""
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]  # any cell may be asked


def _asserted_before(connection: sa.Connection, as_of: date) -> dict[_Bin, list[_Row]]:
    """Return what earlier files asserted for the same day."""
    question = sa.select(document.c.body).where(
        document.c.kind == KIND,
        sa.func.coalesce(document.c.stated_on, document.c.effective_on) == as_of.isoformat(),
        stands(document.c.sequence, date.max),
    )
    found: dict[_Bin, list[_Row]] = {}
    for body in connection.execute(question).scalars():
        for store, part_no, name, *row in json.loads(body)["asserted"]:
            found.setdefault(_Bin(store, part_no, name), []).append(_Row(*row))
    return found


def _opened(connection: sa.Connection, as_of: date) -> set[tuple[str, str]]:
    """Return the stores and parts whose books an earlier file of the same day has opened."""
    question = (
        sa.select(movement.c.store, movement.c.part_no)
        .join(document, document.c.sequence == movement.c.document_sequence)
        .where(
            document.c.kind == KIND,
            document.c.effective_on == as_of.isoformat(),
            stands(document.c.sequence, date.max),
            movement.c.source_kind == PlaceKind.OPENING.value,
        )
    )
    return {(store, part_no) for store, part_no in connection.execute(question)}


def _touched(connection: sa.Connection, now: Balances) -> set[Where]:
    """Return the places of these balances but those that only reversed documents, and their reversals, have touched."""
    gone = sa.union_all(sa.select(reversal.c.reverses_sequence), sa.select(reversal.c.document_sequence)).subquery()
    sequence, item = movement.c.document_sequence, (movement.c.store, movement.c.part_no)
    mistaken = sa.select(*item).where(sequence.in_(sa.select(gone))).distinct()
    doubtful = set(raw_rows(connection, mistaken)).intersection([where[:2] for where in now])
    if not doubtful:
        return set(now)
    ends = ((movement.c.source_kind, movement.c.source_name), (movement.c.target_kind, movement.c.target_name))
    parts = among(connection, movement.c.part_no, {part_no for _, part_no in doubtful})
    standing = {
        where
        for end in ends
        for where in raw_rows(
            connection, sa.select(*item, *end).where(parts, sequence.not_in(sa.select(gone))).distinct()
        )
    }
    return {where for where in now if where[:2] not in doubtful or where in standing}


def _taken_back_after(connection: sa.Connection, as_of: date) -> dict[tuple[str, str], str]:
    """Return by store and part the day on which an import of this day or before was taken back, where that is later."""
    by = document.alias()
    question = (
        sa.select(movement.c.store, movement.c.part_no, sa.func.max(by.c.effective_on))
        .join(document, document.c.sequence == movement.c.document_sequence)
        .join(reversal, reversal.c.reverses_sequence == document.c.sequence)
        .join(by, by.c.sequence == reversal.c.document_sequence)
        .where(
            document.c.kind == KIND,
            document.c.effective_on <= as_of.isoformat(),
            by.c.effective_on > as_of.isoformat(),
        )
        .group_by(movement.c.store, movement.c.part_no)
    )
    return {(store, part_no): day for store, part_no, day in raw_rows(connection, question)}


def _open(opening: Mapping[_Bin, Sequence[_Row]]) -> Iterator[Movement]:
    for place, each in opening.items():
        for row in each:
            if row.quantity_milli:
                yield Movement(
                    place.store,
                    place.part_no,
                    Place(PlaceKind.OPENING),
                    Place(PlaceKind.BIN, place.name),
                    row.quantity_milli,
                    amount_e4(row.quantity_milli, row.unit_cost_e4),
                    date.fromisoformat(row.received_on),
                )


def _up(gap: Mapping[_Bin, int], fresh: Mapping[_Bin, Sequence[_Row]]) -> Iterator[Movement]:
    """Yield what was found, at the mean cost of the bin's rows and as old as the newest of them."""
    for place, difference in gap.items():
        if difference > 0:
            quantity = sum(row.quantity_milli for row in fresh[place])
            value = sum(row.quantity_milli * row.unit_cost_e4 for row in fresh[place])
            yield Movement(
                place.store,
                place.part_no,
                Place(PlaceKind.COUNT_DIFFERENCE),
                Place(PlaceKind.BIN, place.name),
                difference,
                (2 * difference * value + 1000 * quantity) // (2000 * quantity),
                date.fromisoformat(max(row.received_on for row in fresh[place])),
            )


def _down(gap: Mapping[_Bin, int], now: Balances) -> Iterator[Movement]:
    taken = [(place, -difference) for place, difference in gap.items() if difference < 0]
    values = values_out(((place.store, place.part_no, quantity) for place, quantity in taken), pools(now))
    for (place, quantity), value in zip(taken, values, strict=True):
        yield Movement(
            place.store,
            place.part_no,
            Place(PlaceKind.BIN, place.name),
            Place(PlaceKind.COUNT_DIFFERENCE),
            quantity,
            value,
        )


def _document(
    connection: sa.Connection,
    fresh: Mapping[_Bin, Sequence[_Row]],
    movements: Sequence[Movement],
    as_of: date,
    user_name: str,
) -> Document:
    """Return the document; where one of the same content was reversed, under a number of its own."""
    rows = [[*place, *row] for place, each in fresh.items() for row in each]
    digest = hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()[:12]
    number = f"{KIND}-{as_of}-{digest}"
    reversed_before = sa.select(sa.func.count()).where(document.c.number.startswith(number, autoescape=True))
    times = connection.execute(reversed_before).scalar_one()
    number += f"-{times + 1}" if times else ""
    return Document(KIND, number, as_of, user_name, number, tuple(movements), {"asserted": rows})


def _told(rows: Sequence[_Row]) -> str:
    return ", ".join(
        f"{row.quantity_milli / 1000:g} at {row.unit_cost_e4 / 10_000:g} received {row.received_on}" for row in rows
    )


def _conflict(source: str, row: int, place: _Bin, reason: str, remedy: str = _REMEDY) -> Finding:
    value = f"{place.store} {place.part_no} {place.name}".strip()
    return Finding(source, "", row, "quantity", value, reason, remedy, is_conflict=True)
