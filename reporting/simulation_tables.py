"""A simulation as tables: each rule at its usual setting and for the same service, or every point of the curves."""

from __future__ import annotations

from planning.simulation.rules import USUAL
from planning.simulation.simulation import AS_SET, OURS, Simulation, Tried
from reporting.tables import Column, Table
from reporting.words import word
from reporting.words_simulation import SIMULATION_SENTENCES

GOAL = 0.95
_POINT = (
    Column("rule"),
    Column("knob", "number"),
    Column("stock_value_e4", "money_e4", "simulated_stock_value"),
    Column("line_fill_ppm", "share_ppm", "lines_filled"),
    Column("promised_fill_ppm", "share_ppm"),
    Column("value_fill_ppm", "share_ppm"),
    Column("ordered_value_e4", "money_e4"),
)
_SUMMARY = (
    *_POINT[:5],
    Column("stock_for_90_e4", "money_e4"),
    Column("stock_for_95_e4", "money_e4"),
    Column("promised_at_95_ppm", "share_ppm"),
    Column("saved_at_95_ppm", "share_ppm"),
)


def summary_table(found: Simulation, output: str, language: str) -> Table:
    """Return a row per rule: its usual setting, and the stock that fills 90 and 95 % of the lines."""
    ours = found.rules[0].stock_at(GOAL)
    rows = []
    for tried in found.rules:
        theirs, promised = tried.stock_at(GOAL), tried.promised_at(GOAL)
        saved = None if tried.rule in (OURS, AS_SET) or not ours or not theirs else _ppm(1 - ours / theirs)
        is_curve = len(tried.knobs) > 1
        rows.append(
            {
                **_point(tried, usual_place(tried), output, language),
                "stock_for_90_e4": _whole(tried.stock_at(0.9)) if is_curve else None,
                "stock_for_95_e4": _whole(theirs) if is_curve else None,
                "promised_at_95_ppm": None if promised is None or not is_curve else _ppm(promised),
                "saved_at_95_ppm": saved,
            }
        )
    return Table(word("simulation", language), _SUMMARY, rows, notes_of(found, language))


def curve_table(found: Simulation, output: str, language: str) -> Table:
    """Return a row per rule and setting."""
    rows = [_point(tried, place, output, language) for tried in found.rules for place in range(len(tried.knobs))]
    return Table(word("simulation", language), _POINT, rows, notes_of(found, language))


def usual_place(tried: Tried) -> int:
    """Return which try is the usual setting: the goal of 95 %, or a rule's habit."""
    usual = USUAL.get(tried.rule, GOAL)
    return min(range(len(tried.knobs)), key=lambda place: abs(tried.knobs[place] - usual))


def rule_name(rule: str, language: str) -> str:
    """Return a rule's name for people."""
    return word(f"rule_{rule}", language)


def notes_of(found: Simulation, language: str) -> tuple[str, ...]:
    """Return on what a simulation rests, as sentences."""
    told = [
        _sentence("replayed", language).format(
            items=f"{found.items:,}",
            lines=f"{found.lines:,}",
            first=found.counted[0],
            last=found.counted[1],
            unmet=_sentence(found.unmet.value, language),
        )
    ]
    if found.futures:
        told.append(_sentence("sampled", language).format(futures=found.futures))
    return (*told, _sentence("curve_compared", language))


def saved_sentence(found: Simulation, language: str) -> str:
    """Return in a line what ours holds for the goal beside the best rule of thumb; empty where one never meets it."""
    mine = found.rules[0].stock_at(GOAL)
    others = [(stock, tried.rule) for tried in found.rules if tried.rule not in (OURS, AS_SET)
              and (stock := tried.stock_at(GOAL)) is not None]  # fmt: skip
    if mine is None or not others:
        return ""
    theirs, rival = min(others)
    return _sentence("saved", language).format(
        goal=f"{GOAL:.0%}",
        mine=f"{mine / 10_000:,.0f}",
        theirs=f"{theirs / 10_000:,.0f}",
        less=f"{1 - mine / theirs:.0%}",
        rival=rule_name(rival, language),
    )


def _point(tried: Tried, place: int, output: str, language: str) -> dict[str, object]:
    return {
        "rule": rule_name(tried.rule, language) if output == "table" else tried.rule,
        "knob": tried.knobs[place],
        "stock_value_e4": _whole(float(tried.stock_e4[place])),
        "line_fill_ppm": _ppm(float(tried.line_fill[place])),
        "promised_fill_ppm": None if tried.promised is None else _ppm(float(tried.promised[place])),
        "value_fill_ppm": _ppm(float(tried.unit_fill[place])),
        "ordered_value_e4": _whole(float(tried.ordered_e4[place])),
    }


def _whole(amount: float | None) -> int | None:
    return None if amount is None else round(amount)


def _ppm(share: float) -> int:
    return round(share * 1_000_000)


def _sentence(key: str, language: str) -> str:
    return SIMULATION_SENTENCES[key][language == "zh"]
