"""The time account: what adds up, what the window cuts, and who may change it."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.errors import BadInput, NotNow
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import budget, clock_message, granting, time_account
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import AllowanceKind, Attempt, Notice, OutboxMessage, TimeEntryKind
from portal.models import AttemptStatus as S
from tests import make
from tests.make import NOON

STAFF = Cause(actor=Actor.STAFF, reason="a fire alarm")


def running(minutes: int = 90, **exam_fields: object) -> Attempt:
    exam = make.exam(time_limit_minutes=minutes, **exam_fields)
    learner = make.enrol(exam.course)
    with writing():
        attempt = attempts.create(exam, learner, now=NOON)
        return attempts.start(attempt, learner, now=NOON)


def left_minutes(attempt: Attempt) -> float:
    return (attempt.deadline_at - NOON).total_seconds() / 60


def test_a_start_gives_the_base(app):
    attempt = running(90)
    assert left_minutes(attempt) == 90
    assert attempt.hard_stop_at - attempt.deadline_at == timedelta(seconds=30)
    assert [row.kind for row in time_account.rows(attempt)] == [TimeEntryKind.BASE]


def test_the_window_cuts(app):
    attempt = running(90, closes_at=NOON + timedelta(minutes=80))
    assert left_minutes(attempt) == 80
    assert attempt.own_seconds == 90 * 60


def test_the_largest_multiplier_counts_and_extra_minutes_add_up(app):
    exam = make.exam(time_limit_minutes=60)
    learner = make.enrol(exam.course)
    for terms in (
        Terms(kind=AllowanceKind.MULTIPLIER, percent=125, exam=exam),
        Terms(kind=AllowanceKind.MULTIPLIER, percent=150),
        Terms(kind=AllowanceKind.EXTRA_MINUTES, minutes=5, exam=exam),
        Terms(kind=AllowanceKind.EXTRA_MINUTES, minutes=10),
    ):
        with writing():
            granting.grant(exam.course, learner, terms, by=None, reason="", now=NOON)
    with writing():
        attempt = attempts.start(attempts.create(exam, learner, now=NOON), learner, now=NOON)
    assert left_minutes(attempt) == 60 + 30 + 15


def test_an_allowance_granted_while_it_runs_counts_at_once_and_once(app):
    attempt = running(60)
    terms = Terms(kind=AllowanceKind.EXTRA_MINUTES, minutes=20, exam=attempt.exam)
    with writing():
        allowance, touched, _ = granting.grant(
            attempt.exam.course, attempt.learner, terms, by=None, reason="", now=NOON
        )
        assert touched == [attempt]
        assert time_account.recount(attempt, STAFF, now=NOON) is False
    assert left_minutes(attempt) == 80
    with writing():
        granting.withdraw(allowance, by=None, reason="", now=NOON)
    assert left_minutes(attempt) == 60


def test_added_minutes_leave_a_row_a_notice_and_a_message(app):
    attempt = running(60)
    before = attempt.revision
    with writing():
        time_account.add_time(attempt, 10, STAFF, now=NOON)
    assert left_minutes(attempt) == 70
    assert attempt.revision == before + 1
    notice = db.session.scalars(db.select(Notice)).one()
    assert (notice.seconds, notice.revision) == (600, attempt.revision)
    assert "unseen_time" in db.session.scalars(db.select(OutboxMessage.topic)).all()


@pytest.mark.parametrize("minutes", [0, 1441, -1441])
def test_a_gift_is_a_sensible_number(app, minutes):
    attempt = running()
    with pytest.raises(BadInput), writing():
        time_account.add_time(attempt, minutes, STAFF, now=NOON)


def test_a_gift_needs_a_reason_and_a_running_clock(app):
    attempt = running()
    with pytest.raises(BadInput), writing():
        time_account.add_time(attempt, 5, Cause(actor=Actor.STAFF, reason=" "), now=NOON)
    over = make.attempt(S.SUBMITTED)
    with pytest.raises(NotNow), writing():
        time_account.add_time(over, 5, STAFF, now=NOON)


def test_time_taken_away_leaves_five_minutes(app):
    attempt = running(60)
    with writing():
        time_account.add_time(attempt, -55, STAFF, now=NOON)
    assert left_minutes(attempt) == 5
    with pytest.raises(NotNow), writing():
        time_account.add_time(attempt, -1, STAFF, now=NOON)
    assert left_minutes(attempt) == 5


def test_a_gift_that_the_window_swallows_is_refused(app):
    attempt = running(60, closes_at=NOON + timedelta(minutes=60))
    with pytest.raises(NotNow), writing():
        time_account.add_time(attempt, 10, STAFF, now=NOON)


def test_a_clock_that_stands_still_costs_nothing(app):
    attempt = running(60)
    later = NOON + timedelta(minutes=20)
    with writing():
        time_account.pause_clock(attempt, TimeEntryKind.PAUSE, STAFF, now=NOON)
        time_account.pause_clock(attempt, TimeEntryKind.PAUSE, STAFF, now=NOON)
    paused = clock_message.message(attempt, now=later)
    assert paused["state"] == "paused"
    assert paused["deadline"] - paused["now"] == 60 * 60 * 1000
    with writing():
        time_account.resume_clock(attempt, STAFF, now=later)
        time_account.resume_clock(attempt, STAFF, now=later)
    assert left_minutes(attempt) == 80
    assert attempt.own_seconds == 60 * 60


@pytest.mark.parametrize(("minutes", "low", "critical"), [(135, 600, 120), (30, 600, 120), (20, 300, 60), (8, 96, 24)])
def test_warnings_follow_from_the_learners_own_total(minutes, low, critical):
    assert budget.thresholds_seconds(minutes * 60) == (low, critical)


def test_a_grace_for_plain_pages_stays_when_time_is_given_and_never_shrinks(app):
    attempt = running(60)
    with writing():
        locked = attempts.lock(attempt.id)
        time_account.extend_grace(locked)
        time_account.add_time(locked, 10, STAFF, now=NOON)
    assert attempt.hard_stop_at - attempt.deadline_at == timedelta(seconds=90)
    patient = running(60, grace_seconds=120)
    with writing():
        time_account.extend_grace(attempts.lock(patient.id))
    assert patient.hard_stop_at - patient.deadline_at == timedelta(seconds=120)
