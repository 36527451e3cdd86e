"""Runs migrations over the portal's own connection, so that they need no settings of their own."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Enum

from portal.db import UTCDateTime, db, full_text
from portal.db.encrypted import EncryptedText

config = context.config
#: The number of our advisory lock; any will do.
ONE_AT_A_TIME = 5_160_013


def spell(kind: str, item: Any, _: object) -> str | bool:
    """Write our own column types as the plain ones beneath, so that old migrations outlive our classes."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, EncryptedText):
        return "sa.Text()"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


def leave_out_empty(_: object, revision: object, directives: list[Any]) -> None:
    """``flask db migrate`` without a change makes no file."""
    if getattr(config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def settings() -> dict[str, Any]:
    given = dict(current_app.extensions["migrate"].configure_args)
    return {
        "target_metadata": db.metadata,
        "render_item": spell,
        "include_name": full_text.is_described,
        "process_revision_directives": leave_out_empty,
        **given,
    }


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, **settings())
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":  # Two machines that start at once wait for each other.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
        context.run_migrations()


def migrate_sqlite(connection: Connection) -> None:
    """Rebuilding a table that others point at must not cascade, so keys are checked afterwards instead."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    # Would have no effect inside a transaction; SQLAlchemy has begun none yet.
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        migrate(connection)
        broken = raw.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
    if broken:
        raise RuntimeError(f"The migration left rows that point nowhere: {broken[:5]}")


if context.is_offline_mode():
    context.configure(url=current_app.config["SQLALCHEMY_DATABASE_URI"], literal_binds=True, **settings())
    with context.begin_transaction():
        context.run_migrations()
else:
    with db.engine.connect() as opened:
        (migrate_sqlite if opened.dialect.name == "sqlite" else migrate)(opened)
