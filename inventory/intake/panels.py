"""A bare demand table from a file, checked by the rule of the `demand` table: CSV and XLSX as ever, and Parquet.

Parquet carries types, so its cells need no guessing; they are written as text and held against the same rule, so that
a fault is told in the same words with row and column. Rows are counted as in a spreadsheet: the headings are row 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from inventory.findings import Finding
from inventory.intake.checking import check
from inventory.intake.files import RawTable, UnreadableFileError, read_table
from inventory.intake.tables import DEMAND


def read_demand_panel(path: Path, as_of: date) -> tuple[pd.DataFrame, Sequence[Finding], Sequence[str]]:
    """Return ``part_no, store, period, quantity_milli, available_ppm`` of a file, its faults, and notes on reading it.

    Parameters
    ----------
    path
        A .csv, .xlsx or .parquet file with the columns of a `demand` table.
    as_of
        The day the file is of.
    """
    try:
        raw = _read_parquet(path) if path.suffix.lower() == ".parquet" else read_table(path, DEMAND.kind)
    except UnreadableFileError as fault:
        return pd.DataFrame(), fault.findings, ()
    table, findings, notes = check(raw, DEMAND, as_of)
    if findings:
        return pd.DataFrame(), findings, notes
    frame = table.frame.assign(
        quantity_milli=table.frame["quantity_milli"].astype(np.int64),
        available_ppm=table.frame["available_ppm"].astype(np.int64),
    )
    return frame.reset_index(drop=True), findings, (*raw.notes, *notes)


def _read_parquet(path: Path) -> RawTable:
    try:
        frame = pd.read_parquet(path)
    except (ValueError, OSError) as fault:
        reason = f"a Parquet file opens without a fault ({fault})"
        raise UnreadableFileError([Finding(str(path), "", 0, "", "", reason, "write it again")]) from fault
    frame = frame[frame.notna().any(axis=1)]
    return RawTable(
        str(path),
        "",
        tuple(str(name) for name in frame.columns),
        tuple(_texts(frame[name]) for name in frame.columns),
        frame.index.to_numpy(np.int64) + 2,
        (None,) * frame.shape[1],
    )


def _texts(column: pd.Series) -> list[str]:
    """Return cells as text: whole floats without a point, days as YYYY-MM-DD, nothing as the empty text."""
    if pd.api.types.is_float_dtype(column):
        return ["" if math.isnan(cell) else f"{cell:.15g}" for cell in column.tolist()]
    if pd.api.types.is_datetime64_any_dtype(column):
        return [str(day) for day in column.dt.strftime("%Y-%m-%d").fillna("")]
    return ["" if missing else str(cell) for cell, missing in zip(column.tolist(), column.isna().tolist(), strict=True)]
