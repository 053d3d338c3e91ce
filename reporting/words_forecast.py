"""Words of the forecast's tables."""

from __future__ import annotations

FORECAST_WORDS: dict[str, tuple[str, str]] = {
    "forecast": ("Forecast", "需求预测"),
    "forecast_explained": ("How the forecast comes about", "预测构成"),
    "family": ("Family", "备件族"),
    "items": ("Items", "备件×门店"),
    "next_demand": ("Units next period", "下期数量"),
    "next_calls": ("Lines next period", "下期行数"),
    "vehicles_and_calls": ("Vehicles + history", "保有量+历史"),
    "calls_only": ("History only", "仅历史"),
    "vehicles_only": ("Vehicles only", "仅保有量"),
    "no_evidence": ("Family only", "仅同族"),
    "factor": ("Factor", "因子"),
    "factor_value": ("Value", "数值"),
    "meaning": ("What it is", "含义"),
    "factor_vehicles": ("Vehicles on the road here that carry the part", "本店区域装有该件的在用车辆"),
    "factor_share_coming": ("Share of them that comes to this store", "到店率"),
    "factor_need_per_month": ("Calls of each per month, by its age and distance", "每车每月需求次数(按车龄与里程)"),
    "factor_open_months": ("How busy the period is, in average months", "营业繁忙程度(折合平均月)"),
    "factor_season": ("Season of its kind", "同类季节系数"),
    "factor_family_rate": ("What parts of its family are really asked for", "同族实际需求系数"),
    "factor_own_multiplier": ("What this part's own calls add to that", "本件自身需求系数"),
    "factor_untold": ("Share of the calls not told beforehand", "未事先知悉的需求份额"),
    "factor_pieces_per_call": ("Demand units per call", "每次需求单位数"),
    "factor_expected_demand": ("Expected demand units: the product of the above", "预计需求单位数(以上各项之积)"),
    "factor_told_demand": (
        "Demand units told beforehand, to be added (see: sparewise forecast told)",
        "事先知悉的需求单位数，另加(见 sparewise forecast told)",
    ),
    "factor_stock_units": ("Stock units in one demand unit", "每需求单位的库存单位数"),
}
