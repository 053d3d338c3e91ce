"""A `Forecast` as a long table: mean and quantiles of each coming period, and of the demand over several.

The lead-time rows are quantiles of the sum, never sums of quantiles. Values are in stock units, exact in thousandths
for quantiles, for they are whole demand units; means are decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from demand.distribution import DemandLaw
from demand.history import Float64Array2D
from forecasting.forecast import Forecast
from forecasting.heads.pooled import PooledHeads, Standing
from forecasting.heads.rows import Target
from forecasting.lead_time import law_of_period, law_over_periods

STORED_QUANTILES = (0.5, 0.8, 0.9, 0.95, 0.99)
MEAN = np.nan


@dataclass(frozen=True)
class Stretches:
    """The law of every stretch that a table tells.

    Parameters
    ----------
    laws
        Target (``period`` or ``lead_time``), step, and law.
    standing
        Who made the laws of each target.
    """

    laws: list[tuple[str, int, DemandLaw]]
    standing: dict[str, Standing]


def filter_stretches(forecast: Forecast, horizon: int, lead_time: int | None) -> Stretches:
    """Return what the filter says alone of each period, and of those of the lead time together."""
    laws = [("period", step, law_of_period(forecast, step)) for step in range(1, horizon + 1)]
    standing = {"period": Standing.FILTER}
    if lead_time is not None:
        laws.append(("lead_time", lead_time, law_over_periods(forecast, lead_time)))
        standing["lead_time"] = Standing.FILTER
    return Stretches(laws, standing)


def pooled_stretches(heads: PooledHeads, horizon: int, lead_time: int | None) -> Stretches:
    """Return what filter and pooled heads say of each period, and of those of the lead time together."""
    targets = {"period": Target(1, horizon)} | ({} if lead_time is None else {"lead_time": Target(lead_time)})
    with ThreadPoolExecutor(2) as threads:  # each target is a reckoning of its own, and shares nothing it changes
        told = dict(zip(targets, threads.map(heads.laws, targets.values()), strict=True))
    laws = [("period", step, law) for step, law in enumerate(told["period"][0], start=1)]
    if lead_time is not None:
        laws.append(("lead_time", lead_time, told["lead_time"][0][0]))
    return Stretches(laws, {target: standing for target, (_, standing) in told.items()})


def long_table(
    forecast: Forecast,
    horizon: int,
    quantiles: Sequence[float],
    lead_time: int | None,
    stretches: Stretches | None = None,
) -> pd.DataFrame:
    """Return ``part_no, store, target, step, quantile, value``; the quantile is empty for the mean.

    Parameters
    ----------
    forecast
        With `horizon` coming periods or more.
    horizon
        Steps 1 … horizon get rows with target ``period``.
    quantiles
        Shares in (0, 1).
    lead_time
        Periods whose summed demand gets rows with target ``lead_time``; none where not given.
    stretches
        Told instead of the filter's; of the same items, horizon and lead time.

    Notes
    -----
    Rows are sorted by part number, store, target (periods first), step, and quantile with the mean first.
    """
    order = np.array(
        sorted(range(forecast.item_count), key=lambda i: (forecast.part_no[i], forecast.store[i])), dtype=np.int64
    )
    laws = (stretches or filter_stretches(forecast, horizon, lead_time)).laws
    unit = forecast.unit_milli / 1000
    blocks = np.stack([_values(law, quantiles) * unit[:, None] for _, _, law in laws], axis=1)[order]
    items, kinds, columns = blocks.shape
    part_no, store = np.array(forecast.part_no, dtype=object)[order], np.array(forecast.store, dtype=object)[order]
    return pd.DataFrame(
        {
            "part_no": np.repeat(part_no, kinds * columns),
            "store": np.repeat(store, kinds * columns),
            "target": np.tile(np.repeat(np.array([target for target, _, _ in laws], dtype=object), columns), items),
            "step": np.tile(np.repeat(np.array([step for _, step, _ in laws]), columns), items),
            "quantile": np.tile(np.array([MEAN, *quantiles]), items * kinds),
            "value": blocks.reshape(-1),
        }
    )


def stored_values(table: pd.DataFrame) -> pd.DataFrame:
    """Return a long table as the books keep it: shares in parts per million, −1 for the mean, values in thousandths."""
    share = np.where(table["quantile"].isna(), -1, np.round(table["quantile"].fillna(0) * 1e6))
    return pd.DataFrame(
        {
            "part_no": table["part_no"],
            "store": table["store"],
            "target": table["target"],
            "step": table["step"].astype(np.int64),
            "share_ppm": share.astype(np.int64),
            "value_milli": np.round(table["value"] * 1000).astype(np.int64),
        }
    )


def _values(law: DemandLaw, quantiles: Sequence[float]) -> Float64Array2D:
    """Return mean and quantiles, ``(n_items, 1 + n_quantiles)``, in demand units."""
    return np.stack([law.mean(), *(law.quantile(share).astype(np.float64) for share in quantiles)], axis=1)
