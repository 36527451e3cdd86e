"""Commands whose database is new, or out of reach: a new file gets its tables, all else is one plain line."""

import pytest

from portal import create_app
from tests.conftest import SETTINGS

ASKING = [
    ("people", "list"),
    ("people", "sign-out", "ada@example.edu"),
    ("people", "password", "ada@example.edu", "--password", "seven green kettles"),
    ("people", "add", "ada@example.edu", "Ada", "--password", "seven green kettles"),
    ("outbox", "list"),
    ("outbox", "revive", "--all"),
    ("client", "list"),
    ("webhook", "list"),
    ("provider", "list"),
]


def invoke(folder, words, **settings):
    app = create_app(**{**SETTINGS, "DATA": str(folder), **settings})
    return app.test_cli_runner().invoke(args=words)


@pytest.mark.parametrize("words", [*ASKING, ("db", "upgrade")], ids=" ".join)
def test_out_of_reach_is_one_plain_line(tmp_path, words):
    done = invoke(tmp_path, words, DATABASE_URL="sqlite:////dev/null/portal.sqlite")
    assert done.exit_code == 1
    assert done.output.startswith("Error: The portal cannot use the database")
    assert "PORTAL_DATABASE_URL" in done.output
    assert done.output.count("\n") == 1


def test_what_is_no_database_is_one_plain_line(tmp_path):
    (tmp_path / "portal.sqlite").write_text("A letter that somebody kept here. " * 200)
    done = invoke(tmp_path, ("people", "list"))
    assert (done.exit_code, "file is not a database" in done.output, done.output.count("\n")) == (1, True, 1)


@pytest.mark.parametrize("words", [ASKING[0], ASKING[3], ASKING[4], ASKING[5]], ids=" ".join)
def test_a_new_file_gets_its_tables_whichever_command_comes_first(tmp_path, words):
    assert invoke(tmp_path, words).exit_code == 0
