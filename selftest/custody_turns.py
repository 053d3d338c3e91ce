"""What lies apart from the stock, in random sequences: returns to the maker, cores, and warranty parts in custody."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from inventory.claims.core_deposits import move_cores
from inventory.claims.maker_returns import ReturnRequest, credit_return, open_return, refuse_return
from inventory.claims.warranty_custody import KeepRequest, keep, release
from selftest.goods import BINS, CUSTODY_DAYS, DEPOSITS_E4, PARTS, SUPPLIER, USER, a_store, some
from selftest.plain_books import Item, Line, PlainBooks, Spot, spread
from selftest.turns import Answer, Operation, Told, Turn, refused, told_findings

if TYPE_CHECKING:
    import sqlalchemy as sa

FROM_SUPPLIER = ("supplier", SUPPLIER)


def _posted(books: PlainBooks, kind: str, number: str, turn: Turn, lines: list[Line]) -> Answer:
    return ("posted",) if books.post(kind, number, turn, lines) else refused("StockShortError")


# --- return to the maker ----------------------------------------------------------------------------------------------


class Back(NamedTuple):
    """A plain return to the maker, and the documents that decided it."""

    item: Item
    decided_by: list[str]


def _draw_back(rng: random.Random, books: PlainBooks, _turn: Turn) -> ReturnRequest:
    item = (a_store(rng), rng.choice(PARTS))
    full = books.bins(item)
    milli = full[0][1] if full and rng.random() < 0.3 else rng.randint(1, 3000)
    return ReturnRequest(*item, milli, rng.choice((None, None, *BINS)))


def _post_back(connection: sa.Connection, asked: ReturnRequest, turn: Turn) -> Told:
    done = open_return(connection, asked, turn.day, USER, turn.key, turn.recorded_at)
    return Told(("posted",), done.posting.number) if done.posting else told_findings(done.findings)


def _model_back(books: PlainBooks, asked: ReturnRequest, turn: Turn, number: str) -> Answer:
    item = (asked.store, asked.part_no)
    sources = books.bins(item, asked.bin_name)
    if asked.quantity_milli > sum(milli for _, milli in sources):
        return refused("StockShortError")
    lines = [Line(item, spot, ("return-to-maker", number), q) for spot, q in spread(sources, asked.quantity_milli)]
    answer = _posted(books, "return-to-maker", number, turn, lines)
    if answer[0] == "posted":
        books.logs["maker"][number] = Back(item, [])
    return answer


Decision = tuple[str, str | None]
"""A return, and the bin it goes back to; None: it is credited."""


def _draw_decision(rng: random.Random, books: PlainBooks, _turn: Turn) -> Decision | None:
    returns = books.logs["maker"]
    waiting = [number for number, each in returns.items() if books.at(each.item, ("return-to-maker", number))]
    number = some(rng, waiting if waiting and rng.random() < 0.9 else list(returns))
    return None if number is None else (number, rng.choice((None, *BINS)))


def _post_decision(connection: sa.Connection, asked: Decision, turn: Turn) -> Told:
    number, name = asked
    signed = (turn.day, USER, turn.key, turn.recorded_at)
    if name is None:
        done = credit_return(connection, number, 5000, 500, *signed)
    else:
        done = refuse_return(connection, number, name, *signed)
    return Told(("posted",), done.number)


def _model_decision(books: PlainBooks, asked: Decision, turn: Turn, number: str) -> Answer:
    return_no, name = asked
    back, spot = books.logs["maker"][return_no], ("return-to-maker", return_no)
    is_decided = not books.stands(return_no) or any(books.stands(each) for each in back.decided_by)
    if is_decided or books.counted_from(turn) < books.documents[return_no].day:
        return refused("ReturnStateError")
    target = FROM_SUPPLIER if name is None else ("bin", name)
    milli = books.at(back.item, spot)
    if not milli:
        return refused("ReturnStateError")
    answer = _posted(books, "return-to-maker", number, turn, [Line(back.item, spot, target, milli)])
    if answer[0] == "posted":
        back.decided_by.append(number)
    return answer


# --- cores ------------------------------------------------------------------------------------------------------------

CORE_STEPS: dict[str, tuple[Spot, Spot]] = {
    "take": (("core", "owed"), ("core", "in-hand")),
    "return": (("core", "in-hand"), FROM_SUPPLIER),
    "forfeit": (("core", "owed"), ("customer", "core")),
}
Core = tuple[str, str, str, int]
"""Step, store, part, quantity."""


def _draw_core(rng: random.Random, _books: PlainBooks, _turn: Turn) -> Core:
    return rng.choice(list(CORE_STEPS)), a_store(rng), rng.choice(list(DEPOSITS_E4)), rng.randint(1, 2500)


def _post_core(connection: sa.Connection, asked: Core, turn: Turn) -> Told:
    done = move_cores(connection, *asked, turn.day, USER, turn.key, turn.recorded_at)
    return Told(("posted",), done.number)


def _model_core(books: PlainBooks, asked: Core, turn: Turn, number: str) -> Answer:
    step, store, part, milli = asked
    source, target = CORE_STEPS[step]
    return _posted(books, "core-deposit", number, turn, [Line((store, part), source, target, milli)])


# --- warranty parts in custody ----------------------------------------------------------------------------------------


class Tag(NamedTuple):
    """A plain tag: what is kept, and until when."""

    item: Item
    milli: int
    keep_until: date


def _draw_keep(rng: random.Random, _books: PlainBooks, turn: Turn) -> KeepRequest:
    return KeepRequest(a_store(rng), f"RO-{turn.number}", rng.choice(PARTS), rng.randint(0, 2) * 1000)


def _post_keep(connection: sa.Connection, asked: KeepRequest, turn: Turn) -> Told:
    done = keep(connection, asked, turn.day, USER, turn.key, turn.recorded_at)
    if done.findings or done.posting is None:
        return told_findings(done.findings)
    return Told(("posted", done.keep_until), done.posting.number)


def _model_keep(books: PlainBooks, asked: KeepRequest, turn: Turn, number: str) -> Answer:
    if not asked.quantity_milli:
        return refused("quantity")
    item, until = (asked.store, asked.part_no), turn.day + timedelta(days=CUSTODY_DAYS)
    vehicle = ("customer", f"replaced on {asked.order_no}")
    books.post("keep", number, turn, [Line(item, vehicle, ("warranty-hold", number), asked.quantity_milli, 0)])
    books.logs["tag"][number] = Tag(item, asked.quantity_milli, until)
    return "posted", until.isoformat()


def _draw_let_go(rng: random.Random, books: PlainBooks, turn: Turn) -> tuple[str, str] | None:
    tags = books.logs["tag"]
    due = [number for number, each in tags.items() if each.keep_until < turn.day]
    number = some(rng, due[-20:] if due and rng.random() < 0.8 else list(tags)[-20:])
    return None if number is None else (number, rng.choice(("scrap", "maker")))


def _post_let_go(connection: sa.Connection, asked: tuple[str, str], turn: Turn) -> Told:
    done = release(connection, *asked, turn.day, USER, turn.key, turn.recorded_at)
    return Told(("posted",), done.number)


def _model_let_go(books: PlainBooks, asked: tuple[str, str], turn: Turn, number: str) -> Answer:
    tag_no, to = asked
    tag, spot = books.logs["tag"][tag_no], ("warranty-hold", tag_no)
    went = any(
        move.source == spot and move.mirrors is None and move.document not in books.reversed_by
        for move in books.moves[tag.item]
    )
    if went or not books.stands(tag_no) or turn.day <= tag.keep_until:
        return refused("CustodyError")
    target = FROM_SUPPLIER if to == "maker" else ("scrap", tag_no)
    return _posted(books, "warranty-custody", number, turn, [Line(tag.item, spot, target, tag.milli, 0)])


CUSTODY = (
    Operation("return-to-maker", 3, _draw_back, _post_back, _model_back),
    Operation("return-decided", 3, _draw_decision, _post_decision, _model_decision),
    Operation("core-deposit", 3, _draw_core, _post_core, _model_core),
    Operation("warranty-custody", 2, _draw_keep, _post_keep, _model_keep),
    Operation("warranty-release", 2, _draw_let_go, _post_let_go, _model_let_go),
)
