"""What an open exam page asks of its clock: the message, its notices in the learner's language, and the plain line."""

import pytest

from portal.db import writing
from portal.domain.attempts import attempts
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import time_account
from tests import make
from tests.make import NOON, S


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["10 minutes added by the course team.", "1 minute removed by the course team."]),
        ("de", ["10 Minuten hinzugefügt (durch das Kursteam).", "1 Minute abgezogen (durch das Kursteam)."]),
    ],
)
def test_notices_come_in_the_learners_language_and_only_once(client, sign_in, language, said):
    attempt = make.attempt(S.STARTED, learner=make.user(language=language))
    sign_in(attempt.learner)
    for minutes in (10, -1):
        with writing():
            cause = Cause(actor=Actor.STAFF, reason="fire alarm")
            time_account.add_time(attempts.lock(attempt.id), minutes, cause, now=NOON)
    told = client.get(f"/attempts/{attempt.ref}/clock.json?rev=0").json
    assert [notice["text"] for notice in told["notices"]] == said
    assert "notices" not in client.get(f"/attempts/{attempt.ref}/clock.json?rev={told['rev']}").json


def test_the_clock_costs_one_statement_and_little_room(client, sign_in, statements):
    attempt = make.attempt(S.STARTED)
    sign_in(attempt.learner)
    statements.clear()
    reply = client.get(f"/attempts/{attempt.ref}/clock.json?rev=0&v=1")
    assert reply.headers["Cache-Control"] == "no-store"
    assert len(reply.data) < 400
    assert [one.split()[0] for one in statements if not one.startswith("BEGIN")] == ["SELECT"]


def test_a_paused_exam_is_asked_about_every_five_seconds_and_loses_nothing(client, sign_in, the_clock):
    attempt = make.attempt(S.STARTED, is_paused=True, paused_at=NOON)
    sign_in(attempt.learner)
    the_clock.advance(minutes=5)
    told = client.get(f"/attempts/{attempt.ref}/clock.json").json
    assert (told["state"], told["poll_ms"]) == ("paused", 5000)
    assert told["deadline"] - told["now"] == 60 * 60 * 1000
    assert told["go"] == f"/attempts/{attempt.ref}/"


def test_somebody_elses_clock_is_nobodys(client, sign_in):
    attempt = make.attempt(S.STARTED)
    assert client.get(f"/attempts/{attempt.ref}/clock.json").status_code == 401
    sign_in(make.user())
    assert client.get(f"/attempts/{attempt.ref}/clock.json").status_code == 401
