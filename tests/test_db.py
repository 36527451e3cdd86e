"""The one way to write: which of two transactions waits for the disk."""

import pytest
from sqlalchemy import text

from portal import create_app
from portal.db import db, writing
from tests.conftest import SETTINGS

NORMAL, FULL = 1, 2


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
