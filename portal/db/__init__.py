"""The database: one session, predictable constraint names, and the only way to write."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Engine, MetaData, event, text
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, registry
from sqlalchemy.orm.unitofwork import UOWTransaction

from portal.db import direct, postgresql, sqlite, transactions, write_lock
from portal.db.transactions import Kind
from portal.db.types import Hundredths as Hundredths
from portal.db.types import UTCDateTime as UTCDateTime
from portal.db.types import read_json
from portal.db.types import words as words

#: So that a migration can always name what it must drop.
CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


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


def is_writing() -> bool:
    """Whether ``writing()`` is open here."""
    return bool(db.session.info.get("writing"))


@contextmanager
def writing(*, is_followed: bool = False) -> Iterator[Session]:
    """Open the one transaction of a door; leaving it commits, an exception undoes everything.

    The read snapshot that the request may hold is dropped first, so what is loaded inside is fresh.
    Not re-entrant, and nothing slow belongs inside: no network, no email, no password hashing.

    ``is_followed``: another one follows before anybody is told anything. Then this one outlives the process, but
    need not wait for the disk: the next does, and what was written before it is on the disk with it.
    """
    session = db.session()
    if session.info.get("writing"):
        raise WritingOutsideADoor("writing() is already open; a door opens it once.")
    session.rollback()
    with _turn(db.engine):
        try:
            transactions.begin(session, Kind.HASTY if is_followed else Kind.LASTING)
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
    return write_lock.at(engine.url.database or "").taken() if engine.dialect.name == "sqlite" else nullcontext()


@event.listens_for(Session, "before_flush")
def _before_flush(session: Session, context: UOWTransaction, instances: object) -> None:
    """Refuse stray writes, and write directly what needs no unit of work."""
    if not session.info.get("writing"):
        if session.new or session.dirty or session.deleted:
            raise WritingOutsideADoor("Rows were changed outside `with writing():`.")
        return
    direct.write(session)


def require_answer() -> None:
    """Ask the database whether it is there. :raises SQLAlchemyError: it does not answer."""
    db.session.execute(text("SELECT 1"))


def its_clock() -> datetime | None:
    """What time it is for PostgreSQL, which may be on another machine; SQLite has no clock of its own."""
    if db.engine.dialect.name != "postgresql":
        return None
    theirs: datetime = db.session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return theirs


def init_app(app: Flask) -> None:
    options = app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {})
    options["json_deserializer"] = read_json
    options["hide_parameters"] = True  # Values are answers and addresses of people: no error message may carry them.
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            sqlite.keep_private(db.engine)
            sqlite.prepare(db.engine, synchronous=app.config["SQLITE_SYNCHRONOUS"])
        else:
            postgresql.ask_the_rested(db.engine)
            postgresql.prepare(db.engine)
