"""What is done past the session for speed, and what it gives; the figures are those of ``docs/performance.md``."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Connection

from portal.db import WritingOutsideADoor, db


@contextmanager
def one_read() -> Iterator[Connection]:
    """For a single SELECT of a page that is asked for all the time; not part of the session.

    On PostgreSQL no transaction is opened around it, which saves two trips to the database.
    """
    is_postgresql = db.engine.dialect.name == "postgresql"
    engine = db.engine.execution_options(isolation_level="AUTOCOMMIT") if is_postgresql else db.engine
    with engine.connect() as connection:
        yield connection


def past_the_orm() -> Connection:
    """The connection of the open :func:`writing`, for new rows that nobody holds; it flushes nothing."""
    session = db.session()
    if not session.info.get("writing"):
        raise WritingOutsideADoor("Rows were written outside `with writing():`.")
    return session.connection()
