"""``flask attempt``: looking at an attempt and giving it time from the terminal."""

from datetime import timedelta

import pytest

from portal.cli.attempt import attempt as commands
from portal.db import db
from portal.models import Attempt
from tests import make
from tests.make import NOON, S


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(commands, words)


def test_added_time_is_in_the_account_and_the_history(run):
    attempt = make.attempt()
    result = run("add-time", attempt.ref.lower(), "--minutes", "10", "--reason", "Fire alarm")
    assert result.output == f"{attempt.ref} now ends 2026-03-02 13:10:00 UTC.\n"
    assert db.session.get_one(Attempt, attempt.id).deadline_at == NOON + timedelta(minutes=70)
    shown = run("show", attempt.ref).output
    for words in ("base", "60:00", "added", "10:00", "time_added", "Fire alarm", attempt.learner.email):
        assert words in shown


@pytest.mark.parametrize(
    ("status", "options", "words"),
    [
        (S.STARTED, ("--minutes", "10", "--reason", " "), "Enter a reason."),
        (S.STARTED, ("--minutes", "0", "--reason", "x"), "Enter between 1 and"),
        (S.SUBMITTED, ("--minutes", "5", "--reason", "x"), "not running"),
    ],
)
def test_what_a_rule_refuses_is_one_plain_line(run, status, options, words):
    attempt = make.attempt(status)
    result = run("add-time", attempt.ref, *options)
    assert (result.exit_code, len(result.output.splitlines()), words in result.output) == (1, 1, True)


def test_a_reference_that_nobody_has(run):
    assert run("show", "AAA-AAAA").output == "Error: There is no attempt with this reference.\n"


@pytest.mark.parametrize("minutes", ["1e400000000", "9" * 400, "9" * 5000, "-" + "9" * 30, "1.5"])
@pytest.mark.parametrize("command", ["add-time", "reopen"])
def test_minutes_that_nobody_means_are_refused_in_a_line(app, command, minutes):
    attempt = make.attempt(S.STARTED if command == "add-time" else S.SUBMITTED)
    words = ["attempt", command, attempt.ref, "--minutes", minutes, "--reason", "x"]
    done = app.test_cli_runner().invoke(args=words)
    assert done.exit_code in {1, 2} and done.exception.__class__ is SystemExit


def test_a_reason_that_is_no_text_is_refused_in_a_line(app):
    attempt = make.attempt(S.STARTED)
    words = ["attempt", "add-time", attempt.ref, "--minutes", "5", "--reason", "a\udcff"]
    done = app.test_cli_runner().invoke(args=words)
    assert done.exit_code == 1 and "UTF-8" in done.output
