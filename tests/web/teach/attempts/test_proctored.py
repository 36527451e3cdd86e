"""What the team does to a proctored attempt: suspend, resume, let continue, reset; and what is enqueued then."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts, resuming
from portal.domain.errors import NotNow
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.outbox import cases
from portal.domain.proctoring import heartbeats
from portal.domain.timekeeping import time_account
from portal.models import Attempt, HeardFrom, HistoryEntry, OutboxMessage, ResumeState, Role, SupportCase, TimeEntryKind
from tests import fake_providers, make, review_factories
from tests.make import NOON, S


@pytest.fixture
def attempt(app, sign_in):
    """A proctored attempt whose clock runs since noon, and an instructor at the browser."""
    fake_providers.provider("proctorco", client=False)
    attempt = review_factories.proctored(status=S.STARTED)
    sign_in(make.member(Role.INSTRUCTOR, course=attempt.exam.course, user=make.user(name="Dr Lind")))
    return attempt


def do(client, attempt, action, **said):
    return client.post(f"/teach/attempts/{attempt.ref}/do/{action}", data={"reason": "The provider was down", **said})


def suspended(attempt, *, minutes=10):
    with writing():
        cause = Cause(actor=Actor.PORTAL, reason="The application closed.")
        resuming.fail(attempts.lock(attempt.id), cause, now=NOON + timedelta(minutes=minutes))


def stand(attempt):
    db.session.rollback()
    return db.session.get_one(Attempt, attempt.id, populate_existing=True)


def enqueued(attempt):
    """Topic and template or standing of everything that was enqueued about it, in order."""
    rows = db.session.scalars(db.select(OutboxMessage).filter_by(attempt_id=attempt.id).order_by(OutboxMessage.id))
    return [(row.topic, row.payload.get("template") or row.payload.get("standing")) for row in rows]


def test_suspended_keeps_the_time_and_tells_learner_and_provider(client, attempt, the_clock):
    the_clock.advance(minutes=12)
    assert do(client, attempt, "suspend").status_code == 303
    after = stand(attempt)
    assert (after.status, after.time_remaining_seconds) == (S.ERROR, 48 * 60)
    assert after.resume_state is ResumeState.RESUMABLE
    assert enqueued(attempt) == [("provider.error", None), ("email", "attempt_error"), ("credit", "failed")]
    page = client.get(f"/teach/attempts/{attempt.ref}/").text
    assert "Suspended" in page and "The provider was down" in page and "Dr Lind" in page


def test_resume_shows_what_is_kept_and_adds_to_it(client, attempt):
    suspended(attempt)
    page = client.get(f"/teach/attempts/{attempt.ref}/").text
    assert "suspended, 50:00 left" in page and "12:10" in page
    assert "50:00 minutes" in client.get(f"/teach/attempts/{attempt.ref}/do/resume").text
    assert do(client, attempt, "resume", extra_minutes="5").status_code == 303
    after = stand(attempt)
    assert (after.resume_state, after.time_remaining_seconds) == (ResumeState.GRANTED, 55 * 60)
    assert enqueued(attempt)[-1] == ("email", "resume_granted")
    line = db.session.scalars(db.select(HistoryEntry).filter_by(event="resume_granted")).one()
    assert (line.reason, line.actor) == ("The provider was down", "staff")
    again = do(client, attempt, "resume", extra_minutes="5")
    assert again.status_code == 409 and "Already resumed" in again.text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"reason": " ", "extra_minutes": "0"}, "Enter a reason."),
        ({"extra_minutes": ""}, "Enter a whole number of minutes"),
        ({"extra_minutes": "a few"}, "Enter a whole number, such as 15"),
        ({"extra_minutes": "-1"}, "Enter between 0 and 1440 minutes"),
        ({"extra_minutes": "1441"}, "Enter between 0 and 1440 minutes"),
    ],
)
def test_what_a_resume_must_say(client, attempt, said, words):
    suspended(attempt)
    refused = do(client, attempt, "resume", **said)
    assert refused.status_code == 422 and words in refused.text
    assert stand(attempt).resume_state is not ResumeState.GRANTED


def test_one_that_never_started_is_resumed_with_its_whole_time(client, attempt):
    early = review_factories.proctored(exam=attempt.exam, status=S.CREATED)
    suspended(early)
    assert "the full time" in client.get(f"/teach/attempts/{early.ref}/do/resume").text
    assert do(client, early, "resume", extra_minutes="5").status_code == 422
    assert do(client, early, "resume", extra_minutes="0").status_code == 303
    assert stand(early).time_remaining_seconds is None


def test_an_interrupted_one_is_resumed_by_a_person(client, attempt, the_clock):
    with writing():
        cause = Cause(actor=Actor.PORTAL, reason="ProctorCo was silent.")
        time_account.pause_clock(attempts.lock(attempt.id), TimeEntryKind.INTERRUPTION, cause, now=NOON)
        about = {"course_id": attempt.exam.course_id, "attempt": attempt}
        case = cases.open_case("interrupted", "Somebody waits.", key="waits", now=NOON, **about)
    the_clock.advance(minutes=20)
    assert do(client, attempt, "resume-clock").status_code == 303
    after = stand(attempt)
    assert db.session.get_one(SupportCase, case.id).closing_note == "Resume clock: The provider was down"
    assert (after.is_paused, after.deadline_at) == (False, NOON + timedelta(minutes=80))
    assert enqueued(attempt) == [("email", "interrupted"), ("support", None), ("email", "resumed")]


def test_a_reset_is_an_archive_and_the_learner_may_begin_again(client, attempt):
    ended = review_factories.proctored(status=S.REJECTED, exam=attempt.exam)
    with pytest.raises(NotNow):
        attempts.check_begin(ended.exam, ended.learner, now=NOON)
    assert do(client, ended, "reset").status_code == 303
    after = stand(ended)
    assert (after.status, after.archive_reason) == (S.REJECTED, "The provider was down")
    assert enqueued(ended) == [("provider.remove", None), ("credit", "removed")]
    attempts.check_begin(ended.exam, ended.learner, now=NOON)
    assert "This attempt has already been reset." in client.get(f"/teach/attempts/{ended.ref}/").text


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.INSTRUCTOR, {"resume", "suspend", "reset"}),
        (Role.STAFF, {"resume", "suspend", "reset"}),
        (Role.PROCTOR, {"suspend"}),
        (Role.REVIEWER, set()),
    ],
)
def test_each_action_needs_its_right(client, sign_in, attempt, role, may):
    sign_in(make.member(role, course=attempt.exam.course))
    for action in ("resume", "suspend", "reset"):
        one = review_factories.proctored(exam=attempt.exam, status=S.STARTED)
        if action == "resume":
            suspended(one)
        answered = do(client, one, action, extra_minutes="0").status_code
        assert answered == (303 if action in may else 403), action
    sign_in(make.member(role))
    assert do(client, attempt, "suspend").status_code == 404


def test_a_timed_attempt_is_not_offered_what_only_proctored_ones_have(client, attempt):
    timed = make.attempt(S.STARTED, exam=make.exam(course=attempt.exam.course))
    page = client.get(f"/teach/attempts/{timed.ref}/").text
    assert "Suspend" not in page and "Resume attempt" not in page
    assert "Suspend" in client.get(f"/teach/attempts/{attempt.ref}/").text


def test_the_providers_side_is_shown(client, attempt, the_clock):
    with writing():
        for source in HeardFrom:
            heartbeats.hear(attempt.id, source, now=NOON)
        heartbeats.hear(attempt.id, HeardFrom.WORKER, now=NOON, failed=True, detail="the application is closed")
        cause = Cause(actor=Actor.PORTAL, reason="ProctorCo was silent.")
        time_account.pause_clock(attempts.lock(attempt.id), TimeEntryKind.INTERRUPTION, cause, now=NOON)
    page = client.get(f"/teach/attempts/{attempt.ref}/").text
    for words in ("Exam page", "Provider&#39;s server", "Provider&#39;s script", "the application is closed"):
        assert words in page
    assert "The exam continues automatically if the connection returns before 12:15." in page
    the_clock.advance(minutes=16)
    assert "The exam no longer continues automatically" in client.get(f"/teach/attempts/{attempt.ref}/").text


def test_reviews_and_their_versions_are_shown(client, sign_in, attempt):
    reported = review_factories.waiting(exam=attempt.exam)
    review_factories.report(reported, "violation", review_factories.VOICE)
    page = client.get(f"/teach/attempts/{reported.ref}/").text
    assert "1. Suspicious" in page and "2. Violation" in page and page.count('loud">current<') == 1
    assert f"/review/{reported.ref}" in page
    sign_in(make.member(Role.PROCTOR, course=attempt.exam.course))
    assert f"/review/{reported.ref}" not in client.get(f"/teach/attempts/{reported.ref}/").text


def test_a_resumed_attempt_leads_to_the_one_that_continues(client, attempt):
    suspended(attempt)
    do(client, attempt, "resume", extra_minutes="0")
    assert "The learner has not started again yet." in client.get(f"/teach/attempts/{attempt.ref}/").text
    later = review_factories.proctored(
        exam=attempt.exam, learner=attempt.learner, status=S.CREATED, resumes_id=attempt.id
    )
    assert later.ref in client.get(f"/teach/attempts/{attempt.ref}/").text
    assert attempt.ref in client.get(f"/teach/attempts/{later.ref}/").text


def test_the_page_costs_a_known_number_of_queries(client, attempt, statements):
    reported = review_factories.waiting(exam=attempt.exam)
    for _ in range(3):
        review_factories.report(reported, "violation", review_factories.VOICE, review_factories.LEFT)
    here = f"/teach/attempts/{reported.ref}/"
    statements.clear()
    assert client.get(here).status_code == 200
    assert len(statements) <= 20, len(statements)
