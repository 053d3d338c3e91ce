"""Definitions of what was bought, counted and claimed.

Sources: emergency purchases below 25 % of lines and 30 % of value, stock order performance (NADA's parts guide);
计划符合率 and 订单满足率 of the purchase side (Chinese 4S practice); tolerances by class (cycle counting practice).
"""

from __future__ import annotations

from inventory.figures.figure import MONEY, FigureDefinition, Variant

DEFINITIONS: tuple[FigureDefinition, ...] = (
    FigureDefinition(
        "PURCHASES", 1, "purchasing",
        (
            Variant("received", "Σ cost of what was received from suppliers", (("purchases.received_e4", MONEY),)),
            Variant("ordered", "Σ quantity ordered × unit cost", (("purchases.ordered_e4", MONEY),)),
        ),
        "receipts", "period", "money", "neutral",
    ),
    FigureDefinition(
        "EMERGENCY_LINES", 1, "purchasing",
        (Variant("line", "urgent order lines ÷ order lines",
                 (("purchases.urgent_lines", 1),), (("purchases.lines", 1),)),),
        "ordered", "ordered", "share", "lower",
    ),
    FigureDefinition(
        "EMERGENCY_VALUE", 1, "purchasing",
        (Variant("value", "value of urgent order lines ÷ value of order lines",
                 (("purchases.urgent_e4", 1),), (("purchases.ordered_e4", 1),)),),
        "ordered", "ordered", "share", "lower",
    ),
    FigureDefinition(
        "STOCK_ORDER_PERF", 1, "purchasing",
        (Variant("received", "cost of what was received on stock orders ÷ cost of what was received",
                 (("purchases.stock_e4", 1),), (("purchases.received_e4", 1),)),),
        "receipts", "period", "share", "higher",
    ),
    FigureDefinition(
        "PLAN_CONFORM", 1, "purchasing",
        (Variant("parts", "part numbers ordered from proposals only ÷ part numbers ordered",
                 (("planned.in_plan", 1),), (("planned.parts", 1),)),),
        "ordered", "ordered", "share", "higher",
    ),
    FigureDefinition(
        "FILL_SUPPLIER", 1, "purchasing",
        (
            Variant("line", "lines received complete by the promised day ÷ lines due",
                    (("promises.kept", 1),), (("promises.due", 1),)),
            Variant("quantity", "quantity received by the end of the period, up to what was ordered ÷ quantity due",
                    (("promises.accepted_milli", 1),), (("promises.ordered_milli", 1),)),
        ),
        "due", "promised", "share", "higher",
    ),
    FigureDefinition(
        "ACCURACY_LINE", 1, "counting",
        (
            Variant("tolerance", "counted lines within tolerance ÷ counted lines; to the unit up to 5 units, above "
                    "that within 1 % of fast movers and class A, 3 % of B, 5 % of C",
                    (("counts.within", 1),), (("counts.lines", 1),)),
            Variant("exact", "counted lines that agree to the unit ÷ counted lines",
                    (("counts.exact", 1),), (("counts.lines", 1),)),
        ),
        "counted", "counted", "share", "higher",
    ),
    FigureDefinition(
        "ACCURACY_VALUE", 1, "counting",
        (Variant("absolute", "1 − Σ |difference × unit cost| ÷ Σ book value of what was counted",
                 (("counts.book_e4", 1), ("counts.off_e4", -1)), (("counts.book_e4", 1),)),),
        "counted", "counted", "share", "higher",
    ),
    FigureDefinition(
        "ACCURACY_BIN", 1, "counting",
        (Variant("bins", "bins of which every counted line agrees ÷ bins counted",
                 (("bins.right", 1),), (("bins.bins", 1),)),),
        "counted", "counted", "share", "higher",
    ),
    FigureDefinition(
        "CLAIM_RATE", 1, "claims",
        (Variant("line", "claims ÷ lines received", (("deliveries.claims", 1),), (("deliveries.lines", 1),)),),
        "deliveries", "delivered", "share", "lower",
    ),
    FigureDefinition(
        "CLAIM_RECOVERY", 1, "claims",
        (Variant("value", "value credited ÷ value claimed",
                 (("claims.credited_e4", 1),), (("claims.claimed_e4", 1),)),),
        "claims", "delivered", "share", "higher",
    ),
    FigureDefinition(
        "CLAIM_LATE", 1, "claims",
        (Variant("claims", "claims lapsed by their deadline ÷ claims", (("claims.lapsed", 1),),
                 (("claims.claims", 1),)),),
        "claims", "delivered", "share", "lower",
    ),
)  # fmt: skip
