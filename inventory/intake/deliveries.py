"""A delivery as inspected, from a file: what came, what was accepted, why not all, and where it goes.

It is read and checked by the same rules as every table, but it is no table of the books:
`inventory.purchasing.receiving` takes its lines in against a purchase order.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from inventory.findings import Finding
from inventory.intake.checking import check
from inventory.intake.files import UnreadableFileError, read_table
from inventory.intake.loading import records
from inventory.intake.rules import ColumnRule, TableRule
from inventory.purchasing.inspection import CAUSES, ReceivedLine

DELIVERY = TableRule(
    "delivery",
    "",
    (),  # one part may go to several bins
    (
        ColumnRule("part_no", "code", required=True),
        ColumnRule("quantity_delivered", "quantity", "quantity_delivered_milli", required=True, minimum=0),
        ColumnRule(
            "quantity_accepted",
            "quantity",
            "quantity_accepted_milli",
            default_from="quantity_delivered",
            minimum=0,
            not_above="quantity_delivered",
        ),
        ColumnRule("cause", "code", default="", choices=CAUSES),
        ColumnRule("bin", "code", "bin_name", default=""),
        ColumnRule("store", "code", default=""),
    ),
)


def read_delivery(path: Path, as_of: date) -> tuple[tuple[ReceivedLine, ...], list[Finding], list[str]]:
    """Return the lines of a delivery file, every fault found in it, and notes on how it was read.

    Parameters
    ----------
    path
        CSV or XLSX: part_no, quantity_delivered, quantity_accepted (all, where empty), cause, bin, store.
    as_of
        The day it came in.
    """
    try:
        raw = read_table(path, DELIVERY.kind)
    except UnreadableFileError as fault:
        return (), list(fault.findings), []
    table, findings, notes = check(raw, DELIVERY, as_of)
    notes = [*raw.notes, *notes]
    if findings:
        return (), findings, notes
    rows = table.raw.rows[table.kept].tolist()
    lines = tuple(
        ReceivedLine(
            part_no=str(record["part_no"]),
            quantity_delivered_milli=int(str(record["quantity_delivered_milli"])),
            quantity_accepted_milli=int(str(record["quantity_accepted_milli"])),
            cause=str(record["cause"]),
            bin_name=str(record["bin_name"]),
            store=str(record["store"]),
            row=row,
        )
        for record, row in zip(records(table.frame), rows, strict=True)
    )
    return lines, [], notes
