"""Lines of the log: one for each record whatever it carries, and no answer or address in them."""

import io
import logging

import pytest
from sqlalchemy.exc import IntegrityError

from portal.db import db, writing
from portal.logs import FORMAT, OneLine
from portal.models import User
from tests import make
from tests.make import NOON


@pytest.fixture
def logged():
    """``logged()`` is what the log holds by now."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine(FORMAT))
    logging.getLogger().addHandler(handler)
    yield stream.getvalue
    logging.getLogger().removeHandler(handler)


FORGED = "2026-03-02 12:00:00,000 INFO portal: the administrator signed in"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\x1b[2K\n"])
def test_nothing_in_a_message_begins_a_line(logged, end):
    logging.getLogger("portal").warning("refused %s", f"/nowhere{end}{FORGED}")
    lines = logged().splitlines()
    assert len(lines) == 1
    assert "\x1b" not in lines[0]


def test_nothing_in_an_exception_looks_like_a_record(logged):
    try:
        raise ValueError(f"bad\n{FORGED}\r{FORGED}")
    except ValueError:
        logging.getLogger("portal").exception("failed")
    first, *others = logged().splitlines()
    assert "failed" in first
    assert all(line.startswith("    ") for line in others)


def test_an_address_with_line_breaks_is_one_line(app, client, logged, monkeypatch):
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.view_functions, "home.status", lambda: 1 / 0)
    client.get(f"/status?x=%0A{FORGED}")
    client.post("/me/theme%0D%0Aforged", data={})
    said = logged()
    assert said.count("ZeroDivisionError") == 1  # One traceback for one fault.
    assert not [line for line in said.splitlines() if line.startswith(("forged", FORGED[:10] + " 12:00:00,000 INFO"))]


def test_a_database_error_carries_no_values(app, logged):
    make.user(email="secret@example.edu", name="Ada Byron")
    try:
        with writing() as session:
            session.add(User(email="secret@example.edu", name="The whole answer", created_at=NOON))
    except IntegrityError:
        logging.getLogger("portal").exception("failed")
    said = logged()
    assert "INSERT INTO" in said
    assert "secret@example.edu" not in said
    assert "The whole answer" not in said
    assert db.session.scalar(db.select(db.func.count(User.id))) == 1
