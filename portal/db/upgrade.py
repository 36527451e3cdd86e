"""Bringing the database's tables up to date, with Flask-Migrate loaded only by those who do it.

Alembic and all that it brings along weigh some twelve megabytes, which a server would carry for nothing.
"""

import inspect
import logging
import multiprocessing
from collections.abc import Callable
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from portal.db import db, downgrade

FOLDER = Path(__file__).parents[2] / "migrations"


class NotUpgraded(RuntimeError):
    """The tables could not be brought up to date; why, in one line."""


@cache
def _flask_migrate() -> tuple[object, click.Command]:
    """Its settings and its ``db`` commands, out of an app of their own: ours has been told of both already."""
    from flask_migrate import Migrate

    apart = Flask("migrations")
    Migrate(apart, db, directory=str(FOLDER), render_as_batch=True, compare_type=True)
    commands: Any = apart.cli.commands["db"]
    downgrade.confirming(commands.commands["downgrade"], FOLDER)
    commands.invoke = _plainly(commands.invoke)
    return apart.extensions["migrate"], commands


def _plainly(invoke: Callable[[click.Context], object]) -> Callable[[click.Context], object]:
    """A database out of reach is one line here, too."""

    def invoke_plainly(context: click.Context) -> object:
        try:
            return invoke(context)
        except OperationalError as err:
            raise click.ClickException(f"The portal cannot use the database: {_reason(err)}") from err

    return invoke_plainly


def _reason(err: SQLAlchemyError) -> str:
    said = (str(err.__cause__ or err).strip() or "no reason given").splitlines()[0].rstrip(".")
    return f"{said}. Does it run, and is PORTAL_DATABASE_URL right?"


class _Settings:
    """Stands where Flask-Migrate looks for its settings."""

    def __getattr__(self, name: str) -> object:
        return getattr(_flask_migrate()[0], name)


class _Commands(click.Command):
    """Stands where people look for Flask-Migrate's commands, and leaves them everything but the name."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: object
    ) -> click.Context:
        return _flask_migrate()[1].make_context(info_name, args, parent, **extra)


def init_app(app: Flask) -> None:
    app.extensions["migrate"] = _Settings()
    app.cli.add_command(_Commands("db", help="Perform database migrations."))


def upgrade() -> None:
    """Bring the tables up to date, here and now. :raises NotUpgraded: they are those of another version."""
    logging.getLogger("alembic").setLevel(logging.ERROR)  # It speaks while it is loaded.
    from alembic.util.exc import CommandError
    from flask_migrate import upgrade as to_the_newest

    try:
        inspect.unwrap(to_the_newest)()  # The wrapping would log what is wrong, and end the process.
    except CommandError as err:
        raise NotUpgraded(_of_another_version(str(err))) from err


def _of_another_version(said: str) -> str:
    if "locate revision" not in said:
        return f"{said}."
    return (
        "a newer version of the portal has changed its tables. Start that version, or restore a backup from before it."
    )


def upgrade_apart() -> None:
    """The same in a process of its own, which takes what it loaded with it. :raises NotUpgraded: with the reason."""
    forking = multiprocessing.get_context("fork")
    hear, tell = forking.Pipe(duplex=False)
    child = forking.Process(target=_upgrade_and_tell, args=(tell,))
    child.start()
    tell.close()
    try:
        why = hear.recv()
    except EOFError:
        why = "the migration stopped; the last lines above say why."
    child.join()
    if why:
        raise NotUpgraded(why)


def _upgrade_and_tell(tell: "Connection[str, str]") -> None:
    try:
        upgrade()
    except SQLAlchemyError as err:
        tell.send(_reason(err))
    except NotUpgraded as err:
        tell.send(str(err))
    else:
        tell.send("")
