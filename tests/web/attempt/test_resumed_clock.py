"""What is said before a start is what the clock will be: of an attempt that goes on, with what the window leaves."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts, creation, resuming
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import breaks, granting
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import AllowanceKind, Attempt, ResumeState, Role
from tests import make
from tests.make import NOON, S

STAFF = Cause(actor=Actor.STAFF, reason="The line broke")


def suspended(learner, *, kept_seconds: int = 3721, extra: int = 0, closes: float = 600) -> Attempt:
    """Of an exam of 90 minutes, resumed by the team with so much left; the exam closes so many minutes after noon."""
    exam = make.exam(time_limit_minutes=90, closes_at=NOON + timedelta(minutes=closes))
    make.enrol(exam.course, learner)
    with writing():
        attempt = attempts.start(attempts.create(exam, learner, now=NOON), learner, now=NOON)
        failed_at = attempt.deadline_at - timedelta(seconds=kept_seconds)
        resuming.fail(attempt, STAFF, now=failed_at)
        resuming.grant_resume(
            attempt, STAFF, extra_minutes=extra, now=min(failed_at, NOON + timedelta(minutes=closes - 1))
        )
    return attempt


@pytest.fixture
def learner(app, sign_in):
    return sign_in(make.user())


def resume_clock(learner, attempt: Attempt) -> Attempt:
    with writing():
        return creation.create(attempt.exam, db.session.merge(learner), now=NOON)


def test_the_ready_page_says_the_kept_time_and_the_clock_has_it(client, learner, the_clock):
    old = suspended(learner)
    the_clock.advance(minutes=40)
    for page in (f"/attempts/{old.ref}/status", f"/exams/{old.exam.slug}/"):
        assert "62:01" in client.get(page).text, page
    again = resume_clock(learner, old)
    page = client.get(f"/attempts/{again.ref}/ready").text
    assert "Start, 62:01 minutes" in page and "62:01 <small>minutes" in page
    client.post(f"/attempts/{again.ref}/start")
    db.session.refresh(again)
    assert again.deadline_at - the_clock.now == timedelta(seconds=3721)
    assert again.limit_seconds == 90 * 60


def test_the_window_is_counted_before_the_learner_continues(client, learner, the_clock):
    old = suspended(learner, kept_seconds=44 * 60, closes=100)
    the_clock.advance(minutes=83)
    page = client.get(f"/attempts/{old.ref}/status").text
    assert "44 minutes left" in page and "If you start now you get 17 minutes" in page
    again = resume_clock(learner, old)
    page = client.get(f"/attempts/{again.ref}/ready").text
    assert "Start, 17 minutes" in page and "You will have 17 minutes" in page


def test_an_exam_that_has_closed_promises_nothing(client, learner, the_clock):
    old = suspended(learner, closes=100)
    the_clock.advance(minutes=101)
    page = client.get(f"/attempts/{old.ref}/status").text
    assert "You cannot continue right now" in page and "This exam has closed." in page
    assert "Set up again and continue" not in page


def test_nothing_left_is_no_start(client, learner):
    old = suspended(learner, kept_seconds=0, extra=5)
    again = resume_clock(learner, old)
    with writing():
        attempts.lock(again.id).time_remaining_seconds = 0
    page = client.get(f"/attempts/{again.ref}/ready").text
    assert "You have no time left for this attempt." in page and "Start, " not in page
    assert client.post(f"/attempts/{again.ref}/start").status_code == 409
    db.session.refresh(again)
    assert again.status is S.CREATED


def test_a_break_counts_in_until_when_to_start(client, learner):
    exam = make.exam(opens_at=NOON, closes_at=NOON + timedelta(minutes=100))
    make.enrol(exam.course, learner)
    with writing():
        bank = Terms(kind=AllowanceKind.BREAK_BANK, minutes=20, exam=exam)
        granting.grant(exam.course, db.session.merge(learner), bank, by=None, reason="", now=NOON)
    assert "start by 12:20 to use all 60 minutes and your breaks" in client.get(f"/exams/{exam.slug}/").text


def test_a_break_that_the_window_takes_is_foretold(client, learner, the_clock):
    exam = make.exam(closes_at=NOON + timedelta(minutes=63))
    make.enrol(exam.course, learner)
    with writing():
        bank = Terms(kind=AllowanceKind.BREAK_BANK, minutes=30, exam=exam)
        granting.grant(exam.course, db.session.merge(learner), bank, by=None, reason="", now=NOON)
        attempt = attempts.start(attempts.create(exam, learner, now=NOON), learner, now=NOON)
        breaks.take(attempt, learner, now=NOON + timedelta(minutes=16))
    the_clock.advance(minutes=16)
    page = client.get(f"/attempts/{attempt.ref}/interrupted").text
    assert "If you continue now, 44 minutes will be left; at the end of the break, 17 minutes." in page


def test_the_team_reads_the_same_before_it_resumes_or_reopens(client, sign_in, learner, the_clock):
    old = suspended(learner, kept_seconds=44 * 60, closes=100)
    with writing():
        held = attempts.lock(old.id)
        held.resume_state = ResumeState.RESUMABLE
    done = make.attempt(S.SUBMITTED, exam=make.exam(course=old.exam.course, closes_at=NOON + timedelta(minutes=100)))
    sign_in(make.member(Role.INSTRUCTOR, course=old.exam.course))
    the_clock.advance(minutes=83)
    room = f"/teach/attempts/{old.ref}"
    page = client.post(f"{room}/do/resume", data={"extra_minutes": "10", "go": "look"}).text
    assert "The learner continues with 54:00 minutes." in page
    assert "If they start now they get 17:00, because the exam closes 13:40." in page
    assert "suspended, 17:00 left" in client.get(f"/teach/exams/{old.exam.slug}/attempts").text
    page = client.post(f"/teach/attempts/{done.ref}/do/reopen", data={"minutes": "40", "go": "look"}).text
    assert "If you do this now, the exam ends 13:40." in page
    assert db.session.get_one(Attempt, done.id).status is S.SUBMITTED
