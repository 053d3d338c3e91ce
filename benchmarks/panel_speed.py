"""How long filter, pooled heads and quantiles over the lead time take for a large made panel, and how much memory.

Run as ``python -m benchmarks.panel_speed``: 100,000 series of 48 months; with ``--million``, 1,000,000 as well; with
``--series N``, N of them; with ``--backtest``, the laws at 24 origins of the first as well. Rates are gamma
distributed, as in a store where most parts are hardly ever asked for, and months cling together a little. A small
panel is forecast first, so that imports, kernels and tables are warm. Peak memory is the whole process's, the panel
itself included.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np

from demand.history import DemandHistory, Observation
from demand.periods import PeriodAxis, PeriodKind
from forecasting.forecast import ForecastSettings
from forecasting.heads.origins import laws_at_origins
from forecasting.heads.pooled import PooledHeads
from forecasting.heads.rows import Target
from planning.preparing.panel import forecast_panel

MONTHS, LEAD_TIME, ORIGINS = 48, 3, 24
SHARES = (0.5, 0.8, 0.9, 0.95, 0.975, 0.99)
ASKED = {100_000: "1.5 s", 1_000_000: "15 s and 2 GB"}


def made_panel(series: int, seed: int = 1) -> DemandHistory:
    """Return as many series of `MONTHS` months, made from the seed."""
    draw = np.random.default_rng(seed)
    quantity = np.empty((series, MONTHS), dtype=np.int64)
    for start in range(0, series, 10_000):  # in pieces: the panel's making is not to be its peak
        rows = slice(start, min(start + 10_000, series))
        shape = (rows.stop - start, MONTHS)
        quantity[rows] = draw.poisson(draw.gamma(0.4, 1.0, (shape[0], 1)) * draw.gamma(2.0, 0.5, shape))
    return DemandHistory(
        tuple(f"P{i:07d}" for i in range(series)),
        ("",) * series,
        PeriodAxis(PeriodKind.MONTH, 2020 * 12, MONTHS),
        quantity,
        quantity,
        np.broadcast_to(np.float64(1), quantity.shape),  # always to be had, always seen: one number says it
        np.broadcast_to(np.uint8(Observation.SEEN), quantity.shape),
        np.full(series, 1000, dtype=np.int64),
    )


def forecast(history: DemandHistory) -> tuple[float, int]:
    """Forecast a panel; return the seconds, and the series of whose kind there is no other."""
    start, series, settings = time.perf_counter(), history.item_count, ForecastSettings(horizon=LEAD_TIME)
    heads = PooledHeads.of(history, lambda known, habits: forecast_panel(known, settings, habits))
    laws, kind, _ = heads.laws_of_kinds(Target(LEAD_TIME))
    mean = laws[0].mean()[kind]
    levels = laws[0].quantiles(SHARES).astype(np.int32)[kind]
    assert (mean.size, *levels.shape) == (series, series, len(SHARES))
    return time.perf_counter() - start, heads.kinds.first.size


def backtest(history: DemandHistory, origins: int) -> float:
    """Tell the laws and their levels after each of the last origins; return the seconds."""
    start = time.perf_counter()
    last = [MONTHS - LEAD_TIME - i for i in range(origins)]
    settings = ForecastSettings(horizon=LEAD_TIME)
    laws = laws_at_origins(history, lambda known, habits: forecast_panel(known, settings, habits), last, LEAD_TIME)
    for told in laws:
        assert told.law_of_kind.quantiles(SHARES)[told.kind].shape == (history.item_count, len(SHARES))
    return time.perf_counter() - start


def main(words: list[str]) -> int:
    """Print seconds and peak memory beside what is asked."""
    sizes = [100_000, *([1_000_000] if "--million" in words else [])]
    if "--series" in words:
        sizes = [int(words[words.index("--series") + 1])]
    forecast(made_panel(3_000))
    for series in sizes:
        busy = time.process_time()
        history = made_panel(series)
        made = time.process_time() - busy
        seconds, kinds = forecast(history)
        busy = time.process_time() - busy - made
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(f"{series:,} series × {MONTHS} months, {kinds:,} kinds: {seconds:.1f} s, {busy:.1f} s busy; ", end="")
        print(f"peak {peak:.2f} GB; asked: {ASKED.get(series, 'nothing')}")
    if "--backtest" in words:
        history = made_panel(100_000)
        busy = time.process_time()
        seconds = backtest(history, ORIGINS)
        busy = time.process_time() - busy
        print(f"laws at {ORIGINS} origins of 100,000 series: {seconds:.1f} s, {busy:.1f} s busy; asked: 20 s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
