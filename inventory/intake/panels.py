"""A bare demand table from a file, checked by the rule of the `demand` table: CSV and XLSX as ever, and Parquet.

Parquet carries types, so its cells need no guessing; they are written as text and held against the same rule, so that
a fault is told in the same words with row and column. Rows are counted as in a spreadsheet: the headings are row 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

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
    return frame.reset_index(drop=True), findings, notes


def _read_parquet(path: Path) -> RawTable:
    try:
        # The columns as they lie in the file: what a frame's index was is a column like any other, and the names of
        # the folders are none.
        with parquet.ParquetFile(path) as file:
            table = file.read()
        texts = [_texts(column) for column in table.columns]
    except (ValueError, OSError, pa.ArrowException) as fault:
        reason = f"a Parquet file opens without a fault ({fault})"
        raise UnreadableFileError([Finding(str(path), "", 0, "", "", reason, "write it again")]) from fault
    filled = np.zeros(table.num_rows, dtype=np.bool_)
    for column in texts:
        filled |= np.fromiter(map(bool, column), dtype=np.bool_, count=table.num_rows)
    rows = np.flatnonzero(filled)
    return RawTable(
        str(path),
        "",
        tuple(name.strip() for name in table.column_names),
        tuple([column[i] for i in rows] for column in texts),
        rows.astype(np.int64) + 2,
        (None,) * table.num_columns,
    )


def _texts(column: pa.ChunkedArray) -> list[str]:
    """Return cells as text: whole floats without a point, days as YYYY-MM-DD, nothing as the empty text."""
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType) or pa.types.is_nested(kind):
        cells = column.to_pandas()
        return ["" if missing else str(cell) for cell, missing in zip(cells, cells.isna(), strict=True)]
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_string_view(kind):
        column = column.cast(pa.large_string())  # older writers do not say that their bytes are UTF-8
    if not pa.types.is_dictionary(kind):
        column = column.dictionary_encode()
    distinct = column.unify_dictionaries().combine_chunks()
    words = np.array([*_words(distinct.dictionary), ""], dtype=object)
    texts: list[str] = words[distinct.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False)].tolist()
    return texts


def _words(values: pa.Array) -> list[str]:
    """Return distinct cells as text."""
    if pa.types.is_floating(values.type):
        return [_digits(cell) for cell in values.to_numpy(zero_copy_only=False)]
    if pa.types.is_timestamp(values.type):
        values = values.cast(pa.timestamp("us", values.type.tz), safe=False)
        return ["" if moment is None else f"{moment:%Y-%m-%d}" for moment in values.to_pylist()]
    if pa.types.is_decimal(values.type):
        return ["" if cell is None else f"{cell:f}" for cell in values.to_pylist()]
    return ["" if cell is None else str(cell) for cell in values.to_pylist()]


def _digits(cell: np.floating[Any]) -> str:
    """Return a number as digits: the 15 that a spreadsheet shows, of a shorter float those that tell it from others."""
    if np.isnan(cell):
        return ""
    if cell.itemsize < np.float64().itemsize:
        return np.format_float_positional(cell, unique=True, trim="-")
    return np.format_float_positional(cell, precision=15, unique=False, fractional=False, trim="-")
