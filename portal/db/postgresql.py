"""What PostgreSQL is asked beyond the usual: whether a rested connection still lives, and to wait for the disk once."""

import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from portal.db import transactions
from portal.db.transactions import Kind

#: How long a pooled connection may have rested and still be used without asking whether it lives.
TRUSTED_SECONDS = 1.0


def prepare(engine: Engine) -> None:
    """Let a transaction that is followed by another leave the waiting for the disk to that one."""

    def begin(dbapi_connection: PoolProxiedConnection) -> None:
        if transactions.kind() is Kind.HASTY:
            driver: Any = dbapi_connection.driver_connection
            driver.execute("SET LOCAL synchronous_commit TO off")

    engine.dialect.do_begin = begin  # type: ignore[method-assign]


def ask_the_rested(engine: Engine) -> None:
    """Ask a connection that rested for a while whether it still lives, before anybody relies on it.

    Like ``pool_pre_ping``, but one that was at work a moment ago is not asked: on a busy server the question
    would cost every request a trip to the database.
    """

    @event.listens_for(engine, "checkin")
    def on_checkin(connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def on_checkout(connection: Any, record: ConnectionPoolEntry, proxy: object) -> None:
        rests_since = record.info.get("rests_since")
        if rests_since is None or time.monotonic() - rests_since < TRUSTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as err:
            raise DisconnectionError from err  # The pool makes a new one.
