"""`sparewise selftest`: prove on this machine that the books hold, beside the user's own and never in them."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from commands.options import database_option, database_url, table_options

if TYPE_CHECKING:
    from selftest.run import Timed

_TELL_SECONDS = 60
CHECKS = ("races", "crashes", "power_cuts", "sequences", "reimports")


@click.command()
@click.option(
    "--full/--quick",
    "is_full",
    default=False,
    help="All of it (hours, with a line a minute), or a small share of each (a minute; the default).",
)
@click.option(
    "--operations",
    type=click.IntRange(1),
    default=None,
    metavar="N",
    help="How many random documents, where not as many as the size says.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same trials.")
@click.option("--only", type=click.Choice(CHECKS), multiple=True, help="Only this check; may be given several times.")
@database_option
@table_options
def command(
    is_full: bool,
    operations: int | None,
    seed: int,
    only: tuple[str, ...],
    db: str,
    output: str,
    language: str,
) -> None:
    """Try the books of this program on this machine, and print what was done and whether it held.

    Everything happens in databases of its own, made beside the one named (a file in the same folder, or a database on
    the same server) and taken away afterwards; the books named are neither read nor written. Races: many processes
    fight over scarce parts. Crashes: a posting process is killed at random moments. Power cuts (SQLite): what was not
    yet synced is lost or torn. Sequences: random documents of every kind against a plain model; one that fails is
    told with the seed and the number of operations that show it again. Re-imports: the same files twice, shuffled,
    split, overlapping. Exit code 1 where a check fails.

    Example: sparewise selftest --db sqlite:///parts.db
    """
    from commands.failures import ChecksFailed, NotReady
    from inventory.database import UnusableDatabaseError
    from reporting import tables
    from reporting.words import word
    from selftest.run import FULL, QUICK, run

    found: list[Timed] = []
    size = FULL if is_full else QUICK
    size = replace(size, operations=operations or size.operations)
    try:
        for each in run(database_url(db), size, seed, only or CHECKS, _Teller(language)):
            found.append(each)
            state = word(_state(each), language)
            click.echo(f"{word(f'check_{each.outcome.check}', language)}: {state} ({each.seconds:.1f} s)", err=True)
    except UnusableDatabaseError as fault:
        raise NotReady(str(fault)) from fault
    columns = (
        tables.Column("check"),
        tables.Column("tried", "count"),
        tables.Column("posted", "count"),
        tables.Column("found", said="selftest_found"),
        tables.Column("faults", "count"),
        tables.Column("seconds", "number"),
        tables.Column("state"),
    )
    rows = [_row(each, language, output) for each in found]
    tables.show(tables.Table(word("selftest_title", language), columns, rows), output, language)
    faults = [f"{each.outcome.check}: {fault}" for each in found for fault in each.outcome.faults]
    for told in faults[:20]:
        click.echo(told, err=True)
    if faults:
        raise ChecksFailed(f"{len(faults)} faults found; the trial can be repeated with --seed {seed}.")


class _Teller:
    """Tells once a minute how far a check is."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._began: dict[str, float] = {}
        self._told = time.monotonic()

    def __call__(self, check: str, done: int, of: int) -> None:
        from reporting.words import word

        now = time.monotonic()
        began = self._began.setdefault(check, now)
        if now - self._told >= _TELL_SECONDS and done < of:
            self._told = now
            click.echo(f"{word(f'check_{check}', self._language)}: {done:,} / {of:,} ({now - began:,.0f} s)", err=True)


def _state(each: Timed) -> str:
    return "state_skipped" if each.outcome.skipped else "state_failed" if each.outcome.faults else "state_held"


def _row(each: Timed, language: str, output: str) -> dict[str, object]:
    """Return what a check came to: in the reader's words in the table, by key for programs."""
    from reporting.words import word

    outcome = each.outcome
    facts = ", ".join(f"{number:,} {word(f'fact_{name}', language)}" for name, number in outcome.facts.items())
    told = output == "table"
    return {
        "check": word(f"check_{outcome.check}", language) if told else outcome.check,
        "tried": outcome.tried,
        "posted": outcome.posted,
        "found": word(outcome.skipped, language) if outcome.skipped else facts,
        "faults": len(outcome.faults),
        "seconds": round(each.seconds, 2),
        "state": word(_state(each), language) if told else _state(each).removeprefix("state_"),
    }
