"""The purchase plan as tables: one row per proposal, and one per order line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from planning.proposal import Plan
from reporting.reasons import line_sentence, note_sentence, shown_sentence
from reporting.tables import ORDER_TYPE, Column, ColumnKind, Table, plain_value
from reporting.words import word

Row = Mapping[str, object]

LINE_COLUMNS: tuple[Column, ...] = (
    Column("store"),
    Column("part_no"),
    Column("supplier"),
    ORDER_TYPE,
    Column("quantity_milli", "quantity_milli"),
    Column("unit_cost_e4", "money_e4"),
    Column("value_e4", "money_e4"),
    Column("on_hand_milli", "quantity_milli"),
    Column("on_order_milli", "quantity_milli"),
    Column("reserved_milli", "quantity_milli"),
    Column("safety_stock_milli", "quantity_milli"),
    Column("reorder_point_milli", "quantity_milli"),
    Column("order_up_to_level_milli", "quantity_milli"),
    Column("expected_fill_rate_ppm", "share_ppm"),
    Column("reason"),
)
"""A line as programs read it: the keys are fixed."""

_SCREEN_COLUMNS: tuple[Column, ...] = (
    Column("store"),
    Column("part_no"),
    Column("name"),
    Column("supplier"),
    ORDER_TYPE,
    Column("quantity_milli", "quantity_milli"),
    Column("value_e4", "money_e4"),
    Column("reason"),
)
"""A line as people read it on a screen; the sentence holds the figures."""
_PROPOSAL_COLUMNS = (
    Column("proposal_no"),
    Column("supplier"),
    ORDER_TYPE,
    Column("state", cells="proposal_"),
    Column("lines", "count"),
    Column("value_e4", "money_e4"),
    Column("order_on", "date"),
    Column("expected_on", "date"),
)


_TRANSFER_COLUMNS = (
    *(Column(name) for name in ("from_store", "to_store", "part_no")),
    Column("quantity_milli", "quantity_milli"),
    Column("value_e4", "money_e4"),
    Column("gain_e4", "money_e4"),
)


def transfers_table(rows: Sequence[Row], as_of: str, language: str) -> Table:
    """Return what stores are to send each other instead of buying it."""
    return Table(f"{word('plan_transfers_title', language)} · {as_of}", _TRANSFER_COLUMNS, rows)


def value_e4(row: Row) -> int:
    """Return what a line costs, rounded half up to the last unit of money."""
    return (int(str(row["quantity_milli"])) * int(str(row["unit_cost_e4"])) + 500) // 1000


def lines_table(lines: Sequence[Row], output: str, language: str, top: int | None = None) -> Table:
    """Return order lines as a table: every column for programs, those that fit a screen for people.

    Parameters
    ----------
    lines
        Rows with the figures, supplier, order type, name and the reason as JSON.
    top
        How many to show, the dearest first; all in their order where not given.
    """
    rows = [{**line, "value_e4": value_e4(line), "reason": line_sentence(line, language)} for line in lines]
    total = len(rows)
    if top is not None:
        rows = sorted(rows, key=lambda row: (-value_e4(row), str(row["store"]), str(row["part_no"])))[:top]
    columns = _SCREEN_COLUMNS if output == "table" else LINE_COLUMNS
    notes = (shown_sentence(len(rows), total, language),) if len(rows) < total else ()
    return Table(word("plan_lines", language), columns, rows, notes)


def proposals_table(proposals: Sequence[Row], language: str, notes: tuple[str, ...] = ()) -> Table:
    """Return proposals as a table; each row has its number of lines and its value."""
    return Table(word("plan_run", language), _PROPOSAL_COLUMNS, proposals, notes)


_KINDS: dict[str, ColumnKind] = {"ppm": "share_ppm", "e4": "money_e4", "milli": "quantity_milli"}


def run_as_json(made: Plan, sentences: Sequence[str], put_aside: Sequence[str], language: str) -> str:
    """Return what a run says beside its proposals, as programs read it: figures, and notes with their facts."""
    notes = [{"kind": note.kind, **_plain(note.facts), "text": note_sentence(note, language)} for note in made.notes]
    beside = {
        "expected_fill_rate": plain_value(made.expected_fill_rate_ppm, "share_ppm"),
        "figures": _plain(made.figures),
        "said": list(sentences),
        "put_aside": list(put_aside),
        "notes": notes,
    }
    return json.dumps(beside, ensure_ascii=False)


def _plain(facts: Mapping[str, int | str]) -> dict[str, object]:
    """Return facts in whole units, their names without the scale."""
    plain: dict[str, object] = {}
    for name, value in facts.items():
        stem, _, scale = name.rpartition("_")
        plain[stem if scale in _KINDS else name] = plain_value(value, _KINDS[scale]) if scale in _KINDS else value
    return plain
