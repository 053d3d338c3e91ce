"""How a forecast comes about, in words: sentences and the sources of its factors; merged into the catalogue by `words`.

A sentence is a template with named places; which parts of it apply is decided in `reporting.explanation`.
"""

from __future__ import annotations

EXPLAINED_WORDS: dict[str, tuple[str, str]] = {
    "forecast_explained": ("How the forecast comes about", "预测构成"),
    "forecast_law": ("The whole law", "完整分布"),
    "factor": ("Factor", "因子"),
    "factor_value": ("Value", "数值"),
    "units": ("Units so far", "累计数量"),
    "adds": ("Adds", "增减"),
    "meaning": ("What it is", "含义"),
    "comes_from": ("Where it comes from", "来源"),
    "target": ("Stretch", "区间"),
    "target_period": ("period", "单期"),
    "target_lead_time": ("summed over", "合计期数"),
    "law_step": ("Period(s)", "期"),
    "quantile": ("Share", "分位"),
    "law_value": ("Units", "数量"),
    "mean": ("mean", "均值"),
    # what each factor is
    "factor_vehicles": ("Vehicles on the road here that carry the part", "本店区域装有该件的在用车辆"),
    "factor_share_coming": ("Share of them that comes to this store", "到店率"),
    "factor_need_per_month": ("Calls of each per month, by its age and distance", "每车每月需求次数(按车龄与里程)"),
    "factor_pieces_per_call": ("Demand units per call", "每次需求单位数"),
    "factor_stock_units": ("Stock units in one demand unit", "每需求单位的库存单位数"),
    "factor_open_months": ("How busy the period is, in average months", "营业繁忙程度(折合平均月)"),
    "factor_season": ("Season of its kind", "同类季节系数"),
    "factor_table_season": ("Season of the table", "全表季节系数"),
    "factor_family_rate": ("What parts of its family are really asked for", "同族实际需求系数"),
    "factor_own_multiplier": ("What this part's own calls add to that", "本件自身需求系数"),
    "factor_untold": ("Share of the calls not told beforehand", "未事先知悉的需求份额"),
    "factor_told_booked": ("With what is booked", "加预约"),
    "factor_told_reserved": ("With what is held for repair orders", "加维修单预留"),
    "factor_told_campaign": ("With recalls and campaigns", "加召回与服务活动"),
    "factor_told_bulk": ("With bulk orders that may come again", "加可能再次出现的大宗订单"),
    "factor_its_like": ("What parts in a like state were asked for next", "状态相近备件的后续需求"),
    "factor_heads": ("With two regressions over all parts of the table", "加全表回归模型"),
    "factor_calibration": ("Stretched to what earlier laws held", "按历史覆盖率校准"),
    "factor_override": ("Set by a person", "人工调整"),
    "factor_override_calls": ("Calls set by a person, where nothing else is expected", "人工设定需求次数"),
    "factor_expected_demand": ("Expected units: the product of the above", "预计数量(以上各项之积)"),
    # where each comes from
    "from_vehicles": ("registrations, fitment and survival", "登记车辆、适配与存活率"),
    "from_vehicles_uncarried": ("customers of the store; no vehicle explains the part", "门店客户数（无适用车辆）"),
    "from_share_coming": ("visits to the store by age, beside published loyalty", "到店记录与公开的客户保持率"),
    "from_share_coming_uncarried": ("nothing: whoever calls is there", "不适用"),
    "from_need_per_month": (
        "its interval or life, and ages and distances of these vehicles",
        "保养间隔或寿命、车龄与里程",
    ),
    "from_need_per_month_uncarried": ("each customer alike", "按客户均摊"),
    "from_pieces_per_call": ("sizes of the part's order lines", "本件订单行数量"),
    "from_stock_units": ("what its lines and fitments are whole multiples of", "订单行与适配的最小倍数"),
    "from_open_months": ("days open by weekday, the Spring Festival among them", "各工作日与春节"),
    "from_season": ("lines of its kind, by month of the year", "同类备件各月需求"),
    "from_table_season": (
        "what came back in the same month or week of every year, and breaks that lasted, over all parts of the table",
        "全表备件每年同月（或同周）重复出现的需求，及持续至今的整体变化",
    ),
    "from_family_rate": ("calls of {family}, kind {kind}, in all stores", "各门店 {family}（{kind}）的需求"),
    "from_own_multiplier": ("its {calls} calls in {periods} periods seen", "{periods} 期内的 {calls} 次需求"),
    "from_untold": ("appointments and reservations of its store, family and kind", "本店同族同类的预约与预留"),
    "from_told_booked": ("appointments: {named}", "预约：{named}"),
    "from_told_reserved": ("reservations: {named}", "预留：{named}"),
    "from_told_campaign": ("campaigns: {named}", "活动：{named}"),
    "from_told_bulk": ("bulk orders: {named}", "大宗订单：{named}"),
    "from_its_like": (
        "two regressions over all parts that no vehicle explains, heard beside its own history",
        "全部无车型对应备件的两个回归模型，与本件历史合并",
    ),
    "from_heads": (
        "what parts in a like state were asked for next; weights: count {count_weight}, calls {calls_weight}, filter"
        " {filter_weight}",
        "状态相近备件的后续需求；权重：数量 {count_weight}、次数 {calls_weight}、滤波 {filter_weight}",
    ),
    "from_calibration": ("earlier origins of this table: 95 % held {held}", "本表历史起点：95 % 实际覆盖 {held}"),
    "from_override": ("{set_by}: {set_why} (until {set_until})", "{set_by}：{set_why}（有效至 {set_until}）"),
    "from_override_calls": ("{set_by}: {set_why} (until {set_until})", "{set_by}：{set_why}（有效至 {set_until}）"),
}

EXPLAINED_SENTENCES: dict[str, tuple[str, str]] = {
    "whole": (
        "{store} {part_no}: {units} expected in {period} = {base}{changes}; over {length} periods together {mean}, at"
        " most {level_95} with 95 % and {level_99} with 99 %.",
        "{store} {part_no}：{period} 预计 {units} = {base}{changes}；{length} 期合计 {mean}，95 % 的可能不超过"
        " {level_95}，99 % 不超过 {level_99}。",
    ),
    "base.carried": (
        "{vehicles} vehicles × {share_coming} coming here × {need_per_month} calls a month × {pieces} units a call",
        "在用车辆 {vehicles} × 到店率 {share_coming} × 每车每月 {need_per_month} 次 × 每次 {pieces}",
    ),
    "base.uncarried": (
        "{base} calls a month of an average month × {pieces} units a call",
        "平均每月 {base} 次 × 每次 {pieces}",
    ),
    "base.set": ("{calls} calls set by hand × {pieces} units a call", "人工设定 {calls} 次 × 每次 {pieces}"),
    "change.open_months": (" × {value} for how busy the period is", " × 繁忙程度 {value}"),
    "change.season": (" × {value} for the season", " × 季节 {value}"),
    "change.table_season": (" × {value} for the season of the table", " × 全表季节 {value}"),
    "change.family_rate": (" × {value} for what its family is really asked for", " × 同族系数 {value}"),
    "change.own_multiplier": (" × {value} for its own {calls} calls", " × 自身 {calls} 次需求的系数 {value}"),
    "change.untold": (" × {value} not told beforehand", " × 未事先知悉份额 {value}"),
    "change.override": (
        " × {value} set by {set_by} until {set_until} ({set_why})",
        " × {set_by} 人工调整 {value}（{set_why}，至 {set_until}）",
    ),
    "change.its_like": (" × {value} heard from parts like it", " × 同类备件 {value}"),
    "change.heads": (" × {value} heard from all parts of the table", " × 全表回归 {value}"),
    "change.calibration": (" × {value} calibrated", " × 校准 {value}"),
    "change.told": (" + {units} told beforehand ({named})", " + 事先已知 {units}（{named}）"),
    "base.told": ("{units} told beforehand ({named})", "事先已知 {units}（{named}）"),
    "stored": (
        "As stored by run {run_id}, for the day {as_of}, when document {known_at} was the last one known.",
        "运行 {run_id} 的存档：业务日 {as_of}，已知至凭证 {known_at}。",
    ),
    "made-by.filter-alone": (
        "The law is that of the filter alone: gamma-Poisson, lines of a size of their own.",
        "分布仅由伽马-泊松滤波给出（含单行数量分布）。",
    ),
    "made-by.its-like": (
        "Level and spread of the law are those of two regressions over all parts that no vehicle explains and of the"
        " filter together, over a short stretch and a long one.",
        "分布的水平与离散程度由全部无车型对应备件的两个回归模型与滤波共同给出（取短、长两个区间）。",
    ),
    "made-by.heads-and-filter": (
        "The law averages the quantiles of three: a regression of the count over all parts of the table"
        " ({count_weight}), one of times asked × size ({calls_weight}), and the filter ({filter_weight}).",
        "分布为三者分位数的加权平均：全表数量回归（{count_weight}）、次数×单次数量回归（{calls_weight}）与"
        "滤波（{filter_weight}）。",
    ),
    "made-by.calibration": (
        "It is stretched to what earlier laws held: what they called 95 % held {held} of what came.",
        "并按历史起点校准：此前所称 95 % 的水平实际覆盖了 {held} 的需求。",
    ),
}
