"""Definitions of what was sold, filled and lacked: figures of the demand log and of what left the shelf.

Sources: fill from the shelf at request, and half credit for a part-filled line (dealer systems); 1 − (emergency +
lost) ÷ demand (NADA and CATA guides); shortage of common and general parts (Chinese 4S practice); parts to labour and
service absorption (NADA).
"""

from __future__ import annotations

from fractions import Fraction

from inventory.figures.figure import MONEY, FigureDefinition, Variant

_HALF = Fraction(1, 2)

DEFINITIONS: tuple[FigureDefinition, ...] = (
    FigureDefinition(
        "SALES", 1, "sales",
        (Variant("list", "Σ quantity × list price; the price charged where a part has none",
                 (("sales.list_e4", MONEY),)),),
        "issues", "period", "money", "higher",
    ),
    FigureDefinition(
        "REVENUE_NET", 1, "sales",
        (
            Variant("all", "Σ quantity × price charged", (("sales.revenue_e4", MONEY),)),
            Variant("without_warranty", "Σ quantity × price charged, without what the maker pays as warranty",
                    (("sales.revenue_e4", MONEY), ("sales.warranty_e4", -MONEY))),
            Variant("warranty", "Σ quantity × price charged to the maker as warranty", (("sales.warranty_e4", MONEY),)),
        ),
        "issues", "period", "money", "higher",
    ),
    FigureDefinition(
        "COST_OF_ISSUES", 1, "sales",
        (Variant("cost", "Σ cost of what was issued", (("sales.cost_e4", MONEY),)),),
        "issues", "period", "money", "neutral",
    ),
    FigureDefinition(
        "GM", 1, "sales",
        (Variant("ratio_of_sums", "(net revenue − cost of issue) ÷ net revenue",
                 (("sales.revenue_e4", 1), ("sales.priced_cost_e4", -1)), (("sales.revenue_e4", 1),)),),
        "priced", "period", "share", "higher",
    ),
    FigureDefinition(
        "PRICED", 1, "sales",
        (Variant("cost", "cost of issues whose request has a price ÷ cost of issues",
                 (("sales.priced_cost_e4", 1),), (("sales.cost_e4", 1),)),),
        "issues", "period", "share", "higher",
    ),
    FigureDefinition(
        "REVENUE_PER_VISIT", 1, "sales",
        (Variant("visits", "net revenue of orders with a vehicle or a kind of job ÷ such orders asked for",
                 (("sales.vehicle_e4", MONEY),), (("orders.visits", 1),)),),
        "visits", "period", "money", "higher",
    ),
    FigureDefinition(
        "PARTS_LABOUR", 1, "sales",
        (Variant("customer_pay", "net revenue of repair orders that customers pay ÷ labour sold on them",
                 (("sales.workshop_e4", 1),), (("outside.labour_e4", 1),)),),
        "told", "period", "ratio", "higher",
    ),
    FigureDefinition(
        "ABSORPTION", 1, "sales",
        (Variant("gross", "(gross profit of parts + service + body shop) ÷ fixed expense",
                 (("sales.revenue_e4", 1), ("sales.priced_cost_e4", -1), ("outside.service_gross_e4", 1),
                  ("outside.body_gross_e4", 1)),
                 (("outside.fixed_expense_e4", 1),), needs="outside.service_gross_e4"),),
        "told", "period", "share", "higher",
    ),
    FigureDefinition(
        "RETURN_RATE", 1, "sales",
        (Variant("cost", "cost of what came back ÷ cost of what was issued; reversed documents count in neither",
                 (("sales.returned_e4", 1),), (("sales.issued_e4", 1),)),),
        "issues", "period", "share", "lower",
    ),
    FigureDefinition(
        "FILL_SHELF_LINE", 1, "fill",
        (
            Variant("line", "demand lines supplied complete from the shelf at request ÷ demand lines",
                    (("requests.filled", 1),), (("requests.lines", 1),)),
            Variant("half", "(lines complete from the shelf + ½ × lines part-filled from it) ÷ demand lines",
                    (("requests.filled", 1), ("requests.partly", _HALF)), (("requests.lines", 1),)),
            Variant("quantity", "quantity supplied from the shelf at request ÷ quantity asked for",
                    (("requests.shelf_milli", 1),), (("requests.asked_milli", 1),)),
            Variant("value", "value supplied from the shelf at request ÷ value asked for, at the price of the line",
                    (("requests.shelf_e4", 1),), (("requests.asked_e4", 1),)),
            Variant("workshop", "as line, over lines that name a vehicle or a kind of job",
                    (("requests.workshop_filled", 1),), (("requests.workshop", 1),)),
        ),
        "lines", "asked", "share", "higher",
    ),
    FigureDefinition(
        "FILL_ORDER", 1, "fill",
        (Variant("shelf", "orders of which every line was complete from the shelf ÷ orders",
                 (("orders.filled", 1),), (("orders.orders", 1),)),),
        "orders", "asked", "share", "higher",
    ),
    FigureDefinition(
        "FILL_SAMEDAY", 1, "fill",
        (Variant("line", "(lines complete from the shelf + lines got urgently the same day) ÷ demand lines",
                 (("requests.filled", 1), ("requests.urgent", 1)), (("requests.lines", 1),)),),
        "lines", "asked", "share", "higher",
    ),
    FigureDefinition(
        "SERVICE_LEVEL", 1, "fill",
        (
            Variant("line", "1 − (urgent + lost lines) ÷ demand lines",
                    (("requests.lines", 1), ("requests.urgent", -1), ("requests.lost", -1)),
                    (("requests.lines", 1),)),
            Variant("quantity", "1 − quantity urgent or lost ÷ quantity asked for",
                    (("requests.asked_milli", 1), ("requests.unserved_milli", -1)), (("requests.asked_milli", 1),)),
        ),
        "lines", "asked", "share", "band",
    ),
    FigureDefinition(
        "JOB_BLOCKED", 1, "fill",
        (Variant("visits", "visits that waited for a part or went without one ÷ visits",
                 (("orders.blocked", 1),), (("orders.visits", 1),)),),
        "visits", "asked", "share", "lower",
    ),
    *(
        FigureDefinition(
            f"SHORT_LINES_{kind.upper()}", 1, "fill",
            (Variant("line", f"lines of {kind} parts not complete from the shelf", ((f"shortages.{kind}_short", 1),)),),
            "classed", "asked", "count", "lower",
        )
        for kind in ("common", "general")
    ),
    *(
        FigureDefinition(
            f"STOCKOUT_{kind.upper()}", 1, "fill",
            (
                Variant("line", f"lines of {kind} parts not complete from the shelf ÷ lines of {kind} parts",
                        ((f"shortages.{kind}_short", 1),), ((f"shortages.{kind}_lines", 1),)),
                Variant("days", f"days at zero ÷ days, over the stocked {kind} parts",
                        ((f"shelf_days.{kind}_zero_days", 1),), ((f"shelf_days.{kind}_days", 1),)),
                Variant("parts", f"stocked {kind} parts at zero at the end ÷ stocked {kind} parts",
                        ((f"shelf_days.{kind}_zero_parts", 1),), ((f"shelf_days.{kind}_parts", 1),)),
            ),
            "classed", "asked", "share", "lower",
        )
        for kind in ("common", "general")
    ),
    FigureDefinition(
        "LOST_SALES", 1, "fill",
        (
            Variant("line", "lost lines ÷ demand lines", (("requests.lost", 1),), (("requests.lines", 1),)),
            Variant("parts", "part numbers with a lost line ÷ part numbers asked for",
                    (("asked_parts.with_loss", 1),), (("asked_parts.parts", 1),)),
        ),
        "lines", "asked", "share", "lower",
    ),
    FigureDefinition(
        "LOST_VALUE", 1, "fill",
        (Variant("price", "Σ quantity lost × price of the line", (("requests.lost_e4", MONEY),)),),
        "lines", "asked", "money", "lower",
    ),
)  # fmt: skip
