"""What the books refuse: documents that contradict what is there, or ask for what is not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from inventory.books.balances import Where


class LedgerConflictError(Exception):
    """Documents known under the same number or key, but with other content; `numbers` names them."""

    def __init__(self, numbers: Sequence[str]) -> None:
        super().__init__(f"already in the books with other content: {', '.join(numbers)}")
        self.numbers = tuple(numbers)


class StockShortError(Exception):
    """More was asked of places than they hold; `short` says how much each of them lacks, in thousandths.

    `on` is the day on which the first of them would have held less than nothing; None: now.
    """

    def __init__(self, short: Mapping[Where, int], on: date | None = None) -> None:
        where, lacking = next(iter(short.items()))
        super().__init__(
            f"{where.place_kind} {where.place_name!r} of {where.store} lacks {lacking / 1000:g} of {where.part_no}"
            + (f" on {on}" if on else "")
            + (f" (and {len(short) - 1} more)" if len(short) > 1 else "")
        )
        self.short = dict(short)
        self.on = on
