"""How long a backtest of a large panel takes, and what it says of the public ones beside the named baselines.

Run as ``python -m benchmarks.backtest``: 100,000 made series of 48 months, 24 origins a month apart, demand over two
months; ``--series N`` and ``--origins N`` for others. Then each public panel (looked for as `forecast_series` does, and
skipped aloud), demand over three months: loss at .9, .95, .975 and .99, coverage, and the mean stock that fills 95 % of
the units in a replay, ours and the best baseline's. Seconds are of the processor, over all threads.
"""

from __future__ import annotations

import resource
import sys
import time

from benchmarks.forecast_series import PANELS, demand_table, shared_data, wide_table
from benchmarks.panel_speed import made_panel
from demand.history import DemandHistory
from forecasting.backtest.backtest import OURS, Backtest, backtest, origins_of, told_of_panel
from forecasting.forecast import ForecastSettings
from planning.explaining.backtest import Asked, backtest_of_panel, panel_laws

LENGTH, PUBLIC_LENGTH = 2, 3
ASKED_SECONDS = 20.0


def main(words: list[str]) -> int:
    """Print seconds, memory, and the scores of the public panels."""
    series, origins = (
        _number(words, name, otherwise) for name, otherwise in (("--series", 100_000), ("--origins", 24))
    )
    _timed(made_panel(3_000), 2)
    history = made_panel(series)
    busy, elapsed = _timed(history, origins)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{series:,} series of {history.axis.count} months, {origins} origins, baselines and replay included")
    print(
        f"  {elapsed:.1f} s, {busy:.1f} s of the processor, {memory:.1f} GB (asked: {ASKED_SECONDS:.0f} s on 2 cores)"
    )
    folder = shared_data()
    if folder is None:
        print("skipped: no public data in ../shared/data, and SPAREWISE_SHARED names no folder that has them")
        return 0
    for panel in PANELS:
        rows = demand_table(wide_table(folder, panel.name).dropna())
        table = rows.assign(store="", quantity_milli=rows["quantity"] * 1000, available_ppm=1_000_000)
        asked = Asked(PUBLIC_LENGTH, next(iter(panel.origins.values())).stop, PUBLIC_LENGTH)
        found = backtest_of_panel(table, ForecastSettings(), asked, lambda _step: None)
        print(f"{panel.name}: {found.items[1]:,} parts, {len(found.origins)} origins, over {PUBLIC_LENGTH} months")
        _tell(found)
    return 0


def _timed(history: DemandHistory, origins: int) -> tuple[float, float]:
    """Return the seconds of the processor, and those elapsed, of a backtest."""
    at = origins_of(history.axis.count, LENGTH, origins, 1, 12)
    busy, start = time.process_time(), time.perf_counter()
    laws = panel_laws(history, at, ForecastSettings(horizon=LENGTH), LENGTH, lambda _step: None)
    cost = history.unit_milli / 1000
    backtest(history, at, told_of_panel(history, at, laws), LENGTH, cost)
    return time.process_time() - busy, time.perf_counter() - start


def _tell(found: Backtest) -> None:
    for method in found.methods:
        stock = None if method.curve is None else method.curve.stock_at(0.95)
        covered = " ".join(f"{share:.1%}" for share in method.sums.coverage)
        held = "not reached" if stock is None else f"{stock:,.0f}"
        name = f"{method.name} {method.law}".strip()
        print(f"  {name:26} loss {method.sums.service_loss:.4f}  within {covered}  stock for 95 % {held}")
    ours = next(method for method in found.methods if method.name == OURS)
    best = min((m for m in found.methods if m is not ours), key=lambda m: m.sums.service_loss)
    print(f"  {1 - ours.sums.service_loss / best.sums.service_loss:.0%} less loss than the best baseline")


def _number(words: list[str], name: str, otherwise: int) -> int:
    return int(words[words.index(name) + 1]) if name in words else otherwise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
