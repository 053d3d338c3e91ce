"""Numbers as managers of a country read them: ¥512,880 or 51.29 万元, 92.1 % or 92.1%, June 2026 or 2026年6月.

Rounded here and nowhere else, half to even on the exact value. A minus is a real minus sign, so that it is seen.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from inventory.figures.figure import FigureDefinition
from inventory.figures.scope import MONTHS_PER_QUARTER, Scope
from reporting.words import word

NOTHING = "–"
_TEN_THOUSAND, _HUNDRED_MILLION = 10_000, 100_000_000
_SMALL = 1000
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip


def value_text(value: Fraction | None, definition: FigureDefinition, language: str) -> str:
    """Return a figure's value in its unit; – where there is none."""
    if value is None:
        return NOTHING
    if definition.unit == "share":
        return share(value, language)
    if definition.unit == "money":
        return money(value, language)
    if definition.unit == "count":
        return number(value, 0 if value.denominator == 1 else 1)
    if definition.unit == "ratio":
        return number(value, 2)
    return f"{number(value, 1)} {word('short_' + definition.unit.replace(' ', '_'), language)}"


def change_text(change: Fraction | None, definition: FigureDefinition, language: str, before: Fraction | None) -> str:
    """Return by how much a figure changed: points of a share, per cent of an amount or count, else units."""
    if change is None:
        return NOTHING
    if definition.unit == "share":
        return f"{signed(change * 100, 1)} {word('pack_points', language)}"
    if definition.unit in ("money", "count"):
        return f"{signed(change / before * 100, 1)}{sign(language)}" if before else NOTHING
    return signed(change, 2 if definition.unit == "ratio" else 1)


def money(amount: Fraction, language: str) -> str:
    """Return an amount of the currency, short.

    >>> money(Fraction(5128797, 10), "en"), money(Fraction(5128797, 10), "zh"), money(Fraction(-97, 2), "en")
    ('¥512,880', '51.29 万元', '−¥48.50')
    """
    minus, size = "−" if amount < 0 else "", abs(amount)
    decimals = 2 if 0 < size < _SMALL else 0
    if language == "zh":
        for unit, name in ((_HUNDRED_MILLION, "亿元"), (_TEN_THOUSAND, "万元")):
            if size >= unit:
                return f"{minus}{number(size / unit, 2)} {name}"
        return f"{minus}{number(size, decimals)} 元"
    return f"{minus}¥{number(size, decimals)}"


def share(value: Fraction, language: str) -> str:
    """Return a share in per cent.

    >>> share(Fraction(921, 1000), "en"), share(Fraction(1, 3), "zh")
    ('92.1 %', '33.3%')
    """
    return f"{number(value * 100, 1)}{sign(language)}"


def number(value: Fraction, decimals: int) -> str:
    """Return a number with so many decimals, its thousands grouped.

    >>> number(Fraction(123456, 10), 1), number(Fraction(-1, 3), 2)
    ('12,345.6', '−0.33')
    """
    exact = round(value, decimals) if decimals else Fraction(round(value))
    return f"{float(abs(exact)):,.{decimals}f}" if exact >= 0 else f"−{float(-exact):,.{decimals}f}"


def signed(value: Fraction, decimals: int) -> str:
    """Return a change with its sign; ±0 where it rounds to nothing.

    >>> signed(Fraction(12, 10), 1), signed(Fraction(-1, 100), 1)
    ('+1.2', '±0.0')
    """
    text = number(value, decimals)
    if not round(value, decimals):
        return f"±{text.removeprefix('−')}"
    return f"+{text}" if value > 0 else text


def day(when: date, language: str) -> str:
    """Return a day.

    >>> day(date(2026, 6, 30), "en"), day(date(2026, 6, 30), "zh")
    ('30 June 2026', '2026年6月30日')
    """
    if language == "zh":
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def days(first: date, last: date, language: str) -> str:
    """Return days from one to another, year and month told once where they are the same.

    >>> days(date(2026, 6, 29), date(2026, 6, 30), "en"), days(date(2026, 6, 29), date(2026, 7, 5), "en")
    ('29–30 June 2026', '29 June – 5 July 2026')
    >>> days(date(2026, 6, 29), date(2026, 6, 30), "zh"), days(date(2026, 6, 29), date(2026, 7, 5), "zh")
    ('2026年6月29日–30日', '2026年6月29日–7月5日')
    """
    if first == last:
        return day(last, language)
    if first.year != last.year:
        return f"{day(first, language)} – {day(last, language)}"
    is_one_month = first.month == last.month
    if language == "zh":
        return f"{day(first, language)}–{'' if is_one_month else f'{last.month}月'}{last.day}日"
    begin = f"{first.day}–" if is_one_month else f"{first.day} {_MONTHS[first.month - 1]} – "
    return f"{begin}{day(last, language)}"


def month(label: str, language: str, short: bool = False) -> str:
    """Return a month written ``YYYY-MM``; short for the axis of a chart.

    >>> month("2026-06", "en"), month("2026-06", "zh"), month("2026-06", "en", short=True)
    ('June 2026', '2026年6月', 'Jun')
    """
    year, number_of = int(label[:4]), int(label[5:7])
    if language == "zh":
        return f"{number_of}月" if short else f"{year}年{number_of}月"
    name = _MONTHS[number_of - 1]
    return name[:3] if short else f"{name} {year}"


def period(scope: Scope, language: str) -> str:
    """Return the period of a scope as people name it."""
    if scope.first_day is not None:
        return days(scope.first_day, scope.until, language)
    if scope.last_month - scope.first_month + 1 == MONTHS_PER_QUARTER:
        return scope.label
    return month(scope.label, language)


def sign(language: str) -> str:
    """Return the sign of per cent as it follows a number.

    >>> sign("en"), sign("zh")
    (' %', '%')
    """
    return "%" if language == "zh" else " %"
