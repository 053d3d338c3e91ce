"""The charts on the pages of a report, two to a page: how much, and how well."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from inventory.figures.scope import month_end
from reporting.charts.months import Frame, Series, Values, columns, lines, shares
from reporting.pack import amounts
from reporting.pack.contents import AGES, Pack
from reporting.pack.views import MOST_STORES, trend_values
from reporting.words import word

_THOUSAND = 1000
_TEN_THOUSAND = 10_000


def charts(pack: Pack, page: str, language: str) -> tuple[str, ...]:
    """Return the charts of a page as drawings to stand within it."""
    if page == "sales":
        return _money(pack, "REVENUE_NET", "chart_revenue", language), _quality(pack, "GM", "chart_margin", language)
    if page == "service":
        return _quality(pack, "FILL_SHELF_LINE", "chart_fill", language), _short(pack, language)
    if page == "stock":
        return _stock(pack, language), _ages(pack, language)
    if page == "suppliers":
        on_time = _quality(pack, "FILL_SUPPLIER", "chart_on_time", language)
        return _money(pack, "PURCHASES", "chart_purchases", language), on_time
    return ()


def _frame(pack: Pack, title: str, unit: str, language: str) -> Frame:
    months = pack.overview.scope.year().months
    labels = [amounts.month(label, language, short=True) for label in months]
    name = word(title, language)
    if pack.overview.scope.until < month_end(pack.overview.scope.last_month):
        name += word("chart_to_date", language)
    years = [label[:4] for label in months]
    return Frame(name, labels, word(unit, language), word("chart_no_values", language), years, amounts.sign(language))


def _money(pack: Pack, figure_id: str, title: str, language: str) -> str:
    values = _scaled(trend_values(pack.overview.trends[""][figure_id]), language)
    return columns(_frame(pack, title, "chart_thousands", language), [Series("", values)])


def _quality(pack: Pack, figure_id: str, title: str, language: str) -> str:
    """Return a share over the months, of all together and of each store; the goal dotted."""
    trends, stores = pack.overview.trends, pack.overview.stores
    series = [Series(word("chart_all", language), trend_values(trends[""][figure_id]))]
    if 1 < len(stores) <= MOST_STORES:
        series += [Series(store, trend_values(trends[store][figure_id])) for store in stores]
    reference = pack.references.get(figure_id)
    end = None if reference is None else reference.low if reference.low is not None else reference.high
    goal = None if end is None else Series(word("chart_goal", language), (float(end),))
    return lines(_frame(pack, title, "chart_share", language), series, goal)


def _short(pack: Pack, language: str) -> str:
    parts = [
        Series(word(name, language), trend_values(pack.overview.trends[""][figure_id]))
        for figure_id, name in (("SHORT_LINES_COMMON", "chart_common"), ("SHORT_LINES_GENERAL", "chart_general"))
    ]
    return columns(_frame(pack, "chart_short", "chart_count", language), parts)


def _stock(pack: Pack, language: str) -> str:
    year, known = pack.overview.scope.year(), pack.overview.stock_values[""]
    ends = [min(month_end(month), year.until) for month in range(year.first_month, year.last_month + 1)]
    values = [known[end] / _TEN_THOUSAND if end in known else None for end in ends]
    return columns(_frame(pack, "chart_stock", "chart_thousands", language), [Series("", _scaled(values, language))])


def _ages(pack: Pack, language: str) -> str:
    named = [(word("chart_all", language), pack.overview.together)]
    if 1 < len(pack.overview.stores) <= MOST_STORES:
        named += list(pack.overview.by_store.items())
    labels = [word(name.lower(), language) for name in AGES]
    frame = Frame(
        word("chart_ages", language), labels, "", word("chart_no_values", language), sign=amounts.sign(language)
    )
    return shares(frame, [Series(name, [_decimal(values[age].value) for age in AGES]) for name, values in named])


def _scaled(values: Values, language: str) -> Sequence[float | None]:
    unit = _TEN_THOUSAND if language == "zh" else _THOUSAND
    return [None if value is None else value / unit for value in values]


def _decimal(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
