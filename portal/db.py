"""The database: one session, predictable constraint names, UTC dates, and the only way to write."""

import json
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Dialect, Engine, Enum, Integer, MetaData, TypeDecorator, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, registry
from sqlalchemy.orm.unitofwork import UOWTransaction
from sqlalchemy.pool import ConnectionPoolEntry

from portal import private_files, turns

#: So that a migration can always name what it must drop.
CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

#: How long a pooled connection may have rested and still be used without asking whether it lives.
TRUSTED_SECONDS = 1.0


class UTCDateTime(TypeDecorator[datetime]):
    """A moment. Refuses a naive datetime on the way in and never gives one back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("This datetime has no time zone. Take it from portal.clock.")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Hundredths(TypeDecorator[Decimal]):
    """A number of points to a hundredth, exact on every database: half a point is 0.5, never 0.4999."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        return None if value is None else round(Decimal(value) * 100)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / 100


def words(enum: type[StrEnum]) -> Enum:
    """A column that stores an enum's words, not its member names, and needs no type of its own."""
    return Enum(
        enum,
        native_enum=False,
        length=40,
        create_constraint=False,
        values_callable=lambda e: [m.value for m in e],
    )


Id = Annotated[int, mapped_column(primary_key=True)]


class Base(DeclarativeBase):
    # On the registry, not the class: Flask-SQLAlchemy copies the class and SQLAlchemy then refuses the map.
    registry = registry(
        metadata=MetaData(naming_convention=CONSTRAINT_NAMES),
        type_annotation_map={datetime: UTCDateTime, dict[str, Any]: JSON, list[Any]: JSON},
    )


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class WritingOutsideADoor(RuntimeError):
    """Somebody changed a row without opening :func:`writing`; a programming error."""


@contextmanager
def writing(*, is_followed: bool = False) -> Iterator[Session]:
    """Open the one transaction of a door; leaving it commits, an exception undoes everything.

    The read snapshot that the request may hold is dropped first, so what is loaded inside is fresh.
    Not re-entrant, and nothing slow belongs inside: no network, no mail, no password hashing.

    ``is_followed``: another one follows before anybody is told anything. Then this one outlives the process, but
    need not wait for the disk: the next does, and what was written before it is on the disk with it.
    """
    session = db.session()
    if session.info.get("writing"):
        raise WritingOutsideADoor("writing() is already open; a door opens it once.")
    session.rollback()
    with _turn(db.engine):
        try:
            session.connection(execution_options={"portal_begin": "hasty" if is_followed else "lasting"})
            session.info["writing"] = True
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("writing", None)


def _turn(engine: Engine) -> AbstractContextManager[None]:
    """One writer at a time where the database cannot have more; it orders them itself, but slowly."""
    return turns.at(engine.url.database or "").taken() if engine.dialect.name == "sqlite" else nullcontext()


@event.listens_for(Session, "before_flush")
def _refuse_stray_writes(session: Session, context: UOWTransaction, instances: object) -> None:
    if (session.new or session.dirty or session.deleted) and not session.info.get("writing"):
        raise WritingOutsideADoor("Rows were changed outside `with writing():`.")


def prepare_sqlite(engine: Engine, *, synchronous: str) -> None:
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
            _driver(connection).execute(f"PRAGMA synchronous={level}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if how else "BEGIN DEFERRED")


def prepare_postgresql(engine: Engine) -> None:
    """Let a transaction that is followed by another leave the waiting for the disk to that one."""

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        if connection.get_execution_options().get("portal_begin") == "hasty":
            _driver(connection).execute("SET LOCAL synchronous_commit TO off")


def _driver(connection: Connection) -> Any:
    """The driver's own connection, for what belongs to the beginning of a transaction."""
    return connection.connection.driver_connection


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


def require_answer() -> None:
    """Ask the database whether it is there. :raises SQLAlchemyError: it does not answer."""
    db.session.execute(text("SELECT 1"))


def its_clock() -> datetime | None:
    """What time it is for PostgreSQL, which may be on another machine; SQLite has no clock of its own."""
    if db.engine.dialect.name != "postgresql":
        return None
    theirs: datetime = db.session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return theirs


def keep_private(engine: Engine) -> None:
    """An SQLite file, and what SQLite writes beside it, are for the portal's own account only."""
    path = engine.url.database
    if not path or path == ":memory:":
        return
    private_files.close_to_others(path)

    @event.listens_for(engine, "do_connect")
    def on_do_connect(*connecting: object) -> None:
        private_files.make_file(path)


def read_json(stored: str | bytes) -> Any:
    """What a JSON column holds. Half a letter, which JSON can say and no page can show, becomes a sign of its own."""
    said = stored.decode() if isinstance(stored, bytes) else stored
    if r"\ud" in said.lower():
        whole = json.dumps(json.loads(said), ensure_ascii=False)
        said = whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return json.loads(said)


def init_app(app: Flask) -> None:
    options = app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {})
    options["json_deserializer"] = read_json
    options["hide_parameters"] = True  # Values are answers and addresses of people: no error message may carry them.
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            keep_private(db.engine)
            prepare_sqlite(db.engine, synchronous=app.config["SQLITE_SYNCHRONOUS"])
        else:
            ask_the_rested(db.engine)
            prepare_postgresql(db.engine)
