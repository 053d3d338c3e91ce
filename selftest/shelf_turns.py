"""What changes the shelf without a customer, in random sequences: stock files, put-away, scrap, transfers."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from inventory.books.stock_import import post_stock
from inventory.counter.adjustment import AdjustRequest, adjust
from inventory.counter.put_away import MoveRequest, put_away
from inventory.counter.scrapping import ScrapRequest, scrap
from inventory.counter.transfers import SendRequest, close, receive, send
from inventory.proof.fingerprint import last_number
from selftest.goods import BINS, COST_E4, PARTS, STORES, USER, a_store, some
from selftest.plain_books import Item, Line, PlainBooks, Spot, share, spread, worth_at
from selftest.turns import Answer, Operation, Told, Turn, refused, told_findings, told_slip

if TYPE_CHECKING:
    import sqlalchemy as sa

DIFFERENCE, SCRAP, OPENING = ("count-difference", ""), ("scrap", ""), ("opening", "")


def posted(books: PlainBooks, kind: str, number: str, turn: Turn, lines: list[Line]) -> Answer:
    """Post to the plain books what all agree can be posted now, and may have been impossible then."""
    if not books.post(kind, number, turn, lines):
        return refused("StockShortError")
    return "posted", sum(line.milli for line in lines)


# --- a stock file: some bins hold this much today --------------------------------------------------------------------

StockRow = tuple[str, str, str, int, int]
"""Store, part, bin, quantity, unit cost."""


def _draw_stock(rng: random.Random, _books: PlainBooks, _turn: Turn) -> list[StockRow]:
    store = a_store(rng)
    parts = rng.sample(PARTS, rng.randint(1, 4))
    return [(store, part, rng.choice(BINS), rng.randint(0, 40) * 500, rng.randint(1, 99_9999)) for part in parts]


def _post_stock(connection: sa.Connection, rows: list[StockRow], turn: Turn) -> Told:
    import pandas as pd

    frame = pd.DataFrame(rows, columns=["store", "part_no", "bin", "quantity_milli", "unit_cost_e4"])
    done = post_stock(connection, frame.assign(received_on=None), turn.day, USER, turn.recorded_at)
    if done.findings:
        return told_findings(done.findings)
    return Told(
        ("posted", done.opened, done.increased, done.decreased, done.agreed, done.repeated), last_number(connection)
    )


def _model_stock(books: PlainBooks, rows: list[StockRow], turn: Turn, number: str) -> Answer:
    told = books.logs["stock file"].setdefault(turn.day, {})
    known = {key: said for key, (said, by) in told.items() if books.stands(by)}
    asserted = {row[:3]: row[3:] for row in sorted(rows)}
    why = [key for key, said in asserted.items() if key in known and known[key] != said]
    fresh = {key: said for key, said in asserted.items() if key not in known}
    why += [key for key in fresh if _is_taken_back_later(books, key[:2], turn)]
    if why:
        return refused(*["quantity"] * len(why))
    opened = books.logs["opened on"].setdefault(turn.day, {})
    opened_today = {item for item, by in opened.items() if books.stands(by)}
    down, up, opening, agreed = [], [], [], 0
    for (store, part, name), (milli, cost) in fresh.items():
        item, spot = (store, part), ("bin", name)
        touched = _touched(books, item)
        if not touched or (item in opened_today and spot not in touched):
            opening.append((item, spot, milli, worth_at(milli, cost)))
            continue
        gap = milli - books.at(item, spot)
        agreed += not gap
        if gap < 0:
            down.append(Line(item, spot, DIFFERENCE, -gap))
        elif gap:
            up.append(Line(item, DIFFERENCE, spot, gap, worth_at(gap, cost)))
    lines = [*down, *up, *(Line(item, OPENING, spot, q, value) for item, spot, q, value in opening if q)]
    if fresh and not books.post("stock-import", number, turn, lines):
        return refused("StockShortError")
    told.update((key, (said, number)) for key, said in fresh.items())
    opened.update((item, number) for item, _, milli, _ in opening if milli)
    return "posted", len(opening), len(up), len(down), agreed, len(asserted) - len(fresh)


def _touched(books: PlainBooks, item: Item) -> set[Spot]:
    """Return where a part has been, by what was neither reversed nor a reversal."""
    moves = [move for move in books.moves.get(item, ()) if move.mirrors is None]
    return {spot for move in moves if move.document not in books.reversed_by for spot in (move.source, move.target)}


def _is_taken_back_later(books: PlainBooks, item: Item, turn: Turn) -> bool:
    """Return whether a stock file of this day or before was taken back after it."""
    files = {each.sequence for each in books.documents.values() if each.kind == "stock-import"}
    own = {move.document for move in books.moves.get(item, ()) if move.day <= turn.day}
    return any(books.reversed_by[each].day > turn.day for each in files & own & books.reversed_by.keys())


# --- one bin, one part ------------------------------------------------------------------------------------------------


def _draw_move(rng: random.Random, books: PlainBooks, _turn: Turn) -> MoveRequest:
    item, spot, there = _a_full_bin(rng, books)
    milli = rng.choice((None, rng.randint(1, max(there, 1)), rng.randint(1, 5000)))
    return MoveRequest(*item, spot[1], rng.choice(BINS), milli)


def _a_full_bin(rng: random.Random, books: PlainBooks) -> tuple[Item, Spot, int]:
    """Return a part, a bin, and what it holds: rather one that holds something."""
    item = (a_store(rng), rng.choice(PARTS))
    full = books.bins(item)
    spot, there = rng.choice(full) if full and rng.random() < 0.9 else (("bin", rng.choice(BINS)), 0)
    return item, spot, there


def _post_move(connection: sa.Connection, asked: MoveRequest, turn: Turn) -> Told:
    return told_slip(put_away(connection, asked, turn.signed))


def _model_move(books: PlainBooks, asked: MoveRequest, turn: Turn, number: str) -> Answer:
    item, source, target = (asked.store, asked.part_no), ("bin", asked.source), ("bin", asked.target)
    there = books.at(item, source)
    milli = there if asked.quantity_milli is None else asked.quantity_milli
    why = [*(["quantity"] if milli <= 0 else []), *(["to"] if source == target else [])]
    if why or milli > there:
        return refused(*(why or ["quantity"]))
    return posted(books, "put-away", number, turn, [Line(item, source, target, milli)])


def _draw_adjustment(rng: random.Random, books: PlainBooks, _turn: Turn) -> AdjustRequest:
    item, spot, there = _a_full_bin(rng, books)
    more = rng.random() < 0.6
    milli = rng.randint(1, 4000) if more else -rng.choice((max(there, 1), rng.randint(1, 4000)))
    cost = rng.choice((None, None, rng.randint(0, 9_9999)))
    return AdjustRequest(*item, spot[1], milli, "counted", cost)


def _post_adjustment(connection: sa.Connection, asked: AdjustRequest, turn: Turn) -> Told:
    return told_slip(adjust(connection, asked, turn.signed))


def _model_adjustment(books: PlainBooks, asked: AdjustRequest, turn: Turn, number: str) -> Answer:
    item, spot, milli = (asked.store, asked.part_no), ("bin", asked.bin_name), asked.difference_milli
    cost = asked.unit_cost_e4
    if milli < 0:
        if cost is not None:
            return refused("unit-cost")
        if -milli > books.at(item, spot):
            return refused("quantity")
        return posted(books, "adjustment", number, turn, [Line(item, spot, DIFFERENCE, -milli)])
    held, value = books.pool(item)
    worth = (
        worth_at(milli, cost) if cost is not None else share(milli, held, value) if held else worth_at(milli, COST_E4)
    )
    return posted(books, "adjustment", number, turn, [Line(item, DIFFERENCE, spot, milli, worth)])


def _draw_scrap(rng: random.Random, books: PlainBooks, _turn: Turn) -> ScrapRequest:
    item, spot, _ = _a_full_bin(rng, books)
    place = rng.choice((None, spot[1]))
    aside = [(at, each) for at, walk in books.walks.items() for each, q in walk.quantity.items()
             if q > 0 and each[0] in ("quarantine", "core")]  # fmt: skip
    if aside and rng.random() < 0.2:
        item, spot = rng.choice(aside)
        place = "/".join(spot)
    return ScrapRequest(*item, rng.randint(1, 3000), "rusty", place)


def _post_scrap(connection: sa.Connection, asked: ScrapRequest, turn: Turn) -> Told:
    return told_slip(scrap(connection, asked, turn.signed))


def _model_scrap(books: PlainBooks, asked: ScrapRequest, turn: Turn, number: str) -> Answer:
    item, place = (asked.store, asked.part_no), asked.place
    if place is None:
        sources = books.bins(item)
    else:
        kind, _, name = place.partition("/") if "/" in place else ("bin", "", place)
        if kind == "core":
            return refused("from")
        sources = [((kind, name), books.at(item, (kind, name)))]
    if asked.quantity_milli > sum(milli for _, milli in sources):
        return refused("quantity")
    lines = [Line(item, spot, SCRAP, milli) for spot, milli in spread(sources, asked.quantity_milli)]
    return posted(books, "scrap", number, turn, lines)


# --- from store to store ----------------------------------------------------------------------------------------------


def _draw_send(rng: random.Random, books: PlainBooks, _turn: Turn) -> SendRequest:
    item, spot, there = _a_full_bin(rng, books)
    milli = there if there and rng.random() < 0.3 else rng.randint(1, 4000)
    return SendRequest(item[0], rng.choice(STORES), item[1], milli, rng.choice((None, spot[1])))


def _post_send(connection: sa.Connection, asked: SendRequest, turn: Turn) -> Told:
    return told_slip(send(connection, asked, turn.signed))


def _model_send(books: PlainBooks, asked: SendRequest, turn: Turn, number: str) -> Answer:
    if asked.to_store == asked.from_store:
        return refused("to")
    item = (asked.from_store, asked.part_no)
    sources = books.bins(item, asked.bin_name)
    if asked.quantity_milli > sum(milli for _, milli in sources):
        return refused("quantity")
    lines = [Line(item, spot, ("transit", number), milli) for spot, milli in spread(sources, asked.quantity_milli)]
    answer = posted(books, "transfer", number, turn, lines)
    if answer[0] == "posted":
        books.logs["transfer"][number] = item, (asked.to_store, asked.part_no)
    return answer


Arrival = tuple[str, int | None, str | None]
"""A transfer, how much arrived, and the bin it goes to."""


def _a_transfer(rng: random.Random, books: PlainBooks) -> str | None:
    sent = books.logs["transfer"]
    under_way = [number for number, (item, _) in sent.items() if books.at(item, ("transit", number))]
    return some(rng, under_way if under_way and rng.random() < 0.9 else list(sent))


def _draw_arrival(rng: random.Random, books: PlainBooks, _turn: Turn) -> Arrival | None:
    number = _a_transfer(rng, books)
    if number is None:
        return None
    return number, rng.choice((None, rng.randint(1, 4000))), rng.choice((None, *BINS))


def _post_arrival(connection: sa.Connection, asked: Arrival, turn: Turn) -> Told:
    return told_slip(receive(connection, *asked, turn.signed))


def _not_under_way(books: PlainBooks, number: str, milli: int, turn: Turn) -> Answer | None:
    there = books.at(books.logs["transfer"][number][0], ("transit", number))
    if not there:
        return refused("transfer")
    if milli > there:
        return refused("quantity")
    return refused("as-of") if books.counted_from(turn) < books.documents[number].day else None


def _model_arrival(books: PlainBooks, asked: Arrival, turn: Turn, number: str) -> Answer:
    transfer_no, milli, name = asked
    sender, receiver = books.logs["transfer"][transfer_no]
    spot = ("transit", transfer_no)
    milli = books.at(sender, spot) if milli is None else milli
    why = _not_under_way(books, transfer_no, milli, turn)
    if why is not None:
        return why
    fullest = next((each for each, _ in books.bins(receiver)), ("bin", ""))
    target = fullest if name is None else ("bin", name)
    value = share(milli, *books.pool(sender, spot))
    lines = [
        Line(sender, spot, ("other-store", receiver[0]), milli, value),
        Line(receiver, ("other-store", sender[0]), target, milli, value),
    ]
    return posted(books, "transfer-receipt", number, turn, lines)


def _draw_loss(rng: random.Random, books: PlainBooks, _turn: Turn) -> str | None:
    return _a_transfer(rng, books)


def _post_loss(connection: sa.Connection, asked: str, turn: Turn) -> Told:
    return told_slip(close(connection, asked, "lost on the way", turn.signed))


def _model_loss(books: PlainBooks, asked: str, turn: Turn, number: str) -> Answer:
    why = _not_under_way(books, asked, 1, turn)
    if why is not None:
        return why
    sender, spot = books.logs["transfer"][asked][0], ("transit", asked)
    return posted(books, "transfer-closing", number, turn, [Line(sender, spot, DIFFERENCE, books.at(sender, spot))])


SHELVES = (
    Operation("stock-import", 1, _draw_stock, _post_stock, _model_stock, is_late=False, is_repeatable=False),
    Operation("put-away", 4, _draw_move, _post_move, _model_move),
    Operation("adjustment", 4, _draw_adjustment, _post_adjustment, _model_adjustment),
    Operation("scrap", 3, _draw_scrap, _post_scrap, _model_scrap),
    Operation("transfer", 4, _draw_send, _post_send, _model_send),
    Operation("transfer-receipt", 4, _draw_arrival, _post_arrival, _model_arrival),
    Operation("transfer-closing", 1, _draw_loss, _post_loss, _model_loss),
)
