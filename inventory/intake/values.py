"""Cells of text → values: one function per kind of column, over whole columns.

Each takes the distinct texts of a column, none of them empty, and returns the values and a mask of the texts that
could be read; what could not be read has a value of no meaning. Numbers are whole from the start: the decimals of
``12.5`` are digits moved, not a float rounded.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from inventory.intake.rules import Kind

Values = NDArray[Any]
Mask = NDArray[np.bool_]

DECIMALS: dict[Kind, int] = {"whole": 0, "quantity": 3, "money": 4, "share": 6, "number": 6}
"""Decimals a number of each kind may have, or is rounded to; its value is kept in units of the last of them."""
_MILLIONTH = Decimal("0.000001")

_EXPECTED: dict[Kind, str] = {
    "code": "text without blanks around it and without control characters",
    "text": "text without control characters",
    "whole": "a whole number in digits, such as 12",
    "quantity": "a number with at most 3 decimals, such as 2.5",
    "money": "a number with at most 4 decimals, such as 12.34",
    "share": "a number, such as 0.85",
    "number": "a number, such as 4.5",
    "date": "a day of the calendar written YYYY-MM-DD, such as 2026-06-30",
    "month": "a month written YYYY-MM, such as 2026-06",
    "period": "a month written YYYY-MM, or the Monday of a week written YYYY-MM-DD",
    "weekdays": "days of the week such as MON,THU (or nothing: any day)",
}


def expectation(kind: Kind) -> str:
    """Return what a cell of a kind holds, as the end of a sentence that begins with *is*."""
    return _EXPECTED[kind]


def parse(texts: pd.Series, kind: Kind) -> tuple[Values, Mask]:
    """Return the values of distinct texts, and which of them could be read.

    Parameters
    ----------
    texts
        (u,) text.
    kind
        How to read them.

    Returns
    -------
    values
        (u,) int64 in the smallest unit for numbers, else text as objects.
    good
        (u,)
    """
    if kind in DECIMALS:
        return scaled(_measured(texts) if kind in ("share", "number") else texts, DECIMALS[kind])
    if kind in ("code", "text"):
        return _texts(texts, keep_blanks=kind == "code")
    return texts.to_numpy(dtype=object), {
        "date": _is_date,
        "month": _is_month,
        "period": _is_period,
        "weekdays": _is_weekdays,
    }[kind](texts)


def scaled(texts: pd.Series, decimals: int) -> tuple[NDArray[np.int64], Mask]:
    """Return numbers in text as whole multiples of 10 to the power of −decimals, exactly.

    >>> scaled(pd.Series(["2.5", "-1", "0.0005", "1e3"]), 3)[0].tolist()
    [2500, -1000, 0, 0]
    """
    form = rf"(?P<sign>[+-]?)(?P<whole>[0-9]{{1,11}})(?:\.(?P<part>[0-9]{{1,{max(decimals, 1)}}})0*)?"
    if decimals == 0:
        form = r"(?P<sign>[+-]?)(?P<whole>[0-9]{1,15})(?:\.(?P<part>0)0*)?"
    found = texts.str.extract(rf"^{form}$")
    good = found["whole"].notna().to_numpy(dtype=np.bool_)
    digits = found["whole"].fillna("0") + found["part"].fillna("").str.ljust(decimals, "0").str[:decimals]
    values = digits.astype("int64").to_numpy()
    return np.where(found["sign"].to_numpy() == "-", -values, values), good


def _measured(texts: pd.Series) -> pd.Series:
    """Return what is a measure and no account with six decimals: 6 of 7 days are 0.857143, however many were written.

    >>> _measured(pd.Series(["0.85714285714285", "-0.9999996", "2.5", "0.12x4567"])).tolist()
    ['0.857143', '-1.000000', '2.5', '0.12x4567']
    """
    longer = texts.str.fullmatch(r"[+-]?[0-9]{1,11}\.[0-9]{7,}").to_numpy(dtype=np.bool_)
    rounded = texts.copy()
    rounded[longer] = [str(Decimal(text).quantize(_MILLIONTH, ROUND_HALF_UP)) for text in texts[longer]]
    return rounded


def _texts(texts: pd.Series, *, keep_blanks: bool) -> tuple[Values, Mask]:
    good = ~texts.str.contains(r"[\x00-\x1f\x7f]", regex=True)
    stripped = texts.str.strip()
    if keep_blanks:  # a code is never changed, not even by a blank: it is refused and shown
        good &= stripped == texts
    return stripped.to_numpy(dtype=object), good.to_numpy(dtype=np.bool_)


def _is_date(texts: pd.Series) -> Mask:
    form = texts.str.fullmatch(r"(?:19|20)[0-9][0-9]-[0-9][0-9]-[0-9][0-9]").to_numpy(dtype=np.bool_)
    days = pd.to_datetime(texts.where(form, None), format="%Y-%m-%d", errors="coerce")
    return form & days.notna().to_numpy(dtype=np.bool_)


def _is_month(texts: pd.Series) -> Mask:
    return texts.str.fullmatch(r"(?:19|20)[0-9][0-9]-(?:0[1-9]|1[0-2])").to_numpy(dtype=np.bool_)


def _is_period(texts: pd.Series) -> Mask:
    is_date = _is_date(texts)
    days = pd.to_datetime(texts.where(is_date, None), format="%Y-%m-%d", errors="coerce")
    return _is_month(texts) | (is_date & (days.dt.day_of_week == 0).to_numpy(dtype=np.bool_))


def _is_weekdays(texts: pd.Series) -> Mask:
    day = "(?:MON|TUE|WED|THU|FRI|SAT|SUN)"
    return texts.str.fullmatch(rf"{day}(?:,{day})*").to_numpy(dtype=np.bool_)
