"""The front door: finds the command a user names, runs it, and turns what went wrong into words and an exit code.

Each noun lives in a file of `commands/` and is imported only when named, so that help answers at once. Exit codes:
0 done, 1 findings, 2 usage, 3 data rejected, 4 conflict, 5 internal error, 130 stopped by the user.
"""

from __future__ import annotations

import gc
import importlib
import sys
import traceback

import click

from commands.alike import called_alike
from commands.failures import refusal_told
from demand import __version__

_OBJECTS_BETWEEN_COLLECTIONS = 100_000

COMMAND_MODULES = {
    "demo": "commands.demo",
    "init": "commands.init",
    "import": "commands.import_",
    "forecast": "commands.forecast",
    "plan": "commands.plan",
    "order": "commands.order",
    "claim": "commands.claim",
    "issue": "commands.issue",
    "reserve": "commands.reserve",
    "special": "commands.special",
    "return": "commands.return_",
    "transfer": "commands.transfer",
    "scrap": "commands.scrap",
    "count": "commands.count",
    "core": "commands.core",
    "warranty": "commands.warranty",
    "stock": "commands.stock",
    "ledger": "commands.ledger",
    "kpi": "commands.kpi",
    "scorecard": "commands.scorecard",
    "report": "commands.report",
    "policy": "commands.policy",
    "simulate": "commands.simulate",
    "selftest": "commands.selftest",
}
"""The nouns, in the order of a day's work, and the module whose `command` each is."""


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the nouns in the order of the table, not of the alphabet."""
        del ctx
        return list(COMMAND_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a noun, or nothing where there is none of that name."""
        del ctx
        if cmd_name not in COMMAND_MODULES:
            return None
        command = importlib.import_module(COMMAND_MODULES[cmd_name]).command
        assert isinstance(command, click.Command)
        return called_alike(command)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sparewise")
def program() -> None:
    """From vehicles on the road to tomorrow's purchase orders, for the parts department of a car dealership.

    Begin with `sparewise demo`: a made dealership, planned from its files to a workbook per supplier.

    With your own files: `sparewise init`, `sparewise import FOLDER`, `sparewise plan run`.
    """


def run(arguments: list[str] | None = None) -> int:
    """Run the program with the given words (default: the process's own) and return its exit code."""
    try:
        outcome = program.main(arguments, prog_name="sparewise", standalone_mode=False)
    except click.ClickException as fault:
        fault.show()
        return fault.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. What was not yet committed is not in the books.", err=True)
        return 130
    except Exception as fault:  # noqa: BLE001 - the last door: whatever was not foreseen becomes exit code 5, in full
        told = refusal_told(fault)
        if told is not None:
            told.show()
            return told.exit_code
        traceback.print_exc()
        click.echo("This is a fault of the program, not of your data: please report the lines above.", err=True)
        return 5
    return outcome if isinstance(outcome, int) else 0


def main() -> None:
    """Run as the console command."""
    # Modules and tables are made by the hundred thousand and stay: looking through them for cycles that are not there
    # every 700 objects is an eighth of a short command's time.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    sys.exit(run())


if __name__ == "__main__":
    main()
