"""`sparewise claim evidence`: a photograph, a signed delivery note, a letter, kept under its hash beside the books."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commands.options import as_of_option, database_option, database_url, now_utc, posting_options
from commands.posting import posting

DEFAULT_FOLDER = "sparewise-evidence"
folder_option = click.option(
    "--folder",
    envvar="SPAREWISE_EVIDENCE",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help=f"Evidence folder; else $SPAREWISE_EVIDENCE, else {DEFAULT_FOLDER} beside the SQLite file, else here.",
)


def evidence_folder(db: str, folder: Path | None) -> Path:
    """Return where evidence is kept: the folder named, else one beside the SQLite file, else one in this folder."""
    if folder is not None:
        return folder
    url = database_url(db)
    beside = Path(url.removeprefix("sqlite:///")).parent if url.startswith("sqlite:///") else Path()
    return beside / DEFAULT_FOLDER


@click.command()
@click.argument("claim_no")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--note", default="", metavar="TEXT", help="What it shows.")
@folder_option
@posting_options
@as_of_option
@database_option
def evidence(
    claim_no: str,
    path: Path,
    note: str,
    folder: Path | None,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Record FILE as evidence of CLAIM_NO: its path, size and SHA-256, with a copy in the evidence folder.

    Example: sparewise claim evidence PO-1001-R1-C1 crushed_box.jpg
    """
    from commands.claim_steps import claiming
    from inventory.claims.evidence import add_evidence
    from inventory.intake.evidence import keep, read_evidence

    kept_in = evidence_folder(db, folder)
    with claiming(), posting(db, dry_run=dry_run) as connection:
        found = read_evidence(path) if dry_run else keep(path, kept_in)
        done = add_evidence(connection, claim_no, found, as_of, user, key, now_utc(), note)
    if dry_run:
        click.echo(f"{path} would be kept as {found.kept_as}.", err=True)
        return
    click.echo(done.number)
    click.echo(f"{path}: {found.size_bytes} bytes, kept as {kept_in / found.kept_as}", err=True)
