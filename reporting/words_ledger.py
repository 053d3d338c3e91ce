"""Words of the ledger and of the managers' figures; merged into the catalogue by `words`."""

from __future__ import annotations

LEDGER_WORDS: dict[str, tuple[str, str]] = {
    "stock_title": ("Stock", "库存"),
    "history_title": ("Movements", "出入库明细"),
    "orders_title": ("Purchase orders", "采购订单"),
    "order_title": ("Purchase order", "采购订单"),
    "quarantine": ("Quarantine", "待处理"),
    "bins": ("Bins", "货位"),
    "movement_id": ("Movement", "流水号"),
    "effective_on": ("Date", "日期"),
    "document": ("Document", "单据号"),
    "kind": ("Kind", "类型"),
    "from": ("From", "从"),
    "to": ("To", "到"),
    "user_name": ("User", "经手人"),
    "order_no": ("Order number", "订单号"),
    "ordered_on": ("Ordered on", "订货日期"),
    "expected_on": ("Expected on", "预计到货"),
    "lines": ("Lines", "行数"),
    "lines_open": ("Lines open", "未到行数"),
    "value_open": ("Value open", "未到金额"),
    "accepted": ("Accepted", "已验收"),
    "open": ("Open", "未到"),
    "kpi_title": ("Figures", "指标"),
    "all_stores": ("all", "全部"),
    "id": ("Id", "代码"),
    "version": ("Version", "版本"),
    "month": ("Month", "月份"),
    "unit": ("Unit", "单位"),
    "definition": ("Definition", "定义"),
    "unit_times_per_year": ("times per year", "次/年"),
    "unit_days": ("days", "天"),
    "kpi_fill_shelf_line": ("Fill rate from the shelf", "备件满足率（一次满足）"),
    "kpi_turn_gross": ("Stock turnover", "备件周转率"),
    "kpi_days_supply": ("Days in stock (supply)", "平均在库天数（按周转）"),
    "kpi_stock_age_days": ("Days in stock (true age)", "平均在库天数（实际库龄）"),
    "kpi_dead_12": ("Dead stock, 12 months", "呆滞库存比例（12个月）"),
}

CHINESE_DEFINITIONS = {
    "kpi_fill_shelf_line": (
        "提出需求时由库存整行满足的行数 ÷ 需求行数。"
        "范围：全部需求行，无论是否满足，不含取消；部分满足按未满足计。"
        "时间：当月提出的需求。"
    ),
    "kpi_turn_gross": (
        "12个月出库成本 ÷ 平均库存金额。"
        "范围：台账出库成本减退回；导入的历史按供应数量×备件单价；"
        "库存按移动平均成本，含货位与预留，不含待处理、索赔与在途。"
        "时间：截至当月的12个月；取台账已有的最近13个月末平均，不足时取期末金额。"
    ),
    "kpi_days_supply": "365 ÷ 备件周转率（TURN_GROSS）。范围与时间同备件周转率。",
    "kpi_stock_age_days": (
        "Σ（金额 × 入库天数）÷ Σ 金额。范围：按先进先出计算的各批入库剩余，按入库成本；含货位与预留。时间：月末。"
    ),
    "kpi_dead_12": (
        "12个月内无需求且无入库的备件金额 ÷ 库存金额。"
        "范围：按门店的备件；需求为任何未取消的需求行；"
        "库存按移动平均成本，含货位与预留，不含待处理、索赔与在途。"
        "时间：月末；截至当月的12个月内既无需求也无入库。"
    ),
}
"""The English definitions are the registry's own (`inventory.kpi`)."""
