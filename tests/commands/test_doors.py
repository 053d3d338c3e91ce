"""What every command promises: help with an example, at once, without waking the heavy libraries."""

import subprocess
import sys

import click
import pytest

from cli import COMMAND_MODULES, program, run

HEAVY = {"pandas", "numpy", "scipy", "statsmodels", "sqlalchemy", "alembic", "pulp", "pyarrow", "xlsxwriter", "rich"}


def commands_below(group: click.Command, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(group, click.Group):
        return [(path, group)]
    context = click.Context(group)
    found: list[tuple[tuple[str, ...], click.Command]] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found += commands_below(command, (*path, name))
    return found


@pytest.mark.parametrize(
    ("path", "command"), commands_below(program), ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_every_command_has_help_with_an_example(path: tuple[str, ...], command: click.Command) -> None:
    assert command.help, f"{' '.join(path)} says nothing of itself"
    assert f"sparewise {' '.join(path)}" in command.help, f"the help of {' '.join(path)} shows no example"


@pytest.mark.parametrize(
    ("path", "command"), commands_below(program), ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_every_command_can_be_given_a_database_and_a_day(path: tuple[str, ...], command: click.Command) -> None:
    known = [name for option in command.params for name in option.opts]
    assert (known.count("--db"), known.count("--as-of")) == (1, 1), path


@pytest.mark.parametrize("noun", ["", *COMMAND_MODULES])
def test_help_wakes_no_heavy_library(noun: str) -> None:
    program_text = (
        "import sys, cli; code = cli.run(sys.argv[1:]); "
        f"print('HEAVY', sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr); sys.exit(code)"
    )
    arguments = [noun, "--help"] if noun else ["--help"]
    done = subprocess.run([sys.executable, "-c", program_text, *arguments], capture_output=True, text=True, check=True)
    assert "Usage: sparewise" in done.stdout
    assert done.stderr.splitlines()[-1] == "HEAVY []"


def test_an_unknown_command_is_a_matter_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fly"]) == 2
    assert "No such command 'fly'" in capsys.readouterr().err


def test_a_day_that_changes_nothing_is_taken_and_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "models", "--csv"]) == 0
    told = capsys.readouterr().out
    assert run(["policy", "models", "--csv", "--as-of", "2026-06-30", "--db", "books.db"]) == 0
    assert capsys.readouterr().out == told
    assert run(["policy", "models", "--as-of", "yesterday"]) == 2


def test_a_date_written_otherwise_is_told_with_its_form(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "run", "--as-of", "30.06.2026"]) == 2
    assert "YYYY-MM-DD" in capsys.readouterr().err
