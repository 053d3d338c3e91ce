"""What all items did together of late, which is news of the panel and not of any one item.

An item's own last months tell of its next ones, and the regressions learn how much, from one item beside another. A
good spring lifts the last months of all items at once, and does not go on as an item's own rise does: on the training
part of the monthly car parts, what three months bring is told by the year before with an error of 6 % over the panel,
and by the last three months with one of 8 %. So of an item's level over some months only what sets it apart is kept,
and all items together stand at the pace of their last year:

    c = m v,   m = Σ_t y / Σ_t v,      ω = Σ_t y / Σ_t (y² + y)        what an item usually does, and its weight
    d_w = log((Σ_t w(t) Σ_i ω y + K) / (Σ_t w(t) Σ_i ω c + K))         departure of the panel over a window, or faded
    level_w ← level_w − (d_w − d_12)

y demand (or, for how often, whether there was any), v availability times season. ω is the weight of least variance of
items asked for in lumps, so Σ ω c counts calls, and 1 / Σ ω c is what chance alone does to d. K, `TRUST` calls, is how
many it takes until chance is no more than what springs do: the posterior mean where they move the panel by 7 %, a
handful of items having hardly a movement in common that could be told from their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from demand.compiled import to_read
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D, Int64Array2D
from demand.side_by_side import BLOCK, by_blocks
from forecasting.heads.states_compiled import panel_together

TRUST = 200.0
"""K, in calls."""


@dataclass(frozen=True)
class Together:
    """What all items were asked for, and what they usually are, period by period.

    Parameters
    ----------
    came, usual
        Σ ω y and Σ ω c, of demand and of periods with demand, ``(2, n_periods)``.
    """

    came: Float64Array2D
    usual: Float64Array2D

    @classmethod
    def of(
        cls, demand: Int64Array2D, exposed_of: Callable[[slice], Float64Array2D], periods: int, threads: int
    ) -> Together:
        """Return the sums over a panel.

        Parameters
        ----------
        demand
            y, ``(n_items, n_periods)``; the columns after the periods known are not looked at.
        exposed_of
            v of some rows, as many columns.
        periods
            Periods known.
        threads
            Blocks of items summed at a time; they are added up in their order.
        """

        def summed(rows: slice) -> Float64Array2D:
            return panel_together(to_read(demand[rows]), to_read(exposed_of(rows)), periods)

        sums = np.zeros((4, periods))
        for part in by_blocks(summed, demand.shape[0], threads, BLOCK):
            sums += part
        return cls(sums[:2], sums[2:])

    def departures(self, periods: int, windows: Int64Array1D, fading: Float64Array1D) -> Float64Array1D:
        """Return d_w − d_12 of levels, then of how often, each of windows and of faded sums, ``(2 · n_levels,)``.

        Parameters
        ----------
        periods
            Periods known.
        windows
            Last periods summed; the last but one is the year that others are told beside.
        fading
            Weight of a period beside the next.
        """
        ago = np.arange(periods)[::-1]
        weight = np.concatenate([(ago < windows[:, None]).astype(np.float64), fading[:, None] ** ago])
        came, usual = (sums[:, :periods] @ weight.T + TRUST for sums in (self.came, self.usual))
        departed = np.log(came / usual)
        return np.asarray((departed - departed[:, [windows.size - 2]]).reshape(-1))
