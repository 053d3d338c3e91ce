"""Power cuts: what was written and not yet synced is lost, torn or out of order; what was acknowledged is still there.

A process posts documents on SQLite with a recorder under the file layer (`file_layer`), which also notes each
acknowledgement. Then the power is cut, in thought, at a random place of that recording: of every file stands what was
synced; of each later write it is drawn whether it reached the disk whole, in some of its sectors only, up to a byte, or
not at all, each for itself, so that later writes may be there without earlier ones. What lies there then is opened by
the program: every document acknowledged before the cut is in the books, none is there half, and posting goes on.

A file made and not yet synced may be gone with its name; a file deleted without a sync may be back. Not covered: disks
that report a sync and have not done it, and bytes that decay later (`ledger verify` looks for those). A PostgreSQL
server syncs on its own and can't be recorded from here: killing it whole is tried instead where the tests start one.
"""

from __future__ import annotations

import multiprocessing
import pickle
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from inventory.database import read
from selftest.crashes import BINS, PARTS, missing_or_half, post_one
from selftest.file_layer import Operation, Recorder, UnreachableError
from selftest.goods import stock_books
from selftest.outcome import Outcome, opened

SECTOR = 512
_DOCUMENTS, _SESSIONS = 160, 3
_RECORDING_SECONDS = 600


@dataclass
class _File:
    """One file: what is on the disk for certain, and what was asked for since its last sync."""

    synced: bytes | None = None
    pending: list[Operation] = field(default_factory=list)
    is_deleted: bool = False

    def take(self, operation: Operation) -> None:
        kind = operation[0]
        if kind == "sync":
            self.synced = _applied(None if self.is_deleted else self.synced, self.pending)
            self.pending, self.is_deleted = [], False
        elif kind == "delete":
            self.pending, self.is_deleted = [], True
            if operation[2]:
                self.synced, self.is_deleted = None, False
        else:
            self.pending.append(operation)

    def after_cut(self, rng: random.Random) -> bytes | None:
        """Return what is found after the power is back; None where there is no file."""
        base = self.synced
        if self.is_deleted:
            if rng.random() < 0.5:
                return base
            base = None
        if base is None and (not self.pending or rng.random() < 0.2):
            return None
        return _applied(base, [part for each in self.pending for part in _survivors(each, rng)])


def cut_power(
    url: str, cuts: int, seed: int, setting: str = "", tell: Callable[[int, int], None] = lambda *_: None
) -> Outcome:
    """Record a morning of postings, cut the power at random places of it, and examine what the program finds.

    Parameters
    ----------
    url
        Initialised books without rows on SQLite, which the trial fills.
    cuts
        How many places.
    seed
        Of the places, and of what survives.
    setting
        Of SQLite, added for the recording: how the tests show that the check finds what it looks for.
    tell
        Is told how many are done, and of how many.
    """
    if not url.startswith("sqlite"):
        return Outcome("power_cuts", 0, 0, {}, skipped="power_cuts_server")
    stock_books(url, PARTS, 1_000_000, BINS)
    database = Path(url.removeprefix("sqlite:///"))
    before = database.with_name("before.db")
    shutil.copy(database, before)
    recording = database.with_name("recording")
    context = multiprocessing.get_context("spawn")
    poster = context.Process(target=_record, args=(url, str(recording), setting), daemon=True)
    poster.start()
    poster.join(_RECORDING_SECONDS)
    if poster.exitcode != 0:
        return Outcome("power_cuts", 0, 0, {}, (f"recording ended with {poster.exitcode}",))
    log: list[Operation] | str = pickle.loads(recording.read_bytes())  # noqa: S301 - written by the line above
    if isinstance(log, str):
        return Outcome("power_cuts", 0, 0, {}, skipped="power_cuts_hidden")
    rng = random.Random(seed)
    faults: list[str] = []
    for number in range(cuts):
        place = database.parent / f"cut{number}"
        place.mkdir()
        at = rng.randrange(len(log))
        acknowledged = _stopped_at(log[:at], {database.name: before.read_bytes()}, place, rng)
        found = _found(place / database.name, acknowledged)
        faults += [f"cut {number} at step {at}: {each}" for each in found]
        shutil.rmtree(place)
        tell(number + 1, cuts)
    facts = {"steps": len(log), "syncs": sum(each[0] == "sync" for each in log)}
    return Outcome("power_cuts", cuts, _DOCUMENTS, facts, tuple(faults))


def _record(url: str, recording: str, setting: str) -> None:
    """Post in several sessions with the recorder underneath, in a process of its own, and keep the log."""
    log: list[Operation] = []
    try:
        recorder = Recorder(log)
    except UnreachableError as fault:
        Path(recording).write_bytes(pickle.dumps(str(fault)))
        return
    for session in range(_SESSIONS):
        with opened(url) as engine:
            if setting:
                with engine.connect() as connection:
                    connection.connection.cursor().execute(f"PRAGMA {setting}")
            for turn in range(_DOCUMENTS // _SESSIONS):
                recorder.note("acknowledged", post_one(engine, str(session), turn))
    Path(recording).write_bytes(pickle.dumps(log))


def _stopped_at(log: list[Operation], files: dict[str, bytes], place: Path, rng: random.Random) -> list[str]:
    """Lay out the files as the cut left them, and return what had been acknowledged before."""
    disk = {name: _File(content) for name, content in files.items()}
    acknowledged: list[str] = []
    for operation in log:
        if operation[0] == "acknowledged":
            acknowledged.append(operation[1])
        else:
            disk.setdefault(operation[1], _File()).take(operation)
    for name, each in disk.items():
        content = each.after_cut(rng)
        if content is not None:
            (place / name).write_bytes(content)
    return acknowledged


def _survivors(operation: Operation, rng: random.Random) -> list[Operation]:
    """Return what of an unsynced operation reached the disk."""
    fate = rng.choice(("whole", "none", "sectors", "start"))
    if fate == "whole":
        return [operation]
    if fate == "none" or operation[0] != "write":
        return []
    _, name, offset, data = operation
    if fate == "start":
        return [("write", name, offset, data[: rng.randrange(len(data))])]
    starts = range(-(offset % SECTOR), len(data), SECTOR)
    pieces = ((max(start, 0), data[max(start, 0) : start + SECTOR]) for start in starts if rng.random() < 0.5)
    return [("write", name, offset + start, piece) for start, piece in pieces]


def _applied(content: bytes | None, operations: list[Operation]) -> bytes:
    made = bytearray(content or b"")
    for kind, _, at, *data in operations:
        size = at + len(data[0]) if kind == "write" else at
        if len(made) < size:
            made.extend(bytes(size - len(made)))
        if kind == "write":
            made[at:size] = data[0]
        else:
            del made[size:]
    return bytes(made)


def _found(database: Path, acknowledged: list[str]) -> list[str]:
    """Return what the program finds wrong in what the cut left; it posts one more document too."""
    try:
        with opened(f"sqlite:///{database}") as engine:
            with read(engine) as connection:
                faults = missing_or_half(connection, acknowledged)
            post_one(engine, "after", 0)
            return faults
    except Exception as fault:  # noqa: BLE001 - whatever keeps the books shut after a cut is what this check looks for
        return [f"{type(fault).__name__}: {fault}"]
