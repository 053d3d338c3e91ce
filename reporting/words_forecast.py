"""Words of the forecast's tables."""

from __future__ import annotations

FORECAST_WORDS: dict[str, tuple[str, str]] = {
    "forecast": ("Forecast", "需求预测"),
    "family": ("Family", "备件族"),
    "items": ("Items", "备件×门店"),
    "next_demand": ("Units next period", "下期数量"),
    "next_calls": ("Lines next period", "下期行数"),
    "vehicles_and_calls": ("Vehicles + history", "保有量+历史"),
    "calls_only": ("History only", "仅历史"),
    "vehicles_only": ("Vehicles only", "仅保有量"),
    "no_evidence": ("Family only", "仅同族"),
}
