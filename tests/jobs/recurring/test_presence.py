"""Silence stops the clock of a proctored exam, and a sign of life lets it go on."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts, resuming
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.proctoring import heartbeats
from portal.domain.timekeeping import time_account
from portal.jobs.recurring import presence
from portal.models import Attempt, HeardFrom, Provider, ProviderKind, TimeEntryKind
from portal.models import AttemptStatus as S
from tests import fake_providers, make
from tests.make import NOON


@pytest.fixture
def attempt(app):
    """A proctored exam that began at noon, of a provider whose server has not spoken."""
    fake_providers.provider("watcher", kind=ProviderKind.PRACTICE, client=False)
    exam = make.exam(is_proctored=True, provider_slug="watcher")
    return make.attempt(S.STARTED, exam=exam, taking_as_proctored=True)


def hear(attempt, source, at, **said):
    with writing():
        heartbeats.hear(attempt.id, source, now=at, **said)


def after(seconds):
    """Let the job look, so many seconds after noon; the attempt as it stands then."""
    presence.attend_silent(NOON + timedelta(seconds=seconds))
    db.session.expire_all()
    return db.session.scalars(db.select(Attempt)).one()


@pytest.mark.parametrize(("seconds", "stands_still"), [(59, False), (179, False), (180, True), (500, True)])
def test_a_page_that_never_speaks_again(attempt, seconds, stands_still):
    assert after(seconds).is_paused is stands_still


def test_a_page_that_speaks_keeps_the_clock_running(attempt):
    hear(attempt, HeardFrom.PAGE, NOON + timedelta(seconds=170))
    assert not after(200).is_paused


def test_a_provider_that_has_spoken_is_missed(attempt):
    hear(attempt, HeardFrom.PROVIDER, NOON + timedelta(seconds=10))
    hear(attempt, HeardFrom.PAGE, NOON + timedelta(seconds=200))
    assert after(201).is_paused


def test_a_provider_script_that_fails_is_not_heard(attempt):
    hear(attempt, HeardFrom.WORKER, NOON)
    for seconds in range(20, 200, 20):
        hear(attempt, HeardFrom.PAGE, NOON + timedelta(seconds=seconds))
        hear(attempt, HeardFrom.WORKER, NOON + timedelta(seconds=seconds), failed=True, detail="no answer")
    assert after(185).is_paused


def test_heard_again_in_time_it_continues_with_the_lost_time_given_back(attempt):
    before = attempt.deadline_at
    assert after(180).is_paused
    hear(attempt, HeardFrom.PAGE, NOON + timedelta(seconds=300))
    attempt = after(301)
    assert (attempt.is_paused, attempt.deadline_at - before) == (False, timedelta(seconds=121))


def test_heard_again_too_late_a_person_decides(attempt):
    assert after(180).is_paused
    hear(attempt, HeardFrom.PAGE, NOON + timedelta(seconds=180 + 900))
    assert after(180 + 901).is_paused


def test_a_silent_clock_that_has_run_out_is_left_to_the_sweeper(attempt):
    attempt = after(3600)
    assert (attempt.is_paused, attempt.status) == (False, S.STARTED)


def test_a_provider_may_be_told_to_ignore_silence(attempt):
    with writing() as session:
        session.scalars(db.select(Provider)).one().options = {"after_silence": "ignore"}
    assert not after(400).is_paused


def test_a_timed_exam_is_never_interrupted(app):
    make.attempt(S.STARTED)
    assert not after(600).is_paused


def test_what_a_proctor_paused_is_not_resumed_by_a_heartbeat(attempt):
    with writing():
        held = attempts.lock(attempt.id)
        cause = Cause(actor=Actor.PROCTOR, reason="A fire alarm.")
        time_account.pause_clock(held, TimeEntryKind.PAUSE, cause, now=NOON + timedelta(seconds=30))
    hear(attempt, HeardFrom.PAGE, NOON + timedelta(seconds=60))
    assert after(61).is_paused


def test_whom_a_person_lets_continue_is_not_stopped_again_at_once(attempt):
    assert after(180).is_paused
    with writing():
        cause = Cause(actor=Actor.STAFF, reason="Telephoned: she is at her desk")
        resuming.resume_clock(attempts.lock(attempt.id), cause, now=NOON + timedelta(seconds=1200))
    assert not after(1205).is_paused
    assert not after(1379).is_paused
    assert after(1380).is_paused


@pytest.mark.parametrize(("seconds", "stands_still"), [(59, False), (60, True)])
def test_less_patience_than_a_minute_that_an_older_release_took_is_a_minute(attempt, seconds, stands_still):
    """The command refuses it now: the portal ignores shorter connection losses."""
    fake_providers.change(db.session.scalars(db.select(Provider)).one(), options={"patience_seconds": 5})
    assert after(seconds).is_paused is stands_still
