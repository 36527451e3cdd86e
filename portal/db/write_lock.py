"""Whose turn it is to write to SQLite: one thread of one process at a time, handed on at once.

SQLite keeps two writers apart by itself (BEGIN IMMEDIATE), but one that must wait sleeps for up to a tenth of a second
and asks again, while nobody writes. A lock that the operating system hands on wastes nothing. It is for speed alone:
where its file was deleted, or on a system that cannot lock it, SQLite still keeps the order.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

#: Stands beside the database, is empty, and may be deleted when nothing runs.
ENDING = "-turn"


class Turn:
    """The turns at one database."""

    def __init__(self, database: str) -> None:
        self._threads = threading.Lock()
        self._file = _open(Path(f"{database}{ENDING}")) if database else None

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a turn, and hand it on at the end. Not re-entrant."""
        with self._threads:
            self._lock(fcntl.LOCK_EX)
            try:
                yield
            finally:
                self._lock(fcntl.LOCK_UN)

    def _lock(self, how: int) -> None:
        if self._file is not None:
            with suppress(OSError):
                fcntl.flock(self._file, how)

    def leave(self) -> None:
        """Let go of the file without a word to whoever else has it open."""
        if self._file is not None:
            os.close(self._file)


@cache
def at(database: str) -> Turn:
    """This process's turns at the database in this file; without a file, its own threads' only."""
    turn = Turn(database)
    _open_here.append(turn)
    return turn


_open_here: list[Turn] = []


def _open(path: Path) -> int | None:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return None


def _begin_anew() -> None:
    """A child of a fork has none of the threads that could end a turn, and would share its parent's."""
    at.cache_clear()
    for turn in _open_here:
        turn.leave()
    _open_here.clear()


os.register_at_fork(after_in_child=_begin_anew)
