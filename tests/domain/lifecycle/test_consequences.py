"""What each line of history enqueues: to whom, for which kinds of exam, and never twice."""

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts, resuming
from portal.domain.lifecycle import transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import time_account
from portal.models import AttemptStatus, EndedBy, OutboxMessage, ResumeState, TimeEntryKind
from portal.models.attempts.attempt import RUNNING
from tests import make
from tests.make import NOON

S = AttemptStatus
REVIEWER = Cause(actor=Actor.REVIEWER, reason="looked at it")


@pytest.fixture
def course(app):
    return make.course(overrides_grade=True)


@pytest.fixture
def exam(course):
    return make.exam(course=course, is_proctored=True, provider_slug="proctorco")


@pytest.fixture
def learner(app):
    return make.user()


def attempt(status, exam, learner, **given):
    return make.attempt(status, exam=exam, learner=learner, **{"taking_as_proctored": True, **given})


def move(attempt, to, cause=REVIEWER):
    with writing():
        transitions.move(attempt, to, cause, now=NOON)
    return enqueued()


def enqueued():
    """(topic, what) of every message so far, oldest first."""
    db.session.rollback()
    rows = db.session.scalars(db.select(OutboxMessage).order_by(OutboxMessage.id))
    return [(row.topic, row.payload.get("template") or row.payload.get("standing")) for row in rows]


ON_REJECTED = [
    ("email", "review_failed"),
    ("credit", "failed"),
    ("grade", "overridden"),
    ("certificate", "invalidated"),
]
ON_VERIFIED = [("email", "review_passed"), ("credit", "satisfied")]
RESTORED = [("grade", "restored"), ("certificate", "restored")]


def test_accepted(exam, learner):
    assert move(attempt(S.SUBMITTED, exam, learner), S.VERIFIED) == ON_VERIFIED


def test_not_accepted(exam, learner):
    assert move(attempt(S.SUBMITTED, exam, learner), S.REJECTED) == ON_REJECTED


def test_not_accepted_where_the_course_leaves_grades_alone(course, exam, learner):
    with writing():
        course.overrides_grade = False
    held = attempt(S.SUBMITTED, exam, learner)
    assert move(held, S.REJECTED) == ON_REJECTED[:2]
    assert move(held, S.VERIFIED) == ON_REJECTED[:2] + ON_VERIFIED


def test_accepted_after_all_takes_back_what_was_done(exam, learner):
    held = attempt(S.SUBMITTED, exam, learner)
    move(held, S.REJECTED)
    assert move(held, S.VERIFIED)[len(ON_REJECTED) :] == ON_VERIFIED + RESTORED
    assert move(held, S.REJECTED)[len(ON_REJECTED) + 4 :] == ON_REJECTED


def test_the_switch_may_be_turned_off_before_it_is_taken_back(course, exam, learner):
    held = attempt(S.SUBMITTED, exam, learner)
    move(held, S.REJECTED)
    with writing():
        course.overrides_grade = False
    assert move(held, S.VERIFIED)[-2:] == RESTORED


def test_the_last_recording_to_be_accepted_takes_it_back(exam, learner):
    first = attempt(S.ERROR, exam, learner, resume_state=ResumeState.RESUMED)
    second = attempt(S.SUBMITTED, exam, learner)
    assert move(second, S.REJECTED) == ON_REJECTED
    assert move(second, S.VERIFIED) == ON_REJECTED  # The first recording is still in error.
    assert move(first, S.VERIFIED) == ON_REJECTED + ON_VERIFIED + RESTORED


def test_two_rejections_are_told_once_and_a_later_submission_not_at_all(exam, learner):
    attempt(S.REJECTED, exam, learner)
    second, third = attempt(S.SUBMITTED, exam, learner), attempt(S.STARTED, exam, learner)
    assert move(second, S.REJECTED) == []
    with writing():
        attempts.submit(third, learner, now=NOON)
    assert enqueued() == [("provider.stop", None)]


@pytest.mark.parametrize("is_onboarding", [False, True])
@pytest.mark.parametrize(("to", "outcome"), [(S.VERIFIED, "accepted"), (S.REJECTED, "rejected"), (S.ERROR, "error")])
def test_practice_tells_only_its_provider_and_onboarding_its_learner_too(course, learner, is_onboarding, to, outcome):
    exam = make.exam(
        course=course, is_proctored=True, provider_slug="proctorco", is_practice=True, is_onboarding=is_onboarding
    )
    told = move(attempt(S.SUBMITTED, exam, learner, is_sample=True), to)
    mailed = [("email", "onboarding_decided")] if is_onboarding else []
    assert told == ([("provider.error", None)] if to is S.ERROR else []) + mailed
    outcomes = [m.payload["outcome"] for m in db.session.scalars(db.select(OutboxMessage)) if "outcome" in m.payload]
    assert outcomes == ([outcome] if is_onboarding else [])


@pytest.mark.parametrize("ended_by", EndedBy)
def test_every_submission_of_a_timed_exam_has_its_receipt(course, learner, ended_by):
    held = make.attempt(S.STARTED, exam=make.exam(course=course), learner=learner)
    actor = {EndedBy.TIME: Actor.SWEEPER}.get(ended_by, Actor(ended_by) if ended_by != "time" else Actor.SWEEPER)
    with writing():
        attempts.complete(held, Cause(actor=actor), ended_by=ended_by, now=NOON)
    assert enqueued() == [("email", "attempt_submitted")]


def test_an_error_of_their_own_making_needs_no_mail(course, learner):
    held = make.attempt(S.STARTED, exam=make.exam(course=course), learner=learner)
    assert move(held, S.ERROR, Cause(actor=Actor.LEARNER, user=learner)) == []
    other = make.attempt(S.STARTED, exam=make.exam(course=course), learner=learner)
    assert move(other, S.ERROR, Cause(actor=Actor.STAFF, reason="Power cut")) == [("email", "attempt_error")]


@pytest.mark.parametrize("status", S)
def test_a_reset_takes_back_credit(exam, learner, status):
    held = attempt(status, exam, learner)
    with writing():
        attempts.archive(held, Cause(actor=Actor.STAFF, reason="Reset"), now=NOON)
    credited = {S.SUBMITTED, S.VERIFIED, S.REJECTED, S.DECLINED, S.ERROR}
    assert enqueued() == [("provider.remove", None), *([("credit", "removed")] if status in credited else [])]


def test_a_reset_takes_back_a_lowered_grade_unless_another_attempt_lowers_it_too(exam, learner):
    held, other = attempt(S.SUBMITTED, exam, learner), attempt(S.SUBMITTED, exam, learner)
    for one in (held, other):
        move(one, S.REJECTED)
    for one in (held, other):
        with writing():
            attempts.archive(one, Cause(actor=Actor.STAFF, reason="Reset"), now=NOON)
    removed = [("provider.remove", None), ("credit", "removed")]
    assert enqueued() == ON_REJECTED + removed + removed + RESTORED


def test_an_interruption_and_its_end_are_mailed(exam, learner):
    held = attempt(S.STARTED, exam, learner)
    silent = Cause(actor=Actor.PORTAL, reason="Silent")
    with writing():
        time_account.pause_clock(held, TimeEntryKind.INTERRUPTION, silent, now=NOON)
        time_account.resume_clock(held, silent, now=NOON)
    assert enqueued() == [("email", "interrupted"), ("email", "resumed")]


def test_a_pause_by_the_team_is_on_the_page_only(exam, learner):
    held = attempt(S.STARTED, exam, learner)
    with writing():
        time_account.pause_clock(held, TimeEntryKind.PAUSE, Cause(actor=Actor.STAFF, reason="Alarm"), now=NOON)
    assert enqueued() == []


def test_leave_to_continue_is_mailed(exam, learner):
    held = attempt(S.ERROR, exam, learner, resume_state=ResumeState.RESUMABLE, time_remaining_seconds=600)
    with writing():
        resuming.grant_resume(held, Cause(actor=Actor.STAFF, reason="Power cut"), now=NOON)
    assert enqueued() == [("email", "resume_granted")]


def test_going_back_from_the_answers_is_no_second_start(exam, learner):
    held = attempt(S.STARTED, exam, learner)
    assert {S.STARTED, S.READY_TO_SUBMIT} == RUNNING
    with writing():
        attempts.check_answers(held, learner, now=NOON)
        attempts.go_back(held, learner, now=NOON)
    assert enqueued() == []
