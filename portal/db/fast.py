"""What makes statements fast, and what each of these gives; the figures are those of ``docs/performance.md``.

Nothing here knows a noun: a statement stands with the noun it is about, and is made fast by one of these.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import ParamSpec, TypeVar, cast

from sqlalchemy import ColumnElement, Select, Table, insert
from sqlalchemy.engine import Connection
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.sql.dml import ReturningInsert, UpdateBase

from portal.db import Base, WritingOutsideADoor, db, driver
from portal.db.direct import note_inserted

P = ParamSpec("P")
Built = TypeVar("Built")
Found = TypeVar("Found")
Row = TypeVar("Row", bound=Base)
Facts = Mapping[str, object]


def prepared(build: Callable[P, Built]) -> Callable[P, Built]:
    """Build a statement once in each process, when it is first asked.

    With this, and with each row read once, *Begin* and *Start* take 14,100 calls of Python functions instead of 18,400.
    Statements with sub-queries, such as those about a provider's message, took longer to build than to run.
    """
    return cast(Callable[P, Built], cache(build))


@contextmanager
def one_read() -> Iterator[Connection]:
    """For a single SELECT of columns for a page that is asked for all the time; not part of the session.

    The clock answers 161 % (SQLite) and 154 % (PostgreSQL) as often as a bare server with the same statement. On
    PostgreSQL no transaction is opened around it, which saves two trips to the database.
    """
    is_postgresql = db.engine.dialect.name == "postgresql"
    engine = db.engine.execution_options(isolation_level="AUTOCOMMIT") if is_postgresql else db.engine
    with engine.connect() as connection:
        yield connection


def scalar(statement: Select[Found], facts: Facts) -> Found | None:
    """The first column of the first row, without the session's part in it: half of what it costs there.

    Sees what was changed in this transaction, like a query of the session.
    """
    row = driver.fetch_one(_flushed(), statement, facts)
    return None if row is None else cast(Found, row[0])


def scalars(statement: Select[Found], facts: Facts) -> list[Found]:
    """The first column of each row; otherwise as :func:`scalar`."""
    return [cast(Found, row[0]) for row in driver.fetch_all(_flushed(), statement, facts)]


def rows(statement: Select[*tuple[object, ...]], facts: Facts) -> list[driver.Values]:
    """All columns of each row; otherwise as :func:`scalar`."""
    return driver.fetch_all(_flushed(), statement, facts)


def read_apart(model: type[Row], statement: Select[*tuple[object, ...]], facts: Facts) -> Row | None:
    """One row as an object that is no part of the session: no transaction expires it, and nobody may change it.

    ``statement`` selects :func:`columns_of` its model. Every request begins with the person who asks: read so, that
    takes half the time, and none again once a transaction has begun.
    """
    values = driver.fetch_one(db.session().connection(), statement, facts)
    if values is None:
        return None
    read = cast(Row, model.__mapper__.class_manager.new_instance())
    read.__dict__.update(zip(_names_of(model), values, strict=True))
    make_transient_to_detached(read)
    return read


@cache
def columns_of(model: type[Base]) -> tuple[ColumnElement[object], ...]:
    """For :func:`read_apart`."""
    return tuple(model.__mapper__.column_attrs[name].columns[0] for name in _names_of(model))


@cache
def _names_of(model: type[Base]) -> tuple[str, ...]:
    return tuple(attribute.key for attribute in model.__mapper__.column_attrs)


def insert_one(model: type[Base], facts: Facts) -> int:
    """Insert a row that nobody holds, and give back its number; inside ``writing()``.

    A provider's report needs one flush instead of three: its own row, the history and the
    messages are written so, and its request makes 8,200 calls of Python functions instead of 10,700.
    """
    row = driver.fetch_one(_past_the_session(), _numbered(table_of(model)), facts)
    return cast(tuple[int], row)[0]


def insert_all(model: type[Base], rows: Sequence[Facts]) -> None:
    """Insert rows that nobody holds, with one statement; inside ``writing()``. The figure is :func:`insert_one`'s."""
    if rows:
        driver.run_for_each(_past_the_session(), _plain(table_of(model)), rows)
        for row in rows:
            note_inserted(db.session(), model, row)


def change(statement: UpdateBase, facts: Facts | Sequence[Facts] = ()) -> int:
    """Change rows that nobody holds, without a flush; inside ``writing()``. How many, where the driver knows.

    Marking writes all points so: *Submit exam* takes 6 statements and 6,000 calls of Python functions instead of 8 and
    9,200.
    """
    return _past_the_session().execute(statement, facts or None).rowcount


def table_of(model: type[Base]) -> Table:
    """For statements on the table itself, which load no objects."""
    return cast(Table, model.__table__)


@cache
def _numbered(table: Table) -> ReturningInsert[int]:
    return insert(table).returning(table.c.id)


@cache
def _plain(table: Table) -> UpdateBase:
    return insert(table)


def _flushed() -> Connection:
    """The session's connection after what was changed in its objects is written."""
    session = db.session()
    session.flush()
    return session.connection()


def _past_the_session() -> Connection:
    session = db.session()
    if not session.info.get("writing"):
        raise WritingOutsideADoor("Rows were written outside `with writing():`.")
    return session.connection()
