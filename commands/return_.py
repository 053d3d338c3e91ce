"""`sparewise return`: parts that go back where they came from."""

from __future__ import annotations

import click

from commands.return_workshop import workshop


@click.group()
def command() -> None:
    """Parts that come back from the workshop.

    Example: sparewise return workshop --store S01 --part 00195040 --quantity 1 --order-no RO-1001
    """


command.add_command(workshop)
