"""Every command may be called alike: with `--db` and `--as-of`, also where it reads no books or is of no day.

Programs that drive this one put both into every call. A command that needs them declares them itself; the others get
them here, say in their help that nothing depends on them, and check what is written all the same.
"""

from __future__ import annotations

import click

from commands.options import DAY

_DAY_HELP = "Taken, so that every command may be called alike: this one says the same on every day."
_BOOKS_HELP = "Taken, so that every command may be called alike: this one reads no books."


def called_alike(command: click.Command) -> click.Command:
    """Return the command after adding, to it or to all commands below it, the options it does not have."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            called_alike(below)
        if not command.invoke_without_command:
            return command
    known = {name for option in command.params for name in option.opts}
    if "--as-of" not in known:
        command.params.append(
            click.Option(["--as-of", "any_day"], type=DAY, metavar="DATE", expose_value=False, help=_DAY_HELP)
        )
    if "--db" not in known:
        command.params.append(click.Option(["--db", "any_books"], metavar="URL", expose_value=False, help=_BOOKS_HELP))
    return command
