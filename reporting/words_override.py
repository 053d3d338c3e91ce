"""Words of what people set over forecasts; merged into the catalogue by `words`."""

from __future__ import annotations

OVERRIDE_WORDS: dict[str, tuple[str, str]] = {
    "overrides": ("Forecasts set by hand", "人工设定的预测"),
    "override_id": ("Number", "编号"),
    "first_month": ("From", "起始月"),
    "last_month": ("To", "截止月"),
    "monthly_amount": ("A month", "每月数量"),
    "set_reason": ("Why", "原因"),
    "set_by": ("By", "设定人"),
    "set_on": ("Set on", "设定日"),
    "expires_on": ("Until", "有效至"),
    "override_state": ("State", "状态"),
    "override_counts": ("counts", "有效"),
    "override_expired": ("expired", "已到期"),
    "override_withdrawn": ("withdrawn", "已撤销"),
}
