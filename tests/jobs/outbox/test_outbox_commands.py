"""The commands that show what could not be told, and try it again."""

from datetime import timedelta

import pytest

from portal.cli.running.worker import outbox as commands
from portal.db import db, writing
from portal.models import OutboxMessage
from tests.make import NOON


@pytest.fixture
def run(app):
    return lambda *words: app.test_cli_runner().invoke(commands, words)


@pytest.fixture
def failing_messages(enqueue):
    dead_letter, retried = enqueue(key="a"), enqueue(key="b", available_at=NOON + timedelta(minutes=3))
    enqueue(key="c")
    with writing():
        dead_letter.dead_at, dead_letter.tries, dead_letter.last_error = NOON, 20, "The server is away."
        retried.tries, retried.last_error = 2, "Too busy."


def dead():
    db.session.rollback()
    return db.session.scalars(db.select(OutboxMessage.key).where(OutboxMessage.dead_at.is_not(None))).all()


def test_trouble_is_listed(run, failing_messages):
    assert run("list").output.splitlines() == [
        "a  test  20 tries, dead letter: The server is away.",
        "b  test  2 tries, next retry 2026-03-02 12:03:00 UTC: Too busy.",
    ]


def test_one_is_revived_by_its_key(run, failing_messages):
    assert run("revive", "a", "b").output == "1 will be retried.\n"
    assert dead() == []


def test_all_are_revived(run, failing_messages):
    assert run("revive", "--all").output == "1 will be retried.\n"
    assert dead() == []


def test_none_is_a_question(run, failing_messages):
    result = run("revive")
    assert result.exit_code == 1
    assert "Give the message keys" in result.output
    assert dead() == ["a"]


def test_only_dead_letters_can_be_revived(run, failing_messages):
    result = run("revive", "b", "nothing")
    assert result.exit_code == 1
    assert "None of these messages is a dead letter" in result.output


def test_no_trouble_is_said(run, app):
    assert run("list").output == "There are no dead letters or retries.\n"
