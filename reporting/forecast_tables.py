"""What a forecast shows people, families at a glance, and the long table that programs read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow
from pyarrow import csv

from forecasting.forecast import Basis, Forecast
from reporting.tables import Column, Table
from reporting.words import word

_SUMMARY = (
    Column("family"),
    Column("items", "count"),
    Column("next_calls", "number"),
    Column("next_demand", "number"),
    Column("vehicles_and_calls", "count"),
    Column("calls_only", "count"),
    Column("vehicles_only", "count"),
    Column("no_evidence", "count"),
)


def summary_table(forecast: Forecast, language: str) -> Table:
    """Return one row per family: items, what is expected of the next period, and on what the forecasts rest."""
    basis = np.array(forecast.basis)
    frame = pd.DataFrame(
        {
            "family": forecast.family,
            "items": 1,
            "next_calls": forecast.calls[:, 0],
            "next_demand": (forecast.mean[:, 0] + forecast.told[:, 0]) * forecast.unit_milli / 1000,
            "vehicles_and_calls": basis == Basis.VEHICLES_AND_CALLS,
            "calls_only": basis == Basis.CALLS,
            "vehicles_only": basis == Basis.VEHICLES,
            "no_evidence": np.isin(basis, [Basis.NO_VEHICLE, Basis.NEVER_ASKED, Basis.FAMILY]),
        }
    )
    rows = frame.groupby("family", as_index=False, sort=True).sum()
    title = f"{word('forecast', language)} {forecast.axis.labels()[0]}"
    return Table(title, _SUMMARY, [{str(key): cell for key, cell in row.items()} for row in rows.to_dict("records")])


def write_long_table(table: pd.DataFrame, path: Path) -> None:
    """Write a long forecast table as .parquet, or as .csv with text in quotes and the mean's quantile left empty."""
    with path.open("wb") as stream:  # what the machine refuses is then told as of any other file
        if path.suffix.lower() == ".parquet":
            table.to_parquet(stream, index=False)
        else:  # pyarrow's writer, ten times as quick as pandas': a panel's table has half a million rows
            csv.write_csv(pyarrow.Table.from_pandas(table, preserve_index=False), stream)
