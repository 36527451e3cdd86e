"""Sets SQLite up: real transactions, foreign keys, and files that only the portal may read."""

import sqlite3
from typing import Any, cast

from sqlalchemy import Engine, event
from sqlalchemy.pool import PoolProxiedConnection

from portal import private_files
from portal.db import transactions
from portal.db.transactions import Kind


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

    def begin(dbapi_connection: PoolProxiedConnection) -> None:
        kind, driver = transactions.kind(), cast(sqlite3.Connection, dbapi_connection.driver_connection)
        if kind is Kind.READING:
            driver.execute("BEGIN DEFERRED")
            return
        if synchronous == "FULL":
            # With a write-ahead log, a commit at FULL takes every earlier one to the disk.
            driver.execute(f"PRAGMA synchronous={'NORMAL' if kind is Kind.HASTY else 'FULL'}")
        driver.execute("BEGIN IMMEDIATE")

    engine.dialect.do_begin = begin  # type: ignore[method-assign]


def keep_private(engine: Engine) -> None:
    """An SQLite file, and what SQLite writes beside it, are for the portal's own account only."""
    path = engine.url.database
    if not path or path == ":memory:":
        return
    private_files.close_to_others(path)

    @event.listens_for(engine, "do_connect")
    def on_do_connect(*connecting: object) -> None:
        private_files.make_file(path)
