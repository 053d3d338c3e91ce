"""The card that a dealership starts from, with published references; each is to be overruled by whoever knows better.

The figures are those that all trades' guides name (fill, turns, obsolescence, emergency purchases, margin, accuracy).
Published references are few, differ by country and brand, and are often second-hand: each carries who says it, when and
for whom, as far as told. Where a guide gives a goal and no measurement, the source says so.
"""

from __future__ import annotations

from fractions import Fraction

from planning.scorecard.card import Card, Dimension, Kpi, Reference


def _at_least(value: str, source: str, date: str = "", region: str = "", brand: str = "") -> Reference:
    return Reference(Fraction(value), None, source, date, region, brand)


def _at_most(value: str, source: str, date: str = "", region: str = "") -> Reference:
    return Reference(None, Fraction(value), source, date, region)


_AUTOHOME = ("autohome.com.cn, 4S after-sales indicators", "2025-09", "CN")
_GLOSSARY = ("360growth glossary, V.O.R. %", "", "US")

USUAL_CARD = Card(
    (
        Dimension(
            "finance",
            300,
            (
                Kpi("GM", 120, _at_least("0.38", "wanada.org, service and parts, whole department", "", "US")),
                Kpi(
                    "TURN_GROSS", 100,
                    Reference(Fraction(6), Fraction(8), "partsedge.com, DMS fill rate and turns", "", "US"),
                ),
                Kpi("EMERGENCY_VALUE", 80, _at_most("0.30", *_GLOSSARY)),
            ),
        ),
        Dimension(
            "customer",
            300,
            (
                Kpi("FILL_SHELF_LINE", 120, _at_least("0.90", *_AUTOHOME)),
                Kpi("STOCKOUT_COMMON", 100, _at_most("0.05", "hao.ren8.com 2375, core parts 95 % filled", "", "CN")),
                Kpi("FILL_SAMEDAY", 80, _at_least("0.95", "dealersedge forum, fill rates", "", "US", "Ford")),
            ),
        ),
        Dimension(
            "process",
            250,
            (
                Kpi("DEAD_12", 100, _at_most("0.05", "RV PRO, inventory performance (a goal)", "2019-07", "US")),
                Kpi("EMERGENCY_LINES", 50, _at_most("0.25", *_GLOSSARY)),
                Kpi("STOCK_ORDER_PERF", 50, _at_least("0.85", "dealersedge Parts Manager", "2009-04", "US")),
                Kpi("FILL_SUPPLIER", 50, _at_least("0.893", "Ducker Carlisle, parts availability", "2021")),
            ),
        ),
        Dimension(
            "learning",
            150,
            (
                Kpi("ACCURACY_LINE", 100, _at_least("0.95", "supplychainmetric.com, inventory accuracy (a goal)")),
                Kpi("CLAIM_LATE", 50, _at_most("0", "own rule: no claim lapses")),
            ),
        ),
    )
)  # fmt: skip
"""Twelve figures; every bound is kept."""
