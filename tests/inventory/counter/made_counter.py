"""Small helpers for tests of the parts counter: sign, look at places, and hold the books against themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import sqlalchemy as sa

from inventory.books.balances import balances_on, differences
from inventory.counter.slip import Signature, Slip
from inventory.database import read, write
from tests.inventory.made_books import RECORDED_AT, TODAY


def signed(on: date = TODAY, key: str | None = None) -> Signature:
    return Signature(on, "tester", key, RECORDED_AT)


def written(engine: sa.Engine, verb: Callable[..., Slip], *words: object, on: date = TODAY, key: str = "") -> Slip:
    """Let a verb of the counter write its slip in a transaction of its own."""
    with write(engine) as connection:
        return verb(connection, *words, signed(on, key or None))


def number(slip: Slip) -> str:
    """The number of what was posted; tells the findings where nothing was."""
    assert slip.posting is not None, slip.findings
    return slip.posting.number


def refused(slip: Slip) -> list[tuple[str, bool]]:
    """Column of each finding, and whether it is a conflict with the books."""
    assert slip.posting is None
    return [(finding.column, finding.is_conflict) for finding in slip.findings]


def places(engine: sa.Engine, part_no: str = "P1", store: str | None = None, on: date = TODAY) -> dict[str, float]:
    """What lies where inside the stores, by ``kind/name`` (with the store before it, where several are asked for)."""
    outside = {"opening", "supplier", "customer", "scrap", "count-difference", "other-store"}
    with read(engine) as connection:
        assert differences(connection) == []
        found = balances_on(connection, on, store, part_no)
    return {
        f"{'' if store else where.store + ' '}{where.place_kind}/{where.place_name}": amount.quantity_milli / 1000
        for where, amount in sorted(found.items())
        if where.place_kind not in outside and amount.quantity_milli
    }


def worth(engine: sa.Engine, kind: str, part_no: str = "P1", store: str | None = None, on: date = TODAY) -> float:
    """What lies in all places of a kind is worth."""
    with read(engine) as connection:
        found = balances_on(connection, on, store, part_no)
    return sum(amount.value_e4 for where, amount in found.items() if where.place_kind == kind) / 10_000
