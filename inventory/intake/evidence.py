"""A file given as evidence → its hash and size, and a copy under the hash in the evidence folder.

Files of the same content share one copy. A copy is written under another name first and renamed when it is whole and on
the disk, so that the books never name one that is not there.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Evidence:
    """A file as it was given, and as it is kept.

    Parameters
    ----------
    path
        As the user named it.
    kept_as
        Name of the copy: the hash of its content and the ending of its name.
    sha256
        Of the content, in hexadecimal.
    """

    path: str
    kept_as: str
    sha256: str
    size_bytes: int


def read_evidence(path: Path) -> Evidence:
    """Return what the books say of a file."""
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        size = stream.tell()
    return Evidence(str(path), sha256 + path.suffix.lower(), sha256, size)


def keep(path: Path, folder: Path) -> Evidence:
    """Copy a file into the evidence folder, which is made where there is none, and return what the books say of it."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix="coming-", delete=False) as copy:
        coming = Path(copy.name)
        try:
            with path.open("rb") as stream:
                shutil.copyfileobj(stream, copy)
            copy.flush()
            os.fsync(copy.fileno())
            found = read_evidence(coming)
            evidence = Evidence(str(path), found.sha256 + path.suffix.lower(), found.sha256, found.size_bytes)
            coming.replace(folder / evidence.kept_as)
        finally:
            coming.unlink(missing_ok=True)
    return evidence


def kept_state(folder: Path, kept_as: str, sha256: str) -> str:
    """Return how a copy stands against its hash: ``kept``, ``missing`` or ``changed``."""
    path = folder / kept_as
    if not path.is_file():
        return "missing"
    return "kept" if read_evidence(path).sha256 == sha256 else "changed"
