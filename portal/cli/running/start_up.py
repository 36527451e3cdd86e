"""What a start does before it answers anybody: the tables, a look at the secrets, the demo in an empty database."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask

from portal.cli.running import demo, secret_key
from portal.db import upgrade
from portal.demo.people import ACCOUNTS


def prepare_database(app: Flask) -> None:
    """Bring the tables up to date, then :func:`prepare_contents`; one start at a time. Harmless to repeat.

    :raises click.ClickException: the database cannot be used, and why.
    """
    with _alone(Path(app.config["DATA"])):
        try:
            upgrade.upgrade_apart()
        except upgrade.NotUpgraded as err:
            raise click.ClickException(f"The portal cannot use the database: {err}") from err
        prepare_contents(app)


def prepare_contents(app: Flask) -> None:
    """Warn of secrets that cannot be decrypted; load the demo where there is to be one and the database is empty."""
    secret_key.warn_of_locked()
    if app.config["DEMO"] and app.config["ENV"] != "production" and not demo.load_if_empty():
        _remind_of_demo(Path(app.config["DATA"]))


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """One start at a time on a data folder: of two first ones, the second finds what the first has made."""
    lock = os.open(data / "starting.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _remind_of_demo(data: Path) -> None:
    if (data / demo.MARK).exists():
        demo.announce(ACCOUNTS)
