"""What each step of the forecast adds, as a table."""

from __future__ import annotations

from collections.abc import Mapping

from forecasting.backtest.scores import Sums
from planning.explaining.value_added import Step, ValueAdded
from reporting.tables import Column, Table
from reporting.words import word
from reporting.words_backtest import BACKTEST_SENTENCES

_COLUMNS = (
    Column("judged_items"),
    Column("value_step"),
    Column("judged", "count"),
    Column("service_loss_ppm", "share_ppm"),
    Column("value_added_ppm", "share_ppm"),
    Column("service_loss_by_value_ppm", "share_ppm"),
    Column("value_added_by_value_ppm", "share_ppm"),
    Column("bias_ppm", "share_ppm"),
)


def value_table(found: ValueAdded, output: str, language: str) -> Table:
    """Return a row per step over all items, then over those that people had changed, where there are any."""
    rows = _rows("all", found.every, output, language)
    if found.touched[Step.OVERRIDE].rows:
        rows += _rows("set_by_hand", found.touched, output, language)
    note = BACKTEST_SENTENCES["value"][language == "zh"].format(
        length=found.length, count=len(found.origins), first=found.origins[0], last=found.origins[-1]
    )
    return Table(word("value_added", language), _COLUMNS, rows, (note,))


def _rows(which: str, sums: Mapping[Step, Sums], output: str, language: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    before: Sums | None = None
    for step in Step:
        one = sums[step]
        rows.append(
            {
                "judged_items": word(f"judged_{which}", language) if output == "table" else which,
                "value_step": word(f"value_step_{step}", language) if output == "table" else str(step),
                "judged": one.rows,
                "service_loss_ppm": _ppm(one.service_loss),
                "value_added_ppm": None if before is None else _ppm(before.service_loss) - _ppm(one.service_loss),
                "service_loss_by_value_ppm": _ppm(one.service_loss_by_value),
                "value_added_by_value_ppm": (
                    None if before is None else _ppm(before.service_loss_by_value) - _ppm(one.service_loss_by_value)
                ),
                "bias_ppm": _ppm(one.bias),
            }
        )
        before = one
    return rows


def _ppm(share: float) -> int:
    return round(share * 1_000_000)
