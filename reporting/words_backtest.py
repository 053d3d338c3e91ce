"""Words and sentences of the backtest and of the value added; merged into the catalogue by `words`."""

from __future__ import annotations

BACKTEST_WORDS: dict[str, tuple[str, str]] = {
    "backtest": ("Backtest", "回测"),
    "backtest_scores": ("What each method is worth", "各方法得分"),
    "backtest_bias": ("Bias, by how much is asked for", "按需求量分组的偏差"),
    "backtest_curve": ("Stock against service", "库存与满足率"),
    "counted_in_month": ("months", "个月"),
    "counted_in_week": ("weeks", "周"),
    "method": ("Method", "方法"),
    "law_about_mean": ("Law", "分布"),
    "law_normal": ("normal", "正态"),
    "law_counts": ("negative binomial", "负二项"),
    "all_items": ("all items", "全部备件×门店"),
    "judged": ("Judged", "评判次数"),
    "service_loss": ("Loss at .9–.99", "0.9–0.99 分位损失"),
    "service_loss_by_value": ("By value", "按金额计"),
    "covered_80": ("In 80 %", "80 % 覆盖"),
    "covered_90": ("In 90 %", "90 % 覆盖"),
    "covered_95": ("In 95 %", "95 % 覆盖"),
    "covered_99": ("In 99 %", "99 % 覆盖"),
    "bias": ("Bias", "偏差"),
    "stock_at_90": ("Stock for 90 %", "满足 90 % 的库存"),
    "stock_at_95": ("Stock for 95 %", "满足 95 % 的库存"),
    "units_a_month": ("Units a month", "月均数量"),
    "never_asked": ("never asked for", "从未需求"),
    "asked": ("Came", "实际"),
    "foreseen": ("Foreseen", "预计"),
    "chance_alone": ("Chance alone", "随机误差"),
    "level_share": ("Level", "分位"),
    "mean_stock": ("Mean stock", "平均库存"),
    "filled": ("Filled", "满足率"),
    "coverage_missed": ("Coverage beyond its share, points", "覆盖率偏差（百分点）"),
    "baselines": ("baselines", "基准方法"),
    "value_added": ("Value added", "增值"),
    "value_added_by_value": ("Added, by value", "按金额增值"),
    "judged_items": ("Items", "范围"),
    "judged_all": ("all", "全部"),
    "judged_set_by_hand": ("set by hand", "人工设定"),
    "value_step": ("Step", "步骤"),
    "value_step_naive": ("naive", "朴素预测"),
    "value_step_statistical": ("statistical", "统计预测"),
    "value_step_vehicles": ("+ vehicles", "+ 保有量"),
    "value_step_events": ("+ events", "+ 事件"),
    "value_step_override": ("+ override", "+ 人工设定"),
    "stock_saved": (
        "{goal} of the units filled: {mine} in stock, {less} less than the best baseline ({rival}: {theirs})",
        "满足率 {goal}：平均库存 {mine}，比最佳基准方法（{rival}：{theirs}）少 {less}",
    ),
}

BACKTEST_SENTENCES: dict[str, tuple[str, str]] = {
    "judged": (
        "Judged on demand over {length} {unit} after {count} origins, {first} to {last}; {items} of {all_items} items"
        " beside the baselines. Loss is 2 × pinball relative to demand, lower is better; coverage is right where it is"
        " the share named; stock is what a replay holds on average, at cost, for the share of units filled.",
        "评判对象：{count} 个起点（{first} 至 {last}）之后 {length} {unit}的累计需求；与基准方法同比的备件×门店 {items}"
        " / {all_items}。损失为 2 倍分位损失与需求之比，越低越好；覆盖率应等于所标比例；库存为回放中达到该满足率的"
        "平均库存（按成本）。",
    ),
    "value": (
        "Judged on demand over {length} periods after {count} origins, {first} to {last}, each by what was known then."
        " Loss is 2 × pinball at the .9 to .99 quantiles relative to demand; what a step adds is the loss of the step"
        " before less its own: below nothing, it does harm.",
        "评判对象：{count} 个起点（{first} 至 {last}）之后 {length} 期的累计需求，仅用当时已知信息。"
        "损失为 0.9–0.99 分位的 2 倍分位损失与需求之比；增值为上一步损失减本步损失，负值表示有害。",
    ),
    "left_out": (
        "{rows} rows were left out: their stretch was not seen whole.",
        "{rows} 行未评判：其区间观测不完整。",
    ),
    "unforeseen": (
        "{units} units came of parts that nobody knew of at the origin.",
        "{units} 件需求来自起点时尚不存在的备件。",
    ),
}
