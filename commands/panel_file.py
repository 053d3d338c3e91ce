"""A bare demand panel named on the command line: read whole, refused with every fault, its notes told beside."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.options import today

if TYPE_CHECKING:
    import pandas as pd


def panel_of(path: Path) -> pd.DataFrame:
    """Return the panel of a file, as `inventory.intake.panels.read_demand_panel` gives it.

    Raises
    ------
    Rejected
        If anything in the file is wrong.
    """
    from commands.failures import Rejected
    from inventory.intake.panels import read_demand_panel

    table, findings, notes = read_demand_panel(path, today())
    if findings:
        raise Rejected(findings)
    for note in notes:
        click.echo(note, err=True)
    return table
