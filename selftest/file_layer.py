"""A recorder under SQLite's own file layer: every write and every sync of a database, in their order.

SQLite reaches the disk through a table of functions (its VFS). Here a copy of that table is made the default, in which
opening and deleting a file, and of an open file writing, shortening and syncing, are first written down and then done
as ever. It is the very SQLite that Python uses, found through its extension module, so the program runs unchanged: the
same driver, the same statements, the same settings. Nothing is compiled.

Recorded as tuples: ``("write", file, offset, bytes)``, ``("truncate", file, size)``, ``("sync", file)``,
``("delete", file, is_synced)``, and whatever `Recorder.note` adds. The index shared over the write-ahead log
(``-shm``) is not recorded: it lives in memory and is remade after a power cut.

A recorder lasts until the process ends, so it belongs into a process of its own. Where Python's SQLite can't be reached
(its functions are hidden in some builds) `UnreachableError` says so.

Structures after ``sqlite3.h`` (SQLite 3): ``sqlite3_vfs``, ``sqlite3_file``, ``sqlite3_io_methods``.
"""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

Operation = tuple[Any, ...]

_POINTER = ctypes.c_void_p
_OPEN = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, _POINTER, _POINTER, ctypes.c_int, _POINTER)
_DELETE = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, ctypes.c_char_p, ctypes.c_int)
_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, _POINTER, ctypes.c_int, ctypes.c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, ctypes.c_int)
_METHOD_COUNTS = {1: 12, 2: 16, 3: 18}
"""How many functions an open file has, by the version of the table."""


class UnreachableError(Exception):
    """Python's SQLite can't be reached here; the message says why."""


class _Layer(ctypes.Structure):
    _fields_ = [
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("longest_path", ctypes.c_int),
        ("next", _POINTER),
        ("name", ctypes.c_char_p),
        ("data", _POINTER),
        ("open", _POINTER),
        ("delete", _POINTER),
        ("others", _POINTER * 14),
    ]


class _Methods(ctypes.Structure):
    _fields_ = [
        ("version", ctypes.c_int),
        ("close", _POINTER),
        ("read", _POINTER),
        ("write", _POINTER),
        ("truncate", _POINTER),
        ("sync", _POINTER),
        ("others", _POINTER * 13),
    ]


class Recorder:
    """Stands under every database file that this process opens from now on.

    Parameters
    ----------
    log
        Where operations are added; appended to in the order in which they were asked for.
    """

    def __init__(self, log: list[Operation]) -> None:
        self._log = log
        self._names: dict[int, str] = {}
        self._methods: dict[int, _Methods] = {}
        self._kept: list[object] = []  # functions that SQLite calls must not be collected
        library = _library()
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Layer)
        original = library.sqlite3_vfs_find(None).contents
        if original.version > 3:
            raise UnreachableError(f"SQLite's file layer has version {original.version}; known are 1 to 3")
        self._layer = _Layer()
        size = _Layer.others.offset + {1: 10, 2: 11, 3: 14}[original.version] * ctypes.sizeof(_POINTER)
        ctypes.memmove(ctypes.byref(self._layer), ctypes.byref(original), size)
        self._layer.name, self._layer.next = b"sparewise-recorder", None
        self._original_open, self._original_delete = _OPEN(original.open), _DELETE(original.delete)
        self._layer.open = self._pointer(_OPEN(self._on_open))
        self._layer.delete = self._pointer(_DELETE(self._on_delete))
        if library.sqlite3_vfs_register(ctypes.byref(self._layer), 1) != 0:
            raise UnreachableError("SQLite takes no other file layer here")

    def note(self, *operation: object) -> None:
        """Add something to the log that is not of the file layer, such as an acknowledgement."""
        self._log.append(operation)

    def _pointer(self, function: Any) -> int:
        self._kept.append(function)
        address = ctypes.cast(function, _POINTER).value
        assert address is not None
        return address

    def _on_open(self, layer: int, path: int | None, file: int, flags: int, answer: int) -> int:
        done = self._original_open(layer, path, file, flags, answer)
        methods = _POINTER.from_address(file)
        if done == 0 and path and methods.value:
            self._names[file] = Path(ctypes.string_at(path).decode()).name
            methods.value = ctypes.addressof(self._recording(methods.value))
        return int(done)

    def _on_delete(self, layer: int, path: bytes, is_synced: int) -> int:
        self._log.append(("delete", Path(path.decode()).name, bool(is_synced)))
        return int(self._original_delete(layer, path, is_synced))

    def _recording(self, address: int) -> _Methods:
        """Return the functions of an open file, with those that change it written down first."""
        if address in self._methods:
            return self._methods[address]
        original = _Methods.from_address(address)
        copy = _Methods()
        size = _Methods.close.offset + _METHOD_COUNTS[min(original.version, 3)] * ctypes.sizeof(_POINTER)
        ctypes.memmove(ctypes.byref(copy), address, size)
        write, truncate, sync = _WRITE(original.write), _TRUNCATE(original.truncate), _SYNC(original.sync)

        def on_write(file: int, data: int, count: int, offset: int) -> int:
            self._log.append(("write", self._names[file], offset, ctypes.string_at(data, count)))
            return int(write(file, data, count, offset))

        def on_truncate(file: int, size: int) -> int:
            self._log.append(("truncate", self._names[file], size))
            return int(truncate(file, size))

        def on_sync(file: int, flags: int) -> int:
            done = int(sync(file, flags))
            self._log.append(("sync", self._names[file]))
            return done

        copy.write = self._pointer(_WRITE(on_write))
        copy.truncate = self._pointer(_TRUNCATE(on_truncate))
        copy.sync = self._pointer(_SYNC(on_sync))
        self._methods[address] = copy
        return copy


def _library() -> ctypes.CDLL:
    """Return the SQLite that Python's own driver uses."""
    import _sqlite3

    if ctypes.sizeof(_POINTER) != 8:
        raise UnreachableError("the recorder knows 64-bit systems only")
    for name in (getattr(_sqlite3, "__file__", None), "sqlite3.dll"):
        try:
            library = ctypes.CDLL(name)
            library.sqlite3_vfs_find  # noqa: B018 - asking for it is the question
        except (OSError, AttributeError):
            continue
        return library
    raise UnreachableError("Python's SQLite hides its functions in this build")
