"""Sentences on what is stocked at all: why a part comes onto the shelf or stays away, and how its days end.

Beside them the lead times that were learnt. Templates as in `reporting.words_plan`.
"""

from __future__ import annotations

SHELF_SENTENCES: dict[str, tuple[str, str]] = {
    "nothing.by-rule": (
        "Order nothing: asked for {requests} times in {request_months} months, too seldom for the shelf by the rule"
        " that is set; {have}",
        "不订：{request_months} 个月内需求 {requests} 次，按设定的规则不足以备库；{have}",
    ),
    "nothing.most": (
        "Order nothing: {need} needed for a target of {target}, but no whole pack would be asked for in time; {have}",
        "不订：目标 {target}，需要 {need}，但整包数量无法在期限内用完；{have}",
    ),
    "supply-ended": (
        "Order nothing: its supplier takes no order for it any more; {have}",
        "不订：供应商已停止供货；{have}",
    ),
    "part.shelf.phased-in": (
        "; new on the shelf: its first {first} fill {lines} lines a year, worth {worth}, for {holding} of holding and"
        " {loss} at risk ({unasked} chance that nobody asks for it in time)",
        "；新备库：首批 {first} 每年满足 {lines} 行，价值 {worth}，"
        "持有成本 {holding}，呆滞风险 {loss}（期限内无人需求的概率 {unasked}）",
    ),
    "part.shelf.away": (
        "; its first {first} would fill {lines} lines a year, worth {worth}, for {holding} of holding and {loss} at"
        " risk ({unasked} chance that nobody asks for it in time)",
        "；首批 {first} 每年可满足 {lines} 行，价值 {worth}，"
        "持有成本 {holding}，呆滞风险 {loss}（期限内无人需求的概率 {unasked}）",
    ),
    "part.shelf.by-rule": (
        "; new on the shelf by the rule: asked for {requests} times in {request_months} months",
        "；按规则新备库：{request_months} 个月内需求 {requests} 次",
    ),
    "part.end.shelf-life": (
        "; no more than {most} is held, what will be asked for within its shelf life",
        "；持有量不超过 {most}，即保质期内可用完的数量",
    ),
    "part.end.use": (
        "; no more than {most} is held, what will be asked for until another number serves in its place",
        "；持有量不超过 {most}，即被新件号替代前可用完的数量",
    ),
    "part.end.supply": (
        "; the last order that its supplier takes: {last_buy} for the demand still to come",
        "；供应商最后一次接受订货：为今后需求备 {last_buy}",
    ),
    "note.shelf": (
        "On the shelf: {items} of {of} parts at stores; {in} come onto it, {out} leave it when they are sold.",
        "备库：{of} 个门店备件中 {items} 个；新备库 {in} 个，售完后不再备库 {out} 个。",
    ),
    "note.stocking-rule": (
        "{stores}: by the rule of requests {items} parts are stocked, worth {value}, and {fill} of all lines filled."
        " By worth {worth_items} parts worth {worth_value} would fill {worth_fill}; for the same {fill} stock of"
        " {same_fill_value} would do.",
        "{stores}：按需求次数规则备库 {items} 个，金额 {value}，满足 {fill} 的需求行。"
        "按价值决定则备库 {worth_items} 个、金额 {worth_value}，满足 {worth_fill}；"
        "达到同样的 {fill} 只需库存 {same_fill_value}。",
    ),
    "note.lead-time": (
        "{supplier}, {order_type}: lead time told as {told_mean} ± {told_sd} days, seen as {seen_mean} ± {seen_sd}"
        " (orders received: {orders}); planned with {mean} ± {sd}.",
        "{supplier} {order_type}：交货期告知 {told_mean} ± {told_sd} 天，"
        "{orders} 张到货订单实际 {seen_mean} ± {seen_sd} 天；计划采用 {mean} ± {sd} 天。",
    ),
    "note.lead-time-late": (
        "{supplier}, {order_type}: orders open for longer than he told: {orders}; they count as late as they are, and"
        " {mean} days are planned with.",
        "{supplier} {order_type}：{orders} 张订单超过告知的交货期仍未到货，按已超期天数计入；计划采用 {mean} 天。",
    ),
    "note.lead-time-taken-over": (
        "Orders open for longer than told: {suppliers}. They were under way when they came into the books, and say"
        " nothing of how long others take.",
        "超过告知交货期仍未到货的订单：{suppliers}。这些订单录入账簿时已在途，不能说明其他订单的交货期。",
    ),
}
