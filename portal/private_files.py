"""Files that only the portal's own account may read: the data folder, the database, and what SQLite adds to it."""

import os
from contextlib import suppress
from pathlib import Path

#: A folder with one of these is a data folder of ours.
OURS = ("secret_key", "portal.sqlite")


def make_folder(data: Path) -> None:
    """Make the data folder, and close it to others. One that others made and that holds nothing of ours is theirs.

    :raises OSError: it cannot be made.
    """
    data.parent.mkdir(parents=True, exist_ok=True)
    data.mkdir(mode=0o700, exist_ok=True)
    (data / "mail").mkdir(mode=0o700, exist_ok=True)
    if data.stat().st_uid == os.getuid() and any((data / name).exists() for name in OURS):
        with suppress(OSError):
            data.chmod(0o700)
            (data / "mail").chmod(0o700)


def make_file(path: str) -> None:
    """An empty file with mode 0600, unless there is one; SQLite gives what it writes beside it the same mode.

    One that exists is not opened: closing it again would drop every lock that this process's own connections hold on
    it, and the next process to end would take the write-ahead log away from under them.
    """
    with suppress(OSError):  # There is one, or whoever opens it next says what is wrong.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def close_to_others(path: str) -> None:
    """Mode 0600 for a database that exists already, from before it was made with it."""
    for known in (path, f"{path}-wal", f"{path}-shm"):
        with suppress(OSError):  # There is none, or it is another account's.
            os.chmod(known, 0o600)
