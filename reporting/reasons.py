"""Why a line orders what it orders, in one sentence; and the same as a sum that anybody can check.

Here, and only here, the facts of a `Reason` become words.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from planning.proposal import Plan, ProposalLine, Reason
from planning.review import review_rules
from planning.settings import Settings
from planning.stored import facts_of
from reporting.shelf_reasons import shelf_parts, shelf_values
from reporting.tables import Column, Table, human_text
from reporting.words import word
from reporting.words_plan import SENTENCES, WEEKDAYS

Row = Mapping[str, object]
_UNITS: Mapping[str, Callable[[object], str]] = {
    "e4": lambda amount: human_text(amount, "money_e4"),
    "ppm": lambda share: human_text(share, "share_ppm"),
    "milli": lambda thousandths: f"{int(str(thousandths)) / 1000:.1f}",
}
"""How the facts of a note read, by the unit at the end of their names."""
DAYS_PER_YEAR = 365


def quantity_text(milli: object) -> str:
    """Return a quantity as people read it.

    >>> quantity_text(2500)
    '2.5'
    """
    return human_text(int(str(milli)), "quantity_milli")


def line_sentence(line: Row, language: str) -> str:
    """Return the sentence of a line.

    Parameters
    ----------
    line
        Its figures (``quantity_milli, on_hand_milli, …``) and its ``reason`` as JSON; ``edited_by`` and
        ``edit_reason`` where it was edited.
    """
    facts: Mapping[str, object] = facts_of(line)
    kind = str(json.loads(str(line["reason"]))["kind"])
    proposed = line.get("proposed_milli", line["quantity_milli"])
    values = {
        "quantity": quantity_text(proposed),
        "target": quantity_text(facts["target_milli"]),
        "position": quantity_text(facts["position_milli"]),
        "need": quantity_text(facts["need_milli"]),
        "backorder": quantity_text(max(-int(str(facts["position_milli"])), 0)),
        "expected": human_text(int(str(line["expected_demand_milli"])), "quantity_milli"),
        "per_year": _per_year(line, facts),
        "covered_days": str(facts.get("covered_days", "")),
        "covered_until": _day(facts.get("covered_until"), language),
        "have": _stock(line, facts, language),
        **shelf_values(facts),
    }
    text = _sentence(_form(kind, line, facts), language).format(**values)
    return text + _additions(line, facts, language) + ("。" if language == "zh" else ".")


def note_sentence(note: Reason, language: str) -> str:
    """Return the sentence of a note of a run."""
    facts = note.facts
    values = {name: str(value) for name, value in facts.items()}
    values["asked"] = human_text(facts.get("asked_ppm"), "share_ppm")
    values["reached"] = human_text(facts.get("reached_ppm"), "share_ppm")
    values["money"] = human_text(facts.get("money_e4"), "money_e4")
    if "lines_milli" in facts:
        values["lines"] = _lines_text(facts["lines_milli"], signed=True)
    values["price"] = human_text(facts.get("price_per_line_e4"), "money_e4")
    for name, value in facts.items():
        stem, _, unit = name.rpartition("_")
        if unit in _UNITS:
            values[stem] = _UNITS[unit](value)
    if "order_type" in facts:
        values["order_type"] = word(f"order_type_{facts['order_type']}", language)
    values["better"] = f"{-(-int(facts.get('better_ppm', 0)) // 100) / 100:.2f}"  # hundredths of a per cent, rounded up
    return _sentence(f"note.{note.kind}", language).format(**values)


def run_sentences(plan: Plan, settings: Settings, language: str) -> tuple[str, ...]:
    """Return what a run comes to: the fill rate expected, and how many lines a person should look at."""
    fill = human_text(plan.expected_fill_rate_ppm, "share_ppm")
    told = [_sentence("note.fill", language).format(fill=fill), _service(plan.figures, language)]
    rules = [
        review_rules(line, proposal, settings.of_store(line.store).review_multiple)
        for proposal in plan.proposals
        for line in proposal.lines
    ]
    counts = Counter(rule for met in rules for rule in met)
    if counts:
        listed = ", ".join(f"{word(rule, language)} ({count})" for rule, count in sorted(counts.items()))
        told.append(_sentence("note.look", language).format(rules=listed))
    lines = [line for proposal in plan.proposals for line in proposal.lines]
    new = [line for line in lines if line.on_hand_milli == line.on_order_milli == line.backorder_milli == 0]
    if new:
        value = human_text(sum(line.value_e4 for line in new), "money_e4")
        sentence = _sentence("note.new-on-shelf", language)
        told.append(sentence.format(count=len(new), lines=len(lines), value=value))
    return tuple(told)


def _service(figures: Mapping[str, int], language: str) -> str:
    names = {"units": "unit_fill_ppm", "cycles": "cycle_service_ppm", "ready": "ready_rate_ppm"}
    values = {name: human_text(figures[figure], "share_ppm") for name, figure in names.items()}
    return _sentence("note.service", language).format(days=f"{figures['waiting_days_milli'] / 1000:.2f}", **values)


def put_aside_sentence(proposals: Sequence[str], language: str) -> str:
    """Return which drafts a run has put aside."""
    return _sentence("note.put-aside", language).format(proposals=", ".join(proposals))


def alternative_sentence(line: Row, language: str) -> str:
    """Return the next best choice and its effect on service and money; empty where there is none."""
    facts = facts_of(line)
    if "alternative" not in facts:
        return ""
    values = {
        "quantity": quantity_text(facts["alternative_quantity_milli"]),
        "money": human_text(abs(int(facts.get("alternative_money_e4", 0))), "money_e4"),
        "lines": _lines_text(abs(int(facts.get("alternative_lines_milli", 0)))),
        "fill": f"{int(facts.get('alternative_fill_ppm', 0)) / 10_000:.2f} %",
        "fill_now": f"{int(str(line['expected_fill_rate_ppm'])) / 10_000:.2f} %",
    }
    stop = "。" if language == "zh" else "."
    return _sentence(f"other.{facts['alternative']}", language).format(**values) + stop


def _lines_text(milli: object, *, signed: bool = False) -> str:
    """Return a number of order lines with the digits that matter."""
    lines = int(str(milli)) / 1000
    digits = 0 if abs(lines) >= 100 else 1 if abs(lines) >= 10 else 2
    return f"{lines:+,.{digits}f}" if signed else f"{lines:,.{digits}f}"


def shown_sentence(shown: int, total: int, language: str) -> str:
    """Return what a list leaves out."""
    return _sentence("note.shown", language).format(shown=shown, total=total)


def line_row(line: ProposalLine) -> dict[str, object]:
    """Return a line of a plan as the row that tables and sentences read."""
    row: dict[str, object] = {name: getattr(line, name) for name in line.__dataclass_fields__ if name != "reason"}
    row["reason"] = json.dumps({"kind": line.reason.kind, "facts": dict(line.reason.facts)})
    row["value_e4"] = line.value_e4
    return row


def sum_table(line: Row, language: str) -> Table:
    """Return the sum of a line for people, without its zeros; the sentence and the next best choice stand below."""
    rows = [
        {**row, "step": word(f"step.{row['step']}", language)}
        for row in sum_rows(line, language)
        if row["step"] in _ALWAYS or (row["quantity_milli"] and row["step"] != "alternative")
    ]
    rows[-1]["detail"] = ""
    of = [str(line[name]) for name in ("store", "part_no") if line[name]]
    if line["order_type"]:
        of.append(word(f"order_type_{line['order_type']}", language))
    told = (line_sentence(line, language), alternative_sentence(line, language))
    title = " · ".join((word("explain", language), *of))
    return Table(title, SUM_COLUMNS[-3:], rows, tuple(text for text in told if text))


_ALWAYS = ("target", "position", "need", "quantity")


SUM_COLUMNS = (
    *(Column(name) for name in ("store", "part_no", "order_type", "step")),
    Column("quantity_milli", "quantity_milli"),
    Column("detail"),
)


def sum_rows(line: Row, language: str) -> list[dict[str, object]]:
    """Return the steps of a line's sum, by name: ``target, position, need, …, quantity``, each with its facts.

    Target − position + surplus = need, need + rounding + minimum fill − budget cut + edit = quantity; ``alternative``
    at the end is no part of the sum. Surplus and edit are there where they are not zero.
    """
    facts = facts_of(line)
    surplus = int(facts["need_milli"]) - int(facts["target_milli"]) + int(facts["position_milli"])
    edit = int(str(line["quantity_milli"])) - int(str(line.get("proposed_milli", line["quantity_milli"])))
    amounts = {
        "target": facts["target_milli"],
        "position": facts["position_milli"],
        "surplus": surplus,
        "need": facts["need_milli"],
        "rounding": facts["rounding_milli"],
        "minimum_fill": facts["minimum_fill_milli"],
        "budget_cut": facts["budget_cut_milli"],
        "edit": edit,
        "quantity": line["quantity_milli"],
        "alternative": facts.get("alternative_quantity_milli", 0),
    }
    left_out = {"surplus": not surplus, "edit": not edit, "alternative": "alternative" not in facts}
    return [
        {
            "store": line["store"],
            "part_no": line["part_no"],
            "order_type": line["order_type"],
            "step": name,
            "quantity_milli": amount,
            "detail": line_sentence(line, language) if name == "quantity" else _detail(name, line, facts, language),
        }
        for name, amount in amounts.items()
        if not left_out.get(name)
    ]


def _form(kind: str, line: Row, facts: Mapping[str, object]) -> str:
    if kind != "nothing":
        return kind
    if int(str(facts["need_milli"])) > 0:
        if int(str(facts["budget_cut_milli"])):
            return "nothing.cut"
        return "nothing.pack" if "left_out_milli" in facts else "nothing.most"
    if "requests" in facts and not int(str(line["order_up_to_level_milli"])):
        return "nothing.by-rule"
    return "nothing.enough" if int(str(line["order_up_to_level_milli"])) > 0 else "nothing.not-stocked"


def _stock(line: Row, facts: Mapping[str, object], language: str) -> str:
    """Return what there is: on hand and on order always, the rest where there is any."""
    amounts = {
        "on_hand": (line["on_hand_milli"], True),
        "on_order": (line["on_order_milli"], True),
        "reserved": (line["reserved_milli"], False),
        "backorder": (line["backorder_milli"], False),
        "urgent": (facts.get("urgent_milli", 0), False),
    }
    told = [
        _sentence(f"part.{name}", language).format(value=quantity_text(amount))
        + (_of_on_order(facts, language) if name == "on_order" else "")
        for name, (amount, always) in amounts.items()
        if always or int(str(amount))
    ]
    told += [
        _sentence(f"part.transfer_{way}", language).format(
            value=quantity_text(facts[f"transfer_{way}_milli"]), stores=facts[f"transfer_{way}"]
        )
        for way in ("from", "to")
        if f"transfer_{way}" in facts
    ]
    return ("，" if language == "zh" else ", ").join(told)


def _of_on_order(facts: Mapping[str, object], language: str) -> str:
    """Return what of the quantity on order has no purchase order, in brackets; empty where all has."""
    told = [
        _sentence(f"part.{name}", language).format(value=quantity_text(facts[f"{name}_milli"]))
        for name in ("approved", "transit")
        if f"{name}_milli" in facts
    ]
    joined = ("，" if language == "zh" else ", ").join(told)
    return _sentence("part.of", language).format(told=joined) if told else ""


def _additions(line: Row, facts: Mapping[str, object], language: str) -> str:
    told = []
    if "floor" in facts:
        told.append(_sentence(f"part.floor.{facts['floor']}", language))
    told.extend(_sentence(name, language).format(**shelf_values(facts)) for name in shelf_parts(facts))
    if "override" in facts:
        told.append(_sentence("part.override", language).format(**facts))
    pack = int(str(facts["pack_milli"]))
    topped_up = int(str(facts.get("topped_up_milli", 0)))
    if "is_held" in facts:
        told.append(_sentence("part.held", language).format(value=quantity_text(facts["free_level_milli"])))
    some = int(str(line.get("proposed_milli", line["quantity_milli"]))) > 0
    if int(str(facts["rounding_milli"])) > 0 or ("left_out_milli" in facts and some):
        packs = (int(str(facts["need_milli"])) + int(str(facts["rounding_milli"]))) // pack
        form = "part.pack" if int(str(facts["rounding_milli"])) > 0 else "part.pack-down"
        told.append(_sentence(form, language).format(count=packs, pack=quantity_text(pack)))
    if int(str(facts["minimum_fill_milli"])) > topped_up:
        told.append(_sentence("part.least", language).format(least=quantity_text(facts["least_milli"])))
    if topped_up:
        told.append(_sentence("part.top-up", language).format(value=quantity_text(topped_up)))
    if int(str(facts["budget_cut_milli"])):
        told.append(_sentence("part.cut", language).format(value=quantity_text(facts["budget_cut_milli"])))
    if line.get("edited_by"):
        told.append(
            _sentence("part.edit", language).format(
                value=quantity_text(line["quantity_milli"]), user=line["edited_by"], why=line["edit_reason"]
            )
        )
    return "".join(told)


def _detail(step: str, line: Row, facts: Mapping[str, object], language: str) -> str:
    if step == "target":
        return f"{word('expected_demand', language)} {quantity_text(line['expected_demand_milli'])}"
    if step == "position":
        return _stock(line, facts, language)
    if step == "rounding" and facts["rounding_milli"]:
        return f"{word('pack_size', language)} {quantity_text(facts['pack_milli'])}"
    if step == "alternative":
        return alternative_sentence(line, language)
    if step == "edit":
        return f"{line['edited_by']}: {line['edit_reason']}"
    return ""


def _per_year(line: Row, facts: Mapping[str, object]) -> str:
    """Return the demand expected in a year at the rate of the days covered, with two digits that matter."""
    days = int(str(facts.get("covered_days", 0)))
    rate = int(str(line["expected_demand_milli"])) / 1000 * DAYS_PER_YEAR / days if days > 0 else 0.0
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"


def _day(text: object, language: str) -> str:
    """Return a day with its weekday: ``Tue 2026-07-07``."""
    if not text:
        return ""
    day = date.fromisoformat(str(text))
    return f"{WEEKDAYS[day.weekday()][language == 'zh']} {day.isoformat()}"


def _sentence(key: str, language: str) -> str:
    return SENTENCES[key][language == "zh"]
