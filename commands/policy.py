"""`sparewise policy`: optimal policies of single items, for cases of one's own; no database is needed."""

from __future__ import annotations

import json
from pathlib import Path

import click

from commands.options import table_options


@click.group()
def command() -> None:
    """Solve inventory models: from cases with named inputs to their optimum or their service.

    Example: sparewise policy solve cases.json --out answers.json
    """


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    required=True,
    metavar="OUT",
    help="A JSON file to write.",
)
def solve(file: Path, out: Path) -> None:
    """Solve the cases of a JSON file.

    FILE holds {"cases": [{"id": …, "model": …, "inputs": {…}}]}; `sparewise policy models` lists the models with their
    inputs and results. OUT holds {"results": [{"id": …, "result": {…}}]} in the same order, with an "error" in place of
    the "result" where a model is not known or an input is not as it should be; then the exit code is 1, and all other
    cases are solved.

    Example: sparewise policy solve cases.json --out answers.json
    """
    from commands.failures import ChecksFailed
    from optimisation.cases.solve import solve_cases

    if not out.parent.is_dir():
        raise click.BadParameter(f"the folder of the result is there; found {out.parent}", param_hint="--out")
    cases = _cases_of(file)
    answers = solve_cases(cases)
    results = {"results": [answer.as_mapping() for answer in answers]}
    out.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", "utf-8")
    failed = [answer for answer in answers if answer.error is not None]
    click.echo(f"{len(answers) - len(failed):,} of {len(answers):,} cases solved: {out}", err=True)
    if failed:
        raise ChecksFailed(f"{len(failed):,} without a result; the file says of each what is expected.")


@command.command()
@table_options
def models(output: str, language: str) -> None:
    """Print the models that `policy solve` knows, with their inputs and results.

    An input with = may be left out; it is then what stands behind it.

    Example: sparewise policy models --json
    """
    from optimisation.cases.solve import MODELS
    from reporting.policy_tables import models_table
    from reporting.tables import show

    show(models_table(tuple(MODELS.values()), language), output, language)


def _cases_of(file: Path) -> list[object]:
    """Return the cases of a file.

    Raises
    ------
    Rejected
        If the file is not JSON, or holds no list of cases.
    """
    from commands.failures import Rejected
    from inventory.findings import Finding

    remedy = 'write {"cases": [{"id": "a", "model": "eoq", "inputs": {…}}]}'
    try:
        content = json.loads(file.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise Rejected(
            [Finding(str(file), "", 0, "", "", f"the cases are written in JSON, in UTF-8 ({fault})", remedy)]
        ) from fault
    cases = content.get("cases") if isinstance(content, dict) else None
    if not isinstance(cases, list):
        raise Rejected([Finding(str(file), "", 0, "cases", "", "the file holds a list of cases", remedy)])
    return cases
