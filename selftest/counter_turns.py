"""What happens at the counter, in random sequences: issues, what waits for them, and what comes back."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from inventory.counter.handover import HandOver, hand_over
from inventory.counter.issues import Issue, IssueRequest, issue
from inventory.counter.line_judgements import Judgement, judge
from inventory.counter.reservations import HoldRequest, expire, hold, release
from inventory.counter.special_orders import Change, change
from inventory.counter.workshop_returns import ReturnRequest, bring_back
from inventory.demand_log import Request
from selftest.goods import BINS, PARTS, USER, a_store, some
from selftest.plain_books import SHELF, Item, Line, PlainBooks, Spot, share, spread
from selftest.turns import Answer, Operation, Told, Turn, refused, told_findings, told_slip

if TYPE_CHECKING:
    import sqlalchemy as sa


class Demand(NamedTuple):
    """A line of the plain demand log: asked by which document, on which day, how much, with what outcome."""

    document: str
    day: date
    asked: int
    supplied: int
    outcome: str


# --- an issue, whole or in part --------------------------------------------------------------------------------------


def waits(books: PlainBooks, at: Request, day: date) -> int:
    """Return what a customer waits for on a day."""
    lines = [each for each in books.logs["demand"].get(at, ()) if each.day <= day and books.stands(each.document)]
    given_up = [each for each in books.logs["given up"].get(at, ()) if each.day <= day and books.stands(each.document)]
    asked = sum(each.asked - each.supplied for each in lines if each.outcome == "special_order")
    handed = sum(
        move.milli
        for move in books.moves.get((at.store, at.part_no), ())
        if move.target == ("customer", at.order_no)
        and move.source[0] in SHELF
        and move.day <= day
        and move.mirrors is None
        and move.document not in books.reversed_by
    )
    served = handed - sum(each.supplied for each in lines)
    left = asked - max(served, 0) - sum(each.asked for each in given_up)
    return max(int(left), 0)


def waiting_requests(books: PlainBooks, day: date) -> dict[Request, int]:
    """Return all that customers wait for on a day."""
    return {at: left for at in books.logs["demand"] if (left := waits(books, at, day))}


def _draw_issue(rng: random.Random, books: PlainBooks, turn: Turn) -> IssueRequest:
    store, part = a_store(rng), rng.choice(PARTS)
    order_no = f"RO-{turn.number}"
    if books.logs["demand"] and rng.random() < 0.2:  # a later visit of a customer who asked before
        store, order_no, part = rng.choice(list(books.logs["demand"]))
    there = sum(milli for _, milli in books.bins((store, part)))
    milli = there if there and rng.random() < 0.1 else rng.randint(1, 6000)
    name = rng.choice((None, None, *BINS))
    is_partial, outcome = rng.random() < 0.5, rng.choice(("special_order", "urgent", "lost", "cancelled"))
    return IssueRequest(store, part, milli, order_no, None, name, is_partial, outcome)


def _told_issue(done: Issue) -> Told:
    if done.findings or done.posting is None:
        return told_findings(done.findings)
    return Told(("posted", done.supplied_milli, done.missing_milli), done.posting.number)


def _post_issue(connection: sa.Connection, asked: IssueRequest, turn: Turn) -> Told:
    return _told_issue(issue(connection, asked, turn.day, USER, turn.key, turn.recorded_at))


def _model_issue(books: PlainBooks, asked: IssueRequest, turn: Turn, number: str) -> Answer:
    sources = books.bins((asked.store, asked.part_no), asked.bin_name)
    return _deliver(books, asked, turn, number, sources)


def _deliver(
    books: PlainBooks, asked: IssueRequest, turn: Turn, number: str, sources: list[tuple[Spot, int]]
) -> Answer:
    item = (asked.store, asked.part_no)
    there = sum(milli for _, milli in sources)
    supplied = asked.quantity_milli if there >= asked.quantity_milli else there if asked.partial else 0
    at = Request(asked.store, asked.order_no, asked.part_no)
    awaited = min(waits(books, at, books.counted_from(turn)), asked.quantity_milli)
    lines = [Line(item, spot, ("customer", asked.order_no), milli) for spot, milli in spread(sources, supplied)]
    if not books.post("issue", number, turn, lines):
        return refused("StockShortError")
    requested = asked.quantity_milli - awaited
    if requested:
        at_once = min(max(supplied - awaited, 0), requested)
        outcome = "shelf" if at_once == requested else asked.outcome
        line = Demand(number, turn.day, requested, at_once, outcome)
        books.logs["demand"].setdefault(at, []).append(line)
    return "posted", supplied, asked.quantity_milli - supplied


def _draw_change(rng: random.Random, books: PlainBooks, turn: Turn) -> tuple[Request, Change] | None:
    waiting = waiting_requests(books, turn.day)
    if not waiting:
        return None
    at = rng.choice(list(waiting))
    return at, Change(cancelled_milli=rng.randint(1, waiting[at] + 200), reason="no longer wanted")


def _post_change(connection: sa.Connection, asked: tuple[Request, Change], turn: Turn) -> Told:
    return told_slip(change(connection, *asked, turn.signed))


def _model_change(books: PlainBooks, asked: tuple[Request, Change], turn: Turn, number: str) -> Answer:
    at, wanted = asked
    left = waits(books, at, books.counted_from(turn))
    if not left:
        return refused("order")
    if wanted.cancelled_milli > left:
        return refused("quantity")
    books.post("special-order", number, turn)
    given_up = Demand(number, turn.day, wanted.cancelled_milli, 0, "cancelled")
    books.logs["given up"].setdefault(at, []).append(given_up)
    return "posted", 0


# --- a reservation, and what becomes of it ---------------------------------------------------------------------------


class Hold(NamedTuple):
    """A plain reservation."""

    item: Item
    order_no: str
    until: date
    gave: tuple[tuple[Spot, int], ...]


def _draw_hold(rng: random.Random, _books: PlainBooks, turn: Turn) -> HoldRequest:
    store, part = a_store(rng), rng.choice(PARTS)
    until, name = turn.day + timedelta(days=rng.randint(-1, 15)), rng.choice((None, None, *BINS))
    milli, order_no = rng.randint(1, 5000), f"RO-{turn.number}"
    return HoldRequest(store, part, milli, "repair_order", order_no, until, name, rng.random() < 0.5)


def _post_hold(connection: sa.Connection, asked: HoldRequest, turn: Turn) -> Told:
    return told_slip(hold(connection, asked, turn.signed))


def _model_hold(books: PlainBooks, asked: HoldRequest, turn: Turn, number: str) -> Answer:
    if asked.until_on < turn.day:
        return refused("until")
    item = (asked.store, asked.part_no)
    sources = books.bins(item, asked.bin_name)
    there = sum(milli for _, milli in sources)
    milli = min(asked.quantity_milli, there) if asked.partial else asked.quantity_milli
    if not 0 < milli <= there:
        return refused("quantity")
    gave = tuple(spread(sources, milli))
    if not books.post("reservation", number, turn, [Line(item, spot, ("reserved", number), q) for spot, q in gave]):
        return refused("StockShortError")
    books.logs["hold"][number] = Hold(item, asked.holder_no, asked.until_on, gave)
    return "posted", milli


def _a_hold(rng: random.Random, books: PlainBooks) -> str | None:
    """Return a reservation, one that holds something rather than not."""
    holds = books.logs["hold"]
    full = [number for number, each in holds.items() if books.at(each.item, ("reserved", number))]
    return some(rng, full if full and rng.random() < 0.9 else list(holds))


def _not_to_be_had(books: PlainBooks, number: str, turn: Turn) -> Answer | None:
    """Return why nothing can be done with a reservation."""
    if not books.at(books.logs["hold"][number].item, ("reserved", number)):
        return refused("reservation")
    return refused("as-of") if books.counted_from(turn) < books.documents[number].day else None


def _draw_hand_over(rng: random.Random, books: PlainBooks, _turn: Turn) -> HandOver | None:
    number = _a_hold(rng, books)
    return None if number is None else HandOver(number, rng.choice((None, None, rng.randint(1, 5000))))


def _post_hand_over(connection: sa.Connection, asked: HandOver, turn: Turn) -> Told:
    return _told_issue(hand_over(connection, asked, turn.signed))


def _model_hand_over(books: PlainBooks, asked: HandOver, turn: Turn, number: str) -> Answer:
    why = _not_to_be_had(books, asked.reservation_no, turn)
    if why is not None:
        return why
    held = books.logs["hold"][asked.reservation_no]
    spot = ("reserved", asked.reservation_no)
    there = books.at(held.item, spot)
    milli = there if asked.quantity_milli is None else asked.quantity_milli
    if milli > there:
        return refused("quantity")
    return _deliver(
        books, IssueRequest(held.item[0], held.item[1], milli, held.order_no), turn, number, [(spot, there)]
    )


def _draw_release(rng: random.Random, books: PlainBooks, _turn: Turn) -> str | None:
    return _a_hold(rng, books)


def _post_release(connection: sa.Connection, asked: str, turn: Turn) -> Told:
    return told_slip(release(connection, asked, turn.signed))


def _model_release(books: PlainBooks, asked: str, turn: Turn, number: str) -> Answer:
    why = _not_to_be_had(books, asked, turn)
    if why is not None:
        return why
    lines = _back(books, asked)
    return _posted(books, "reservation-release", number, turn, lines)


def _back(books: PlainBooks, number: str) -> list[Line]:
    held = books.logs["hold"][number]
    spot = ("reserved", number)
    return [Line(held.item, spot, to, milli) for to, milli in spread(held.gave, books.at(held.item, spot))]


def _draw_expire(rng: random.Random, _books: PlainBooks, _turn: Turn) -> str:
    return a_store(rng)


def _post_expire(connection: sa.Connection, asked: str, turn: Turn) -> Told:
    return told_slip(expire(connection, turn.signed, asked))


def _model_expire(books: PlainBooks, asked: str, turn: Turn, number: str) -> Answer:
    over = [no for no, each in books.logs["hold"].items() if each.until < turn.day and each.item[0] == asked]
    lines = [line for no in over for line in _back(books, no)]
    return _posted(books, "reservation-expiry", number, turn, lines) if lines else ("nothing",)


def _posted(books: PlainBooks, kind: str, number: str, turn: Turn, lines: list[Line]) -> Answer:
    if not books.post(kind, number, turn, lines):
        return refused("StockShortError")
    return "posted", sum(line.milli for line in lines)


# --- what comes back from the workshop -------------------------------------------------------------------------------


def _draw_return(rng: random.Random, books: PlainBooks, _turn: Turn) -> ReturnRequest | None:
    at: Request | None = some(rng, list(books.logs["demand"]))
    if at is None:
        return None
    issued = books.at((at.store, at.part_no), ("customer", at.order_no))
    milli = issued if issued > 0 and rng.random() < 0.3 else rng.randint(1, 4000)
    return ReturnRequest(at.store, at.part_no, milli, at.order_no, None, rng.choice((None, None, *BINS)))


def _post_return(connection: sa.Connection, asked: ReturnRequest, turn: Turn) -> Told:
    return told_slip(bring_back(connection, asked, turn.signed))


def _model_return(books: PlainBooks, asked: ReturnRequest, turn: Turn, number: str) -> Answer:
    item, customer = (asked.store, asked.part_no), ("customer", asked.order_no)
    issued = [
        move
        for move in sorted(books.moves.get(item, ()), key=lambda m: (m.day, m.document, m.line), reverse=True)
        if move.target == customer
        and move.source[0] in SHELF
        and move.day <= books.counted_from(turn)
        and move.mirrors is None
        if move.document not in books.reversed_by
    ]
    back = books.logs["back"]
    left = {
        move: move.milli
        - sum(milli for by, milli in back.get((item, move.document, move.line), ()) if books.stands(by))
        for move in issued
    }
    if asked.quantity_milli > min(sum(left.values()), books.at(item, customer)):
        return refused("quantity")
    fullest = next((spot for spot, _ in books.bins(item)), ("bin", ""))
    lines, returned, wanted = [], [], asked.quantity_milli
    for move in issued:
        milli = min(left[move], wanted)
        if milli > 0:
            before = move.milli - left[move]
            value = share(before + milli, move.milli, move.said) - share(before, move.milli, move.said)
            own = move.source if move.source[0] == "bin" else fullest
            target = own if asked.bin_name is None else ("bin", asked.bin_name)
            lines.append(Line(item, customer, target, milli, value))
            returned.append(((item, move.document, move.line), milli))
            wanted -= milli
    answer = _posted(books, "workshop-return", number, turn, lines)
    for key, milli in returned if answer[0] == "posted" else ():
        back.setdefault(key, []).append((number, milli))
    return answer


def _draw_judgement(rng: random.Random, books: PlainBooks, turn: Turn) -> Judgement | None:
    del turn
    if not books.logs["demand"]:
        return None
    at = rng.choice(list(books.logs["demand"]))
    line_no = rng.randint(1, len(books.logs["demand"][at]) + 1)
    return Judgement(at.store, at.order_no, at.part_no, line_no, rng.choice(("bulk", "usual")), "asked the customer")


def _post_judgement(connection: sa.Connection, asked: Judgement, turn: Turn) -> Told:
    return told_slip(judge(connection, asked, turn.signed))


def _model_judgement(books: PlainBooks, asked: Judgement, turn: Turn, number: str) -> Answer:
    lines = books.logs["demand"][Request(asked.store, asked.order_no, asked.part_no)]
    own = lines[asked.line_no - 1] if asked.line_no <= len(lines) else None
    if own is None or own.day > books.counted_from(turn) or not books.stands(own.document):
        return refused("line")
    books.post("line-judgement", number, turn)
    return "posted", 0


COUNTER = (
    Operation("issue", 30, _draw_issue, _post_issue, _model_issue),
    Operation("special-order", 2, _draw_change, _post_change, _model_change),
    Operation("line-judgement", 1, _draw_judgement, _post_judgement, _model_judgement),
    Operation("reservation", 6, _draw_hold, _post_hold, _model_hold),
    Operation("hand-over", 4, _draw_hand_over, _post_hand_over, _model_hand_over),
    Operation("reservation-release", 2, _draw_release, _post_release, _model_release),
    Operation("reservation-expiry", 1, _draw_expire, _post_expire, _model_expire),
    Operation("workshop-return", 5, _draw_return, _post_return, _model_return),
)
