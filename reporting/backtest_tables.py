"""A backtest as tables: what each method is worth, where it is too high or too low, and stock against service."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt

from forecasting.backtest.backtest import OURS, OURS_ALL, Backtest, Method
from forecasting.backtest.replay import CURVE
from forecasting.backtest.rivals import COUNTS, NORMAL
from forecasting.backtest.scores import COVERED, RATES
from reporting.tables import Column, Table
from reporting.words import word
from reporting.words_backtest import BACKTEST_SENTENCES

_METHOD = (Column("method"), Column("law_about_mean"))
_SCORES = (
    *_METHOD,
    Column("judged", "count"),
    Column("service_loss_ppm", "share_ppm"),
    Column("service_loss_by_value_ppm", "share_ppm"),
    *(Column(f"covered_{share * 100:.0f}_ppm", "share_ppm") for share in COVERED),
    Column("bias_ppm", "share_ppm"),
    Column("stock_at_90", "number"),
    Column("stock_at_95", "number"),
)
_BIAS = (
    *_METHOD,
    Column("units_a_month"),
    Column("judged", "count"),
    Column("asked", "number"),
    Column("foreseen", "number"),
    Column("bias_ppm", "share_ppm"),
    Column("chance_alone_ppm", "share_ppm"),
)
_CURVE = (*_METHOD, Column("level_share"), Column("mean_stock", "number"), Column("filled_ppm", "share_ppm"))
_LAWS = {NORMAL: "law_normal", COUNTS: "law_counts"}


def scores_table(found: Backtest, output: str, language: str) -> Table:
    """Return one row per method: loss, coverage, bias, and the stock that fills 90 and 95 % of what is asked for."""
    rows = []
    for method in found.methods:
        sums, curve = method.sums, method.curve
        rows.append(
            {
                **_named(method, output, language),
                "judged": sums.rows,
                "service_loss_ppm": _ppm(sums.service_loss),
                "service_loss_by_value_ppm": _ppm(sums.service_loss_by_value),
                **{f"covered_{s * 100:.0f}_ppm": _ppm(c) for s, c in zip(COVERED, sums.coverage, strict=True)},
                "bias_ppm": _ppm(sums.bias),
                "stock_at_90": curve.stock_at(0.9) if curve else None,
                "stock_at_95": curve.stock_at(0.95) if curve else None,
            }
        )
    return Table(word("backtest_scores", language), _SCORES, rows, notes_of(found, language))


def bias_table(found: Backtest, output: str, language: str) -> Table:
    """Return a row per method and rate bucket: what came, what was expected, what chance does; for people ours only."""
    rows = []
    for method in found.methods:
        if output == "table" and method.name not in (OURS, OURS_ALL):
            continue
        for label, (judged, came, expected) in zip(_labels(output, language), method.sums.buckets, strict=True):
            rows.append(
                {
                    **_named(method, output, language),
                    "units_a_month": label,
                    "judged": round(judged),
                    "asked": float(came),
                    "foreseen": float(expected),
                    "bias_ppm": _ppm(expected / came - 1) if came else None,
                    "chance_alone_ppm": _ppm(1 / sqrt(came)) if came else None,
                }
            )
    return Table(word("backtest_bias", language), _BIAS, rows)


def curve_table(found: Backtest, output: str, language: str) -> Table:
    """Return a row per method and level: what a replay held on average, and the share of the units it filled."""
    rows = [
        {**_named(method, output, language), "level_share": f"{share:g}", "mean_stock": stock, "filled_ppm": _ppm(fill)}
        for method in found.methods
        if method.curve is not None
        for share, stock, fill in zip(CURVE, method.curve.stock.tolist(), method.curve.fill_rate.tolist(), strict=True)
    ]
    return Table(word("backtest_curve", language), _CURVE, rows)


def notes_of(found: Backtest, language: str) -> tuple[str, ...]:
    """Return on what a backtest rests, as sentences."""
    told = [
        _sentence("judged", language).format(
            length=found.length,
            unit=word(f"counted_in_{found.period}", language),
            count=len(found.origins),
            first=found.origins[0],
            last=found.origins[-1],
            items=f"{found.items[0]:,}",
            all_items=f"{found.items[1]:,}",
        )
    ]
    if found.left_out:
        told.append(_sentence("left_out", language).format(rows=f"{found.left_out:,}"))
    if found.unforeseen:
        told.append(_sentence("unforeseen", language).format(units=f"{found.unforeseen:,.0f}"))
    return tuple(told)


def method_name(method: Method, language: str) -> str:
    """Return a method's name for people: ``TSB, normal``."""
    named = _named(method, "table", language)
    return ", ".join(text for text in (named["method"], named["law_about_mean"]) if text)


def _named(method: Method, output: str, language: str) -> dict[str, str]:
    if output != "table":
        return {"method": method.name, "law_about_mean": method.law}
    name = f"{OURS}, {word('all_items', language)}" if method.name == OURS_ALL else method.name
    return {"method": name, "law_about_mean": word(_LAWS[method.law], language) if method.law else ""}


def _labels(output: str, language: str) -> list[str]:
    never = word("never_asked", language) if output == "table" else "0"
    bounds = [f"{rate:g}" for rate in RATES[1:]]
    between = [f"{low} – {high}" for low, high in pairwise(bounds)]
    return [never, f"< {bounds[0]}", *between, f"≥ {bounds[-1]}"]


def _ppm(share: float) -> int:
    return round(float(share) * 1_000_000)


def _sentence(key: str, language: str) -> str:
    return BACKTEST_SENTENCES[key][language == "zh"]
