"""How long a part has not been asked for, and the chance that it is never asked for again: survival of silences.

Model in words. A *silence* begins on a day a part is asked for and ends on the next such day; the one under way is
censored. How lively a part was when its silence began is its *class*: the days it was asked for in the 365 days up to
and with that one, counted then and not in hindsight. Over the silences of a group of parts,

    S(t) = Π_{tᵢ ≤ t} (1 − dᵢ / nᵢ)        share that lasts longer than t days
    g(t) = Σ_{tᵢ ≤ t} dᵢ / (nᵢ (nᵢ − dᵢ))

dᵢ: silences that end after tᵢ days; nᵢ: silences that have lasted tᵢ days (Kaplan & Meier 1958; Greenwood 1926). A
group is heard up to its *reach* R, the longest silence of which it has seen `LEAST_AT_RISK`; beyond, a wider group goes
on where it left off (`spliced`). What is still silent at the reach of the widest counts as never asked for again: the
plateau of S estimates the share that is (Maller & Zhou 1992). Of a part silent for t days

    chance of never again = S(R) / S(t)

with the interval exp(−exp(ln(−ln p) ± z √(g(R) − g(t)) / |ln p|)), z of 95 %, which stays between 0 and 1 (Kalbfleisch
& Prentice 2002, sec. 1.4); where none ended after t, or all, the exact binomial bound of so many as are at least seen
takes its place. A silence that leaves less than `LOOK_AHEAD_DAYS` up to the reach is read as the longest that does:
hazards of silences fall, so the chance said is then rather too low. Silences of one part are taken as independent,
which makes intervals a little narrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from demand.history import Float64Array1D, Int64Array1D

DAYS_OF_CLASS = 365
LEAST_AT_RISK = 30
LOOK_AHEAD_DAYS = 365
_CLASS_FROM = np.array([1, 2, 3, 6, 12])
CLASS_NAMES = ("1", "2", "3-5", "6-11", "12+")
"""Days asked for in the 365 before a silence began."""
_NORMAL_95 = 1.959963984540054
_TAIL_95 = 0.025


@dataclass(frozen=True)
class Silences:
    """Silences, one row each, ``(n,)``.

    Parameters
    ----------
    part
        Code of the part (at its store) that is silent.
    begins
        Day number on which it began, the part being asked for.
    days
        How long it lasted, or has lasted.
    has_ended
        True where the part was asked for again.
    movement_class
        Index into `CLASS_NAMES`.
    """

    part: Int64Array1D
    begins: Int64Array1D
    days: Int64Array1D
    has_ended: NDArray[np.bool_]
    movement_class: Int64Array1D


def silences_of(part: Int64Array1D, day: Int64Array1D, last_day: int) -> Silences:
    """Return the silences of parts, by part and day.

    Parameters
    ----------
    part, day
        Code of a part, zero or more, and a day number on which it was asked for, ``(n_requests,)``; in any order, and
        a day twice counts once.
    last_day
        Day number up to which requests are known.

    Raises
    ------
    ValueError
        If a day lies after the last one.
    """
    if day.size and day.max() > last_day:
        raise ValueError("nobody has asked on a day to come")
    if not day.size:
        nothing = np.zeros(0, dtype=np.int64)
        return Silences(nothing, nothing, nothing, nothing.astype(np.bool_), nothing)
    first = int(day.min())
    width = last_day - first + DAYS_OF_CLASS + 1  # so that the days before one part's first are of no other
    key = np.unique(part * width + (day - first))
    of, at = key // width, key % width
    has_ended = np.append(of[1:] == of[:-1], False)
    until = np.where(has_ended, np.append(at[1:], 0), last_day - first)
    begun = np.searchsorted(key, np.maximum(key - DAYS_OF_CLASS + 1, of * width))
    asked = np.arange(key.size) - begun + 1
    classes = np.searchsorted(_CLASS_FROM, asked, side="right") - 1
    return Silences(of, at + first, until - at, has_ended, classes)


@dataclass(frozen=True)
class Curve:
    """The survival of a group of silences, as far as it is heard.

    Parameters
    ----------
    days
        How long silences lasted that ended, each length once, rising, up to the reach, ``(n_lengths,)``.
    ended, at_risk
        dᵢ and nᵢ, ``(n_lengths,)``.
    reach_days
        R: the longest silence of which enough were seen; 0 where there are too few in all.
    """

    days: Int64Array1D
    ended: Int64Array1D
    at_risk: Int64Array1D
    reach_days: int

    @cached_property
    def _sums(self) -> tuple[Float64Array1D, Float64Array1D]:
        """Ln S and g after each length, with 0 before the first."""
        with np.errstate(divide="ignore"):
            logs = np.log1p(-self.ended / self.at_risk)
            spread = self.ended / (self.at_risk * (self.at_risk - self.ended).astype(np.float64))
        return np.append(0.0, np.cumsum(logs)), np.append(0.0, np.cumsum(spread))

    def lasting(self, days: ArrayLike) -> Float64Array1D:
        """Return S(t), the share of silences that last longer than so many days."""
        share: Float64Array1D = np.exp(self._sums[0][np.searchsorted(self.days, np.asarray(days), side="right")])
        return share

    def spread(self, days: ArrayLike) -> Float64Array1D:
        """Return g(t), the variance of S(t) over its square."""
        found: Float64Array1D = self._sums[1][np.searchsorted(self.days, np.asarray(days), side="right")]
        return found

    def read_as(self, days: ArrayLike) -> Int64Array1D:
        """Return the silence as which each is read: no longer than leaves the look-ahead, or half the reach."""
        longest = max(self.reach_days - LOOK_AHEAD_DAYS, self.reach_days // 2)
        return np.minimum(np.asarray(days, dtype=np.int64), longest)

    def never_again(self, days: ArrayLike) -> tuple[Float64Array1D, Float64Array1D, Float64Array1D]:
        """Return the chance that a part silent for so many days is never asked for again, and its interval.

        Parameters
        ----------
        days
            Days of silence, zero or more, ``(n,)``.

        Returns
        -------
        tuple
            Chance, lower and upper bound of 95 %, ``(n,)`` each; of a curve that reaches nowhere, 1 with a bound of 0.
        """
        silent, reach = self.read_as(days), self.reach_days
        chance = self.lasting(reach) / self.lasting(silent)
        spread = np.sqrt(np.maximum(self.spread(reach) - self.spread(silent), 0.0))
        inner = (chance > 0) & (chance < 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            width = _NORMAL_95 * spread / np.abs(np.log(chance))
            low, high = chance ** np.exp(width), chance ** np.exp(-width)
        nearly_all = _TAIL_95 ** (1 / LEAST_AT_RISK) if reach else 0.0
        low = np.where(inner, low, np.where(chance < 1, 0.0, nearly_all))
        high = np.where(inner, high, np.where(chance < 1, 1 - nearly_all, 1.0))
        return chance, low, high


def curve_of(days: Int64Array1D, has_ended: NDArray[np.bool_]) -> Curve:
    """Return the curve of silences.

    Parameters
    ----------
    days, has_ended
        How long each lasted or has lasted, and whether it has ended, ``(n,)``.
    """
    lengths = np.sort(days)
    reach = int(lengths[-LEAST_AT_RISK]) if lengths.size >= LEAST_AT_RISK else 0
    steps, ended = np.unique(days[has_ended & (days <= reach)], return_counts=True)
    at_risk = lengths.size - np.searchsorted(lengths, steps, side="left")
    return Curve(steps.astype(np.int64), ended.astype(np.int64), at_risk.astype(np.int64), reach)


def spliced(fine: Curve, wide: Curve) -> Curve:
    """Return the curve of a group as far as it reaches, and from there on that of a wider one."""
    if fine.reach_days >= wide.reach_days:
        return fine
    beyond = wide.days > fine.reach_days
    return Curve(
        np.append(fine.days, wide.days[beyond]),
        np.append(fine.ended, wide.ended[beyond]),
        np.append(fine.at_risk, wide.at_risk[beyond]),
        wide.reach_days,
    )
