"""How a command says no: one plain line and exit status 1."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import inspect
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError

from portal.db import db, upgrade
from portal.domain.errors import PortalError
from portal.sources.errors import UnusableSource


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what a rule, a source or the database refuses into a sentence without a traceback."""
    try:
        _make_tables_of_a_new_file()
        yield
    except (PortalError, UnusableSource) as err:
        raise click.ClickException(str(err)) from err
    except UnicodeEncodeError as err:
        raise click.ClickException("Part of the command is not valid UTF-8. Enter it again.") from err
    except (IntegrityError, DataError):
        raise  # Not the database's state, but a mistake of ours: whoever mends it needs all of it.
    except DatabaseError as err:
        raise click.ClickException(
            f"The portal cannot use the database ({first_line(err)}). Check that it is running, and check "
            "PORTAL_DATABASE_URL. If the database is new, run `flask --app wsgi db upgrade` first."
        ) from err


def first_line(err: DatabaseError) -> str:
    """What the driver says, without the statement and its values."""
    return (str(err.orig).strip() or "no reason given").splitlines()[0]


def _make_tables_of_a_new_file() -> None:
    """The default database needs nothing set up, whichever command comes first. PostgreSQL is migrated on purpose."""
    if db.engine.dialect.name == "sqlite" and not inspect(db.engine).get_table_names():
        upgrade.upgrade()
