"""What is done to the books themselves, in random sequences: a month is closed, a document is taken back."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from inventory.books.closing import close_month
from inventory.books.ledger import StockShortError
from inventory.books.reversing import ReversalError, reverse
from selftest.goods import USER, some
from selftest.plain_books import OUTSIDE, SHELF, Item, Line, PlainBooks, Posted, Spot, pool_of
from selftest.turns import Answer, Operation, Told, Turn, refused

if TYPE_CHECKING:
    import sqlalchemy as sa

# --- a month is closed ------------------------------------------------------------------------------------------------


def _draw_closing(rng: random.Random, _books: PlainBooks, turn: Turn) -> str:
    return (turn.day.replace(day=1) - timedelta(days=rng.choice((-1, 1, 1, 1, 35)))).isoformat()[:7]


def _post_closing(connection: sa.Connection, asked: str, turn: Turn) -> Told:
    done = close_month(connection, asked, turn.day, USER, turn.key, turn.recorded_at)
    return Told(("posted", done.is_new), done.number)


def _model_closing(books: PlainBooks, asked: str, turn: Turn, number: str) -> Answer:
    if asked in books.logs["month"]:
        return "posted", False
    first = date.fromisoformat(f"{asked}-01")
    after = (first + timedelta(days=31)).replace(day=1)
    last = after - timedelta(days=1)
    if last >= turn.day or last < books.open_from:
        return refused("PeriodError")
    books.post("period-close", number, turn._replace(day=last))
    books.open_from = after
    books.logs["month"][asked] = last, len(books.documents), books.report(last, len(books.documents))
    return "posted", True


# --- a document is taken back -----------------------------------------------------------------------------------------

NEVER = ("period-close", "count-opening", "count-cancel", "count-entry", "count-review", "reversal")
_LATELY = 60
Reversal = tuple[str, int]
"""A document, and how many days before today its reversal is dated."""


def _draw_reversal(rng: random.Random, books: PlainBooks, _turn: Turn) -> Reversal | None:
    numbers = [number for number in list(books.documents)[-_LATELY:] if books.documents[number].lines]
    number = some(rng, numbers)
    if number is None:
        return None
    back = 0 if books.documents[number].kind == "receipt" or rng.random() < 0.7 else rng.randint(1, 5)
    return number, back


def _post_reversal(connection: sa.Connection, asked: Reversal, turn: Turn) -> Told:
    number, back = asked
    day = turn.day - timedelta(days=back)
    try:
        done = reverse(connection, number, "a mistake", day, USER, turn.key, turn.recorded_at)
    except (ReversalError, StockShortError):
        return Told(refused())
    return Told(("posted",), done.number)


def _model_reversal(books: PlainBooks, asked: Reversal, turn: Turn, number: str) -> Answer:
    name, back = asked
    head, turn = books.documents[name], turn._replace(day=turn.day - timedelta(days=back))
    own = [head, *(books.documents[claim] for claim in _claims_of(books, name))]
    if (
        head.kind in NEVER
        or not books.stands(name)
        or (head.kind == "claim" and name in books.logs["claim"])
        or max(turn.day, books.open_from) < head.day
        or _rests(books, name, head)
        or not _is_there(books, own)
    ):
        return refused()
    for at, each in enumerate(own):
        lines = [Line(item, move.target, move.source, move.milli) for item, move in each.lines]
        if not books.post("reversal", f"{number}-{at}" if at else number, turn, lines, each):
            return refused()
    return ("posted",)


def _claims_of(books: PlainBooks, receipt: str) -> list[str]:
    return list(books.logs["receipt"][receipt][2]) if receipt in books.logs["receipt"] else []


def _rests(books: PlainBooks, name: str, head: Posted) -> bool:
    """Return whether something was done on the strength of a document that its movements do not show."""
    claims = books.logs["claim"]
    moved = {(item, move.document, move.line) for item, move in head.lines}
    returned = [by for key, each in books.logs["back"].items() if key in moved for by, _ in each]
    stepped = [step.document for claim in _claims_of(books, name) for step in claims[claim].steps]
    for claim in claims.values():
        taken = [step.document for step in claim.steps]
        stepped += taken[taken.index(name) + 1 :] if name in taken else []
    answered = []
    for at, lines in books.logs["demand"].items():
        given_up = [each.document for each in books.logs["given up"].get(at, ())]
        own = [each for each in lines if each.document == name]
        if any(each.outcome == "special_order" and each.asked > each.supplied for each in own):
            later = [each for each in given_up if books.documents[each].sequence > head.sequence]
            answered += [*later, *_handed_later(books, at, head.sequence)]
        if name in given_up:
            answered += given_up[given_up.index(name) + 1 :]
    return any(books.stands(each) for each in (*returned, *stepped, *answered))


def _handed_later(books: PlainBooks, at: tuple[str, str, str], sequence: int) -> list[str]:
    store, order_no, part = at
    later = {
        move.document
        for move in books.moves.get((store, part), ())
        if move.document > sequence and move.target == ("customer", order_no) and move.source[0] in SHELF
        if move.mirrors is None
    }
    return [number for number, each in books.documents.items() if each.sequence in later] if later else []


def _is_there(books: PlainBooks, own: list[Posted]) -> bool:
    """Return whether what documents brought is still there, in quantity and, short of the last unit, in value."""
    quantity: defaultdict[tuple[Item, Spot], int] = defaultdict(int)
    pools: defaultdict[tuple[Item, Spot], list[int]] = defaultdict(lambda: [0, 0])
    for each in own:
        for item, move in each.lines:
            worth = books.walks[item].worth[move.document, move.line]
            for spot, sign in ((move.target, -1), (move.source, 1)):
                if spot[0] not in OUTSIDE:
                    quantity[item, spot] += sign * move.milli
                    pools[item, pool_of(spot)][0] += sign * move.milli
                    pools[item, pool_of(spot)][1] += sign * worth
    if any(books.at(item, spot) + change < 0 for (item, spot), change in quantity.items()):
        return False
    for (item, spot), (milli, worth) in pools.items():
        walk = books.walks[item]
        if walk.held[spot] + milli > 0 > walk.value[spot] + worth:
            return False
    return True


MONTHS = (
    Operation("period-close", 0.5, _draw_closing, _post_closing, _model_closing, is_late=False, is_repeatable=False),
    Operation("reversal", 4, _draw_reversal, _post_reversal, _model_reversal, is_late=False),
)
