"""Going back to earlier tables says what it deletes, and asks."""

import pytest
from sqlalchemy import inspect

from portal import create_app
from portal.db import db, upgrade
from portal.db.downgrade import losses_of
from tests import make
from tests.conftest import SETTINGS


@pytest.fixture
def portal(tmp_path):
    app = create_app(**{**SETTINGS, "DATA": str(tmp_path)})
    with app.app_context():
        upgrade.upgrade()
        make.user()
        yield app
        db.session.remove()
        db.engine.dispose()


def downgrade(app, *words, answer=""):
    return app.test_cli_runner().invoke(args=["db", "downgrade", *words], input=answer)


def test_it_says_what_it_deletes_and_a_no_changes_nothing(portal):
    done = downgrade(portal, "0005", answer="n\n")
    assert done.exit_code == 1
    assert "It deletes the column read_time_letter of user (1 row)." in done.output
    assert "Nothing was changed." in done.output
    assert "read_time_letter" in {column["name"] for column in inspect(db.engine).get_columns("user")}


def test_without_an_answer_nothing_is_changed(portal):
    assert downgrade(portal, "base").exit_code == 1
    assert "user" in inspect(db.engine).get_table_names()


def test_all_that_goes_is_named(portal):
    said = downgrade(portal, "base", answer="n\n").output
    assert "the table user (1 row)" in said
    assert "the table answer (0 rows)" in said


def test_counting_leaves_no_table_held(portal):
    """On PostgreSQL the downgrade would wait for ever for the one who has counted: itself."""
    assert losses_of("0005", upgrade.FOLDER)
    assert not db.session().in_transaction()


@pytest.mark.parametrize(("words", "answer"), [(("0005",), "y\n"), (("0005", "--yes"), "")])
def test_a_yes_goes_down(portal, words, answer):
    done = downgrade(portal, *words, answer=answer)
    assert done.exit_code == 0, done.output
    assert "read_time_letter" not in {column["name"] for column in inspect(db.engine).get_columns("user")}
    with portal.app_context():
        upgrade.upgrade()


def test_a_revision_that_is_none_is_refused_in_words(portal):
    done = downgrade(portal, "9999")
    assert done.exit_code == 1
    assert "9999" in done.output and "Traceback" not in done.output
