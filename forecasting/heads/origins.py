"""Laws at many origins of one panel: what would have been told after each of them, by what was known then.

Every origin sees the periods before it and nothing else: the filter, the heads, their weights and their stretching are
those that a forecast of that day would have had. It is the ground of a backtest, which judges the laws by what came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from demand.distribution import DemandLaw
from demand.history import DemandHistory
from forecasting.forecast import Forecast
from forecasting.heads.pooled import PooledHeads, Standing
from forecasting.heads.rows import Target


@dataclass(frozen=True)
class LawsAt:
    """What would have been told after one origin.

    Parameters
    ----------
    origin
        Periods known, from the history's first.
    law
        Of demand over the stretch that begins after the origin, in the order of the history's items, in their units.
    forecast
        The filter's, of the same day.
    standing
        Who made the law.
    """

    origin: int
    law: DemandLaw
    forecast: Forecast
    standing: Standing


def laws_at_origins(
    history: DemandHistory,
    forecast_of: Callable[[DemandHistory], Forecast],
    origins: Sequence[int],
    length: int,
) -> Iterator[LawsAt]:
    """Yield the laws after each origin, in the order of time.

    Parameters
    ----------
    history
        The whole panel.
    forecast_of
        The filter: what was known on a day in, its forecast out, row by row; its horizon is `length` or more.
    origins
        How many periods are known at each, in any order, each once or more, 0 up to the number of periods.
    length
        Periods summed, one or more.

    Raises
    ------
    ValueError
        If an origin lies outside the history.
    """
    outside = [origin for origin in origins if not 0 <= origin <= history.axis.count]
    if outside:
        raise ValueError(f"an origin lies within the {history.axis.count} periods of the history; found {outside[0]}")
    for origin in sorted(set(origins)):
        heads = PooledHeads.of(history.before(origin), forecast_of)
        laws, standing = heads.laws(Target(length))
        yield LawsAt(origin, laws[0], heads.forecast, standing)
