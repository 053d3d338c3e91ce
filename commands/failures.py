"""What can go wrong on the user's side, each with its exit code; told on standard error, never as a traceback."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from inventory.findings import Finding


class ChecksFailed(click.ClickException):
    """A check found faults; they were printed as data."""

    exit_code = 1


class Rejected(click.ClickException):
    """The data cannot be taken as it is: exit code 3, or 4 where every fault is a conflict with what is known."""

    def __init__(self, findings: Sequence[Finding], language: str = "en") -> None:
        count = len(findings)
        super().__init__(f"{count} fault{'s' if count > 1 else ''} found; nothing was changed.")
        self.findings = tuple(findings)
        self.language = language
        self.exit_code = 4 if all(finding.is_conflict for finding in findings) else 3  # type: ignore[misc]  # click's default

    def show(self, file: IO[Any] | None = None) -> None:
        """Print every fault, where it is and how to mend it, as a table on standard error."""
        from reporting.findings import findings_table
        from reporting.tables import render

        click.echo(render(findings_table(self.findings), "table", self.language), err=True, file=file)
        super().show(file)


class Conflict(click.ClickException):
    """What was asked contradicts what is already in the books, or is not there to be had."""

    exit_code = 4


class NotReady(click.ClickException):
    """The database named can't be used as it is: a fault of the call, exit code 2; the message says what to run."""

    exit_code = 2


_REFUSED = {
    errno.ENOSPC: "make room there, or name another place",
    errno.EDQUOT: "make room there, or name another place",
    errno.EFBIG: "make room there, or name another place",
    errno.EACCES: "ask for the right to it, or name another place",
    errno.EPERM: "ask for the right to it, or name another place",
    errno.EROFS: "name a place that may be written to",
    errno.EISDIR: "name a file, not a folder",
}
"""What a machine may refuse of a file that a user named, and what to do then."""


def refusal_told(fault: Exception) -> NotReady | None:
    """Return what a machine refused in the middle of a command (no room, no right to write), told in words.

    None where the fault is another: then it is the program's own.
    """
    from inventory.database import UnusableDatabaseError

    if isinstance(fault, UnusableDatabaseError):
        return NotReady(str(fault))
    if isinstance(fault, OSError) and fault.errno in _REFUSED:
        place = "a file" if fault.filename is None else str(fault.filename)
        return NotReady(f"{place} can't be used: {os.strerror(fault.errno)}; {_REFUSED[fault.errno]}")
    return None
