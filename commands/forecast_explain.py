"""`sparewise forecast explain`: the factors of one part's forecast, where each comes from, and the whole law."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.options import (
    as_of_option,
    database_option,
    engine_of,
    known_at_option,
    load_settings,
    settings_option,
    table_options,
)
from commands.panel_file import panel_of
from commands.progress import progress

if TYPE_CHECKING:
    from planning.explaining.explanation import Explanation
    from planning.settings import Settings


@click.command()
@click.argument("part_no", metavar="PART")
@click.option("--store", default=None, metavar="S", help="Only this store (default: every store).")
@click.option(
    "--lead-time", type=click.IntRange(1, 120), default=2, show_default=True, metavar="L", help="Periods summed."
)
@click.option(
    "--panel",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    metavar="FILE",
    help="Explain a part of a demand table of your own instead of the books.",
)
@click.option("--of", "wanted", type=click.Choice(["factors", "law"]), default=None, help="Only this table.")
@known_at_option
@database_option
@as_of_option
@settings_option
@table_options
def explain(
    part_no: str,
    store: str | None,
    lead_time: int,
    panel: Path | None,
    wanted: str | None,
    known_at: int | None,
    db: str,
    as_of: date,
    settings_path: Path | None,
    output: str,
    language: str,
) -> None:
    """Print the factors of a part's forecast for the next period, and the law of what may come.

    The factors multiply to the forecast exactly, from the vehicles on the road to what people have set; what each adds
    in units sums to it exactly; each says where it comes from, and a sentence says it all. As JSON and CSV one table is
    printed, --of factors or law. With --known-at the law is read from the forecast that was stored last when that
    document was the last one known.

    Of a demand table (--panel) the law rests on regressions over all its parts too, and is calibrated on its past: both
    are factors, with their weights. In the books such regressions are heard, by months, of parts that no vehicle
    explains, where there are a hundred: one factor more.

    Example: sparewise forecast explain 00195040 --store S01
    """
    if known_at is not None:
        if panel is not None:
            raise click.UsageError("a demand table has no documents: give --known-at or --panel")
        _stored(part_no, store, known_at, db, output, language)
        return
    settings = load_settings(db, settings_path)
    if panel is not None:
        explained = _of_panel(part_no, store, lead_time, panel, settings)
    else:
        explained = _explained(part_no, store, lead_time, db, as_of, settings)
    from reporting.explanation import explanation_sentence, factors_table, law_table
    from reporting.tables import show

    if wanted == "law":
        show(law_table(explained, output, language), output, language)
        return
    if wanted is None and output == "table":
        show(law_table(explained, output, language), output, language)
    show(factors_table(explained, output, language), output, language)
    if output != "table":
        for one in explained:
            click.echo(explanation_sentence(one, language), err=True)


def _explained(
    part_no: str, store: str | None, lead_time: int, db: str, as_of: date, settings: Settings
) -> list[Explanation]:
    """Return the explanation of a part, under the number it has today, at one store or all."""
    from dataclasses import replace

    from commands.failures import Rejected
    from demand.periods import PeriodKind
    from inventory.findings import Finding
    from inventory.reading import read_snapshot
    from planning.explaining.explanation import explain as explain_item
    from planning.preparing.overrides import overridden, set_facts
    from planning.preparing.prepare import forecast_of_prepared, prepare

    reach = replace(settings.forecast, horizon=max(settings.forecast.horizon, lead_time))
    try:
        with progress("reading the books") as tell:
            snapshot = read_snapshot(engine_of(db), as_of)
            tell("forecasting")
            ready = prepare(snapshot, PeriodKind(settings.planning.period), reach)
            found = overridden(forecast_of_prepared(ready, reach), snapshot)
    except ValueError as fault:
        raise Rejected(
            [Finding("database", "", 0, "", "", str(fault), "mend the table and import it again")]
        ) from fault
    live = {successor.part_no for successor in ready.lineage.live(part_no)}
    if live != {part_no}:
        click.echo(f"{part_no} is answered today by {', '.join(sorted(live))}.", err=True)
    items = [
        i for i in range(found.item_count) if found.part_no[i] in live and (store is None or found.store[i] == store)
    ]
    if not items:
        raise click.UsageError(f"no forecast of part {part_no}{f' at store {store}' if store else ''} on {as_of}")
    people = set_facts(found, snapshot)
    return [explain_item(ready, found, item, lead_time, people.get(item)) for item in items]


def _of_panel(part_no: str, store: str | None, lead_time: int, panel: Path, settings: Settings) -> list[Explanation]:
    """Return the explanation of a part of a bare table, at one store or all."""
    from dataclasses import replace

    from commands.failures import Rejected
    from inventory.findings import Finding
    from planning.explaining.panel_explanation import explain_panel
    from planning.preparing.panel import heads_of_series

    table = panel_of(panel)
    try:
        with progress("forecasting"):
            reach = replace(settings.forecast, horizon=max(settings.forecast.horizon, lead_time))
            heads = heads_of_series(table, reach)
            names = zip(heads.history.part_no, heads.history.store, strict=True)
            items = [i for i, (part, at) in enumerate(names) if part == part_no and (store is None or at == store)]
            explained = explain_panel(heads, items, lead_time)
    except ValueError as fault:
        raise Rejected([Finding(str(panel), "", 0, "period", "", str(fault), "")]) from fault
    if not explained:
        raise click.UsageError(f"{panel} has no part {part_no}{f' at store {store}' if store else ''}")
    return explained


def _stored(part_no: str, store: str | None, known_at: int, db: str, output: str, language: str) -> None:
    from inventory.database import read
    from inventory.forecasts import read_forecast_known_at
    from reporting.explanation import stored_law_table
    from reporting.tables import show

    with read(engine_of(db)) as connection:
        run = read_forecast_known_at(connection, known_at, part_no, store)
    if run is None:
        raise click.UsageError(f"no forecast was stored when document {known_at} was the last one known")
    if run.table.empty:
        raise click.UsageError(
            f"run {run.run_id} has no forecast of part {part_no}{f' at store {store}' if store else ''}"
        )
    head = {"run_id": run.run_id, "as_of": run.as_of, "known_at": run.manifest["known_at"]}
    show(stored_law_table(run.table, head, output, language), output, language)
