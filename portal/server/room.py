"""Where large bodies wait until somebody works on them: files that nobody else can open, within limits."""

import tempfile
from threading import Lock
from typing import IO


class NoRoom(Exception):
    """So many large bodies are here that another finds no room; later it will."""


class Room:
    """Files without a name in ``folder``, ``most_bytes`` and ``most_files`` of them; for one process."""

    def __init__(self, folder: str, *, most_bytes: int, most_files: int) -> None:
        self._folder, self._bytes_left, self._files_left = folder, most_bytes, most_files
        self._lock = Lock()

    def open(self) -> IO[bytes]:
        """An empty file, until :meth:`leave`. :raises NoRoom, OSError: too many of them, or the disk is full."""
        self._take(files=1)
        try:
            return tempfile.TemporaryFile(dir=self._folder, buffering=0)
        except OSError:
            self._take(files=-1)
            raise

    def grow(self, number: int) -> None:
        """So many bytes more lie here. :raises NoRoom: there is none for them."""
        self._take(number)

    def leave(self, number: int) -> None:
        """A file of so many bytes is gone."""
        self._take(-number, files=-1)

    def _take(self, number: int = 0, *, files: int = 0) -> None:
        with self._lock:
            if number > self._bytes_left or files > self._files_left:
                raise NoRoom
            self._bytes_left -= number
            self._files_left -= files
