"""`sparewise init`: make the database, or bring an older one to the shape this program expects."""

from __future__ import annotations

import click

from commands.options import database_option, database_url


@click.command()
@database_option
def command(db: str) -> None:
    """Set up the database: a file of its own, or an empty database on a PostgreSQL server.

    A database that is set up already stays as it is; one made by an older version is brought up to date.

    Example: sparewise init --db sqlite:///parts.db
    """
    from commands.failures import NotReady
    from inventory.database import UnusableDatabaseError, initialise, open_database

    try:
        engine = open_database(database_url(db))
        try:
            is_new = initialise(engine)
        finally:
            engine.dispose()
    except UnusableDatabaseError as fault:
        raise NotReady(str(fault)) from fault
    shown = engine.url.render_as_string(hide_password=True)
    click.echo(f"The database is ready: {shown}" if is_new else f"The database was ready before: {shown}", err=True)
    click.echo("Next: sparewise import FOLDER, with a file for each table, such as parts.csv.", err=True)
