"""The states of one item, worked out in plain words: the slow twin of `item_states`."""

import math

from forecasting.heads.states import FADING, WINDOWS, Means


def states_of(demand: list[int], available: list[float], seen: list[bool], months: float, means: Means) -> list[float]:
    """Return the states in the order of `STATES`; months of a period, and what the panel does on average."""
    periods = len(demand)
    asked = [1 if y > 0 else 0 for y in demand]
    weights = [
        [1.0 if ago < max(1, round(window / months)) else 0.0 for ago in reversed(range(periods))] for window in WINDOWS
    ]
    weights.append([1.0] * periods)
    weights += [[fading ** (months * ago) for ago in reversed(range(periods))] for fading in FADING]

    def told(values: list[int] | list[float], weight: list[float]) -> float:
        return sum(w * value for w, value in zip(weight, values, strict=True))

    levels = [math.log((told(demand, w) + means.demand) / (told(available, w) + 1)) for w in weights]
    often = [math.log((told(asked, w) + means.occurrence) / (told(available, w) + 1)) for w in weights]
    when = [period for period, y in enumerate(demand) if y > 0]
    sizes = [demand[period] for period in when]
    year = [demand[period] for period in when if period >= periods - max(1, round(12 / months))]
    since_last = periods - 1 - when[-1] if when else periods
    since_first = periods - when[0] if when else 0
    mean = (sum(demand) + 0.5) / (sum(seen) + 1)
    excess = sum((y - mean) ** 2 for y, known in zip(demand, seen, strict=True) if known) - sum(demand)
    spread = (excess / mean**2 + 6 * means.dispersion) / (sum(seen) + 6)
    usual = sum(sizes) / max(len(sizes), 1)
    return [
        *levels,
        *often,
        math.log1p(since_last * months),
        math.log1p(since_last * (len(sizes) + 1) / (sum(available) + 1)),
        math.log1p(min(since_first * months, 120)),
        math.log((sum(sizes) + 1) / (len(sizes) + 1)),
        math.log((sum(year) + 1) / (len(year) + 1)),
        math.log1p(sizes[-1] if sizes else 0),
        math.log1p(max(sum(y * y for y in sizes) / max(len(sizes), 1) - usual**2, 0)),
        math.log(min(max(spread, 0.02), 50)),
    ]
