"""Parts on the shelf with the chance that each is never asked for again, the value at risk, and what to do with it.

A part may go several ways: some of it back to the maker while his window is open, the rest at a discount. One that lies
within its level is to be kept; so is surplus that is worth more on the shelf than anywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from reporting.pack import amounts
from reporting.tables import human_text
from reporting.words import word

Row = Mapping[str, object]
KEPT = "keep"
_PART = ("store", "part_no")


def with_risk(stocked: Sequence[Row], never_again_ppm: Sequence[int], at_risk_e4: Sequence[int]) -> list[Row]:
    """Return parts on the shelf with ``never_again_ppm`` and ``at_risk_e4``, the greatest value at risk first.

    Parameters
    ----------
    stocked
        As `inventory.figures.behind.stocked_parts` gives them; of equal value at risk they stay in their order.
    never_again_ppm, at_risk_e4
        Of each of them, in their order.
    """
    rows: list[Row] = [
        {**row, "never_again_ppm": chance, "at_risk_e4": at_risk}
        for row, chance, at_risk in zip(stocked, never_again_ppm, at_risk_e4, strict=True)
    ]
    return [rows[at] for at in sorted(range(len(rows)), key=lambda at: -at_risk_e4[at])]


def with_ways(stocked: Sequence[Row], surplus: Sequence[Row]) -> list[Row]:
    """Return parts on the shelf with ``ways``: the rows of surplus of each, without what is kept.

    Parameters
    ----------
    surplus
        As `planning.surplus.Surplus.rows` gives them.
    """
    ways: dict[tuple[str, ...], list[Row]] = {}
    for row in surplus:
        if row["action"] != KEPT:
            ways.setdefault(_key(row), []).append(row)
    return [{**row, "ways": tuple(ways.get(_key(row), ()))} for row in stocked]


def ways_told(row: Row, language: str) -> str:
    """Return what to do with a part, each way with its quantity; empty where that was not asked for."""
    ways = row.get("ways")
    if ways is None:
        return ""
    assert isinstance(ways, tuple), "ways are rows"
    if not ways:
        return word("action_keep", language)
    opened, closed = ("（", "）") if language == "zh" else (" (", ")")
    told = (
        f"{word('action_' + str(way['action']), language).format(to=way['to'], act_by=way['act_by'])}"
        f"{opened}{human_text(way['quantity_milli'], 'quantity_milli')}{closed}"
        for way in ways
    )
    return ("；" if language == "zh" else "; ").join(told)


def risk_told(stocked: Sequence[Row], language: str) -> str:
    """Return in a sentence how much of the stock will never be asked for again; empty where there is none."""
    value, at_risk = (sum(int(str(row[name])) for row in stocked) for name in ("value_e4", "at_risk_e4"))
    if not value:
        return ""
    return word("risk_note", language).format(
        at_risk=amounts.money(Fraction(at_risk, 10_000), language),
        value=amounts.money(Fraction(value, 10_000), language),
        share=amounts.share(Fraction(at_risk, value), language),
    )


def _key(row: Row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in _PART)
