"""One store's shelf, day by day: receipts, requests, and orders on the supplier's days.

A request that the shelf cannot fill whole is bought urgently, ordered for the customer, lost or cancelled. Stock is
held in layers by day of receipt, first in first out. Nothing a store sees reveals the future.
"""

import heapq
from collections import deque
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from data_samples.catalogue import Catalogue
from data_samples.columns import Bools, Floats, Ints
from data_samples.habit import BIAS_SPREAD, Terms, levels, terms_of, whole_packs
from data_samples.requests import JOBS, Requests
from data_samples.supply import CHANNELS, SUPPLIER_CODES, Channel, channel
from data_samples.workdays import day_date, is_closed

OUTCOMES: Final = ("shelf", "urgent", "special_order", "lost", "cancelled")
SHELF, URGENT, SPECIAL, LOST, CANCELLED = range(5)
UNFILLED_SHARES: Final[dict[str, tuple[float, float, float, float]]] = {
    "maintenance": (0.62, 0.12, 0.22, 0.04),
    "repair": (0.30, 0.55, 0.10, 0.05),
    "collision": (0.10, 0.83, 0.03, 0.04),
    "recall": (0.15, 0.85, 0.0, 0.0),
    "campaign": (0.15, 0.85, 0.0, 0.0),
    "accessory": (0.05, 0.25, 0.65, 0.05),
}
"""Urgent, special order, lost, cancelled: what becomes of a request the shelf cannot fill, by job (assumed)."""

PUSH_MONTHS: Final = (6, 12)
PUSH_PARTS_SHARE: Final = 0.007
SHORTAGE_CHANCE: Final = 0.035
SHORTAGE_DAYS: Final = (10, 46)
"""Share of stock order lines the supplier has not got, and how much later they come (assumed)."""

COST_RISE_PER_YEAR: Final = 0.02


@dataclass(frozen=True)
class OrderLine:
    """One line of an order to a supplier."""

    part: int
    supplier: str
    order_type: str
    quantity_milli: int
    unit_cost: float
    ordered_day: int
    expected_day: int
    arrival_day: int
    for_customer_milli: int


@dataclass(frozen=True)
class Outcome:
    """What became of each request of a store: columns in the order of the requests."""

    part: Ints
    outcome: Ints
    supplied_milli: Ints


@dataclass
class Shelf:
    """The shelf of one store while it is simulated."""

    catalogue: Catalogue
    terms: Terms
    bias: Floats
    rng: np.random.Generator
    on_hand: Ints
    on_order: Ints
    minimum: Ints
    maximum: Ints
    stocked: Bools
    cost: Floats
    layers: dict[int, deque[tuple[int, int, float]]] = field(default_factory=dict)
    waiting: list[tuple[int, int, OrderLine]] = field(default_factory=list)
    placed: list[OrderLine] = field(default_factory=list)

    def receive(self, part: int, quantity: int, day: int, unit_cost: float) -> None:
        """Put a layer on the shelf."""
        self.on_hand[part] += quantity
        self.layers.setdefault(part, deque()).append((quantity, day, unit_cost))

    def take(self, part: int, quantity: int) -> None:
        """Take the oldest layers from the shelf."""
        self.on_hand[part] -= quantity
        layers = self.layers[part]
        while quantity > 0:
            there, day, unit_cost = layers.popleft()
            if there > quantity:
                layers.appendleft((there - quantity, day, unit_cost))
            quantity -= min(there, quantity)

    def order(self, part: int, quantity: int, day: int, by: Channel, for_customer: int = 0) -> OrderLine:
        """Order from a supplier; the receipt is drawn, and falls on no closed day."""
        spread = by.lead_time_days_sd / by.lead_time_days_mean
        days = by.lead_time_days_mean * self.rng.gamma(1.0 / spread**2, spread**2)
        promised = day + max(1, round(by.lead_time_days_mean))
        arrival = day + max(1, round(float(days)))
        if by.order_type == "stock" and self.rng.random() < SHORTAGE_CHANCE:
            arrival += int(self.rng.integers(*SHORTAGE_DAYS))
        while is_closed(arrival):
            arrival += 1
        while is_closed(promised):
            promised += 1
        unit_cost = round(float(self.cost[part]) * by.cost_multiplier, 2)
        line = OrderLine(part, by.supplier, by.order_type, quantity, unit_cost, day, promised, arrival, for_customer)
        self.placed.append(line)
        heapq.heappush(self.waiting, (arrival, len(self.placed), line))
        self.on_order[part] += quantity - for_customer
        return line

    def arrivals(self, day: int) -> None:
        """Receive what comes in today; a customer's own part does not stay on the shelf."""
        while self.waiting and self.waiting[0][0] <= day:
            line = heapq.heappop(self.waiting)[2]
            stays = line.quantity_milli - line.for_customer_milli
            self.on_order[line.part] -= stays
            if stays > 0:
                self.receive(line.part, stays, day, line.unit_cost)


def _number_to_give(shelf: Shelf, part: int, quantity: int, day: int) -> int:
    """Choose the number of a chain that is asked for: the old one where it is used up first or either may be given."""
    links = shelf.catalogue.links
    while day >= links.effective_day[part]:
        kind = links.kind[part]
        following = int(links.successor[part])
        if kind == "use_up_first" and shelf.on_hand[part] >= quantity:
            return part
        if kind == "either_way" and shelf.on_hand[following] < quantity <= shelf.on_hand[part]:
            return part
        part = following
    return part


def _unfilled(shelf: Shelf, part: int, quantity: int, day: int, job: int, as_of: int) -> tuple[int, int]:
    """Decide what becomes of a request the shelf cannot fill; order for the customer where it is wanted."""
    shares = UNFILLED_SHARES[JOBS[job]]
    outcome = URGENT + int(np.searchsorted(np.cumsum(shares), shelf.rng.random() * sum(shares), side="right"))
    if outcome in (LOST, CANCELLED):
        return outcome, 0
    by = channel(shelf.terms.supplier[part], "urgent")
    bought = int(whole_packs(np.array(quantity), shelf.terms.pack_milli[part], shelf.terms.pack_milli[part]))
    line = shelf.order(part, bought, day, by, for_customer=quantity)
    return outcome, quantity if line.arrival_day <= as_of else 0


def _review(shelf: Shelf, supplier_rows: Ints, day: int, by: Channel) -> None:
    """Order up to the maximum whatever has fallen to its minimum, if the supplier's least value is reached."""
    position = shelf.on_hand[supplier_rows] + shelf.on_order[supplier_rows]
    low = supplier_rows[position <= shelf.minimum[supplier_rows]]
    low = low[shelf.catalogue.links.effective_day[low] > day]
    wanted = shelf.maximum[low] - shelf.on_hand[low] - shelf.on_order[low]
    quantity = whole_packs(np.maximum(wanted, 0), shelf.terms.pack_milli[low], shelf.terms.moq_milli[low])
    if float((quantity * shelf.cost[low]).sum()) / 1000.0 < by.min_order_value:
        return
    for part, amount in zip(low.tolist(), quantity.tolist(), strict=True):
        if amount > 0:
            shelf.order(part, amount, day, by)


def _push(shelf: Shelf, day: int) -> None:
    """Take the parts the maker pushes at the half-year's end, slow ones mostly, for a bonus."""
    allowed = np.flatnonzero((shelf.catalogue.on_sale_day <= day) & (shelf.catalogue.links.effective_day > day))
    chosen = shelf.rng.choice(allowed, size=max(1, round(PUSH_PARTS_SHARE * len(allowed))), replace=False)
    for part in chosen.tolist():
        count = int(shelf.rng.integers(1, 4)) if shelf.cost[part] < 800.0 else 1
        moq = int(max(shelf.terms.moq_milli[part], 1000))
        shelf.order(part, moq * count, day, channel(shelf.terms.supplier[part], "stock"))


def _launch(shelf: Shelf, day: int, since: int) -> None:
    """Stock the first parts of a new model, a little of many, as the maker prescribes."""
    new = np.flatnonzero((shelf.catalogue.on_sale_day > since) & (shelf.catalogue.on_sale_day <= day))
    for part in new.tolist():
        if shelf.catalogue.links.predecessor[part] < 0 and shelf.rng.random() < 0.45 and shelf.cost[part] < 2500.0:
            amount = int(max(shelf.terms.moq_milli[part], 1000))
            shelf.order(part, amount, day, channel(shelf.terms.supplier[part], "stock"))


def _new_shelf(catalogue: Catalogue, rng: np.random.Generator) -> Shelf:
    count = len(catalogue)
    whole = np.zeros(count, dtype=np.int64)
    bias = np.exp(rng.normal(0.0, BIAS_SPREAD, count))
    never = whole - 1
    return Shelf(
        catalogue,
        terms_of(catalogue),
        bias,
        rng,
        whole.copy(),
        whole.copy(),
        never,
        whole.copy(),
        np.zeros(count, dtype=np.bool_),
        catalogue.unit_cost.copy(),
    )


class _Memory:
    """What the store remembers of requests: quantity and lines per part and month, thirteen months back."""

    def __init__(self, parts: int) -> None:
        self.quantity = np.zeros((12, parts), dtype=np.int64)
        self.hits = np.zeros((12, parts), dtype=np.int64)
        self.largest = np.full(parts, 1000, dtype=np.int64)

    def note(self, month: int, part: int, quantity: int) -> None:
        self.quantity[month % 12, part] += quantity
        self.hits[month % 12, part] += 1
        self.largest[part] = (3 * self.largest[part] + quantity) // 4


def _new_month(shelf: Shelf, memory: _Memory, day: int, as_of: int) -> None:
    """Set minimum and maximum anew, and let costs drift."""
    month = day_date(day).month
    links = shelf.catalogue.links
    for part in np.flatnonzero((links.effective_day <= day) & (links.effective_day > day - 31)).tolist():
        following = int(links.successor[part])
        memory.quantity[:, following] += memory.quantity[:, part]
        memory.hits[:, following] += memory.hits[:, part]
    quantity, hits = memory.quantity.sum(axis=0), memory.hits.sum(axis=0)
    shelf.minimum, shelf.maximum, shelf.stocked = levels(
        quantity, hits, shelf.stocked, shelf.bias, shelf.terms, memory.largest
    )
    shelf.cost = np.round(shelf.catalogue.unit_cost / (1.0 + COST_RISE_PER_YEAR) ** ((as_of - day) / 365.25), 2)
    memory.quantity[month % 12] = 0
    memory.hits[month % 12] = 0


def run_shelf(
    catalogue: Catalogue, requests: Requests, first_day: int, after_day: int, rng: np.random.Generator
) -> tuple[Shelf, Outcome]:
    """Run the shelf of one store over its requests.

    Parameters
    ----------
    catalogue : Catalogue
    requests : Requests
        Of this store alone, by day.
    first_day, after_day : int
        The shelf is empty on the first day; ample orders fill it in the warm-up.
    rng : Generator

    Returns
    -------
    tuple of (Shelf, Outcome)
        The shelf at the end, and what became of each request.
    """
    shelf, memory = _new_shelf(catalogue, rng), _Memory(len(catalogue))
    rows_of = {code: np.array([p for p, s in enumerate(shelf.terms.supplier) if s == code]) for code in SUPPLIER_CODES}
    stock_channels = [c for c in CHANNELS if c.order_type == "stock"]
    part_given, outcome = requests.part.copy(), np.zeros(len(requests), dtype=np.int64)
    supplied = requests.quantity_milli.copy()
    starts = np.searchsorted(requests.day, np.arange(first_day, after_day + 1))
    for day in range(first_day, after_day):
        today = day_date(day)
        if today.day == 1:
            _new_month(shelf, memory, day, after_day - 1)
            _launch(shelf, day, day - 31)
            if today.month in PUSH_MONTHS:
                _push(shelf, day + 5)
        if is_closed(day):
            continue
        shelf.arrivals(day)
        for row in range(int(starts[day - first_day]), int(starts[day - first_day + 1])):
            quantity = int(requests.quantity_milli[row])
            part = _number_to_give(shelf, int(requests.part[row]), quantity, day)
            part_given[row] = part
            memory.note(today.month, part, quantity)
            if shelf.on_hand[part] >= quantity:
                shelf.take(part, quantity)
            else:
                job = int(requests.job[row])
                outcome[row], supplied[row] = _unfilled(shelf, part, quantity, day, job, after_day - 1)
        for by in stock_channels:
            if today.weekday() in by.order_weekdays and len(rows_of[by.supplier]):
                _review(shelf, rows_of[by.supplier], day, by)
    return shelf, Outcome(part_given, outcome, supplied)
