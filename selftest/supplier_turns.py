"""What is dealt with the supplier, in random sequences: orders, deliveries with their inspection, claims."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from inventory.claims.claims import of_receipt
from inventory.claims.steps import Settlement, take_step
from inventory.purchasing.orders import post_open_orders
from inventory.purchasing.receiving import ReceivedLine, receive
from selftest.goods import BINS, COST_E4, DEPOSITS_E4, PARTS, SUPPLIER, USER, a_store, some
from selftest.plain_books import Item, Line, PlainBooks, Spot, worth_at
from selftest.turns import Answer, Operation, Told, Turn, refused, told_findings

if TYPE_CHECKING:
    import sqlalchemy as sa

FROM_SUPPLIER = ("supplier", SUPPLIER)
CAUSES = ("short", "over", "damaged", "wrong", "quality", "late")
HOURS = {"quality": 72, "late": 72}  # to submit a claim; 48 for any other cause

# --- a purchase order -------------------------------------------------------------------------------------------------

Order = tuple[str, str, dict[str, tuple[int, int]]]
"""Number, store, and of each part quantity and unit cost."""


def _draw_order(rng: random.Random, _books: PlainBooks, turn: Turn) -> Order:
    parts = rng.sample(PARTS, rng.randint(1, 4))
    lines = {part: (rng.randint(1, 30) * 1000, rng.randint(1, 99_9999)) for part in parts}
    return f"PO-{turn.number}", a_store(rng), lines


def _post_order(connection: sa.Connection, asked: Order, turn: Turn) -> Told:
    import pandas as pd

    order_no, store, lines = asked
    rows = [(part, *line) for part, line in lines.items()]
    frame = pd.DataFrame(rows, columns=["part_no", "quantity_milli", "unit_cost_e4"])
    head = {"order_no": order_no, "supplier": SUPPLIER, "order_type": "stock", "store": store}
    days = {"ordered_on": turn.day.isoformat(), "expected_on": turn.day.isoformat()}
    done = post_open_orders(connection, frame.assign(**head, **days), USER, turn.recorded_at)
    return told_findings(done.findings) if done.findings else Told(("posted", done.new), order_no)


def _model_order(books: PlainBooks, asked: Order, turn: Turn, number: str) -> Answer:
    books.post("purchase-order", number, turn)
    books.logs["order"][number] = asked[1:]
    return "posted", 1


def still_open(books: PlainBooks, order_no: str, part: str) -> int:
    """Return what is still to come of an order line: less what was accepted, less what a claim took off the order."""
    milli = books.logs["order"][order_no][1].get(part, (0, 0))[0]
    for receipt, got in books.logs["receipt"].items():
        if books.stands(receipt) and got[0] == order_no:
            milli -= got[1].get(part, 0)
    for each in books.logs["claim"].values():
        if each.order_no == order_no and each.item[1] == part:
            milli -= sum(each.on_order for step in each.steps if step.is_off_order and books.stands(step.document))
    return int(max(milli, 0))


# --- a delivery, inspected --------------------------------------------------------------------------------------------


class Step(NamedTuple):
    """A step in the life of a plain claim, and whether it took what it claims off the order."""

    document: str
    step: str
    is_off_order: bool


class Claim(NamedTuple):
    """A plain claim."""

    order_no: str
    item: Item
    cause: str
    milli: int
    value: int
    on_order: int
    waits: Spot | None
    due_at: str
    steps: list[Step]


Delivery = tuple[str, list[ReceivedLine]]


def _draw_delivery(rng: random.Random, books: PlainBooks, _turn: Turn) -> Delivery | None:
    orders = books.logs["order"]
    coming = [no for no in list(orders)[-12:] if any(still_open(books, no, part) for part in orders[no][1])]
    order_no = some(rng, coming)
    if order_no is None:
        return None
    lines = []
    for part in orders[order_no][1]:
        left = still_open(books, order_no, part)
        came = rng.choice((left, left, rng.randint(0, left), left + rng.choice((0, 0, 0, 500))))
        kept = rng.choice((came, came, came, rng.randint(0, came)))
        cause = rng.choice(CAUSES) if kept != came or rng.random() < 0.1 else ""
        lines.append(ReceivedLine(part, came, kept, cause if rng.random() < 0.9 else "", rng.choice(BINS)))
    others = [part for part in PARTS if part not in orders[order_no][1]]
    if rng.random() < 0.1:
        lines.append(ReceivedLine(rng.choice(others), rng.randint(1, 3000), 0, "wrong", "A"))
    return order_no, lines


def _post_delivery(connection: sa.Connection, asked: Delivery, turn: Turn) -> Told:
    done = receive(connection, *asked, turn.day, USER, turn.key, turn.recorded_at)
    if done.findings or done.posting is None:
        return told_findings(done.findings)
    claims = tuple((each.claim_no, each.quantity_milli, each.value_e4, each.due_at) for each in done.claims)
    assert claims == tuple((c.claim_no, c.quantity_milli, c.value_e4, c.due_at) for c in
                           of_receipt(connection, done.posting.sequence))  # fmt: skip
    return Told(("posted", claims), done.posting.number)


def _model_delivery(books: PlainBooks, asked: Delivery, turn: Turn, number: str) -> Answer:
    order_no, rows = asked
    store, ordered = books.logs["order"][order_no]
    opens = {row.part_no: still_open(books, order_no, row.part_no) for row in rows}
    for row in rows:
        if row.part_no in ordered and row.quantity_delivered_milli > opens[row.part_no] and row.cause != "over":
            return refused("quantity_delivered")
    lines, claims, cores = [], [], []
    for row in rows:
        item, cost = (store, row.part_no), ordered.get(row.part_no, (0, COST_E4))[1]
        came, kept = row.quantity_delivered_milli, row.quantity_accepted_milli
        kept_value = worth_at(kept, cost)
        if kept:
            lines.append(Line(item, FROM_SUPPLIER, ("bin", row.bin_name), kept, kept_value))
        if came > kept and row.cause != "short":
            value = worth_at(came, cost) - kept_value
            lines.append(Line(item, FROM_SUPPLIER, ("quarantine", order_no), came - kept, value))
        if kept and row.part_no in DEPOSITS_E4:
            deposit = worth_at(kept, DEPOSITS_E4[row.part_no])
            cores.append(Line(item, FROM_SUPPLIER, ("core", "owed"), kept, deposit))
        claims += _differences(row, item, order_no, opens[row.part_no], cost, _due(row.cause, turn))
    books.post("receipt", number, turn, [*lines, *cores])
    accepted = {row.part_no: row.quantity_accepted_milli for row in rows}
    books.logs["receipt"][number] = order_no, accepted, [f"{number}-C{at}" for at in range(1, len(claims) + 1)]
    for at, each in enumerate(claims, start=1):
        moved = []
        if each.waits is not None and each.waits[0] == "claim-short":
            moved = [Line(each.item, FROM_SUPPLIER, each.waits, each.milli, each.value)]
        books.post("claim", f"{number}-C{at}", turn, moved)
        books.logs["claim"][f"{number}-C{at}"] = each
    return "posted", tuple((f"{number}-C{at}", c.milli, c.value, c.due_at) for at, c in enumerate(claims, start=1))


def _due(cause: str, turn: Turn) -> str:
    """Return the end of the hours to submit: from the recording on, held within the day of the delivery."""
    first = datetime.fromisoformat(f"{turn.day}T00:00:00+00:00")
    opened = min(max(datetime.fromisoformat(turn.recorded_at), first), first + timedelta(days=1, seconds=-1))
    return (opened + timedelta(hours=HOURS.get(cause, 48))).isoformat()


def _differences(row: ReceivedLine, item: Item, order_no: str, left: int, cost: int, due_at: str) -> list[Claim]:
    """Return the claims of one part of a delivery: for what was refused or is missing, and for what was kept."""
    came, kept, cause = row.quantity_delivered_milli, row.quantity_accepted_milli, row.cause
    refused_milli, expected, found = came - kept, max(left - kept, 0), []
    aside: Spot = ("claim-short" if cause == "short" else "quarantine", order_no)
    missing = refused_milli or (max(left - came, 0) if cause == "short" else 0)
    if missing:
        value = worth_at(came, cost) - worth_at(kept, cost) if refused_milli else worth_at(missing, cost)
        on_order = min(missing, expected)
        found.append(Claim(order_no, item, cause or "unstated", missing, value, on_order, aside, due_at, []))
    taken = 0
    if cause == "over":
        taken = min(max(kept - left, 0), kept)
    elif not refused_milli and cause in ("damaged", "wrong", "quality"):
        taken = kept
    elif not refused_milli and cause == "late":
        taken = came or expected
    if taken:
        value = worth_at(taken, cost) if cause == "over" else 0
        found.append(Claim(order_no, item, cause, taken, value, 0, None, due_at, []))
    return found


# --- the life of a claim ----------------------------------------------------------------------------------------------

FOLLOWS = {
    "open": ("submitted", "lapsed"),
    "submitted": ("accepted", "refused"),
    "accepted": ("credited", "replaced"),
    "credited": ("closed",),
    "replaced": ("closed",),
    "refused": ("closed",),
    "lapsed": ("closed",),
    "closed": (),
}

ClaimStep = tuple[str, str, Settlement]


def _draw_step(rng: random.Random, books: PlainBooks, _turn: Turn) -> ClaimStep | None:
    claims = books.logs["claim"]
    live = [no for no in list(claims)[-30:] if books.stands(no) and _state(books, no)[0] != "closed"]
    number = some(rng, live)
    if number is None:
        return None
    may = FOLLOWS[_state(books, number)[0]]
    step = rng.choice(may) if rng.random() < 0.9 else rng.choice(("submitted", "credited", "closed"))
    goods = rng.choice(("", "", "scrap", "bin", "supplier"))
    return number, step, Settlement(goods, rng.choice(BINS) if goods == "bin" else "")


def _state(books: PlainBooks, number: str) -> tuple[str, str]:
    """Return the last step of a claim, and the document that took it."""
    for step in reversed(books.logs["claim"][number].steps):
        if books.stands(step.document):
            return step.step, step.document
    return "open", number


def _post_step(connection: sa.Connection, asked: ClaimStep, turn: Turn) -> Told:
    claim_no, step, settled = asked
    done = take_step(connection, claim_no, step, turn.day, USER, turn.key, turn.recorded_at, settled)
    return Told(("posted",), done.number)


def _model_step(books: PlainBooks, asked: ClaimStep, turn: Turn, number: str) -> Answer:
    claim_no, step, settled = asked
    claim, (state, since) = books.logs["claim"][claim_no], _state(books, claim_no)
    too_early = books.counted_from(turn) < books.documents[since].day
    too_early = too_early or (step == "lapsed" and claim.due_at >= turn.recorded_at)
    lines = None if step not in FOLLOWS[state] or too_early else _settled(claim, claim_no, state, step, settled)
    if lines is None:
        return refused("UnlawfulStepError")
    if not books.post("claim", number, turn, lines):
        return refused("StockShortError")
    is_off_order = step == "credited" or (step == "closed" and state in ("refused", "lapsed"))
    claim.steps.append(Step(number, step, is_off_order))
    return ("posted",)


def _settled(claim: Claim, claim_no: str, state: str, step: str, settled: Settlement) -> list[Line] | None:
    """Return what a step moves out of the place where something waits; None where it may not go there."""
    ours = step == "closed" and state in ("refused", "lapsed")
    if claim.waits is None or not (ours or step in ("credited", "replaced")):
        return None if settled.goods or settled.bin_name else []
    came, scrap = claim.waits[0] == "quarantine", ("scrap", claim_no)
    may = (["bin", "scrap"] if came else ["scrap"]) if ours else ["supplier", "scrap"] if came else ["supplier"]
    goods = settled.goods or may[0]
    if goods not in may:
        return None
    if ours:
        target = scrap if goods == "scrap" else ("bin", settled.bin_name)
        return [Line(claim.item, claim.waits, target, claim.milli)]
    back = Line(claim.item, claim.waits, FROM_SUPPLIER, claim.milli)
    return [back] if goods == "supplier" else [back, Line(claim.item, FROM_SUPPLIER, scrap, claim.milli, 0)]


SUPPLIERS = (
    Operation("purchase-order", 4, _draw_order, _post_order, _model_order, is_repeatable=False),
    Operation("receipt", 7, _draw_delivery, _post_delivery, _model_delivery),
    Operation("claim", 6, _draw_step, _post_step, _model_step),
)
