"""A page that was open during an update sends to the addresses of before; the exam ends all the same."""

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import breaks
from portal.web.attempt.earlier_addresses import EARLIER
from tests import fake_providers, make
from tests.make import NOON, S


@pytest.fixture
def attempt(app, sign_in):
    fake_providers.provider()
    made = fake_providers.attempt(S.STARTED, exam=fake_providers.exam(questions=1), external_id="ext-1")
    sign_in(made.learner)
    return made


def as_submitted(attempt):
    assert attempt.status is S.SUBMITTED


def as_running(attempt):
    assert attempt.status is S.STARTED and not attempt.is_paused


def as_suspended(attempt):
    assert attempt.status is S.ERROR


@pytest.mark.parametrize(
    ("earlier", "holds"), [("hand-in", as_submitted), ("go-on", as_running), ("cannot-go-on", as_suspended)]
)
def test_what_an_open_page_sends_is_done(client, attempt, earlier, holds):
    assert earlier in EARLIER
    with writing():
        breaks.pause(attempts.lock(attempt.id), Cause(actor=Actor.STAFF, reason="So"), learner_may_end=True, now=NOON)
    answer = client.post(f"/attempts/{attempt.ref}/{earlier}", data={"why": "No power."})
    assert answer.status_code == 308
    assert "/" + earlier not in answer.location
    assert client.post(answer.location, data={"why": "No power."}).status_code == 303
    db.session.expire_all()
    holds(attempts.get(attempt.id))


def test_somebody_elses_attempt_is_not_found(client, attempt, sign_in):
    sign_in(make.user())
    assert client.post(f"/attempts/{attempt.ref}/hand-in").status_code == 404
