"""Breaks out of a bank of minutes, and pauses by the team: to the second, and never beyond what was granted."""

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.db import db, writing
from portal.domain.answers import answers
from portal.domain.answers.answers import ClockStopped, Said
from portal.domain.attempts import attempts, resuming
from portal.domain.errors import BadInput, NotNow
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import break_bank, breaks, clock_message, exam_clock, granting, time_account
from portal.domain.timekeeping.allowance_terms import Terms
from portal.jobs.recurring import sweeper
from portal.models import Allowance, AllowanceKind, Attempt, EndedBy, HistoryEntry, LateAnswer, TimeEntryKind
from tests import make
from tests.make import NOON, S

STAFF = Cause(actor=Actor.STAFF, reason="fire alarm")


def at(minutes: float = 0, seconds: float = 0) -> datetime:
    return NOON + timedelta(minutes=minutes, seconds=seconds)


def bank(attempt: Attempt, minutes: int, *, now: datetime = NOON, of_course: bool = False) -> Allowance:
    terms = Terms(kind=AllowanceKind.BREAK_BANK, minutes=minutes, exam=None if of_course else attempt.exam)
    with writing():
        return granting.grant(attempt.exam.course, attempt.learner, terms, by=None, reason="", now=now)[0]


def running(minutes: int = 60, bank_minutes: int = 10, **exam_fields: object) -> Attempt:
    """Started at noon, with a bank."""
    exam = make.exam(time_limit_minutes=minutes, **exam_fields)
    learner = make.enrol(exam.course)
    with writing():
        attempt = attempts.start(attempts.create(exam, learner, now=NOON), learner, now=NOON)
    bank(attempt, bank_minutes)
    return attempt


def take(attempt: Attempt, now: datetime) -> None:
    with writing():
        breaks.take(attempts.lock(attempt.id), attempt.learner, now=now)


def resume_clock(attempt: Attempt, now: datetime) -> None:
    with writing():
        breaks.resume_clock(attempts.lock(attempt.id), attempt.learner, now=now)


def as_the_page_sees(attempt: Attempt, now: datetime) -> tuple[str, float]:
    """Its state and the minutes left; reading writes nothing."""
    message = clock_message.message(attempt, now=now)
    return message["state"], (message["deadline"] - message["now"]) / 60_000


def test_a_break_costs_the_bank_and_not_the_exam(app):
    attempt = running()
    take(attempt, at(20))
    take(attempt, at(21))
    assert as_the_page_sees(attempt, at(23)) == ("paused", 40)
    assert break_bank.left_seconds(attempt, now=at(23)) == 7 * 60
    resume_clock(attempt, at(24, 30))
    resume_clock(attempt, at(26))
    assert attempt.deadline_at == at(64, 30)
    assert (attempt.own_seconds, attempt.break_used_seconds) == (3600, 270)
    assert [(row.kind, row.seconds) for row in time_account.rows(attempt)] == [("base", 3600), ("break", 270)]


def test_an_empty_bank_lets_the_clock_continue_at_that_instant_though_nobody_looks(app):
    attempt = running()
    take(attempt, at(20))
    assert as_the_page_sees(attempt, at(29, 59)) == ("paused", 40)
    assert as_the_page_sees(attempt, at(30)) == ("in_progress", 40)
    assert as_the_page_sees(attempt, at(45)) == ("in_progress", 25)
    assert attempt.is_paused
    with writing():
        assert not attempts.submit_overdue(attempts.lock(attempt.id), now=at(50))
    assert (attempt.is_paused, attempt.deadline_at, attempt.break_ends_at) == (False, at(70), None)
    line = db.session.scalars(db.select(HistoryEntry).filter_by(event="break_ended")).one()
    assert (line.at, line.reason) == (at(30), "The break time was used up.")
    with pytest.raises(NotNow, match="no break time left"):
        take(attempt, at(51))


def test_whoever_ends_it_late_finds_no_longer_break_than_the_bank_held(app):
    attempt = running()
    take(attempt, at(20))
    with writing():
        attempts.complete(attempts.lock(attempt.id), Cause(actor=Actor.PROCTOR), ended_by=EndedBy.PROCTOR, now=at(45))
    assert (attempt.break_used_seconds, attempt.deadline_at, attempt.completed_at) == (600, at(70), at(45))


def test_a_sweeper_that_comes_an_hour_late_finds_the_same_end(app):
    attempt = running()
    take(attempt, at(20))
    assert as_the_page_sees(attempt, at(70, 30))[0] == "ended"
    assert sweeper.end_breaks(at(29, 59)) == 0
    assert sweeper.end_breaks(at(130)) == 1
    assert sweeper.end_breaks(at(131)) == 0
    assert sweeper.submit_overdue(at(131)) == 1
    db.session.refresh(attempt)
    assert (attempt.status, attempt.completed_at) == (S.SUBMITTED, at(70))


def test_the_window_cuts_also_during_a_break(app):
    attempt = running(closes_at=at(62))
    take(attempt, at(50))
    assert as_the_page_sees(attempt, at(50)) == ("paused", 10)
    assert as_the_page_sees(attempt, at(55)) == ("paused", 7)
    resume_clock(attempt, at(58))
    assert attempt.deadline_at == at(62)
    take(attempt, at(61))
    assert attempt.break_ends_at == at(62)
    assert as_the_page_sees(attempt, at(63))[0] == "ended"
    assert sweeper.end_breaks(at(63)) == sweeper.submit_overdue(at(63)) == 1
    db.session.refresh(attempt)
    assert attempt.completed_at == at(62)


def test_minutes_granted_or_taken_back_count_in_the_middle_of_a_break(app):
    attempt = running(bank_minutes=5)
    take(attempt, at(20))
    bank(attempt, 8, now=at(22))
    assert attempt.break_ends_at == at(28)
    small = bank(attempt, 4, now=at(23))
    assert attempt.break_ends_at == at(24)
    with writing():
        granting.withdraw(db.session.merge(small), by=None, reason="", now=at(23, 30))
    assert (attempt.is_paused, attempt.deadline_at) == (False, at(63, 30))


def test_the_largest_bank_counts(app):
    attempt = running(bank_minutes=10)
    bank(attempt, 15, of_course=True)
    assert attempt.break_bank_seconds == 15 * 60


def test_nobody_takes_a_break_without_a_bank_or_a_running_clock(app):
    attempt = make.attempt(S.STARTED)
    with pytest.raises(NotNow):
        take(attempt, NOON)
    over = running()
    with pytest.raises(NotNow):
        take(over, at(61))


def test_the_team_pauses_and_says_who_lets_continue(app):
    attempt = running()
    with pytest.raises(BadInput), writing():
        breaks.pause(attempts.lock(attempt.id), Cause(actor=Actor.STAFF, reason=" "), now=at(10))
    take(attempt, at(10))
    with writing():
        breaks.pause(attempts.lock(attempt.id), STAFF, now=at(12))
    assert (attempt.break_used_seconds, attempt.break_ends_at) == (120, None)
    with pytest.raises(NotNow, match="as soon as they can"):
        resume_clock(attempt, at(40))
    with writing():
        resuming.resume_clock(attempts.lock(attempt.id), STAFF, now=at(40))
        breaks.pause(attempts.lock(attempt.id), STAFF, learner_may_end=True, now=at(41))
    resume_clock(attempt, at(43))
    assert (attempt.is_paused, attempt.deadline_at) == (False, at(60 + 2 + 28 + 2))


def test_a_bank_is_for_an_exam_and_goes_along_when_another_attempt_continues_with_it(app):
    attempt = running(bank_minutes=15)
    take(attempt, at(20))
    with writing():
        resuming.fail(attempts.lock(attempt.id), STAFF, now=at(24))
        resuming.grant_resume(attempts.lock(attempt.id), STAFF, now=at(30))
    with writing():
        resumed = attempts.create(attempt.exam, attempt.learner, now=at(50))
        attempts.start(resumed, attempt.learner, now=at(50))
    assert (resumed.resumes_id, resumed.own_seconds) == (attempt.id, 40 * 60)
    assert break_bank.left_seconds(resumed, now=at(50)) == 11 * 60
    take(resumed, at(55))
    assert as_the_page_sees(resumed, at(55 + 11)) == ("in_progress", 35)
    assert break_bank.left_seconds(resumed, now=at(55 + 12)) == 0


def test_answers_are_refused_kindly_once_what_was_on_its_way_has_arrived(app):
    attempt = running()
    question = answers.ordered_questions(attempt)[0]
    take(attempt, at(10))
    with writing():
        held = attempts.lock(attempt.id)
        answers.require_clock(held, now=at(10, 30))
        assert not isinstance(
            answers.save(held, question.id, Said(value="a", seen_version=0), now=at(10, 30)), LateAnswer
        )
        with pytest.raises(ClockStopped):
            answers.require_clock(held, now=at(10, 31))
        answers.require_clock(held, now=at(20))
        assert not answers.save(held, question.id, Said(value="b", seen_version=1), now=at(69, 59)).in_grace


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(["take", "go_on", "nothing"]), st.floats(0, 400)), max_size=14))
def test_breaks_never_lengthen_an_exam_beyond_the_bank(app, steps):
    attempt, now, stood = running(bank_minutes=5), NOON, 0.0
    for what, seconds in steps:
        before, was_still = now, exam_clock.stopped_at(attempt, now=now)
        now += timedelta(seconds=seconds)
        if was_still:
            stood += (min(now, attempt.break_ends_at) - before).total_seconds()
        with suppress(NotNow):
            {"take": take, "go_on": resume_clock, "nothing": lambda *_: None}[what](attempt, now)
        left = break_bank.left_seconds(attempt, now=now)
        assert 0 <= left <= 300
        end = exam_clock.deadline_of(attempt, now=now)
        assert timedelta(0) <= end - at(60) <= timedelta(minutes=5)
        assert abs((end - at(60)).total_seconds() - stood) <= len(steps)
    rows = [row for row in time_account.rows(attempt) if row.kind is TimeEntryKind.BREAK]
    assert sum(row.seconds for row in rows) <= 300
