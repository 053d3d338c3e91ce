"""How a recursion over time or over states is compiled: one decorator, so that every kernel keeps the same rules.

What NumPy can say over whole columns stays in NumPy. A recursion that needs the answer of the step before (a filter
over months, a policy's cost over levels) is written as a plain loop and compiled. The rules, each for the same bits on
every run: arithmetic is never rearranged (no fast-math), a kernel has one thread and gives up Python's lock, so that
the caller may run it on disjoint blocks of items side by side, and a division by zero gives what NumPy gives.

Every compiled kernel has a twin in the tests that does the same in plain Python: ``kernel.py_func`` is not a twin, for
it is the same text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Kernel = TypeVar("Kernel", bound=Callable[..., object])
Number = TypeVar("Number", bound=np.generic)


def to_read(array: NDArray[Number]) -> NDArray[Number]:
    """Return an array as kernels read it: its rows one after another, not to be written.

    What can be written and what can't are two types to a compiler, and for each a kernel is compiled anew, for seconds:
    tables that come now as a view of a frozen value and now as a copy are given to it alike.
    """
    view = np.ascontiguousarray(array).view()
    view.setflags(write=False)
    return view


def compiled(kernel: Kernel) -> Kernel:
    """The kernel, compiled at its first call with the types it is called with.

    What was compiled is kept beside the source, or in the user's own cache folder where the source cannot be written
    beside; where neither can be written it is compiled anew by every process, which costs seconds and changes nothing.

    Parameters
    ----------
    kernel : callable
        A plain function of numbers and arrays (C-contiguous, 64 bits wide), with loops, that writes to what it was
        given as output or returns new arrays.

    Returns
    -------
    callable
        The same function, compiled.
    """
    try:
        return cast(Kernel, numba.njit(kernel, cache=True, nogil=True, error_model="numpy"))
    except RuntimeError as refusal:
        if "cannot cache" not in str(refusal):
            raise
        return cast(Kernel, numba.njit(kernel, nogil=True, error_model="numpy"))
