"""Sets SQLite up: real transactions, foreign keys, and files that only the portal may read."""

from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

from portal import private_files


def prepare(engine: Engine, *, synchronous: str) -> None:
    """Give SQLite honest transactions: ours to begin, write-ahead log, foreign keys, a patient lock."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, record: object) -> None:
        connection.isolation_level = None  # The driver's own implicit BEGIN loses updates silently.
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "busy_timeout=30000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        how = connection.get_execution_options().get("portal_begin")
        if how and synchronous == "FULL":
            # With a write-ahead log, a commit at FULL takes every earlier one to the disk.
            level = "NORMAL" if how == "hasty" else "FULL"
            driver: Any = connection.connection.driver_connection
            driver.execute(f"PRAGMA synchronous={level}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if how else "BEGIN DEFERRED")


def keep_private(engine: Engine) -> None:
    """An SQLite file, and what SQLite writes beside it, are for the portal's own account only."""
    path = engine.url.database
    if not path or path == ":memory:":
        return
    private_files.close_to_others(path)

    @event.listens_for(engine, "do_connect")
    def on_do_connect(*connecting: object) -> None:
        private_files.make_file(path)
