"""Ask statsforecast what its intermittent methods say of made series, and write series and answers to a file.

It runs in an environment of its own, which has what `requirements.txt` names and nothing of this program:

    python -m venv rivals && rivals/bin/pip install -r benchmarks/rivals/requirements.txt
    rivals/bin/python benchmarks/rivals/statsforecast_answers.py benchmarks/rivals/statsforecast_answers.json

With ``--time`` it prints instead the seconds that TSB takes over 100,000 series of 36 periods (`benchmarks.baselines`).
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import statsforecast
from statsforecast import StatsForecast
from statsforecast.models import ADIDA, IMAPA, TSB, CrostonClassic, CrostonSBA

SEED = 20260630


def made_series() -> list[list[int]]:
    """Return series of many lengths and densities, and the edges: no demand, one spike, no zeros."""
    chance = np.random.default_rng(SEED)
    found = []
    for number in range(200):
        length = int(chance.integers(3, 61))
        density = (0.03, 0.1, 0.3, 0.7)[number % 4]
        size = (1, 3, 20)[number % 3]
        found.append((chance.random(length) < density) * (1 + chance.poisson(size - 1, length)))
    edges = [[0] * 12, [5] + [0] * 23, [0] * 23 + [5], [0, 0, 7, 0, 0], [2] * 12, list(range(1, 25)), [0, 4]]
    return [[int(value) for value in each] for each in found] + edges


def answers() -> dict[str, object]:
    """Return the series and, by method, the mean of the next period of each."""
    models = {
        "croston": CrostonClassic(),
        "sba": CrostonSBA(),
        "tsb": TSB(alpha_d=0.2, alpha_p=0.1),
        "adida": ADIDA(),
        "imapa": IMAPA(),
    }
    series = made_series()
    told = {
        name: [float(model.forecast(y=np.array(each, dtype=np.float64), h=1)["mean"][0]) for each in series]
        for name, model in models.items()
    }
    return {"statsforecast": statsforecast.__version__, "series": series, "mean": told}


def seconds_of_tsb(series: int, periods: int) -> float:
    """Return how long its own batch run of TSB takes on two processes or one, whichever is quicker."""
    chance = np.random.default_rng(SEED)
    demand = (chance.random((series, periods)) < 0.2) * (1.0 + chance.poisson(1, (series, periods)))
    frame = pd.DataFrame(
        {
            "unique_id": np.repeat(np.arange(series), periods),
            "ds": np.tile(np.arange(periods), series),
            "y": demand.ravel(),
        }
    )
    taken = []
    for processes in (1, 2):
        batch = StatsForecast(models=[TSB(alpha_d=0.1, alpha_p=0.1)], freq=1, n_jobs=processes)
        began = time.perf_counter()
        batch.forecast(df=frame, h=1)
        taken.append(time.perf_counter() - began)
    return min(taken)


if __name__ == "__main__":
    if sys.argv[1] == "--time":
        print(seconds_of_tsb(100_000, 36))
    else:
        Path(sys.argv[1]).write_text(json.dumps(answers(), separators=(",", ":")) + "\n", encoding="utf-8")
