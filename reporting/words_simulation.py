"""Words and sentences of the simulation; merged into the catalogue by `words`."""

from __future__ import annotations

SIMULATION_WORDS: dict[str, tuple[str, str]] = {
    "simulation": ("Stock against lines filled", "库存与整行满足率"),
    "rule": ("Rule", "规则"),
    "knob": ("Setting", "参数"),
    "simulated_stock_value": ("Stock value", "库存金额"),
    "lines_filled": ("Lines filled", "整行满足率"),
    "promised_fill": ("Promised", "预计满足率"),
    "value_fill": ("Value filled", "按金额满足率"),
    "ordered_value": ("Ordered", "订货金额"),
    "stock_for_90": ("Stock for 90 %", "满足 90 % 的库存"),
    "stock_for_95": ("Stock for 95 %", "满足 95 % 的库存"),
    "saved_at_95": ("Ours holds less", "本方案少占用"),
    "promised_at_95": ("Promised where 95 % came true", "实际 95 % 处的预计值"),
    "rule_sparewise": ("Sparewise, by goal", "Sparewise（按目标）"),
    "rule_sparewise-as-set": ("Sparewise, as set", "Sparewise（按现行设置）"),
    "rule_z-sigma": ("mean + z · sigma", "均值 + z·σ"),
    "rule_mad": ("MAD × (cycle + lead time + safety)", "月均需求 ×（订货周期+到货期+安全期）"),
    "rule_months": ("months of supply", "可供月数"),
    "rule_min-max": ("minimum and maximum", "最低最高库存"),
}

SIMULATION_SENTENCES: dict[str, tuple[str, str]] = {
    "replayed": (
        "{items} parts at stores, {lines} lines from {first} to {last}; what the shelf lacks: {unmet}.",
        "{items} 个备件×门店，{first} 至 {last} 共 {lines} 行需求；缺货处理：{unmet}。",
    ),
    "sampled": (
        "The mean of {futures} futures drawn from the forecast; levels are those of today.",
        "为按预测抽样的 {futures} 个未来情景的平均值；库存水平为今日设定。",
    ),
    "urgent": ("ordered urgently", "紧急订货"),
    "backorder": ("waits for the next delivery", "等待下次到货"),
    "lost": ("is lost", "流失"),
    "curve_compared": (
        "Rules are compared at the same share of lines filled; a point marks the usual setting of each.",
        "各规则在相同满足率下比较；圆点为各规则的常用参数。",
    ),
    "saved": (
        "For {goal} of the lines: {mine}, {less} less than {theirs} by the rule {rival}.",
        "整行满足率 {goal}：需库存 {mine}，比规则“{rival}”的 {theirs} 少 {less}。",
    ),
}
