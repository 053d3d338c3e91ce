"""`CostTerms`: what holding and lacking a part costs, as columns.

Two prices meet in every stocking decision. Money that lies on the shelf must earn its interest, its space and its risk
of never being sold (h, a share of the value per year). A line that the shelf cannot fill costs the surcharge of the
urgent order and the car that waits (b, money per order line). Both are data of the dealership and not guesses of a
target; where only a target is known, `optimisation.levels` finds the price that meets it.

This file does not decide anything.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D

DAYS_PER_YEAR = 365.0


@dataclass(frozen=True)
class CostTerms:
    """Costs of many items, one row per item.

    Parameters
    ----------
    unit_cost_e4
        What one demand unit of the item costs to buy, ten-thousandths, ``(n_items,)``.
    holding_per_year_e4
        h: what one demand unit on the shelf costs in a year, ten-thousandths, ``(n_items,)``.
    unmet_line_e4
        b: what one order line that the shelf does not fill complete costs, ten-thousandths, ``(n_items,)``.

    Raises
    ------
    ValueError
        If lengths disagree or a cost is negative.
    """

    unit_cost_e4: Int64Array1D
    holding_per_year_e4: Float64Array1D
    unmet_line_e4: Float64Array1D

    def __post_init__(self) -> None:
        if not self.unit_cost_e4.shape == self.holding_per_year_e4.shape == self.unmet_line_e4.shape:
            raise ValueError("costs have one entry per item")
        for name in ("unit_cost_e4", "holding_per_year_e4", "unmet_line_e4"):
            column = getattr(self, name)
            if column.size and column.min() < 0:
                raise ValueError(f"{name} is zero or more")
            column.setflags(write=False)

    def take(self, items: NDArray[np.bool_]) -> CostTerms:
        """Return the costs of some items."""
        return CostTerms(self.unit_cost_e4[items], self.holding_per_year_e4[items], self.unmet_line_e4[items])
