"""A pack made by hand, with names that would break a careless page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from demand.periods import PeriodKind, ordinal_of
from inventory.awaiting import Awaiting
from inventory.figures.behind import SUPPLIER_FIGURES
from inventory.figures.catalogue import named
from inventory.figures.computing import Chosen
from inventory.figures.figure import Figure
from inventory.figures.overview import Overview
from inventory.figures.scope import Scope, month_end
from inventory.figures.trends import has_trend
from planning.scorecard.score import scored
from planning.scorecard.usual import USUAL_CARD
from reporting.pack.contents import STOCKOUT_PARTS, Pack, figure_names
from tests.reporting.test_plan_words import line

JUNE = ordinal_of(date(2026, 6, 1), PeriodKind.MONTH)
UNTIL = date(2026, 6, 30)
HOSTILE = "<script>alert(1)</script> =1+1 & 滤清器"
VALUES: Mapping[str, Fraction] = {
    "FILL_SHELF_LINE": Fraction(84, 100), "GM": Fraction(335, 1000), "DEAD_12": Fraction(4, 100),
    "TURN_GROSS": Fraction(9), "STOCK_VALUE": Fraction(895_000), "REVENUE_NET": Fraction(513_000),
    **dict.fromkeys(("EMERGENCY_VALUE", "EMERGENCY_LINES"), Fraction(1, 5)), "STOCKOUT_COMMON": Fraction(3, 100),
    **dict.fromkeys(("FILL_SAMEDAY", "STOCK_ORDER_PERF", "FILL_SUPPLIER"), Fraction(96, 100)),
    "CLAIM_LATE": Fraction(0),
}  # fmt: skip
UNMEASURED = ("ACCURACY_LINE",)


def made_pack(stores: tuple[str, ...] = ("S01", "S02"), part_no: str = "00195040") -> Pack:
    """Return a pack of June 2026 with a line or two in every list."""
    chosen = tuple(named(name) for name in figure_names(USUAL_CARD))
    together = values_of(chosen, "")
    scope = Scope(JUNE, JUNE, UNTIL, stores[0] if len(stores) == 1 else None)
    shown = Overview(
        scope,
        Scope(JUNE - 1, JUNE - 1, date(2026, 5, 31)),
        stores,
        together,
        {name: replace(figure, numerator=figure.numerator * Fraction(9, 10)) for name, figure in together.items()},
        {store: values_of(chosen, store) for store in stores},
        {
            store: {
                definition.figure_id: tuple(
                    replace(values_of(chosen, store)[definition.figure_id], month=str(at)) for at in range(12)
                )
                for definition, variant in chosen
                if has_trend(variant)
            }
            for store in ("", *stores)
        },
        {store: {month_end(JUNE - back): 10_000 * (90 - back) for back in range(5)} for store in ("", *stores)},
    )
    part = {"store": stores[0], "part_no": part_no, "name": HOSTILE}
    return Pack(
        every="month",
        chosen=chosen,
        overview=shown,
        scored=scored(USUAL_CARD, [together[kpi.figure.partition(":")[0]] for kpi in USUAL_CARD.kpis]),
        zero_parts=Figure(*named(STOCKOUT_PARTS), "", "2026-06", 3, 266),
        short_lines=[{**part, "day": "2026-06-10", "order_no": "RO-<1>", "outcome": "lost", "asked_milli": 2500,
                      "shelf_milli": 0, "missing_e4": 72_061_800}],
        sold_parts=[{**part, "revenue_e4": 187_448_200, "margin_e4": -50_000, "list_e4": 191_079_000}] * 30,
        stocked_parts=[{**part, "on_hand_milli": 3000, "value_e4": 83_827_500, "last_asked": "",
                        "last_received": "2023-07-10", "still_months": 13, "never_again_ppm": 700_000,
                        "at_risk_e4": 58_679_250}],
        overdue_lines=[{**part, "order_no": "PO-1", "supplier": "A&B", "expected_on": "2026-06-01", "days_late": 29,
                        "open_milli": 5000, "open_e4": 3_491_000}],
        claims=[{**part, "claim_no": "C-1", "supplier": "A&B", "cause": "short", "quantity_milli": 1000,
                 "value_e4": 50_000, "state": "open", "due_on": "2026-07-02"}],
        suppliers=[supplier_row("A&B")],
        awaiting=[Awaiting(proposal_head(), ({**line(), **part},))],
        known_at=22,
    )  # fmt: skip


def values_of(chosen: tuple[Chosen, ...], store: str) -> dict[str, Figure]:
    return {
        definition.figure_id: Figure(
            definition, variant, store, "2026-06", VALUES.get(definition.figure_id, Fraction(1, 3)),
            0 if definition.figure_id in UNMEASURED else 1,
        )
        for definition, variant in chosen
    }  # fmt: skip


def supplier_row(supplier: str) -> dict[str, Figure]:
    return {
        f"{definition.figure_id}:{variant.name}": Figure(
            definition, variant, "", "2026-06", Fraction(1, 2), int(definition.figure_id != "CLAIM_RATE"), "supplier",
            supplier,
        )
        for definition, variant in SUPPLIER_FIGURES
    }  # fmt: skip


def proposal_head() -> dict[str, object]:
    return {"proposal_no": "20260630-GPC-stock", "supplier": "GPC", "order_type": "stock", "state": "draft",
            "order_on": "2026-07-01", "expected_on": "2026-07-05"}  # fmt: skip
