"""Core deposits: what the supplier charges for an old part until it comes back, kept apart from what the part is worth.

A part bought with a core (`core_deposit`: so much per unit) brings two movements on its receipt: the part itself into
its bin at its cost, and the right to a deposit from the supplier into ``core/owed``, at the deposit. The deposit is a
value of its own in a place of its own; it never enters the cost of the part or the value of the stock. The life of it:

====================  ======================  ==================================================
step                  movement                meaning
====================  ======================  ==================================================
charge                supplier → owed         bought with a core: the deposit is paid
take                  owed → in hand          the customer left the old part; it waits to be sent
return                in hand → supplier      sent back: the supplier owes the deposit again
forfeit               owed → customer         the old part will never come: the deposit is lost
====================  ======================  ==================================================

What leaves a place takes its share of the value there (see `valuation.share_e4`): deposits paid at several rates mix.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from inventory.books.balances import NOTHING, Where, balances, balances_on
from inventory.books.ledger import Posting, StockShortError, next_number, post, repeat_of, take_turn
from inventory.books.movements import Document, Movement, Place, PlaceKind
from inventory.books.valuation import amount_e4, share_e4
from inventory.findings import Finding
from inventory.masters import put
from inventory.schema import part
from inventory.schema_claims import core_deposit

KIND = "core-deposit"
OWED, IN_HAND = Place(PlaceKind.CORE, "owed"), Place(PlaceKind.CORE, "in-hand")


def charges(connection: sa.Connection, received: Sequence[Movement]) -> list[Movement]:
    """Return the deposits that come with goods accepted into their bins."""
    rates = {row.part_no: int(row.deposit_e4) for row in connection.execute(sa.select(core_deposit))}
    if not rates:
        return []
    return [
        Movement(store, part_no, source, OWED, quantity_milli, amount_e4(quantity_milli, rates[part_no]))
        for store, part_no, source, target, quantity_milli, _, _ in received
        if target.kind == PlaceKind.BIN and rates.get(part_no)
    ]


def set_deposit(connection: sa.Connection, part_no: str, deposit_e4: int) -> tuple[Finding, ...]:
    """Set the deposit on one unit of a part (zero: none) from the next receipt on, or tell what is wrong with it."""
    known = connection.execute(sa.select(part.c.part_no).where(part.c.part_no == part_no)).one_or_none()
    checks = (
        (known is not None, "part", part_no, "a part with a core is in the parts table", "import it with the parts"),
        (deposit_e4 >= 0, "deposit", f"{deposit_e4 / 10_000:g}", "a deposit is zero or more", ""),
    )
    findings = tuple(
        Finding("core set", "", 0, column, value, reason, remedy)
        for holds, column, value, reason, remedy in checks
        if not holds
    )
    if not findings:
        put(connection, core_deposit, {"part_no": part_no, "deposit_e4": deposit_e4})
    return findings


def move_cores(
    connection: sa.Connection,
    step: str,
    store: str,
    part_no: str,
    quantity_milli: int,
    on: date,
    user_name: str,
    key: str | None,
    recorded_at: str,
    note: str = "",
) -> Posting:
    """Post one step in the life of cores: take, return or forfeit.

    Parameters
    ----------
    quantity_milli
        More than zero, in thousandths.
    on
        The business day.
    user_name, key, recorded_at
        Who answers for it, the idempotency key (or None), and when it was recorded (ISO text, UTC).
    note
        Free text, such as the supplier's credit note or the repair order the core came from.

    Raises
    ------
    StockShortError
        If fewer cores are owed, or in hand, than the step takes.
    LedgerConflictError
        If the key stands for another request.
    """
    said = {"store": store, "part_no": part_no, "quantity_milli": quantity_milli, "note": note}
    request = {"core": step, "on": on.isoformat(), **said}
    earlier = repeat_of(connection, key, request)
    if earlier is not None:
        return earlier
    take_turn(connection)
    supplier = connection.execute(sa.select(part.c.supplier).where(part.c.part_no == part_no)).scalar_one_or_none()
    source, target = {
        "take": (OWED, IN_HAND),
        "return": (IN_HAND, Place(PlaceKind.SUPPLIER, supplier or "")),
        "forfeit": (OWED, Place(PlaceKind.CUSTOMER, "core")),
    }[step]
    where = Where(store, part_no, source.kind.value, source.name)
    held = balances(connection, [store], [part_no]).get(where, NOTHING)
    if quantity_milli > held.quantity_milli:
        raise StockShortError({where: quantity_milli - held.quantity_milli})
    moved = Movement(store, part_no, source, target, quantity_milli, share_e4(quantity_milli, *held))
    number = next_number(connection, f"CORE-{step.upper()}")
    body = {"step": step, "request": request}
    return post(connection, Document(KIND, number, on, user_name, key or number, (moved,), body), recorded_at)


def core_rows(
    connection: sa.Connection, as_of: date, store: str | None = None, known_at: int | None = None
) -> list[dict[str, object]]:
    """Return the cores of a business day, one row per store and part that has any.

    Parameters
    ----------
    store
        Only this one; all where not given.
    known_at
        The last document that counts, by its sequence; all where not given.

    Returns
    -------
    list of dict
        ``store, part_no, name, owed_milli, owed_deposit_e4, in_hand_milli, in_hand_deposit_e4``.
    """
    names = {row.part_no: row.name for row in connection.execute(sa.select(part.c.part_no, part.c.name))}
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for where, amount in sorted(balances_on(connection, as_of, store, known_at=known_at).items()):
        if where.place_kind != PlaceKind.CORE:
            continue
        empty = {"owed_milli": 0, "owed_deposit_e4": 0, "in_hand_milli": 0, "in_hand_deposit_e4": 0}
        head = {"store": where.store, "part_no": where.part_no, "name": names.get(where.part_no, "")}
        row = rows.setdefault((where.store, where.part_no), {**head, **empty})
        place = where.place_name.replace("-", "_")
        row |= {f"{place}_milli": amount.quantity_milli, f"{place}_deposit_e4": amount.value_e4}
    return list(rows.values())
