"""A copy of an SQLite database, so that a second run begins with what the first one began with."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from portal.db import db


@dataclass(frozen=True)
class Copy:
    """Of the database in ``file``."""

    file: Path
    kept: Path

    def put_back(self) -> None:
        """While nobody has it open."""
        for ending in ("-wal", "-shm"):
            self.file.with_name(self.file.name + ending).unlink(missing_ok=True)
        shutil.copyfile(self.kept, self.file)


@contextmanager
def of(app: Flask, folder: Path) -> Iterator[Copy]:
    """Whole, with all that was only in the log beside it."""
    with app.app_context():
        db.session.remove()
        file = Path(str(db.engine.url.database))
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    copy = Copy(file, folder / "before.sqlite")
    shutil.copyfile(file, copy.kept)
    yield copy
    copy.kept.unlink()
