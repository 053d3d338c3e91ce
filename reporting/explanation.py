"""How a forecast comes about, as a table, as the law, and in one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from planning.explaining.explanation import BILLION, Explanation, Step
from reporting.tables import Column, Table
from reporting.words import word
from reporting.words_explained import EXPLAINED_SENTENCES

_FACTORS = (
    Column("store"),
    Column("part_no"),
    Column("factor"),
    Column("factor_value", "factor"),
    Column("units_e9", "units_e9"),
    Column("adds_e9", "units_e9"),
    Column("meaning"),
    Column("comes_from"),
)
_LAW = (
    Column("store"),
    Column("part_no"),
    Column("target"),
    Column("law_step", "count"),
    Column("quantile"),
    Column("law_value_milli", "quantity_milli"),
)


def factors_table(explained: Sequence[Explanation], output: str, language: str) -> Table:
    """Return the factors in the order in which they multiply, what each adds, and the product at the end.

    For programs the units have nine decimals and add up to the last of them; people read four digits that matter.
    """
    rows = []
    for one in explained:
        rows += [_step_row(one, step, language) for step in one.steps]
        rows.append(
            {
                **_item(one),
                "factor": "expected_demand",
                "factor_value": one.forecast,
                "units_e9": one.forecast_e9,
                "adds_e9": None,
                "meaning": word("factor_expected_demand", language),
                "comes_from": "",
            }
        )
    period = explained[0].period if explained else ""
    notes = tuple(explanation_sentence(one, language) for one in explained) if output == "table" else ()
    return Table(f"{word('forecast_explained', language)}: {period}", _FACTORS, rows, notes)


def law_table(explained: Sequence[Explanation], output: str, language: str) -> Table:
    """Return mean and quantiles of the next period and of the lead time."""
    rows = [
        {
            **_item(one),
            "target": word(f"target_{row.target}", language) if output == "table" else row.target,
            "law_step": row.step,
            "quantile": _share(row.share, output, language),
            "law_value_milli": row.value_milli,
        }
        for one in explained
        for row in one.law
    ]
    return Table(word("forecast_law", language), _LAW, rows, made_by(explained, language))


def made_by(explained: Sequence[Explanation], language: str) -> tuple[str, ...]:
    """Return who made the laws, one sentence for each different answer: the filter, heads beside it, calibration."""
    told: dict[str, None] = {}
    for one in explained:
        told[_sentence(f"made-by.{one.facts['made_by']}", language).format(**one.facts)] = None
        if "held" in one.facts:
            told[_sentence("made-by.calibration", language).format(**one.facts)] = None
    return tuple(told)


def stored_law_table(values: pd.DataFrame, run: Mapping[str, object], output: str, language: str) -> Table:
    """Return what a stored run said, as `law_table` does; `run` has its ``run_id``, ``as_of`` and ``known_at``."""
    rows = [
        {
            "store": row["store"],
            "part_no": row["part_no"],
            "target": word(f"target_{row['target']}", language) if output == "table" else row["target"],
            "law_step": row["step"],
            "quantile": _share(None if row["share_ppm"] < 0 else row["share_ppm"] / 1e6, output, language),
            "law_value_milli": row["value_milli"],
        }
        for row in values.to_dict("records")
    ]
    note = _sentence("stored", language).format(**run)
    return Table(word("forecast_law", language), _LAW, rows, (note,))


def explanation_sentence(one: Explanation, language: str) -> str:
    """Return how the forecast comes about, in one sentence."""
    changes = "".join(
        _sentence(f"change.{step.name}", language).format(value=short(step.value), **one.facts)
        for step in one.steps
        if f"change.{step.name}" in EXPLAINED_SENTENCES and step.value != 1
    )
    told = sum(step.adds_e9 or 0 for step in one.steps if step.name.startswith("told_"))
    if told and told != one.forecast_e9:
        units = short(told / BILLION)
        changes += _sentence("change.told", language).format(units=units, named=one.facts["named"])
    lead = {row.share: row for row in one.law if row.target == "lead_time"}
    return _sentence("whole", language).format(
        store=one.store,
        part_no=one.part_no,
        period=one.period,
        units=short(one.forecast),
        base=_base(one, language),
        changes=changes,
        length=lead[None].step,
        mean=short(lead[None].value_milli / 1000),
        level_95=short(lead[0.95].value_milli / 1000),
        level_99=short(lead[0.99].value_milli / 1000),
    )


def _base(one: Explanation, language: str) -> str:
    """Return what the forecast begins with: vehicles, calls of customers, calls set by hand, or what is told."""
    known = {step.name: step.value for step in one.steps}
    if "stock_units" not in known:
        return _sentence("base.told", language).format(units=short(one.forecast), named=one.facts["named"])
    pieces = short(known["pieces_per_call"] * known["stock_units"])
    if "override_calls" in known:
        return _sentence("base.set", language).format(calls=short(known["override_calls"]), pieces=pieces)
    if one.steps[0].source == "from_vehicles":
        values = {name: short(value) for name, value in known.items()}
        return _sentence("base.carried", language).format(pieces=pieces, **values)
    calls = known["vehicles"] * known["share_coming"] * known["need_per_month"]
    return _sentence("base.uncarried", language).format(base=short(calls), pieces=pieces)


def short(value: float) -> str:
    """Return a number with three digits that matter, whole where it is large.

    >>> short(812.4), short(0.04567), short(12.0)
    ('812', '0.0457', '12')
    """
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _step_row(one: Explanation, step: Step, language: str) -> dict[str, object]:
    return {
        **_item(one),
        "factor": step.name,
        "factor_value": step.value,
        "units_e9": step.units_e9,
        "adds_e9": step.adds_e9,
        "meaning": word(f"factor_{step.name}", language),
        "comes_from": word(step.source, language).format(**one.facts),
    }


def _item(one: Explanation) -> dict[str, object]:
    return {"store": one.store, "part_no": one.part_no}


def _share(share: float | None, output: str, language: str) -> str:
    if share is None:
        return word("mean", language) if output == "table" else ""
    return f"{share:g}"


def _sentence(key: str, language: str) -> str:
    return EXPLAINED_SENTENCES[key][language == "zh"]
