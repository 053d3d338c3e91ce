"""Words of the ledger; merged into the catalogue by `words`."""

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
}
