"""``flask --app wsgi backup``: a copy of the SQLite database, made while the portal runs, every night anew."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext

from portal import private_files
from portal.db import db


def init_app(app: Flask) -> None:
    app.cli.add_command(backup)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Copy the database to FILE while the portal is running. An existing FILE is replaced when the copy is complete."""
    source = db.engine.url.database
    if db.engine.dialect.name != "sqlite" or not source:
        raise click.ClickException("This portal stores its data in PostgreSQL. Use pg_dump for a backup.")
    draft = file.with_name(f"{file.name}.part")
    try:
        draft.unlink(missing_ok=True)
        private_files.make_file(str(draft))
        _copy(source, draft)
        os.replace(draft, file)
    except (OSError, sqlite3.Error) as err:
        draft.unlink(missing_ok=True)
        raise click.ClickException(f"The backup failed: {err}. {file} did not change.") from err
    click.echo(f"{file} is a copy of {source}. Back up the secret key too, or secrets cannot be decrypted.")


def _copy(source: str, draft: Path) -> None:
    """A whole copy as of one moment, checked and on the disk. :raises sqlite3.Error: it is not whole."""
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as original:
        original.execute("PRAGMA busy_timeout=30000")
        original.execute("VACUUM INTO ?", (str(draft),))
    with closing(sqlite3.connect(draft)) as copy:
        said = copy.execute("PRAGMA quick_check").fetchone()[0]
    if said != "ok":
        raise sqlite3.DatabaseError(f"the copy is damaged ({said})")
    with draft.open("rb") as written:
        os.fsync(written.fileno())
