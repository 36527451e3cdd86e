"""``flask db downgrade`` says what it deletes, and asks, before it takes tables back to an earlier version."""

import io
import re
from pathlib import Path
from typing import Any

import click
from sqlalchemy import func, select, table
from sqlalchemy.exc import SQLAlchemyError

from portal.db import db

#: What a downgrade of ours may say to the database that loses something.
DROPPED = re.compile(r'DROP TABLE "?(\w+)|ALTER TABLE "?(\w+)"? DROP COLUMN "?(\w+)|DELETE FROM "?(\w+)')


def confirming(command: click.Command, migrations: Path) -> None:
    """Let ``command``, Flask-Migrate's own, say what it deletes and ask first; ``--yes`` answers beforehand."""
    go = command.callback
    assert go is not None
    question = "Continue and delete this permanently? Only a backup can restore it."

    def ask_first(yes: bool, **given: Any) -> Any:
        losses = [] if given.get("sql") else losses_of(str(given.get("revision", "-1")), migrations)
        for loss in losses:
            click.echo(f"It deletes {loss}.")
        if losses and not yes and not click.confirm(question):
            raise click.ClickException("Nothing was changed.")
        return go(**given)

    command.callback = ask_first
    command.params.append(click.Option(["--yes"], is_flag=True, help="Do not ask whether to delete."))


def losses_of(revision: str, migrations: Path) -> list[str]:
    """What going down to ``revision`` (such as 0005, -1 or base) deletes, in words, with how many rows there are."""
    said = _statements(revision, migrations)
    found = [_in_words(*parts) for parts in DROPPED.findall(said)]
    return list(dict.fromkeys(found))


def _in_words(dropped: str, changed: str, column: str, emptied: str) -> str:
    if column:
        return f"the column {column} of {changed} ({_rows(changed)})"
    return f"the table {dropped} ({_rows(dropped)})" if dropped else f"rows of {emptied} ({_rows(emptied)})"


def _rows(name: str) -> str:
    try:
        number = db.session.scalar(select(func.count()).select_from(table(name)))
    except SQLAlchemyError:
        return "it is not there"
    finally:
        db.session.rollback()  # PostgreSQL changes no table while somebody who has read it is still at it.
    return "1 row" if number == 1 else f"{number} rows"


def _statements(revision: str, migrations: Path) -> str:
    """What the downgrades between now and ``revision`` would say to a database that can do everything at once."""
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from alembic.script.revision import RevisionError

    script = ScriptDirectory(str(migrations))
    with db.engine.connect() as connection:
        now = MigrationContext.configure(connection).get_current_heads()
    buffer = io.StringIO()
    told = MigrationContext.configure(dialect_name="postgresql", opts={"as_sql": True, "output_buffer": buffer})
    try:
        steps = list(script.iterate_revisions(now, revision, select_for_downgrade=True))
    except RevisionError as err:
        raise click.ClickException(f"{err}.") from err
    with Operations.context(told):
        for step in steps:
            step.module.downgrade()
    return buffer.getvalue()
