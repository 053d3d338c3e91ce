"""Words on the charts of a part; merged into the catalogue by `words`."""

from __future__ import annotations

CHART_WORDS: dict[str, tuple[str, str]] = {
    "chart_as_of": (
        "Forecast from what was known at the end of {period}; it rests on {basis}",
        "根据截至 {period} 的已知信息预测；依据：{basis}",
    ),
    "chart_units": ("Units a period", "每期数量"),
    "chart_known": ("known", "已知"),
    "chart_ahead": ("forecast", "预测"),
    "chart_asked": ("asked for", "需求"),
    "chart_not_on_shelf": ("not on the shelf", "其中缺货"),
    "chart_50": ("50 % within", "50 % 区间"),
    "chart_80": ("80 %", "80 % 区间"),
    "chart_95": ("95 %", "95 % 区间"),
    "chart_median": ("as likely below as above", "中位数"),
    "chart_came": ("what came", "实际发生"),
    "chart_unseen": ("nothing seen", "无观测"),
    "chart_no_stock": ("dark: could not be had", "深色：无货可供"),
    "chart_lead_time": (
        "Over {count} periods together {mean} are expected; at most {levels}",
        "{count} 期合计预计 {mean}；{levels}",
    ),
    "chart_level": ("{level} with {share}", "{share} 的可能不超过 {level}"),
    "chart_lead_time_came": ("; {came} came", "；实际 {came}"),
    "basis_vehicles-and-calls": ("vehicles on the road and its own history", "在用车辆与历史需求"),
    "basis_calls": ("its own history", "历史需求"),
    "basis_vehicles": ("vehicles on the road; it was never asked for", "在用车辆（从未有需求）"),
    "basis_no-vehicle": ("no vehicle on the road here", "本店区域无适用车辆"),
    "basis_never-asked": ("having never been asked for", "从未有需求"),
    "basis_family": ("parts of its kind alone", "同类备件"),
}
