"""Behaviours 33 to 48 of the contract, as far as no other file has them: trying again, breaking off, going on."""

from datetime import timedelta

import pytest
import responses

from portal.db import db, writing
from portal.domain.attempts import attempts, creation, eligibility, resuming
from portal.domain.errors import IllegalTransition, NotNow
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.proctoring import registrations
from portal.domain.providers.facts import Registered
from portal.models import Attempt, ProviderKind, User
from tests import fake_providers, make
from tests.fake_providers import status_of
from tests.make import NOON, S

BY_TEAM = Cause(actor=Actor.STAFF, reason="The provider was down.")
TEN_LEFT = NOON + timedelta(minutes=50)


@pytest.fixture
def learner(app, sign_in):
    return sign_in(make.user())


@pytest.fixture
def exam(learner):
    fake_providers.provider(
        "acme", client=False, base_url="https://provider.example", client_id="us", client_secret="s" * 40
    )
    made = fake_providers.exam()
    make.enrol(made.course, learner)
    return made


def begin(exam, learner, *, now):
    """Begin with the provider's yes; the new attempt."""
    with writing() as session:
        opened = registrations.reserve(session.merge(exam), session.merge(learner), now=now)
        yes = Registered(external_id=f"new-{opened.id}")
        made = creation.create_registered(session.merge(exam), session.merge(learner), opened, yes, now=now)
        registrations.fail(opened, "", now=now)
        return made.id


def suspended(exam, learner, *, at=TEN_LEFT):
    attempt = fake_providers.attempt(S.STARTED, exam=exam, learner=learner)
    with writing():
        resuming.fail(attempts.lock(attempt.id), Cause(actor=Actor.PROCTOR, reason="It closed."), now=at)
    db.session.refresh(attempt)
    return attempt


def grant(attempt, **given):
    with writing():
        resuming.grant_resume(attempts.lock(attempt.id), BY_TEAM, now=TEN_LEFT, **given)
    db.session.refresh(attempt)


def flags(client, attempt):
    """As a client of edX's API reads them."""
    db.session.refresh(attempt)
    said = client.get(f"/api/edx_proctoring/v1/proctored_exam/attempt/{attempt.id}").json
    return (attempt.status, said["is_resumable"], said["ready_to_resume"], said["resumed"])


def test_35_a_running_practice_and_an_exam_that_counts_are_not_tried_again(client, learner):
    fake_providers.provider("built-in", kind=ProviderKind.PRACTICE, client=False)
    for facts in ({"is_practice": True}, {}):
        exam = fake_providers.exam("built-in", **facts)
        attempt = fake_providers.attempt(S.STARTED, exam=exam, learner=learner, external_id=f"x-{exam.id}")
        again = client.post(f"/exams/{exam.slug}/begin")
        assert (again.location, status_of(attempt)) == (f"/attempts/{attempt.ref}/", S.STARTED)
    assert len(db.session.scalars(db.select(Attempt)).all()) == 2


@pytest.mark.parametrize("status", [S.SUBMITTED, S.VERIFIED, S.REJECTED, S.DECLINED, S.EXPIRED])
def test_37_what_has_ended_cannot_be_suspended(client, learner, exam, status):
    attempt = fake_providers.attempt(status, exam=exam, learner=learner)
    assert client.post(f"/attempts/{attempt.ref}/cannot-continue", data={"why": "No power."}).status_code == 409
    assert status_of(attempt) is status
    with writing(), pytest.raises(IllegalTransition):
        resuming.fail(attempts.lock(attempt.id), Cause(actor=Actor.PROCTOR), now=NOON)


def test_39_a_suspended_exam_waits_for_the_team(client, learner, exam):
    attempt = suspended(exam, learner)
    assert client.post(f"/exams/{exam.slug}/begin").status_code == 409
    grant(attempt)
    assert eligibility.why_not(exam, learner, now=TEN_LEFT) is None


def test_40_the_flags_say_where_a_resume_stands(client, learner, exam):
    attempt = suspended(exam, learner)
    assert flags(client, attempt) == (S.ERROR, True, False, False)
    grant(attempt)
    assert flags(client, attempt) == (S.ERROR, False, True, False)
    begin(exam, learner, now=TEN_LEFT)
    assert flags(client, attempt) == (S.ERROR, False, True, True)


@pytest.mark.parametrize(("extra", "minutes"), [(0, 10), (5, 15)])
def test_41_what_was_left_is_what_there_is(learner, exam, extra, minutes):
    old = suspended(exam, learner)
    assert old.time_remaining_seconds == 600
    grant(old, extra_minutes=extra)
    later = TEN_LEFT + timedelta(days=2)
    number = begin(exam, learner, now=later)
    with writing() as session:
        new = attempts.lock(number)
        new.status = S.READY_TO_START
        attempts.start(new, session.get_one(User, learner.id), now=later)
    assert (new.resumes_id, new.time_remaining_seconds) == (old.id, minutes * 60)
    assert (new.own_seconds, new.deadline_at) == (minutes * 60, later + timedelta(minutes=minutes))


def test_41_nothing_left_is_nothing_and_not_the_whole_time(learner, exam):
    old = suspended(exam, learner, at=NOON + timedelta(minutes=60))
    assert old.time_remaining_seconds == 0
    grant(old, extra_minutes=3)
    assert old.time_remaining_seconds == 180


@pytest.mark.parametrize("status", [S.SUBMITTED, S.STARTED, S.VERIFIED])
def test_42_only_what_was_suspended_is_resumed(client, learner, exam, status):
    attempt = fake_providers.attempt(status, exam=exam, learner=learner)
    with writing(), pytest.raises(NotNow):
        resuming.grant_resume(attempts.lock(attempt.id), BY_TEAM, now=NOON)
    assert flags(client, attempt) == (status, False, False, False)


@responses.activate
@pytest.mark.parametrize(
    "word", ["onboarding_missing", "onboarding_pending", "onboarding_failed", "onboarding_expired"]
)
def test_43_a_refusal_leads_to_the_identity_check(client, learner, exam, word):
    identity = fake_providers.exam(course=exam.course, is_practice=True, is_onboarding=True, name="Who you are")
    responses.post("https://provider.example/oauth2/access_token", json={"access_token": "t", "expires_in": 60})
    responses.post("https://provider.example/api/v1/exam/", json={"id": "e"})
    responses.post("https://provider.example/api/v1/exam/e/attempt/", json={"status": word})
    page = client.post(f"/exams/{exam.slug}/begin", follow_redirects=True)
    [attempt] = db.session.scalars(db.select(Attempt).filter_by(exam_id=exam.id))
    assert (page.status_code, attempt.status, attempt.external_id) == (200, word, None)
    assert "/me/onboarding/" in page.text or f"/exams/{identity.slug}/" in page.text


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"closes_at": NOON}, "has closed"),
        ({"opens_at": NOON + timedelta(days=3)}, "not open yet"),
    ],
)
def test_47_an_identity_check_that_is_not_open_says_so(client, learner, exam, given, says):
    identity = fake_providers.exam(course=exam.course, is_practice=True, is_onboarding=True, **given)
    assert says in client.get(f"/exams/{identity.slug}/").text
    assert client.post(f"/exams/{identity.slug}/begin").status_code == 409
    assert db.session.scalars(db.select(Attempt)).all() == []
