"""Definitions of what lies on the shelf: its value, what stands outside it, how fast it turns, how old it is.

Sources: gross and true turns, days' supply, emergency purchases and obsolescence (NADA's parts guide); months of
supply, days in stock, and obsolescence over six, seven, nine, twelve and thirteen months (Chinese 4S practice and
dealer groups' guides).
"""

from __future__ import annotations

from fractions import Fraction

from inventory.figures.ageing import AGES, DEAD_MONTHS
from inventory.figures.figure import MONEY, Exact, FigureDefinition, Variant

_DAYS_PER_YEAR, _MONTHS_PER_YEAR = 365, 12
_COST = (("issues.cost_e4", 1),)
_MEAN = (("average.mean_e4", 1),)


def _amount(figure_id: str, measure: str, formula: str) -> FigureDefinition:
    """Return the definition of a value that stands outside the stock."""
    variant = Variant("cost", formula, ((f"stock.{measure}", MONEY),))
    return FigureDefinition(figure_id, 1, "stock", (variant,), "outside", "end", "money", "neutral")


def _dead(months: int) -> FigureDefinition:
    """Return the definition of stock without demand for so many months."""
    readings = (
        ("demand", "dead", "old", f"without demand and without receipt for {months} months"),
        ("sale", "unsold", "old", f"without sale and without receipt for {months} months"),
        ("demand_only", "dead", "any", f"without demand for {months} months, received lately or not"),
        ("sale_only", "unsold", "any", f"without sale for {months} months, received lately or not"),
    )
    variants = tuple(
        Variant(
            name,
            f"value of parts {how} ÷ stock value",
            ((f"{family}.{which}_{months}_e4", 1),),
            ((f"{family}.value_e4", 1),),
        )
        for name, family, which, how in readings
    )
    return FigureDefinition(f"DEAD_{months}", 1, "age", variants, "stock", "months", "share", "lower")


def _age(bucket: str) -> FigureDefinition:
    """Return the definition of a bucket of months since the last demand."""
    shown = "more than 12" if bucket == "over_12" else bucket.replace("_", " to ")
    variants = tuple(
        Variant(
            name,
            f"value of parts last {happened} {shown} months ago ÷ stock value",
            ((f"ages.{name}_{bucket}_e4", 1),),
            (("ages.value_e4", 1),),
        )
        for name, happened in (("demand", "asked for"), ("receipt", "received"))
    )
    return FigureDefinition(f"AGE_{bucket.upper()}", 1, "age", variants, "stock", "months", "share", "neutral")


def _per(coefficient: Exact, measure: str) -> tuple[tuple[str, Exact], ...]:
    return ((measure, coefficient),)


DEFINITIONS: tuple[FigureDefinition, ...] = (
    FigureDefinition(
        "STOCK_VALUE", 1, "stock",
        (
            Variant("average", "Σ value on the shelf at moving average", (("stock.value_e4", MONEY),)),
            Variant("fifo", "Σ value on the shelf, first in, first out", (("layers.value_e4", MONEY),)),
        ),
        "stock", "end", "money", "neutral",
    ),
    _amount("CORE_VALUE", "core_e4", "Σ deposits of cores owed or in hand"),
    FigureDefinition(
        "WARRANTY_PARTS", 1, "stock",
        (Variant("quantity", "Σ replaced parts kept for the maker to see, in stock units; worth nothing to the store",
                 (("stock.warranty_milli", Fraction(1, 1000)),)),),
        "outside", "end", "count", "neutral",
    ),
    _amount("CLAIM_VALUE", "claims_e4", "Σ value short or refused that waits for the supplier's answer"),
    _amount("TRANSIT_VALUE", "transit_e4", "Σ value under way between stores"),
    _amount("DOCK_VALUE", "dock_e4", "Σ value on the dock, not put away"),
    _amount("WORK_IN_PROCESS", "workshop_e4", "Σ value issued to the workshop and not handed over"),
    _amount("MAKER_RETURN_VALUE", "maker_return_e4", "Σ value set aside to go back to the maker"),
    FigureDefinition(
        "NEG_ONHAND", 1, "stock",
        (Variant("parts", "part numbers below zero ÷ part numbers on the shelf",
                 (("stock.below_zero", 1),), (("stock.parts", 1),)),),
        "stock", "end", "share", "lower",
    ),
    FigureDefinition(
        "BREADTH", 1, "stock",
        (Variant("parts", "wanted part numbers on the shelf ÷ wanted part numbers",
                 (("stock.wanted_there", 1),), (("stock.wanted", 1),)),),
        "wanted", "year", "share", "higher",
    ),
    FigureDefinition(
        "IDLE_CAPITAL", 1, "stock",
        (Variant("cost", "value of parts asked for in fewer than 3 of 12 months ÷ stock value",
                 (("stock.idle_e4", 1),), (("stock.value_e4", 1),)),),
        "stock", "year", "share", "lower",
    ),
    FigureDefinition(
        "SO_AGE", 1, "stock",
        (Variant("lines", "reservations for repair orders older than 30 days", (("held.lines", 1),)),),
        "held", "end", "count", "lower",
    ),
    FigureDefinition(
        "SO_AGE_VALUE", 1, "stock",
        (Variant("cost", "Σ value of reservations for repair orders older than 30 days", (("held.value_e4", MONEY),)),),
        "held", "end", "money", "lower",
    ),
    FigureDefinition(
        "TURN_GROSS", 1, "turnover",
        (
            Variant("month_ends", "cost of what was issued in 12 months ÷ mean stock value", _COST, _MEAN),
            Variant("open_close", "cost of what was issued in 12 months ÷ half of opening and closing stock value",
                    _COST, (("average.open_close_e4", 1),)),
            Variant("annualised", "12 × cost of what was issued in the last month ÷ closing stock value",
                    _per(_MONTHS_PER_YEAR, "issues.month_e4"), (("average.closing_e4", 1),)),
            Variant("daily", "cost of what was issued in 12 months ÷ mean of the daily stock values",
                    _COST, (("average.daily_e4", 1),)),
        ),
        "turnover", "mean", "times per year", "band",
    ),
    FigureDefinition(
        "TURN_TRUE", 1, "turnover",
        (Variant("month_ends", "cost of what was received on stock orders in 12 months ÷ mean stock value",
                 (("receipts.stock_e4", 1),), _MEAN),),
        "receipts", "mean", "times per year", "band",
    ),
    FigureDefinition(
        "DAYS_SUPPLY", 1, "turnover",
        (Variant("month_ends", "365 ÷ TURN_GROSS", _per(_DAYS_PER_YEAR, "average.mean_e4"), _COST,
                 needs="average.mean_e4"),),
        "turnover", "mean", "days", "band",
    ),
    FigureDefinition(
        "MONTHS_SUPPLY", 1, "turnover",
        (
            Variant("of_12", "closing stock value ÷ mean monthly cost of issues of 12 months",
                    _per(_MONTHS_PER_YEAR, "average.closing_e4"), _COST),
            Variant("of_3", "closing stock value ÷ mean monthly cost of issues of 3 months",
                    _per(3, "average.closing_e4"), (("issues.quarter_e4", 1),)),
        ),
        "turnover", "year", "months", "band",
    ),
    FigureDefinition(
        "SELLING_DAYS", 1, "turnover",
        (Variant("closing", "365 × closing value of parts asked for in 12 months, less what is held ÷ cost of issues",
                 _per(_DAYS_PER_YEAR, "selling.value_e4"), _COST),),
        "turnover", "year", "days", "band",
    ),
    FigureDefinition(
        "GMROI", 1, "turnover",
        (Variant("month_ends", "gross margin of 12 months ÷ mean stock value",
                 (("year_sales.revenue_e4", 1), ("year_sales.priced_cost_e4", -1)), _MEAN),),
        "priced", "mean", "ratio", "higher",
    ),
    FigureDefinition(
        "STOCK_AGE_DAYS", 1, "age",
        (Variant("fifo", "Σ (value × days since receipt) ÷ Σ value",
                 (("layers.value_days", 1),), (("layers.value_e4", 1),)),),
        "layers", "end", "days", "lower",
    ),
    *(_dead(months) for months in DEAD_MONTHS),
    *(_age(bucket) for bucket in (*(name for name, _ in AGES), "over_12")),
)  # fmt: skip
