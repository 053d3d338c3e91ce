"""Inspection of a delivery: which differences it shows, how much of each, and where it waits for the supplier's answer.

Per store and part of an order, with o still open before the delivery, d delivered by its papers and a accepted:

============================  =====================  =========================================================
difference                    how much               where it waits
============================  =====================  =========================================================
short                         d − a; o − Σd if none  claim-short: there are papers, and no goods
damaged, wrong, quality       d − a                  quarantine: the goods lie apart
over, sent back               d − a                  quarantine
over, kept                    Σa − o                 nowhere: it is accepted into its bin
late                          d; o where none came   nowhere, unless it is refused: then quarantine
============================  =====================  =========================================================

Refused goods without a cause are ``unstated``. What was neither accepted nor refused simply comes later: no row, no
difference. Of what waits, so much as the order still expects is *on order* until the claim is decided.

Quantities are thousandths of the stock unit. This file only counts; `claims` makes claims of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from inventory.books.movements import PlaceKind
from inventory.books.valuation import amount_e4

CAUSES = ("short", "over", "damaged", "wrong", "quality", "late")
UNSTATED = "unstated"
CLAIM_CAUSES = (*CAUSES, UNSTATED)


class ReceivedLine(NamedTuple):
    """One row of a delivery as inspected; quantities in thousandths.

    Parameters
    ----------
    store
        May be empty where the order has the part for one store only.
    cause
        Why not all was accepted, or more came than was open; may be empty.
    bin_name
        May be empty: the bin that holds most of the part already.
    row
        Row of the file, for the findings; 0 where there is no file.
    """

    part_no: str
    quantity_delivered_milli: int
    quantity_accepted_milli: int
    cause: str = ""
    bin_name: str = ""
    store: str = ""
    row: int = 0

    @property
    def refused_milli(self) -> int:
        """What the papers say was delivered, and was not accepted."""
        return self.quantity_delivered_milli - self.quantity_accepted_milli

    def refused_e4(self, unit_cost_e4: int) -> int:
        """Return what that is worth: the whole row less what was accepted, so that no rounding is lost between them."""
        accepted_e4 = amount_e4(self.quantity_accepted_milli, unit_cost_e4)
        return amount_e4(self.quantity_delivered_milli, unit_cost_e4) - accepted_e4

    @property
    def refused_to(self) -> PlaceKind:
        """Where that waits."""
        return PlaceKind.CLAIM_SHORT if self.cause == "short" else PlaceKind.QUARANTINE


@dataclass(frozen=True)
class Difference:
    """What one row of a delivery lacks or has too much.

    Parameters
    ----------
    on_order_milli
        How much of it the order still expects.
    waits_in
        None: nothing waits.
    """

    line: ReceivedLine
    cause: str
    quantity_milli: int
    on_order_milli: int = 0
    waits_in: PlaceKind | None = None

    def value_e4(self, unit_cost_e4: int) -> int:
        """Return what waits, or was kept beyond the order, at cost; nothing where the goods were ordered and taken."""
        if self.waits_in is not None and self.quantity_milli == self.line.refused_milli:
            return self.line.refused_e4(unit_cost_e4)
        return amount_e4(self.quantity_milli, unit_cost_e4) if self.waits_in or self.cause == "over" else 0


def differences(lines: Sequence[ReceivedLine], open_milli: Mapping[tuple[str, str], int]) -> list[Difference]:
    """Return the differences of a delivery, in the order of its rows.

    Parameters
    ----------
    lines
        With their stores.
    open_milli
        What was still open before the delivery, by store and part; nothing of a part that was not ordered.
    """
    at_odds = {
        (line.store, line.part_no)
        for line in lines
        if line.cause or line.quantity_delivered_milli != line.quantity_accepted_milli
    }
    if not at_odds:
        return []
    rows: defaultdict[tuple[str, str], list[ReceivedLine]] = defaultdict(list)
    for line in lines:
        if (line.store, line.part_no) in at_odds:
            rows[line.store, line.part_no].append(line)
    found = [each for at in rows for each in _of_one_part(rows[at], open_milli.get(at, 0))]
    place = {id(line): number for number, line in enumerate(lines)}
    return sorted(found, key=lambda each: place[id(each.line)])


def _of_one_part(lines: Sequence[ReceivedLine], open_milli: int) -> list[Difference]:
    delivered = sum(line.quantity_delivered_milli for line in lines)
    accepted = sum(line.quantity_accepted_milli for line in lines)
    missing = max(open_milli - delivered, 0)
    kept_over = max(accepted - open_milli, 0)
    left_on_order = max(open_milli - accepted, 0)
    found = []
    for line in lines:
        cause = line.cause or UNSTATED
        waiting, waits_in = line.refused_milli, line.refused_to
        if cause == "short" and not waiting:
            waiting, missing = missing, 0
        if waiting:
            on_order = min(waiting, left_on_order)
            left_on_order -= on_order
            found.append(Difference(line, cause, waiting, on_order, waits_in))
        if cause == "over":
            kept = min(kept_over, line.quantity_accepted_milli)
            kept_over -= kept
        elif cause == "late" and not line.refused_milli:
            kept = line.quantity_delivered_milli or left_on_order
        elif cause in ("damaged", "wrong", "quality") and not line.refused_milli:
            kept = line.quantity_accepted_milli
        else:
            kept = 0
        if kept:
            found.append(Difference(line, cause, kept))
    return found
