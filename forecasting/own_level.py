"""What an item of a panel by weeks comes back to: its own long run, where earlier weeks show it to tell more.

The filter forgets at one pace and comes home to the family's rate. Shop weeks have two paces: a run of a few weeks (an
offer, an illness, a gap on the shelf) and an item's own long run, that it comes back to. A family's one fading is a
compromise: fast enough for the run, it forgets what the item is usually asked for, and takes the family's word for it.
So beside the filter a second voice is heard, whose home is the item's own:

    level     l = (s + κ Σ ωᵃ y) / (s + κ Σ ωᵃ e v)          a weeks ago; κ = 1 / (1 + φ mean of e v)
    run       the filter on exposure e l: prior strength `STRENGTH`, discount `DISCOUNT`, dispersion φ = `CLINGING`
    together  multiplier = filter's^(1 − g) · (l · run's)^g

y calls, e what the family expects, v availability, s `TRUST` in calls, ω `KEPT`. The constants of the run need no
fitting: between strengths 5 and 25, discounts 0.5 and 0.85, dispersions 0.1 and 1 orders cost the same within 1 %.

How far, g, the panel shows. Both voices are asked what they would have said at earlier origins, a stretch of `STRETCH`
weeks apart, of the demand over the stretch that followed, and judged by 2 × pinball loss at `SHARES`. With G the gain
of the second voice over all items and origins (d_i of an item, d_o of an origin, k origins),

    s² = Σ d_i² + Σ (d_o − d̄)² k / (k − 1),      g = ½ (1 ± (1 − s² / G²)⁺)      + where G > 0

two voices of unlike faults are averaged evenly (Bates & Granger 1969, Operational Research Quarterly 20(4)) until one
is known to be the better, which follows Diebold & Mariano 1995 (see `heads.blend`). Families are named by what was
known at each origin: named afterwards they know how much an item was going to be asked for. A panel too young for
`LEAST_TRIALS` origins, one by months, and one with vehicles, which tell the level themselves, are left as they are.

What is known of a rate (a of the gamma law) stays the filter's, and with it the spread of the law.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from demand.distribution import DemandLaw, negative_binomial
from demand.history import DemandHistory, Float64Array1D, Float64Array2D, Int64Array1D
from demand.periods import PeriodKind
from forecasting.filters import Behaviour
from forecasting.forecast import Exposure, Forecast
from forecasting.watched import Watched

TRUST, KEPT = 2.0, 0.97
"""s, in calls of the family's rate; ω, of a week beside the week after it: half of what is known is of 23 weeks."""
STRENGTH, DISCOUNT, CLINGING = 10.0, 0.6, 0.3
STRETCH, TRIALS, LEAST_TRIALS = 4, 12, 3
"""Weeks judged together; most origins judged, a year of them; fewest that teach anything."""
FIRST_WEEKS, FIRST_SHARE = 26, 1 / 3
"""Weeks, and share of all, that the first origin judged knows."""
SHARES = (0.5, 0.8)
_JUDGED = 1_500
"""Items judged, evenly spread: more would not move the share."""

SaidBefore = Callable[[Int64Array1D, int], Forecast]
"""Some rows of the history and an origin: the filter's forecast of them, by what was known then."""


@dataclass(frozen=True)
class _Stretch:
    """What came of some items after an origin, and what each voice would have said; ``(n_rows,)`` and ``(n_rows, 2)``.

    Parameters
    ----------
    demand
        Calls in the weeks that were seen.
    mean
        Of filter and own level.
    size
        r of the negative binomial law of either.
    """

    demand: Int64Array1D
    mean: Float64Array2D
    size: Float64Array1D

    def gain(self) -> Float64Array1D:
        """Return by how much the second voice loses less than the first, ``(n_rows,)``."""
        filters, own = (self._loss(negative_binomial(mean, self.size)) for mean in self.mean.T)
        return np.asarray(filters - own)

    def _loss(self, law: DemandLaw) -> Float64Array1D:
        error, share = self.demand[:, None] - law.quantiles(SHARES), np.array(SHARES)
        return np.asarray(2 * np.maximum(share * error, (share - 1) * error).sum(axis=1))


def towards_own_level(found: Forecast, history: DemandHistory, said_before: SaidBefore) -> Forecast:
    """Return the filter's forecast with its multipliers drawn to what the items' own long run says.

    Parameters
    ----------
    found
        The filter's, of the whole history.
    history
        The panel, row by row the same items.
    said_before
        See `SaidBefore`; with the habits of `found`, and families named anew.
    """
    if history.axis.kind is not PeriodKind.WEEK or found.exposure.has_vehicles.any() or not history.item_count:
        return found
    origins = origins_judged(history.axis.count)
    if len(origins) < LEAST_TRIALS:
        return found
    share, own = share_of_own(found, history, said_before, origins), own_multiplier(found, history)
    return replace(found, multiplier=found.multiplier ** (1 - share) * own**share)


def own_multiplier(found: Forecast, history: DemandHistory) -> Float64Array1D:
    """Return l · run's multiplier of each item, beside its family's rate, ``(n_items,)``.

    Parameters
    ----------
    found
        The filter's forecast, whose rates and exposure are used.
    history
        The same items, with the periods of the exposure's past.
    """
    order, weeks = history.canonical_order, history.axis.count
    rate = found.family_rate[order]
    watched = Watched(history, found.exposure.past, order, found.exposure.settled)
    totals = watched.totals(KEPT ** np.arange(weeks, dtype=np.float64)[::-1])
    weight = 1 / (1 + CLINGING * rate * totals.possible / max(weeks, 1))
    level = (TRUST + weight * totals.recent_asked) / (TRUST + weight * rate * totals.recent_possible)
    _, run = watched.swept(totals, rate * level, Behaviour.constant(order.size, STRENGTH, DISCOUNT, CLINGING))
    back = np.argsort(order, kind="stable")
    return np.asarray((level * run)[back])


def exposure_then(exposure: Exposure, items: Int64Array1D, origin: int) -> Exposure:
    """Return what some items were exposed to before an origin, and in the periods known after it as those to come."""
    ahead = exposure.past[items, origin:] if origin < exposure.past.shape[1] else np.ones((items.size, 1))
    ones = np.ones(ahead.shape)
    settled = None if exposure.settled is None else exposure.settled[items]
    past, carried = exposure.past[items, :origin], exposure.has_vehicles[items]
    return Exposure(past, ahead, ones, ones, np.ones(ahead.shape[1]), carried, settled=settled)


def origins_judged(weeks: int) -> range:
    """Return the origins judged, the latest first."""
    latest = weeks - STRETCH
    first = max(FIRST_WEEKS, int(np.ceil(weeks * FIRST_SHARE)), latest - STRETCH * (TRIALS - 1))
    return range(latest, first - 1, -STRETCH)


def share_of_own(found: Forecast, history: DemandHistory, said_before: SaidBefore, origins: range) -> float:
    """Return g, in [0, 1].

    Parameters
    ----------
    found, history, said_before
        As for `towards_own_level`.
    origins
        Periods known at each origin judged, two origins or more, `STRETCH` or more before the end.
    """
    order = history.canonical_order
    judged = order[:: max(1, -(-order.size // _JUDGED))]
    exposed = found.exposure.past[judged] * history.availability[judged]
    few = history.take(judged)
    gains = np.empty((len(origins), judged.size))
    for turn, origin in enumerate(origins):
        said = said_before(judged, origin)
        ahead = slice(origin, origin + STRETCH)
        expected = exposed[:, ahead] * said.family_rate[:, None]
        told = np.column_stack([said.multiplier, own_multiplier(said, few.before(origin))])
        clinging = (expected**2).sum(axis=1) / np.maximum(expected.sum(axis=1), 1e-12) ** 2
        size = 1 / (1 / said.shape + said.dispersion * clinging)
        asked = np.where(exposed[:, ahead] > 0, few.lines[:, ahead], 0).sum(axis=1)
        gains[turn] = _Stretch(asked, expected.sum(axis=1)[:, None] * told, size).gain()
    return _share_by(gains)


def _share_by(gains: Float64Array2D) -> float:
    """Return g by the gains of each origin and item, ``(n_origins, n_items)``; one half where neither is surely better.

    >>> _share_by(np.ones((4, 100))), _share_by(np.array([[1.0, -1.0], [-1.0, 1.0]]))
    (0.995, 0.5)
    """
    total, trials = float(gains.sum()), gains.shape[0]
    by_item, by_trial = gains.sum(axis=0), gains.sum(axis=1)
    apart = float(((by_trial - by_trial.mean()) ** 2).sum()) * trials / (trials - 1)
    error = float((by_item**2).sum()) + apart
    sure = 1 - error / total**2 if total**2 > error else 0.0
    return float(0.5 + 0.5 * np.sign(total) * sure)
