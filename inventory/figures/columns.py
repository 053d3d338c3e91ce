"""Columns of whole numbers as text: how closing documents keep what would be too long as rows.

The kind of number that holds them all, and their bytes, the least byte first, in base 64.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Pair = tuple[str, str]
"""A store and a part."""

_SIGNED = ("<i1", "<i2", "<i4", "<i8")


def as_text(column: Sequence[int]) -> list[str]:
    """Return whole numbers as kind and bytes.

    >>> as_text([1, 256])
    ['<u2', 'AQAAAQ==']
    >>> as_text([1, -1])
    ['<i1', 'Af8=']
    """
    least, most = min(column, default=0), max(column, default=0)
    kinds = _SIGNED if least < 0 else ("<u1", "<u2", "<u4", "<i8")
    kind = next(each for each in kinds if np.iinfo(each).min <= least and most <= np.iinfo(each).max)
    return [kind, b64encode(np.array(column, np.dtype(kind)).tobytes()).decode()]


def from_text(written: Sequence[str]) -> Whole:
    """Return what `as_text` wrote.

    >>> from_text(["<u2", "AQAAAQ=="]).tolist()
    [1, 256]
    """
    kind, text = written
    return np.frombuffer(b64decode(text), kind).astype(np.int64)
