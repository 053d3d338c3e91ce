"""Two views of the books for people: what a store has of its parts on a day, and how one part came to it.

Both are derived from the movements; the bins of a part are listed as text, because a part has few of them.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import sqlalchemy as sa

from inventory.books.balances import ON_HAND_KINDS, Amount, balances_on, pools
from inventory.books.declarations import declarations
from inventory.books.layers import fifo_values
from inventory.books.movements import PlaceKind
from inventory.books.recosting import item_values
from inventory.counter.transfers import transfer_rows
from inventory.purchasing.orders import open_lines
from inventory.schema import document, movement, part
from inventory.supersession_chain import other_numbers


def stock_rows(
    connection: sa.Connection,
    as_of: date,
    store: str | None = None,
    part_no: str | None = None,
    known_at: int | None = None,
    method: str | None = None,
) -> list[dict[str, object]]:
    """Return what stores have of parts on a business day, one row per store and part with something there or to come.

    Parameters
    ----------
    as_of
        The last business day that counts.
    store, part_no
        Only this one; all where not given.
    known_at
        The last document that counts, by its sequence; all where not given.
    method
        How the stock is valued, ``average`` or ``fifo``; what each store declared where not given.

    Returns
    -------
    list of dict
        ``store, part_no, name, on_hand_milli, reserved_milli, quarantine_milli, on_order_milli, unit_cost_e4`` (value
        by quantity, rounded half up; None where nothing is on hand), ``value_e4, valuation, tax_basis, bins``. On
        order is what is open at suppliers and what another store has sent.
    """
    held = balances_on(connection, as_of, store, part_no, known_at)
    declared = declarations(connection, known_at)
    methods = {at: method or declared.of(at, "valuation") for at in {where.store for where in held}}
    fifo = fifo_values(connection, as_of, store, known_at) if "fifo" in methods.values() else {}
    shelf = pools(held)
    by_kind: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    bins: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for where, amount in sorted(held.items()):
        by_kind[where.store, where.part_no, where.place_kind] += amount.quantity_milli
        if where.place_kind == PlaceKind.BIN:
            bins[where.store, where.part_no].append(f"{where.place_name or '–'}: {amount.quantity_milli / 1000:g}")
    on_order: defaultdict[tuple[str, str], int] = defaultdict(int)
    for line in open_lines(connection, as_of, store, known_at):
        if part_no in (None, line["part_no"]):
            on_order[str(line["store"]), str(line["part_no"])] += int(str(line["open_milli"]))
    for sent in transfer_rows(connection, as_of, store, known_at):
        if part_no in (None, sent["part_no"]) and store in (None, sent["to_store"]) and sent["in_transit_milli"]:
            on_order[str(sent["to_store"]), str(sent["part_no"])] += int(str(sent["in_transit_milli"]))
    names = {row.part_no: row.name for row in connection.execute(sa.select(part.c.part_no, part.c.name))}
    quarantined = {key[:2] for key, milli in by_kind.items() if key[2] == PlaceKind.QUARANTINE and milli}
    rows: list[dict[str, object]] = []
    for pair in sorted(shelf.keys() | on_order.keys() | quarantined):
        there = shelf.get(pair, Amount(0, 0))
        q, v = there
        valuation = methods.get(pair[0]) or method or declared.of(pair[0], "valuation")
        if valuation == "fifo":
            v = fifo.get(pair, 0)
        rows.append(
            {
                "store": pair[0],
                "part_no": pair[1],
                "name": names.get(pair[1], ""),
                "on_hand_milli": q,
                "reserved_milli": by_kind[*pair, PlaceKind.RESERVED],
                "quarantine_milli": by_kind[*pair, PlaceKind.QUARANTINE],
                "on_order_milli": on_order[pair],
                "unit_cost_e4": (2000 * v + q) // (2 * q) if q else None,
                "value_e4": v,
                "valuation": valuation,
                "tax_basis": declared.of(pair[0], "tax-basis"),
                "bins": ", ".join(bins[pair]),
            }
        )
    return rows


def stock_under_all_numbers(
    connection: sa.Connection,
    as_of: date,
    part_no: str,
    store: str | None = None,
    known_at: int | None = None,
    method: str | None = None,
) -> list[dict[str, object]]:
    """Return the stock of a part, and of every other number it has had or got, as `stock_rows` does.

    Returns
    -------
    list of dict
        With ``relation`` beside: ``asked``; ``replaced_by``, a later number; ``replaces``, an earlier one. The number
        asked for comes first.
    """
    numbers = {part_no: "asked", **other_numbers(connection, part_no)}
    return [
        {**row, "relation": relation}
        for number, relation in numbers.items()
        for row in stock_rows(connection, as_of, store, number, known_at, method)
    ]


def part_history(
    connection: sa.Connection, part_no: str, as_of: date, store: str | None = None, known_at: int | None = None
) -> list[dict[str, object]]:
    """Return every movement of a part until a business day, in the order of effective date and recording.

    Parameters
    ----------
    part_no
        The part.
    as_of
        The last business day that counts.
    store
        Only this one; all where not given.
    known_at
        The last document that counts, by its sequence; all where not given.

    Returns
    -------
    list of dict
        ``movement_id, effective_on, stated_on, sequence, document, kind, store, from, to, quantity_milli, value_e4,
        on_hand_milli, user_name``; the value is what the movement is worth by moving average, on hand is the store's,
        after the movement.
    """
    names = ("number", "kind", "stated_on", "user_name")
    question = (
        sa.select(movement, *(document.c[name] for name in names))
        .join(document, document.c.sequence == movement.c.document_sequence)
        .where(movement.c.part_no == part_no, movement.c.effective_on <= as_of.isoformat())
        .order_by(movement.c.effective_on, document.c.sequence, movement.c.line_no)
    )
    if known_at is not None:
        question = question.where(movement.c.document_sequence <= known_at)
    if store is not None:
        question = question.where(movement.c.store == store)
    reached: defaultdict[str, int] = defaultdict(int)
    rows: list[dict[str, object]] = []
    moves = connection.execute(question).all()
    worth = item_values(connection, {(row.store, row.part_no) for row in moves}, known_at)
    for row in moves:
        reached[row.store] += row.quantity_milli * (
            (row.target_kind in ON_HAND_KINDS) - (row.source_kind in ON_HAND_KINDS)
        )
        rows.append(
            {
                "movement_id": row.movement_id,
                "effective_on": row.effective_on,
                "stated_on": row.stated_on,
                "sequence": row.document_sequence,
                "document": row.number,
                "kind": row.kind,
                "store": row.store,
                "from": f"{row.source_kind} {row.source_name}".strip(),
                "to": f"{row.target_kind} {row.target_name}".strip(),
                "quantity_milli": row.quantity_milli,
                "value_e4": worth[row.document_sequence, row.line_no],
                "on_hand_milli": reached[row.store],
                "user_name": row.user_name,
            }
        )
    return rows
