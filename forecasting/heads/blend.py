"""How much each head is heard: equally, unless the past has shown more than one standard error against it.

Both heads read an item by what became of its like. Of an item asked for often there is little else like it, and its own
past says much: there the filter, which knows nothing but the item's own past, is heard as much as either head.

The heads are fitted once more on what was known a while ago, and each way of mixing them is judged by what came after:
2 × pinball loss at `SHARES` of demand over the stretch, item by item. Items are judged in segments by how much is asked
of them. Another way than the usual one is heard only where its summed gain G is more than the standard error s of the
gain (Diebold & Mariano 1995, J. Business & Economic Statistics 13(3)), and then as far as it is sure, 1 − s² / G²:

    s² = Σ_items d² + L Σ_origins (d_o − d̄)² k / (k − 1)

d gains of an item, d_o those of one of the k origins: a good spring is one witness too, and of stretches of L periods
begun one period apart, L share it.
"""

from __future__ import annotations

import numpy as np

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D

SHARES = (0.5, 0.8, 0.9, 0.95, 0.975, 0.99)
WAYS = (
    (0.5, 0.5, 0.0),
    (1 / 3, 1 / 3, 1 / 3),
    (1.0, 0.0, 0.0),
    (0.0, 1.0, 0.0),
    (0.0, 0.5, 0.5),
    (0.5, 0.0, 0.5),
    (0.0, 0.0, 1.0),
)
"""Weights of count, calls and filter."""
SEGMENTS = (0.3, 2.0, 10.0)
"""Bounds of the segments: units a month."""
_USUAL = (0, 0, 0, 1)
"""The way of each segment without evidence."""
LEAST_TRIALS = 3
"""Origins or distances judged, below which nothing is learnt."""


def segment_of(monthly: Float64Array1D) -> Int64Array1D:
    """Return the segment of items of which so much is asked a month."""
    return np.digitize(monthly, SEGMENTS).astype(np.int64)


def usual_weights(segment: Int64Array1D) -> Float64Array2D:
    """Return the weights of count, calls and filter without evidence, ``(n_items, 3)``."""
    return np.array([WAYS[way] for way in _USUAL])[segment]


def pinball(demand: Float64Array1D, quantiles: Float64Array2D) -> Float64Array1D:
    """Return 2 × pinball loss summed over `SHARES`, ``(n_items,)``; quantiles are ``(n_items, n_shares)``."""
    error = demand[:, None] - quantiles
    share = np.array(SHARES)
    return np.asarray(2 * np.maximum(share * error, (share - 1) * error).sum(axis=1))


def learnt_weights(
    losses: Float64Array2D, item: Int64Array1D, trial: Int64Array1D, segment: Int64Array1D, overlap: int = 1
) -> Float64Array2D:
    """Return the weights of count, calls and filter in each segment, ``(n_segments, 3)``.

    Parameters
    ----------
    losses
        Loss of each way, one row per item and origin, ``(n_rows, n_ways)``.
    item
        Code of each row's item, ``(n_rows,)``: rows of one item are one witness.
    trial
        Code of each row's trial, an origin: what its rows have in common is one witness too, ``(n_rows,)``.
    segment
        Of each row's item, ``(n_rows,)``.
    overlap
        L, how many trials next to one another share a period.
    """
    trials = int(trial.max()) + 1 if trial.size else 0
    each_way = np.array(WAYS)
    weights = usual_weights(np.arange(len(SEGMENTS) + 1))
    if trials < LEAST_TRIALS:
        return weights
    for code, usual in enumerate(_USUAL):
        rows = segment == code
        if not rows.any():
            continue
        gain = losses[rows, usual, None] - losses[rows]
        per_item = np.stack([np.bincount(item[rows], weights=each) for each in gain.T])
        per_trial = np.stack([np.bincount(trial[rows], weights=each, minlength=trials) for each in gain.T])
        total = gain.sum(axis=0)
        apart = ((per_trial - per_trial.mean(axis=1, keepdims=True)) ** 2).sum(axis=1) * trials / max(trials - 1, 1)
        error = np.sqrt((per_item**2).sum(axis=1) + overlap * apart)
        sure = np.where(total > error, 1 - (error / np.where(total > error, total, 1.0)) ** 2, 0.0)
        best = int((sure * total).argmax())
        weights[code] += sure[best] * (each_way[best] - each_way[usual])
    return weights
