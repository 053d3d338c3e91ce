"""The options that commands share, and what they open: the database, the settings file, the clock.

Everything that enters the program from outside the user's data enters here: environment variables, today's date, the
time of recording and the user's name. Below this floor they are arguments.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from planning.settings import Settings

Command = TypeVar("Command", bound=Callable[..., object])

DEFAULT_DATABASE = "sqlite:///sparewise.db"


class _Day(click.ParamType[date]):
    """A calendar day written YYYY-MM-DD."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"a date is written YYYY-MM-DD, such as 2026-06-30; found {value!r}", param, ctx)


DAY = _Day()


def today() -> date:
    """Return today's date at the user's place."""
    return datetime.now().astimezone().date()


def now_utc() -> str:
    """Return the present moment as ISO text in UTC, to the second: the time of recording."""
    return datetime.now(UTC).replace(microsecond=0).isoformat()


def database_option(command: Command) -> Command:
    """Add `--db`: passes `db`, a URL or the path of an SQLite file."""
    return click.option(
        "--db",
        envvar="SPAREWISE_DB",
        default=DEFAULT_DATABASE,
        metavar="URL",
        help="Database: an SQLite file or postgresql+psycopg://…; else $SPAREWISE_DB, else ./sparewise.db.",
    )(command)


def as_of_option(command: Command) -> Command:
    """Add `--as-of`: passes `as_of`, a date; today where it is not given."""
    return click.option(
        "--as-of", type=DAY, default=today, metavar="DATE", help="The business day to work for (default: today)."
    )(command)


def known_at_option(command: Command) -> Command:
    """Add `--known-at`: passes `known_at`, the sequence of a document, or None."""
    return click.option(
        "--known-at",
        type=click.IntRange(min=0),
        default=None,
        metavar="N",
        help="What was known when document N was recorded (column sequence of: sparewise ledger history).",
    )(command)


def language_option(command: Command) -> Command:
    """Add `--lang`: passes `language`, en or zh."""
    return click.option(
        "--lang",
        "language",
        type=click.Choice(["en", "zh"]),
        envvar="SPAREWISE_LANG",
        default="en",
        help="English or Simplified Chinese; else $SPAREWISE_LANG.",
    )(command)


def table_options(command: Command) -> Command:
    """Add `--json`, `--csv` and `--lang`: passes `output` (table, json or csv) and `language`."""
    command = click.option("--csv", "output", flag_value="csv", help="Print comma-separated values.")(command)
    command = click.option("--json", "output", flag_value="json", help="Print JSON, one object per row.")(command)
    command = click.option("--table", "output", flag_value="table", default="table", hidden=True)(command)
    return language_option(command)


def posting_options(command: Command) -> Command:
    """Add `--dry-run`, `--id` and `--user`: passes `dry_run`, `key` (or None) and `user`."""
    command = click.option("--dry-run", is_flag=True, help="Check and show, but post nothing.")(command)
    command = click.option(
        "--id", "key", default=None, metavar="KEY", help="Idempotency key: asking twice under one key posts once."
    )(command)
    return click.option(
        "--user",
        envvar="SPAREWISE_USER",
        default=_present_user,
        callback=_known_user,
        metavar="NAME",
        help="Who answers for it.",
    )(command)


def _present_user() -> str:
    """Return the name of the user at the keyboard; empty where the system knows none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a number without a name, as in some containers
        return ""


def _known_user(_context: click.Context, _option: click.Parameter, name: str) -> str:
    if not name.strip():
        raise click.UsageError("who answers for it is not known: give --user NAME, or set SPAREWISE_USER")
    return name.strip()


def refuse_clock_set_back(connection: Connection) -> None:
    """Refuse to take today's date from a clock that is behind what the books know; a day that is named is taken.

    Raises
    ------
    NotReady
        If the clock is more than a day behind the last documents (less may be a matter of time zones).
    """
    from commands.failures import NotReady
    from inventory.books.recording import last_recorded_at

    context = click.get_current_context(silent=True)
    if context is None or context.get_parameter_source("as_of") is not ParameterSource.DEFAULT:
        return
    last = last_recorded_at(connection)
    if last is not None and today() < date.fromisoformat(last[:10]) - timedelta(days=1):
        raise NotReady(
            f"this computer's clock says {today()}, but the books were written on {last[:10]}: set the clock right, or"
            " name the day with --as-of; nothing was posted"
        )


def settings_option(command: Command) -> Command:
    """Add `--settings`: passes `settings_path`, a path or None."""
    return click.option(
        "--settings",
        "settings_path",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        default=None,
        help="Settings file (default: sparewise.toml beside the database).",
    )(command)


def database_url(db: str) -> str:
    """Return a database URL: a bare path is an SQLite file."""
    return db if "://" in db else f"sqlite:///{db}"


def engine_of(db: str) -> Engine:
    """Return the opened and checked database, closed at the command's end.

    Raises
    ------
    NotReady
        If it is missing, not initialised or of another version; told with the remedy.
    """
    from commands.failures import NotReady
    from inventory.database import UnusableDatabaseError, open_initialised

    try:
        engine = open_initialised(database_url(db))
    except UnusableDatabaseError as fault:
        raise NotReady(str(fault)) from fault
    context = click.get_current_context(silent=True)
    if context is not None:
        context.call_on_close(engine.dispose)
    return engine


def load_settings(db: str, settings_path: Path | None) -> Settings:
    """Return the settings: of the file named, else of ``sparewise.toml`` beside the database, else the defaults.

    Raises
    ------
    click.ClickException
        If the file is not TOML or a key is not as the settings expect; all faults are told at once.
    """
    import tomllib

    from commands.failures import Rejected
    from inventory.findings import Finding
    from planning.settings import Settings, SettingsError

    url = database_url(db)
    beside = Path(url.removeprefix("sqlite:///")).parent if url.startswith("sqlite:///") else Path()
    path = settings_path or beside / "sparewise.toml"
    if not path.exists():
        return Settings()
    try:
        mapping = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as fault:
        reason = f"the settings file is written in TOML ({fault})"
        raise Rejected([Finding(str(path), "", 0, "", "", reason, "mend the line named")]) from fault
    try:
        return Settings.from_mapping(mapping)
    except SettingsError as fault:
        raise Rejected(
            [Finding(str(path), "", 0, key, value, reason, "") for key, value, reason in fault.faults]
        ) from None
