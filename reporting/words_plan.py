"""The plan's words and sentences in English and Simplified Chinese.

A sentence is a template with named places; which parts of it apply is decided in `reporting.reasons`.
"""

from __future__ import annotations

from reporting.words_shelf import SHELF_SENTENCES

PLAN_WORDS: dict[str, tuple[str, str]] = {
    # figures of a line
    "safety_stock": ("Safety stock", "安全库存"),
    "reorder_point": ("Reorder point", "订货点"),
    "order_up_to_level": ("Order up to", "目标库存"),
    "expected_fill_rate": ("Expected fill rate", "预计满足率"),
    "expected_demand": ("Expected demand", "预计需求"),
    "backorder": ("Waited for", "欠料"),
    "stocking": ("Shelf", "备库"),
    "stocked": ("stocked", "备库"),
    "phased-in": ("phased in", "新备库"),
    "phased-out": ("phased out", "不再备库"),
    "not-stocked": ("not stocked", "不备库"),
    # proposals
    "plan_run": ("Purchase plan", "订货计划"),
    "plan_lines": ("Order lines", "订货明细"),
    "proposal_no": ("Proposal", "订货建议号"),
    "state": ("State", "状态"),
    "order_on": ("Order on", "订货日"),
    "look_at": ("Look at", "需查看"),
    # the sum of a line
    "explain": ("Why this quantity", "数量由来"),
    "step": ("Step", "步骤"),
    "step.target": ("Target", "目标"),
    "step.position": ("− Position", "− 库存位置"),
    "step.surplus": ("+ Held beyond the target", "+ 超出目标部分"),
    "step.need": ("= Need", "= 需求量"),
    "step.rounding": ("± Rounding to whole packs", "± 整包取整"),
    "step.minimum_fill": ("+ Filling up to a minimum", "+ 补足最低量"),
    "step.budget_cut": ("− Budget cut", "− 预算削减"),
    "step.edit": ("± Edited by hand", "± 人工修改"),
    "step.quantity": ("= Order quantity", "= 订货数量"),
    "step.alternative": ("Next best", "次优选择"),
    "detail": ("Facts", "依据"),
    # what is set for every part
    "plan_levels": ("Levels", "库存水平"),
    "urgent": ("Urgent", "紧急订"),
    "position": ("Position", "库存位置"),
    # what a plan comes to
    "plan_figures": ("What the plan comes to", "计划概览"),
    "this_plan": ("This plan", "本次计划"),
    "last_plan": ("Last plan", "上次计划"),
    "today": ("Today", "现状"),
    "changed": ("Changed", "变更后"),
    "difference": ("Difference", "差异"),
    "percentage_points": ("points", "个百分点"),
    "line_fill": ("Order lines filled complete", "整行满足率"),
    "unit_fill": ("Units filled", "件数满足率"),
    "cycle_service": ("Order cycles without a shortage", "无缺货订货周期占比"),
    "ready_rate": ("Time with stock on the shelf", "有货时间占比"),
    "waiting_days": ("Days a unit is waited for", "每件平均等待天数"),
    "order_lines": ("Lines ordered", "订货行数"),
    "order_value": ("Value ordered", "订货金额"),
    "stock_value": ("Value on the shelf, expected", "预计库存金额"),
    # the difference to the last plan
    "plan_diff": ("Changes since the last plan", "与上次计划的差异"),
    "quantity_before": ("Before", "上次"),
    "quantity_now": ("Now", "本次"),
    "change": ("Change", "变化"),
    "causes": ("Because of", "原因"),
    "cause": ("Cause", "原因"),
    "order_type_stock": ("stock", "常规"),
    "order_type_urgent": ("urgent", "紧急"),
    "proposal_draft": ("draft", "草稿"),
    "proposal_approved": ("approved", "已批准"),
    "proposal_rejected": ("rejected", "已拒绝"),
    "proposal_sent": ("sent", "已发送"),
    "proposal_superseded": ("superseded", "已被取代"),
    "cause.demand": ("demand", "需求"),
    "cause.cover_days": ("days to cover", "保障天数"),
    "cause.price": ("goal and price of money", "目标与资金价格"),
    "cause.stocking": ("on or off the shelf", "上下架"),
    "cause.dead_band": ("dead band", "稳定带"),
    "cause.on_hand": ("on hand", "在库"),
    "cause.reserved": ("reserved", "预留"),
    "cause.on_order": ("on order", "在途"),
    "cause.backorder": ("waited for", "欠料"),
    "cause.transfer": ("between stores", "店间调拨"),
    "cause.surplus": ("beyond the target", "超出目标"),
    "cause.pack": ("packs", "整包"),
    "cause.minimum": ("minimums", "最低量"),
    "cause.budget": ("budget", "预算"),
    "what_if": ("What if", "假设分析"),
    "what_if_orders": ("Orders", "订单"),
    "lines_before": ("Lines today", "现行数"),
    "lines_after": ("Lines then", "变更后行数"),
    "value_before": ("Value today", "现金额"),
    "value_after": ("Value then", "变更后金额"),
    "value_change": ("Difference", "差额"),
    # rules of review
    "far-above-target": ("far above its target, by packs or minimums", "因包装或最低量远超目标"),
    "no-demand": ("no demand is expected", "预计无需求"),
    "low-fill": ("most lines will still not be filled", "订货后仍多数不足"),
    "cut": ("cut by the budget", "被预算削减"),
    "large-share": ("a quarter of the order or more", "占订单四分之一以上"),
    # workbook
    "order_sheet": ("Order", "订单"),
    "reason_sheet": ("Reasons", "原因"),
    "total_sheet": ("Totals", "汇总"),
    "total": ("Total", "合计"),
    "figure": ("Figure", "项目"),
    "budget": ("Budget of the month", "当月预算"),
    "run_budget": ("Budget of the run", "本次预算"),
    "file": ("File", "文件"),
    "run_id": ("Run", "计划运行号"),
    "as_of": ("Planned for", "计划日期"),
    "known_at": ("Ledger sequence", "账簿序号"),
    "snapshot_hash": ("Data fingerprint", "数据指纹"),
    "program_version": ("Program version", "程序版本"),
}

SENTENCES: dict[str, tuple[str, str]] = {
    **SHELF_SENTENCES,
    "replenish": (
        "Order {quantity}: target {target} to last {covered_days} days, until the delivery of {covered_until}, at some"
        " {per_year} a year; {have}",
        "订 {quantity}：目标库存 {target}，保障到 {covered_until} 到货前的 {covered_days} 天，"
        "年需求约 {per_year}；{have}",
    ),
    "top-up": (
        "Order {quantity}: not needed today ({have} for a target of {target}), but needed soonest of what this"
        " supplier sells",
        "订 {quantity}：今天不缺（目标 {target}，{have}），但在该供应商的备件中最早需要",
    ),
    "backorder": (
        "Order {quantity} urgently: customers wait for {backorder} that nothing on hand or on order covers, {have}",
        "紧急订 {quantity}：客户在等 {backorder}，在库和在途均无法满足，{have}",
    ),
    "bridge": (
        "Order {quantity} urgently: {have}, and what would be missing until the stock order comes on {covered_until}"
        " costs more than the surcharge",
        "紧急订 {quantity}：{have}，在常规订单 {covered_until} 到货前的缺料损失高于加急费用",
    ),
    "nothing.enough": (
        "Order nothing: the position of {position} reaches the target of {target}; {have}",
        "不订：库存位置 {position} 已达到目标 {target}；{have}",
    ),
    "nothing.pack": (
        "Order nothing: {need} needed for a target of {target}, but the next pack would fill too little for its money;"
        " {have}",
        "不订：目标 {target}，需要 {need}，但再订一包所满足的需求抵不上其资金；{have}",
    ),
    "nothing.not-stocked": (
        "Order nothing: expected to be asked for {expected} in the next {covered_days} days, its first unit is not"
        " worth its place on the shelf; {have}",
        "不订：未来 {covered_days} 天预计需求 {expected}，第一件都不值得占用库存；{have}",
    ),
    "nothing.cut": (
        "Order nothing: {need} needed for a target of {target}, left out because other lines are worth more of the"
        " money, or because the whole order waits for its next order day; {have}",
        "不订：目标 {target}，需要 {need}，因资金优先用于其他行，或整张订单顺延到下一订货日；{have}",
    ),
    "no-channel": (
        "Order nothing: no way to order from its supplier is known; import order_channels",
        "不订：没有该供应商的订货渠道；请导入 order_channels",
    ),
    "part.on_hand": ("{value} on hand", "在库 {value}"),
    "part.on_order": ("{value} on order", "在途 {value}"),
    "part.reserved": ("{value} reserved", "预留 {value}"),
    "part.backorder": ("{value} waited for", "欠料 {value}"),
    "part.transfer_from": ("{value} from {stores} instead of buying", "从 {stores} 调入 {value} 代替采购"),
    "part.transfer_to": ("{value} to be sent to {stores}", "将调出 {value} 至 {stores}"),
    "part.urgent": ("{value} ordered urgently", "同时紧急订 {value}"),
    "part.approved": ("{value} of it approved", "其中已批准 {value}"),
    "part.transit": ("{value} of it from another store", "其中调拨在途 {value}"),
    "part.of": (" ({told})", "（{told}）"),
    "part.pack-down": (
        "; rounded down to {count} × packs of {pack}: one more would fill too little for its money",
        "；按每包 {pack} 向下取整为 {count} 包：再多一包所满足的需求抵不上其资金",
    ),
    "part.held": (
        "; the target stays as in the last plan: moving it to {value} would save too little",
        "；目标沿用上次计划：调整到 {value} 节省甚微",
    ),
    "other.one-more": (
        "Next best: order {quantity}, one step more: {money} more, {lines} more order lines filled a year, the part's"
        " fill rate {fill} in place of {fill_now}",
        "次优：多订一级，订 {quantity}：多用资金 {money}，每年多满足 {lines} 行，该件满足率由 {fill_now} 变为 {fill}",
    ),
    "other.one-less": (
        "Next best: order {quantity}, one step fewer: {money} less, {lines} fewer order lines filled a year, the part's"
        " fill rate {fill} in place of {fill_now}",
        "次优：少订一级，订 {quantity}：少用资金 {money}，每年少满足 {lines} 行，该件满足率由 {fill_now} 变为 {fill}",
    ),
    "other.urgent": (
        "Next best: order the {quantity} urgently: {money} more, {lines} more order lines filled until the stock order"
        " would come",
        "次优：改为紧急订 {quantity}：多花 {money}，在常规订单到货前多满足 {lines} 行",
    ),
    "other.regular": (
        "Next best: leave the {quantity} to the stock order: {money} less, {lines} fewer order lines filled until it"
        " comes",
        "次优：改由常规订单订 {quantity}：少花 {money}，到货前少满足 {lines} 行",
    ),
    "part.floor.vital": ("; kept at this level because it is vital", "；因属关键件而保持此库存"),
    "part.floor.often": ("; kept at this level because it is asked for often", "；因常有需求而保持此库存"),
    "part.override": (
        "; the forecast is set by {set_by} until {set_until} ({set_why})",
        "；预测由 {set_by} 人工设定至 {set_until}（{set_why}）",
    ),
    "part.pack": ("; rounded up to {count} × packs of {pack}", "；按每包 {pack} 取整为 {count} 包"),
    "part.least": ("; the least order is {least}", "；最小订货量 {least}"),
    "part.top-up": (
        "; {value} of it to reach the supplier's least order value",
        "；其中 {value} 用于达到供应商最低订货金额",
    ),
    "part.cut": ("; {value} cut by the budget", "；预算削减 {value}"),
    "part.edit": ("; set to {value} by {user}: {why}", "；{user} 改为 {value}：{why}"),
    "note.levels-shown": (
        "The {shown} with the most money in their target, of {total}; --all prints them all.",
        "仅列出目标库存金额最大的 {shown} 个，共 {total} 个；--all 可全部列出。",
    ),
    "note.held": (
        "{levels} levels stay as in the last plan, because moving each would save too little: together {money} of stock"
        " and {lines} order lines a year.",
        "{levels} 个目标沿用上次计划，因逐个调整节省甚微：合计库存 {money}，每年 {lines} 行。",
    ),
    "note.rounded-down": (
        "{lines} lines are rounded down to whole packs, {money} less than needed: a last pack would fill too little for"
        " its money, and the goal is reached without.",
        "{lines} 行按整包向下取整，比需要少 {money}：最后一包所满足的需求抵不上其资金，且不影响目标。",
    ),
    "note.approved": (
        "Approved and not yet sent, so counted as on order: {lines} parts worth {money}; send them or reject them.",
        "已批准尚未发出、按在途计算：{lines} 个备件，金额 {money}；请发出或驳回。",
    ),
    "note.put-aside": (
        "Put aside, because this plan takes their place: {proposals}.",
        "已被本次计划取代而搁置：{proposals}。",
    ),
    "note.service": (
        "Beside it: {units} of the units, {cycles} of the order cycles without a shortage, stock on the shelf {ready}"
        " of the time; a unit asked for is waited for {days} days on average.",
        "同时：件数满足率 {units}，无缺货订货周期 {cycles}，有货时间 {ready}；每件平均等待 {days} 天。",
    ),
    "note.compared": (
        "{count} parts change, by {money} in all, against the plan of {days}.",
        "与 {days} 的计划相比，{count} 个备件有变化，合计 {money}。",
    ),
    "note.nothing-stored": (
        "Both are of one forecast; nothing was stored.",
        "两者基于同一预测；未保存任何内容。",
    ),
    "note.left-out": (
        "Left out: {source}, {column} {value}: {why}. Everything else is planned.",
        "已略过：{source}，{column} 为 {value}：{why}。其余照常计划。",
    ),
    "note.no-channel": (
        "{parts} forecast parts of supplier {supplier} were not planned: no way to order from him is known; import"
        " order_channels.",
        "供应商 {supplier} 的 {parts} 个备件未做计划：没有订货渠道；请导入 order_channels。",
    ),
    "note.target-not-reached": (
        "{stores}: the goal of {asked} cannot be reached; the highest levels fill {reached} of the order lines.",
        "{stores}：无法达到目标满足率 {asked}；最高库存水平可满足 {reached}。",
    ),
    "note.transfers": (
        "{lines} parts worth {value} are to come from another store instead of being bought, which saves {gain}; see"
        " them with: sparewise plan transfers.",
        "{lines} 个备件（价值 {value}）将从其他门店调入，不再采购，可节省 {gain}；查看：sparewise plan transfers。",
    ),
    "note.price-of-money": (
        "{stores}: the targets alone fill {reached}; one price of money over all parts: the last stock they hold ties"
        " up {price} for each further line it fills in a year.",
        "{stores}：仅按目标库存可满足 {reached}；所有备件统一资金价格："
        "最后增加的库存每年多满足一行需占用资金 {price}。",
    ),
    "note.budget-cut": (
        "{supplier}, {order_type}: cut by the budget: {lines} of {of} lines.",
        "{supplier} {order_type}：预算削减 {of} 行中的 {lines} 行。",
    ),
    "note.order-waits": (
        "{supplier}, {order_type}: left for the next order day: {lines} of {of} lines; today the order is not worth its"
        " minimum, its fee or its share of the budget.",
        "{supplier} {order_type}：{of} 行中的 {lines} 行顺延到下一订货日；"
        "今天的订单不足最低金额、不抵订货费或预算不足。",
    ),
    "note.better-at-most": (
        "Proven: at most {better} % better exists, by what the packs are worth, within the same budgets and minimums.",
        "已证明：在相同预算与最低订货金额下，按所订包装的价值计，最多还能改进 {better}%。",
    ),
    "note.no-bound": (
        "How much better another choice of packs could be is not proven: what is ordered here fills no line more.",
        "无法证明另一种选择最多能改进多少：本次所订不增加任何满足的需求行。",
    ),
    "note.solver-failed": (
        "The solver gave no answer; the plan keeps to every budget and minimum, and which orders to place was chosen by"
        " the prices of money alone.",
        "求解器未给出结果；计划满足所有预算与最低量，订单取舍仅依据资金价格。",
    ),
    "note.fill": (
        "With what is on hand, on order and ordered here, {fill} of all demand lines are expected to be filled complete"
        " from the shelf.",
        "连同在库、在途和本次订货，预计 {fill} 的需求行可由库存一次性满足。",
    ),
    "note.new-on-shelf": (
        "New on the shelf: {count} of {lines} lines, worth {value}; nothing of these parts is on hand or on order.",
        "新上架：{lines} 行中有 {count} 行（金额 {value}）的备件目前无在库和在途。",
    ),
    "note.shown": (
        "The {shown} dearest of {total} lines; `sparewise plan show PROPOSAL` and the workbooks have them all.",
        "仅列出 {total} 行中金额最大的 {shown} 行；全部明细见 `sparewise plan show PROPOSAL` 和工作簿。",
    ),
    "note.look": (
        "To look at before approving: {rules}.",
        "审批前请查看：{rules}。",
    ),
}

WEEKDAYS: tuple[tuple[str, str], ...] = (
    ("Mon", "周一"),
    ("Tue", "周二"),
    ("Wed", "周三"),
    ("Thu", "周四"),
    ("Fri", "周五"),
    ("Sat", "周六"),
    ("Sun", "周日"),
)
"""Short names from Monday on."""
