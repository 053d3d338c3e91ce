"""What people head a column with: the English names of the contracts and the Chinese words in use for them.

A heading is matched after blanks around it are dropped and capitals are made small. One word may stand for different
columns in different tables (数量 is the quantity asked for in a service history), so it is looked up within the table.
"""

from __future__ import annotations

from inventory.intake.rules import TableRule

SYNONYMS: dict[str, tuple[str, ...]] = {
    "part_no": ("备件编码", "零件号", "配件编码", "备件号", "零件编码", "配件号", "件号"),
    "name": ("备件名称", "零件名称", "配件名称", "名称", "供应商名称"),
    "category": ("类别", "备件类别", "分类"),
    "unit": ("单位", "计量单位"),
    "unit_cost": ("单价", "成本价", "单位成本", "进价"),
    "list_price": ("销售价", "零售价", "建议零售价"),
    "supplier": ("供应商", "供应商编码", "供应商代码"),
    "pack_size": ("包装数", "包装数量", "最小包装"),
    "moq": ("最小订货量", "最小起订量", "起订量"),
    "criticality": ("重要性", "关键程度", "重要程度"),
    "shelf_life_days": ("保质期天数", "保质期", "保质期(天)"),
    "returnable": ("可退货", "是否可退", "可否退货"),
    "on_sale_from": ("上市日期", "开售日期"),
    "supplied_until": ("停供日期", "最后供货日期", "停产日期"),
    "order_type": ("订单类型", "订货类型"),
    "lead_time_days_mean": ("平均交货天数", "交货期", "平均到货天数", "平均交货期"),
    "lead_time_days_sd": ("交货天数标准差", "交货期标准差"),
    "order_weekdays": ("订货日", "订货星期"),
    "cost_multiplier": ("价格系数", "成本系数", "加价系数"),
    "min_order_value": ("最低订货金额", "最小订货金额"),
    "order_fee": ("订货费", "订单费用", "每单费用"),
    "replaced_by": ("替代件号", "替代编码", "新件号", "替代备件编码", "替代件"),
    "effective_on": ("生效日期", "替代日期"),
    "kind": ("替代方式", "替代类型"),
    "vin": ("车架号", "车辆识别码", "底盘号"),
    "model": ("车型", "车型代码"),
    "store": ("门店", "门店代码", "门店编码", "经销店", "网点"),
    "registered_on": ("登记日期", "上牌日期", "注册日期", "销售日期"),
    "left_on": ("离开日期", "报废日期", "流失日期"),
    "powertrain": ("动力类型", "动力", "能源类型"),
    "registered_month": ("登记月份", "上牌月份", "注册月份"),
    "vehicles": ("车辆数", "台数", "数量(台)"),
    "month": ("月份", "计划月份"),
    "quantity_per_vehicle": ("单车用量", "每车用量", "装车数量"),
    "interval_km": ("更换里程", "保养里程", "更换里程(公里)"),
    "interval_months": ("更换月数", "保养月数", "更换周期(月)"),
    "year_from": ("起始年份", "起始年款", "年款起"),
    "year_to": ("截止年份", "截止年款", "年款止"),
    "order_no": ("工单号", "订单号", "维修单号", "委托书号", "单号", "采购单号"),
    "opened_on": ("开单日期", "开工日期", "接车日期", "日期"),
    "odometer_km": ("行驶里程", "里程", "里程数", "公里数"),
    "job_type": ("作业类型", "维修类型", "业务类型", "维修类别"),
    "payer": ("付款方", "结算方式", "付费类型", "费用类型"),
    "quantity_requested": ("需求数量", "申请数量", "数量", "请领数量"),
    "quantity_supplied": ("供应数量", "实发数量", "出库数量", "发料数量"),
    "outcome": ("结果", "满足方式", "供货结果"),
    "unit_price": ("售价", "销售单价", "单价"),
    "appointment_no": ("预约单号", "预约号"),
    "due_on": ("预约日期", "预计到店日期"),
    "confidence": ("把握", "置信度", "到店概率"),
    "campaign_no": ("活动编号", "召回编号", "活动号"),
    "starts_on": ("开始日期", "起始日期"),
    "ends_on": ("结束日期", "截止日期"),
    "uptake": ("参与率", "预计参与率", "完成率"),
    "bin": ("货位", "库位", "货位号", "仓位"),
    "quantity": ("数量", "库存数量", "订货数量", "现存量", "用量", "在途数量", "实盘数量", "盘点数量"),
    "received_on": ("入库日期", "到货日期"),
    "ordered_on": ("订货日期", "下单日期", "订单日期"),
    "expected_on": ("预计到货日期", "预计到货日", "预计到货"),
    "period": ("期间", "月份", "周期", "时段"),
    "amount": ("金额", "预算", "预算金额"),
    "quantity_delivered": ("到货数量", "送货数量", "实到数量"),
    "quantity_accepted": ("验收数量", "合格数量", "接收数量"),
    "cause": ("原因", "异常原因"),
    "counter": ("盘点人", "清点人"),
    "counted_at": ("盘点时间", "清点时间"),
    "note": ("备注", "说明"),
    "available": ("可供率", "有货率", "可供比例"),
}


def heading_names(rule: TableRule) -> dict[str, str]:
    """Return, for one table, the column each heading means; headings in small letters without blanks around them."""
    names: dict[str, str] = {}
    for column in rule.columns:
        for heading in (column.name, *SYNONYMS.get(column.name, ())):
            assert heading not in names, f"{rule.kind}: {heading} means two columns"
            names[heading] = column.name
    return names
