"""`ForecastSettings`: what a user may set of the forecast; by itself, so that reading settings loads no model."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ForecastSettings:
    """What a user may set of the forecast.

    Parameters
    ----------
    horizon
        Periods ahead, one or more; beyond it the last one is taken to go on.
    recency
        Weight of a month in the family's rate beside the month after it, in (0, 1].
    pooling_calls
        s: calls' worth of trust in the wider group, above zero.
    loyalty
        How loyal customers are beside the published curve, above zero up to 3; visits outweigh it where they are known.
    seed
        For methods that draw at random; the filter draws nothing, so no value changes it.

    Raises
    ------
    ValueError
        If a value is outside its range.
    """

    horizon: int = 6
    recency: float = 0.97
    pooling_calls: float = 20.0
    loyalty: float = 1.0
    seed: int = 1

    def __post_init__(self) -> None:
        if not (
            1 <= self.horizon <= 120 and 0 < self.recency <= 1 and self.pooling_calls > 0 and 0 < self.loyalty <= 3
        ):
            raise ValueError(
                "horizon is 1 to 120 periods, recency above 0 up to 1, pooling_calls above 0, loyalty above 0 up to 3"
            )
