"""The one way to write: which of two transactions waits for the disk, and what is left alone by other processes."""

import subprocess
import sys

import pytest
from sqlalchemy import text

from portal import create_app
from portal.db import db, writing
from tests.conftest import SETTINGS

NORMAL, FULL = 1, 2
#: What a command of the portal does in its own process: open, write or read, close. SQL and file are given.
COMMAND = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
print([row[0] for row in connection.execute(sys.argv[2])])
connection.commit()
connection.close()
"""


@pytest.fixture
def careful(tmp_path):
    """A portal on SQLite with the setting that it ships with."""
    app = create_app(**{**SETTINGS, "DATA": str(tmp_path), "SQLITE_SYNCHRONOUS": "FULL"})
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def test_a_transaction_that_is_followed_leaves_the_waiting_to_the_next(careful):
    levels = []
    for is_followed in (False, True, False, True, False):
        with writing(is_followed=is_followed) as session:
            levels.append(session.scalar(text("PRAGMA synchronous")))
    assert levels == [FULL, NORMAL, FULL, NORMAL, FULL]


def test_it_is_kept_as_soon_as_it_has_ended(careful):
    with writing() as session:
        session.execute(text("CREATE TABLE kept (id INTEGER)"))
    with writing(is_followed=True) as session:
        session.execute(text("INSERT INTO kept VALUES (7)"))
    db.session.remove()
    with db.engine.connect() as another:
        assert another.scalar(text("SELECT id FROM kept")) == 7


def test_a_command_that_ends_takes_nothing_away_from_a_server(careful, tmp_path):
    """SQLite's last one out takes the log with it. A server that has opened a second connection is still in."""

    def command(sql):
        words = [sys.executable, "-c", COMMAND, str(tmp_path / "portal.sqlite"), sql]
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()

    with writing() as session:
        session.execute(text("CREATE TABLE kept (id INTEGER)"))
    with db.engine.connect() as one, db.engine.connect() as two:
        assert [each.scalar(text("SELECT count(*) FROM kept")) for each in (one, two)] == [0, 0]
    command("INSERT INTO kept VALUES (1)")
    assert {f.name for f in tmp_path.glob("portal.sqlite-*")} >= {"portal.sqlite-wal", "portal.sqlite-shm"}
    with writing() as session:
        session.execute(text("INSERT INTO kept VALUES (2)"))
    assert command("SELECT id FROM kept ORDER BY id") == "[1, 2]"
