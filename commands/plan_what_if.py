"""`sparewise plan what-if`: the same books planned with another goal, budget, lead time or price; nothing is stored."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commands.failures import Conflict
from commands.options import as_of_option, database_option, engine_of, load_settings, settings_option, table_options
from commands.parameters import MONEY

_SHARE = click.FloatRange(0, 1, min_open=True, max_open=True)


@click.command("what-if")
@click.option("--fill-rate", type=_SHARE, default=None, metavar="SHARE", help="Goal of every store, such as 0.97.")
@click.option("--budget", "budget_e4", type=MONEY, default=None, metavar="AMOUNT", help="Most that may be ordered.")
@click.option(
    "--lead-time", "longer", multiple=True, metavar="SUPPLIER=DAYS",
    help="Days a supplier takes longer (GPC=+5) or less (GPC=-2); may be given again.",
)  # fmt: skip
@click.option("--price", "prices", multiple=True, metavar="PART=COST", help="What a part costs; may be given again.")
@click.option("--store", default=None, metavar="S", help="Plan this store only (default: all stores).")
@as_of_option
@settings_option
@database_option
@table_options
def what_if(
    fill_rate: float | None,
    budget_e4: int | None,
    longer: tuple[str, ...],
    prices: tuple[str, ...],
    store: str | None,
    as_of: date,
    settings_path: Path | None,
    db: str,
    output: str,
    language: str,
) -> None:
    """Plan twice, as things are and with a change, and print both beside each other; nothing is stored.

    Example: sparewise plan what-if --fill-rate 0.97 --lead-time GPC=+5
    """
    from inventory.reading import read_snapshot
    from planning.explaining.what_if import Wish, both_outcomes
    from planning.preparing.prepare import forecast_of
    from planning.unusable import usable
    from reporting.plan_views import what_if_figures, what_if_orders, what_if_table
    from reporting.tables import show

    wish = Wish(fill_rate, budget_e4, _longer_days(longer), _costs(prices))
    if wish == Wish():
        raise click.UsageError("what is to change? give --fill-rate, --budget, --lead-time or --price")
    settings = load_settings(db, settings_path)
    snapshot, _ = usable(read_snapshot(engine_of(db), as_of, store))
    unknown = wish.unknown(snapshot)
    if unknown:
        raise Conflict(f"The books know no supplier or part {', '.join(unknown)}.")
    today, then = both_outcomes(snapshot, settings, forecast_of(snapshot, settings), wish)
    if output != "table":
        show(what_if_table(today, then, as_of, language), output, language)
        return
    show(what_if_figures(today, then, as_of, language), output, language)
    show(what_if_orders(today, then, language), output, language)


def _longer_days(given: tuple[str, ...]) -> dict[str, int]:
    found = {}
    for text in given:
        supplier, separator, days = text.rpartition("=")
        if not separator or not days.lstrip("+-").isdigit():
            raise click.UsageError(f"a lead time is changed by SUPPLIER=DAYS, such as GPC=+5; found {text!r}")
        found[supplier] = int(days)
    return found


def _costs(given: tuple[str, ...]) -> dict[str, int]:
    found = {}
    for text in given:
        part_no, separator, amount = text.rpartition("=")
        if not separator:
            raise click.UsageError(f"a price is changed by PART=COST, such as 00195040=11.80; found {text!r}")
        found[part_no] = MONEY.convert(amount, None, None)
    return found
