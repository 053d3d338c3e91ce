"""Stock at risk and what to do with surplus, as tables: short for people, whole for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from planning.surplus.chances import MILLION
from planning.surplus.obsolescence import NEVER_ASKED, SHOWN_SILENCES
from planning.surplus.surplus import ACTIONS, KEEP, Quota, Surplus
from reporting.tables import Column, Table, human_text
from reporting.words import word

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, object]
SHOWN_LINES = 40
"""Lines that people are shown unless they ask for more or fewer."""
LONG_MONTHS = 120
"""What lasts longer need not be told more exactly."""

_RISK = (
    *(Column(name) for name in ("store", "part_no", "name")),
    Column("on_hand_milli", "quantity_milli"),
    Column("value_e4", "money_e4"),
    Column("last_asked_on", "date"),
    Column("silent_days", "count"),
    Column("movement_class"),
    *(Column(f"{name}_ppm", "share_ppm") for name in ("never_again", "low", "high")),
    Column("at_risk_e4", "money_e4"),
    Column("basis"),
)
_RISK_WHOLE = (*_RISK, Column("category"), Column("supplier"), Column("silences", "count"))
_CURVE = (
    Column("store"),
    Column("movement_class"),
    *(Column(name, "count") for name in ("silences", "ended", "reach_days")),
    *(Column(f"never_after_{days}_ppm", "share_ppm") for days in SHOWN_SILENCES),
    Column("parts", "count"),
    Column("value_e4", "money_e4"),
    Column("at_risk_e4", "money_e4"),
)
_DONE = (
    *(Column(name) for name in ("store", "part_no", "name", "action")),
    Column("quantity_milli", "quantity_milli"),
    *(Column(name, "money_e4") for name in ("value_e4", "net_e4", "keep_worth_e4", "gain_e4")),
    Column("never_again_ppm", "share_ppm"),
    Column("lasts_months"),
)
_DONE_WHOLE = (
    *(Column(name) for name in ("store", "part_no", "name", "supplier", "action")),
    Column("quantity_milli", "quantity_milli"),
    *(Column(name, "money_e4") for name in ("value_e4", "brings_e4", "cost_e4", "keep_worth_e4", "gain_e4")),
    Column("to"),
    Column("act_by", "date"),
    *(Column(name, "quantity_milli") for name in ("on_hand_milli", "level_milli", "per_year_milli")),
    Column("last_asked_on", "date"),
    Column("silent_days", "count"),
    Column("never_again_ppm", "share_ppm"),
)


def risk_table(items: pd.DataFrame, as_of: date, output: str, language: str, top: int | None) -> Table:
    """Return the parts on the shelf by their value at risk, with what it comes to in all."""
    rows = _records(items)
    title = f"{word('obsolescence_title', language)} · {as_of}"
    if output != "table":
        return Table(title, _RISK_WHOLE, rows[:top])
    shown = [_risk_in_words(row, language) for row in rows[: top or SHOWN_LINES]]
    return Table(title, _RISK, shown, (*_risk_notes(items, language), *_left_out(len(shown), len(rows), language)))


def curve_table(curves: pd.DataFrame, as_of: date, language: str) -> Table:
    """Return the chance of never again by store and movement class, after several silences."""
    rows = _records(curves)
    return Table(f"{word('survival_title', language)} · {as_of}", _CURVE, rows, _risk_notes(curves, language))


def surplus_table(
    found: Surplus, as_of: date, output: str, language: str, top: int | None, *, also_kept: bool = False
) -> Table:
    """Return what to do with what, and what it comes to by way and by quota."""
    rows = [row for row in found.rows if also_kept or row["action"] != KEEP]
    title = f"{word('surplus_title', language)} · {as_of}"
    if output != "table":
        return Table(title, _DONE_WHOLE, rows[:top])
    shown = [_done_in_words(row, language) for row in rows[: top or SHOWN_LINES]]
    notes = (
        *_left_out(len(shown), len(rows), language),
        *(note for action in ACTIONS for note in _sums(found.rows, action, language)),
        *(_quota(each, language) for each in found.quotas),
    )
    return Table(title, _DONE, shown, notes)


def _records(frame: pd.DataFrame) -> list[dict[str, object]]:
    columns = [frame[name].tolist() for name in frame.columns]
    return [dict(zip(map(str, frame.columns), row, strict=True)) for row in zip(*columns, strict=True)]


def _risk_in_words(row: Row, language: str) -> dict[str, object]:
    asked = row["movement_class"]
    return {
        **row,
        "movement_class": word("movement_never", language) if asked == NEVER_ASKED else asked,
        "basis": word(f"basis_{row['basis']}", language),
    }


def _risk_notes(rows: pd.DataFrame, language: str) -> tuple[str, ...]:
    value, at_risk = int(rows["value_e4"].sum()), int(rows["at_risk_e4"].sum())
    if not value:
        return ()
    text = word("risk_note", language).format(
        at_risk=_money(at_risk),
        value=_money(value),
        share=human_text((2 * at_risk * MILLION + value) // (2 * value), "share_ppm"),
    )
    return (text,)


def _left_out(shown: int, total: int, language: str) -> tuple[str, ...]:
    return () if shown == total else (word("top_note", language).format(shown=shown, total=total),)


def _done_in_words(row: Row, language: str) -> dict[str, object]:
    action = word(f"action_{row['action']}", language).format(to=row["to"], act_by=row["act_by"])
    net = int(str(row["brings_e4"])) - int(str(row["cost_e4"]))
    return {
        **row,
        "action": action,
        "net_e4": net,
        "lasts_months": _lasts(row),
    }


def _lasts(row: Row) -> str:
    """Return how many months a quantity lasts at what is expected; nothing where nothing is."""
    quantity, per_year = (int(str(row[name])) for name in ("quantity_milli", "per_year_milli"))
    if not per_year:
        return "–"
    months = round(12 * quantity / per_year)
    return f"{months}" if months <= LONG_MONTHS else f"> {LONG_MONTHS}"


def _sums(rows: Sequence[Row], action: str, language: str) -> list[str]:
    of = [row for row in rows if row["action"] == action]
    if not of:
        return []
    sums = {name: sum(int(str(row[f"{name}_e4"])) for row in of) for name in ("value", "brings", "cost", "gain")}
    if action == KEEP:
        return [word("kept_note", language).format(lines=len(of), value=_money(sums["value"]))]
    return [
        word("surplus_note", language).format(
            action=word(f"note_{action}", language),
            lines=len(of),
            value=_money(sums["value"]),
            brings=_money(sums["brings"] - sums["cost"]),
            gain=_money(sums["gain"]),
        )
    ]


def _quota(quota: Quota, language: str) -> str:
    return word("quota_note", language).format(
        store=quota.store,
        supplier=quota.supplier,
        proposed=_money(quota.proposed_e4),
        left=_money(max(quota.allowed_e4 - quota.sent_back_e4, 0)),
        allowed=_money(quota.allowed_e4),
    )


def _money(amount_e4: int) -> str:
    return human_text(amount_e4, "money_e4")
