"""Bringing the database's tables up to date, with Flask-Migrate loaded only by those who do it.

Alembic and all that it brings along weigh some twelve megabytes, which a server would carry for nothing.
"""

import logging
import multiprocessing
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from portal.db import db

FOLDER = Path(__file__).parent.parent / "migrations"


class NotUpgraded(RuntimeError):
    """The tables could not be brought up to date; why, in one line."""


@cache
def _flask_migrate() -> tuple[Any, click.Command]:
    """Its settings and its ``db`` commands, out of an app of their own: ours has been told of both already."""
    from flask_migrate import Migrate

    apart = Flask("migrations")
    Migrate(apart, db, directory=str(FOLDER), render_as_batch=True, compare_type=True)
    return apart.extensions["migrate"], apart.cli.commands["db"]


class _Settings:
    """Stands where Flask-Migrate looks for its settings."""

    def __getattr__(self, name: str) -> Any:
        return getattr(_flask_migrate()[0], name)


class _Commands(click.Command):
    """Stands where people look for Flask-Migrate's commands, and leaves them everything but the name."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        return _flask_migrate()[1].make_context(info_name, args, parent, **extra)


def init_app(app: Flask) -> None:
    app.extensions["migrate"] = _Settings()
    app.cli.add_command(_Commands("db", help="Perform database migrations."))


def upgrade() -> None:
    """Bring the tables up to date, here and now."""
    logging.getLogger("alembic").setLevel(logging.ERROR)  # It speaks while it is loaded.
    from flask_migrate import upgrade as to_the_newest

    to_the_newest()


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
        why = "the migration stopped; its last words are above"
    child.join()
    if why:
        raise NotUpgraded(why)


def _upgrade_and_tell(tell: "Connection[str, str]") -> None:
    try:
        upgrade()
    except SQLAlchemyError as err:
        tell.send(str(err.__cause__ or err).splitlines()[0])
    else:
        tell.send("")
