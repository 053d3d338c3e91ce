"""The rules of thumb a plan is held against, each with one knob, set from what was asked for until then.

With x̄ and σ the mean and standard deviation of what was asked for in a period, over a window of past periods, and P
the periods from an order until the one after it is in:

    z-sigma    S = x̄ P + z σ √P                    (Silver, Pyke & Thomas 2017, §6.7; one z for all parts)
    mad        S = x̄ (P + safety)                  mean demand × (order cycle + lead time + safety), the
                                                   dealers' maximum inventory position
    months     S = x̄ × periods of supply
    min-max    s = x̄ (P + safety), S = s + x̄       ordered up to the maximum once the minimum is reached

Levels are rounded up to whole demand units. A window reaches no farther back than an item's history does.
"""

from __future__ import annotations

import numpy as np

from demand.history import Float64Array1D, Float64Array2D
from planning.simulation.simulation import Stand

RULES = ("z-sigma", "mad", "months", "min-max")
Z_TRIED = (-0.5, 0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.645, 2.0, 2.25, 2.5, 2.75, 3.0, 3.5, 4.0, 5.0, 6.0)
SAFETY_TRIED = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 16.0, 20.0, 25.0, 30.0)
TRIED = {"z-sigma": Z_TRIED, "mad": SAFETY_TRIED, "months": (0.5, *SAFETY_TRIED[4:]), "min-max": SAFETY_TRIED}
USUAL = {"z-sigma": 1.645, "mad": 1.0, "months": 2.0, "min-max": 1.0}
"""The setting that a rule is used with by habit; the curve marks it."""


def stand_of_rule(
    rule: str, past: Float64Array2D, protection: Float64Array1D, window: int, knobs: tuple[float, ...] | None = None
) -> Stand:
    """Return the levels of a rule.

    Parameters
    ----------
    rule
        One of `RULES`.
    past
        Asked for in each period known, ``(n_items, n_periods)``, oldest first; NaN where nothing is known.
    protection
        P in periods, ``(n_items,)``.
    window
        Latest periods that count.
    knobs
        Settings to try; the usual ones where None.

    Raises
    ------
    ValueError
        If the rule is not known.
    """
    tried = TRIED.get(rule) if knobs is None else knobs
    if tried is None or rule not in RULES:
        raise ValueError(f"a rule is one of {', '.join(RULES)}; found {rule}")
    mean, spread = moments(past[:, -window:])
    knob, over = np.array(tried), protection[:, None]
    if rule == "z-sigma":
        return Stand.up_to(rule, tried, _up(mean[:, None] * over + spread[:, None] * np.sqrt(over) * knob))
    if rule == "months":
        return Stand.up_to(rule, tried, _up(mean[:, None] * knob))
    level = mean[:, None] * (over + knob)
    if rule == "mad":
        return Stand.up_to(rule, tried, _up(level))
    least = _up(level)
    return Stand(rule, tried, least - (least == 0), np.maximum(_up(level + mean[:, None]), least + (least > 0)))


def moments(past: Float64Array2D) -> tuple[Float64Array1D, Float64Array1D]:
    """Return mean and standard deviation of the periods known, ``(n_items,)`` each; zero where fewer than it takes."""
    known = ~np.isnan(past)
    count = known.sum(axis=1)
    filled = np.where(known, past, 0.0)
    mean = filled.sum(axis=1) / np.maximum(count, 1)
    squares = np.where(known, (past - mean[:, None]) ** 2, 0.0).sum(axis=1)
    return mean, np.sqrt(squares / np.maximum(count - 1, 1))


def _up(level: Float64Array2D) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    return np.ceil(np.maximum(level, 0) - 1e-9).astype(np.int64)
