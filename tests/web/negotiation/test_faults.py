"""Database away, disk full: 503 and when to come back, in the shape of whoever asks; then it works again by itself."""

import logging
import shutil
import sqlite3
from collections import namedtuple
from contextlib import closing

import psycopg.errors
import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, OperationalError

from portal.db import db
from portal.models import Answer, Question, QuestionKind
from portal.web.negotiation import faults
from tests import make
from tests.make import PASSWORD, S

CREDENTIALS = {"grant_type": "client_credentials", "client_id": "a", "client_secret": "b"}


def sqlite_error(code, said):
    err = sqlite3.OperationalError(said)
    err.sqlite_errorcode = code
    return err


AWAY = sqlite_error(sqlite3.SQLITE_CANTOPEN, "unable to open database file")
FULL = sqlite_error(sqlite3.SQLITE_FULL, "database or disk is full")


@pytest.fixture
def broken(app):
    """``broken.by`` is what every statement fails with; None: the database is well."""

    class Database:
        by = None

        def fail(self, connection, cursor, statement, parameters, context, many):
            if self.by is not None:
                raise OperationalError(statement, parameters, self.by, hide_parameters=True)

    database = Database()
    event.listen(db.engine, "before_cursor_execute", database.fail)
    yield database
    event.remove(db.engine, "before_cursor_execute", database.fail)
    faults._full_since.clear()


@pytest.fixture
def attempt(app, sign_in):
    attempt = make.attempt(S.STARTED)
    sign_in(attempt.learner)
    return attempt


def places(attempt):
    """Something of each kind: who asks, how, and the shape in which they are told."""
    question = db.session.scalars(db.select(Question.id)).first()
    here = f"/attempts/{attempt.ref}"
    return {
        "page": ("GET", "/me/exams/", {}),
        "exam page": ("GET", f"{here}/exam/1", {}),
        "plain form": ("POST", f"{here}/exam/1", {"data": {"value": "b", "version": "0"}}),
        "sign in": ("POST", "/signin", {"data": {"email": "ada@example.edu", "password": PASSWORD}}),
        "clock": ("GET", f"{here}/clock.json", {}),
        "save": ("POST", f"{here}/answers/{question}", {"json": {"value": "b", "version": 0}}),
        "token": ("POST", "/oauth2/access_token", {"data": CREDENTIALS}),
    }


KINDS = ("page", "exam page", "plain form", "sign in", "clock", "save", "token")
JSON = ("clock", "save", "token")


@pytest.mark.parametrize("fault", [(AWAY, "database_away"), (FULL, "disk_full")], ids=["away", "full"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_is_a_503_in_the_shape_of_whoever_asks_and_passes(client, attempt, broken, caplog, kind, fault):
    err, code = fault
    method, address, given = places(attempt)[kind]
    db.session.remove()
    broken.by = err
    answer = client.open(address, method=method, **given)
    assert (answer.status_code, int(answer.headers.get("Retry-After", 0)) > 0) == (503, True), answer.text
    assert answer.is_json is (kind in JSON)
    if kind in {"clock", "save"}:
        assert answer.json["error"]["code"] == code
    [line] = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert (line.exc_info, code in line.getMessage()) == (None, True)
    broken.by = None
    assert client.open(address, method=method, **given).status_code != 503


def test_what_was_typed_without_a_script_can_be_sent_again(client, attempt, broken):
    typed = 'Half an <essay> & "more"\nof it'
    db.session.remove()
    broken.by = AWAY
    page = client.post(f"/attempts/{attempt.ref}/exam/1", data={"value": typed, "version": "0"}).text
    assert "Half an &lt;essay&gt; &amp; &#34;more&#34;\nof it" in page
    assert f'action="/attempts/{attempt.ref}/exam/1"' in page and "Send it again" in page
    assert PASSWORD not in client.post("/signin", data={"email": "a@b.c", "password": PASSWORD}).text


@pytest.mark.parametrize(
    ("err", "code"),
    [
        (AWAY, "database_away"),
        (FULL, "disk_full"),
        (sqlite_error(sqlite3.SQLITE_BUSY, "database is locked"), "database_away"),
        (sqlite_error(sqlite3.SQLITE_READONLY, "attempt to write a readonly database"), "database_away"),
        (sqlite_error(sqlite3.SQLITE_IOERR | 3 << 8, "disk I/O error"), "database_away"),
        (sqlite_error(sqlite3.SQLITE_ERROR, "no such table: user"), None),
        (psycopg.OperationalError("connection failed"), "database_away"),
        (psycopg.errors.AdminShutdown("terminating connection"), "database_away"),
        (psycopg.errors.TooManyConnections("sorry, too many clients"), "database_away"),
        (psycopg.errors.DiskFull("could not extend file"), "disk_full"),
        (psycopg.errors.ReadOnlySqlTransaction("read-only"), "database_away"),
        (psycopg.errors.UndefinedTable("no such relation"), None),
        (psycopg.errors.NotNullViolation("null value"), None),
    ],
    ids=str,
)
def test_what_is_a_mistake_of_ours_is_not_called_a_fault(err, code):
    found = faults.of(DBAPIError("SELECT 1", {}, err))
    assert (found.code if found else None) == code


def test_a_file_that_finds_no_room_is_the_same_fault():
    assert faults.of(OSError(28, "No space left on device")) is faults.FULL
    assert faults.of(OSError(2, "No such file")) is None


def test_a_real_sqlite_that_is_full_says_so_and_recovers(app, client, attempt):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("SQLite's own limit on pages stands for a full disk.")
    attempt = make.attempt(exam=make.exam(questions=[{"kind": QuestionKind.LONG_TEXT}]), learner=attempt.learner)
    question = db.session.scalars(db.select(Question.id).filter_by(kind=QuestionKind.LONG_TEXT)).one()
    address = f"/attempts/{attempt.ref}/answers/{question}"
    large = {"value": "x" * 20_000, "version": 0}
    with limited_pages():
        refused = client.post(address, json=large)
        assert (refused.status_code, refused.json["error"]["code"]) == (503, "disk_full")
        assert client.get("/status").json == {"status": "failing", "disk": "full"}
        assert client.get(f"/attempts/{attempt.ref}/clock.json").status_code == 200
    assert db.session.scalar(db.select(Answer.id)) is None
    faults._full_since.clear()
    assert client.post(address, json=large).status_code == 200


class limited_pages:
    """No connection may make the file larger."""

    def __enter__(self):
        db.session.remove()
        with closing(db.engine.raw_connection()) as connection:
            connection.cursor().execute("VACUUM")  # Pages that earlier tests gave back would be filled first.
        db.engine.dispose()
        event.listen(db.engine, "connect", self.limit)

    def limit(self, connection, record):
        [pages] = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages}")

    def __exit__(self, *how):
        event.remove(db.engine, "connect", self.limit)
        db.session.remove()
        db.engine.dispose()


Usage = namedtuple("Usage", "total used free")


def test_status_says_when_the_disk_is_nearly_full(client, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 1000))
    answer = client.get("/status")
    assert (answer.status_code, answer.json) == (503, {"status": "failing", "disk": "full"})


def test_status_says_when_the_database_is_away(client, broken):
    broken.by = AWAY
    answer = client.get("/status")
    assert (answer.status_code, answer.json) == (503, {"status": "failing", "database": "does not answer"})
    broken.by = None
    assert client.get("/status").status_code == 200
