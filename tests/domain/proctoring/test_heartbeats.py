"""Who was last heard when, whom silence counts against, and when it stops a clock or lets it go on."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts, resuming
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.proctoring import heartbeats
from portal.domain.providers import lookup, provider_options
from portal.domain.timekeeping import time_account
from portal.models import HeardFrom, ProviderKind, SupportCase, TimeEntryKind
from portal.models.attempts.attempt import RUNNING
from tests import fake_providers
from tests.make import NOON, S

PAGE, WORKER, PROVIDER = HeardFrom.PAGE, HeardFrom.WORKER, HeardFrom.PROVIDER
SCRIPT = {"worker_js_url": "https://acme.example/worker.js"}
PATIENCE, GOES_ON_WITHIN = 180, 900


@pytest.fixture
def acme(app):
    return fake_providers.provider("acme", kind=ProviderKind.PRACTICE, client=False)


@pytest.fixture
def attempt(acme):
    """Began at noon."""
    return fake_providers.attempt(S.STARTED)


def at(seconds):
    return NOON + timedelta(seconds=seconds)


def hear(attempt, source, seconds, **said):
    with writing():
        return heartbeats.hear(attempt.id, source, now=at(seconds), **said)


def heard(attempt, seconds, **options):
    """What is known of the attempt at that moment, with these options of its provider."""
    return heartbeats.presence(attempt, provider_options.ProviderOptions(**options), now=at(seconds))


def attend(attempt, seconds):
    with writing():
        return heartbeats.attend(attempts.lock(attempt.id), lookup.get("acme"), now=at(seconds))


def pause_clock(attempt, kind, seconds):
    with writing():
        cause = Cause(actor=Actor.PROCTOR, reason="A fire alarm")
        time_account.pause_clock(attempts.lock(attempt.id), kind, cause, now=at(seconds))


def is_paused(attempt):
    db.session.refresh(attempt)
    return attempt.is_paused


def cases():
    return [case.kind for case in db.session.scalars(db.select(SupportCase))]


@pytest.mark.parametrize("source", HeardFrom)
@pytest.mark.parametrize(("later", "kept"), [(0, 0), (1, 0), (1.9, 0), (2, 2), (60, 60), (-1, 0), (-30, -30)])
def test_a_sign_of_life_is_kept_anew_when_it_is_two_seconds_from_the_last(attempt, source, later, kept):
    assert heartbeats.last_of(attempt, source) is None
    hear(attempt, source, 0)
    hear(attempt, source, later)
    assert heartbeats.last_of(attempt, source).heard_at == at(kept)
    assert [row.source for row in heartbeats.list_for(attempt)] == [source]


@pytest.mark.parametrize("source", HeardFrom)
def test_a_failure_is_no_sign_of_life_and_the_next_word_ends_it(attempt, source):
    hear(attempt, source, 0)
    failed = hear(attempt, source, 30, failed=True, detail="x" * 300)
    assert (failed.heard_at, failed.failed_at, failed.detail) == (NOON, at(30), "x" * 200)
    again = hear(attempt, source, 1)  # Within two seconds of the last sign of life.
    assert (again.heard_at, again.failed_at, again.detail) == (at(1), None, "")


@pytest.mark.parametrize("before", ["nothing", "heard", "failed"])
def test_staying_alive_does_not_outdo_a_failure(attempt, before):
    if before != "nothing":
        hear(attempt, WORKER, 0, failed=before == "failed", detail="no answer")
    with writing():
        assert heartbeats.stay_alive(attempt.id, WORKER, now=at(50)) is (before != "failed")
    row = heartbeats.last_of(attempt, WORKER)
    assert (row.heard_at, row.failed_at) == ((NOON, NOON) if before == "failed" else (at(50), None))


@pytest.mark.parametrize(
    ("spoke", "options", "silent", "seconds"),
    [
        ({}, {}, PAGE, 100),
        ({PAGE: 90}, {}, None, 10),
        ({PAGE: 40}, {}, PAGE, 60),
        ({PAGE: 41}, {}, None, 59),
        ({PAGE: -50}, {}, PAGE, 100),
        ({PAGE: 130}, {}, None, 0),
        ({PAGE: 90}, SCRIPT, WORKER, 100),
        ({PAGE: 90}, {"desktop_base_url": "https://acme.example"}, WORKER, 100),
        ({PAGE: 90, WORKER: 95}, SCRIPT, None, 10),
        ({PAGE: 90, WORKER: 20}, {}, WORKER, 80),
        ({PAGE: 90, PROVIDER: 30}, {}, PROVIDER, 70),
        ({PAGE: 30, WORKER: 20, PROVIDER: 10}, SCRIPT, PROVIDER, 90),
        ({PAGE: 10, WORKER: 20, PROVIDER: 30}, SCRIPT, PAGE, 90),
    ],
)
def test_whose_silence_counts(attempt, spoke, options, silent, seconds):
    for source, moment in spoke.items():
        hear(attempt, source, moment)
    known = heard(attempt, 100, **options)
    assert (known.silent_source, known.silent_seconds) == (silent, seconds)
    assert known.heard_at == {source: at(moment) for source, moment in spoke.items()}
    assert (known.has_failed, known.is_interrupted, known.resumes_until_at) == (False, False, None)


@pytest.mark.parametrize("source", HeardFrom)
def test_what_is_silent_too_long_stops_the_clock_at_that_moment(attempt, source):
    for one in HeardFrom:
        hear(attempt, one, 10)
    for one in set(HeardFrom) - {source}:
        hear(attempt, one, 9 + PATIENCE)
    assert (attend(attempt, 9 + PATIENCE), is_paused(attempt)) == ("", False)
    assert (attend(attempt, 10 + PATIENCE), is_paused(attempt)) == ("interrupted", True)
    known = heard(attempt, 200)
    assert (known.is_interrupted, known.interrupted_at) == (True, at(10 + PATIENCE))
    assert known.resumes_until_at == at(10 + PATIENCE + GOES_ON_WITHIN)
    assert (attend(attempt, 20 + PATIENCE), attempt.paused_at) == ("", at(10 + PATIENCE))
    who = "The exam page" if source is PAGE else "Acme"
    assert time_account.rows(attempt)[-1].reason == f"{who} lost its connection for {PATIENCE} seconds."


@pytest.mark.parametrize(("patience", "stops_at"), [(5, 60), (60, 60), (300, 300)])
def test_a_provider_has_its_own_patience_and_none_is_shorter_than_a_minute(attempt, acme, patience, stops_at):
    fake_providers.change(acme, options={"patience_seconds": patience})
    assert (attend(attempt, stops_at - 1), attend(attempt, stops_at)) == ("", "interrupted")


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize("is_proctored", [True, False])
@pytest.mark.parametrize("after_silence", ["wait", "ignore"])
def test_only_a_running_proctored_exam_is_stopped(acme, status, is_proctored, after_silence):
    fake_providers.change(acme, options={"after_silence": after_silence})
    attempt = fake_providers.attempt(status, taking_as_proctored=is_proctored)
    stops = status in RUNNING and is_proctored and after_silence == "wait"
    assert attend(attempt, 1000) == ("interrupted" if stops else "")
    assert (is_paused(attempt), fake_providers.status_of(attempt)) == (stops, status)


def test_a_clock_that_has_run_out_is_left_to_run_out(attempt):
    assert (attend(attempt, 3600), is_paused(attempt)) == ("", False)


@pytest.mark.parametrize(
    ("spoke", "back"),
    [
        ({PAGE: 399, PROVIDER: 399}, True),
        ({PAGE: 341, PROVIDER: 350}, True),
        ({PAGE: 340, PROVIDER: 399}, False),
        ({PAGE: 399}, False),
        ({PROVIDER: 399}, False),
        ({}, False),
    ],
)
def test_it_continues_when_everybody_is_heard_again(attempt, spoke, back):
    hear(attempt, PROVIDER, 20)
    ends_at = attempt.deadline_at
    assert attend(attempt, 300) == "interrupted"
    for source, moment in spoke.items():
        hear(attempt, source, moment)
    assert (attend(attempt, 400), is_paused(attempt)) == (("resumed", False) if back else ("", True))
    assert attempt.deadline_at == ends_at + timedelta(seconds=100 if back else 0)
    assert (attend(attempt, 400), is_paused(attempt), cases()) == ("", not back, [])


def test_it_does_not_continue_while_somebody_says_that_the_provider_is_away(attempt):
    hear(attempt, WORKER, 20)
    assert attend(attempt, 300) == "interrupted"
    hear(attempt, WORKER, 390)
    hear(attempt, WORKER, 395, failed=True)
    hear(attempt, PAGE, 399)
    assert heard(attempt, 400).has_failed and attend(attempt, 400) == ""
    hear(attempt, WORKER, 401)
    assert attend(attempt, 402) == "resumed"


@pytest.mark.parametrize(("later", "back"), [(GOES_ON_WITHIN - 1, True), (GOES_ON_WITHIN, False)])
def test_heard_too_late_a_person_decides_and_the_team_hears_of_it_once(attempt, later, back):
    assert attend(attempt, PATIENCE) == "interrupted"
    hear(attempt, PAGE, PATIENCE + later)
    assert attend(attempt, PATIENCE + later) == ("resumed" if back else "")
    if back:
        assert cases() == []
        return
    assert (attend(attempt, PATIENCE + later + 60), cases()) == ("", ["interrupted"])
    with writing():
        resuming.resume_clock(attempts.lock(attempt.id), Cause(actor=Actor.STAFF, reason="She is there"), now=at(1200))
    assert (attend(attempt, 1199 + PATIENCE), attend(attempt, 1200 + PATIENCE)) == ("", "interrupted")
    assert (attend(attempt, 1200 + PATIENCE + GOES_ON_WITHIN), cases()) == ("", ["interrupted"] * 2)


def test_what_a_person_has_paused_is_neither_stopped_nor_resumed(attempt):
    pause_clock(attempt, TimeEntryKind.PAUSE, 30)
    assert (attend(attempt, 1000), heard(attempt, 1000).is_interrupted) == ("", False)
    hear(attempt, PAGE, 1001)
    assert (attend(attempt, 1002), is_paused(attempt), cases()) == ("", True, [])
