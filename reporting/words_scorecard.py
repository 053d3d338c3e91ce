"""Words of the balanced scorecard."""

from __future__ import annotations

SCORECARD_WORDS: dict[str, tuple[str, str]] = {
    "scorecard_title": ("Scorecard", "平衡计分卡"),
    "scorecard_repair_title": ("What to repair first", "优先改进"),
    "scorecard_suggest_title": ("Nearest lawful card", "最接近的合规计分卡"),
    "dimension": ("Dimension", "维度"),
    "dimension_finance": ("Finance", "财务"),
    "dimension_customer": ("Customer", "客户"),
    "dimension_process": ("Process", "内部流程"),
    "dimension_learning": ("Learning", "学习成长"),
    "weight": ("Weight", "权重"),
    "weight_now": ("Weight now", "现权重"),
    "weight_lawful": ("Lawful weight", "合规权重"),
    "weight_change": ("Change", "调整"),
    "reference": ("Reference", "参考值"),
    "reference_source": ("Source of the reference", "参考值来源"),
    "reached": ("Reached", "达成率"),
    "points": ("Points", "得分"),
    "points_lost": ("Points lost", "失分"),
    "rank": ("No.", "序"),
    "gap_worth": ("What the gap is worth", "差距的价值"),
    "scorecard_of": ("of", "/ 可得"),
    "scorecard_whole": ("Card", "总分"),
    "scorecard_not_measurable": ("not measurable", "无法计量"),
    "scorecard_own": ("own: {own}; group: {group}", "本店：{own}；集团：{group}"),
    "scorecard_unsaid": ("not told", "未注明"),
    "gap_lines": ("{count} lines", "{count} 行"),
    "gap_orders": ("{count} orders", "{count} 单"),
    "gap_parts": ("{count} part numbers", "{count} 个备件"),
    "gap_claims": ("{count} claims", "{count} 件索赔"),
    "gap_bins": ("{count} bins", "{count} 个货位"),
    "gap_visits": ("{count} visits", "{count} 次进厂"),
    "scorecard_tied_up": ("{amount} tied up in stock", "占用库存资金 {amount}"),
    "scorecard_amount": ("{amount} a period", "每期 {amount}"),
    "scorecard_lawful": (
        "The weights sum to 100 %; every dimension weighs 10 to 50 % (here {least_dimension} to {most_dimension}), "
        "every KPI 5 to 30 % of {basis} (here {least_kpi} to {most_kpi}).",
        "权重合计 100 %；各维度权重均在 10–50 % 之内（本卡 {least_dimension} 至 {most_dimension}），各指标占{basis}的 "
        "5–30 %（本卡 {least_kpi} 至 {most_kpi}）。",
    ),
    "basis_card": ("the card", "全卡"),
    "basis_dimension": ("their dimension", "所在维度"),
    "scorecard_missing": (
        "Not measurable: {weight} of the card ({names}). This weight is not spread over the others.",
        "无法计量：全卡的 {weight}（{names}）。其权重不分摊给其他指标。",
    ),
    "scorecard_curve": (
        "Reached: value ÷ reference where more is better, reference ÷ value where less is; in a band 100 %, outside it "
        "falling in a straight line; at most 120 %. Points: weight × reached.",
        "达成率：越高越好者为实际 ÷ 参考，越低越好者为参考 ÷ 实际；区间内为 100 %，区间外按直线下降；最高 120 %。"
        "得分 = 权重 × 达成率。",
    ),
    "scorecard_overlap": (
        "Ordered by points lost. What gaps are worth overlaps (dead stock is slow stock too) and does not add up.",
        "按失分排序。各差距的价值互有重叠（呆滞库存也是慢周转库存），不可相加。",
    ),
    "scorecard_nothing_to_repair": ("Every measurable figure reaches its reference.", "所有可计量指标均达到参考值。"),
    "scorecard_already_lawful": ("The card is lawful as it is.", "该计分卡本已合规。"),
    "scorecard_nearest": (
        "Least sum of squared changes of all weights, among all lawful cards in steps of {step}.",
        "在步长 {step} 的所有合规计分卡中，各权重变动平方和最小。",
    ),
}
