"""One connection for each thread of the bare server, straight over the driver: sqlite3 or psycopg, nothing between."""

import importlib.util
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

WRITE_LOCK = Path(__file__).parents[2] / "portal" / "db" / "write_lock.py"
PRAGMAS = ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=30000")
#: How a parameter's name is written in SQL.
NAMED = {"sqlite": ":{}", "postgresql": "%({})s"}


def kind_of(url: str) -> str:
    """``sqlite`` or ``postgresql``."""
    return url.partition(":")[0].partition("+")[0]


def _write_lock() -> ModuleType:
    """The portal's turns, past the portal's packages, which would load all that the bare server does without."""
    spec = importlib.util.spec_from_file_location("turns_of_the_portal", WRITE_LOCK)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Driver:
    """Reads and writes with text that is always the same, so that each connection prepares it once."""

    def __init__(self, url: str, *, synchronous: str) -> None:
        self._url, self._synchronous = url, synchronous
        self.is_sqlite = kind_of(url) == "sqlite"
        self._mine = threading.local()
        self._lock = _write_lock() if self.is_sqlite else None

    def read(self, sql: str, parameters: Sequence[Any] | dict[str, Any]) -> list[tuple[Any, ...]]:
        """All rows, outside a transaction."""
        rows: list[tuple[Any, ...]] = self._connection().execute(sql, parameters).fetchall()
        return rows

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """The driver's cursor in a transaction; on SQLite in turns, as the portal takes them."""
        connection = self._connection()
        with self._turn():
            cursor = connection.cursor()
            cursor.execute("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")
            try:
                yield cursor
                cursor.execute("COMMIT")
            except BaseException:
                connection.rollback()
                raise

    def said(self, moment: datetime) -> str:
        """As the database takes it."""
        told = moment.astimezone(UTC)
        return (told.replace(tzinfo=None) if self.is_sqlite else told).isoformat(" ", "microseconds")

    def _turn(self) -> AbstractContextManager[None]:
        if self._lock is None:
            return nullcontext()
        taken: AbstractContextManager[None] = self._lock.at(self._path).taken()
        return taken

    @property
    def _path(self) -> str:
        return self._url.removeprefix("sqlite:///")

    def _connection(self) -> Any:
        if not hasattr(self._mine, "connection"):
            self._mine.connection = self._to_sqlite() if self.is_sqlite else self._to_postgresql()
        return self._mine.connection

    def _to_sqlite(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None)
        for pragma in (*PRAGMAS, f"synchronous={self._synchronous}"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _to_postgresql(self) -> Any:
        import psycopg

        connection = psycopg.connect(self._url.replace("+psycopg", "", 1), autocommit=True)
        connection.prepare_threshold = 0
        return connection
