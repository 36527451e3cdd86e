"""Opening a handed-in attempt again: who may, when, exactly how long, and what is told once more."""

from datetime import datetime, timedelta

import pytest

from portal.db import db, writing
from portal.domain.answers import answers
from portal.domain.answers.answers import Said
from portal.domain.attempts import attempts, reopening
from portal.domain.errors import BadInput, NotNow
from portal.domain.lifecycle import transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import granting, time_account
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import (
    AllowanceKind,
    Attempt,
    EndedBy,
    HistoryEntry,
    LateAnswer,
    OutboxMessage,
    Review,
    TimeEntryKind,
    WebhookEndpoint,
)
from tests import fake_providers, make
from tests.make import NOON, S

STAFF = Cause(actor=Actor.STAFF, reason="The line of the whole room broke")


def at(minutes: float = 0, seconds: float = 0) -> datetime:
    return NOON + timedelta(minutes=minutes, seconds=seconds)


def submitted(*, by_time: bool = False, when: datetime | None = None, **exam_fields: object) -> Attempt:
    """Begun at noon, 60 minutes; handed in by the learner after 20 of them, or by the clock."""
    exam = make.exam(questions=[{"key": {"choice": "b"}}], **exam_fields)
    learner = make.enrol(exam.course)
    with writing():
        attempt = attempts.start(attempts.create(exam, learner, now=NOON), learner, now=NOON)
        question = answers.ordered_questions(attempt)[0]
        answers.save(attempt, question.id, Said(value="a", seen_version=0), now=NOON)
        if by_time:
            attempts.submit_overdue(attempt, now=at(61))
        else:
            attempts.submit(attempt, learner, now=when or at(20))
    return attempt


def reopen(attempt: Attempt, minutes: int = 10, *, cause: Cause = STAFF, now: datetime) -> None:
    with writing():
        reopening.reopen(attempts.lock(attempt.id), minutes, cause, now=now)


def topics() -> list[str]:
    return list(db.session.scalars(db.select(OutboxMessage.topic).order_by(OutboxMessage.id)))


@pytest.mark.parametrize("when", [at(20), at(20, 0.4), at(59, 59.7)])
@pytest.mark.parametrize("now", [at(95), at(95, 0.6)])
def test_the_deadline_is_so_many_minutes_from_now(app, when, now):
    attempt = submitted(when=when)
    reopen(attempt, 10, now=now)
    assert timedelta(minutes=10) <= attempt.deadline_at - now < timedelta(minutes=10, seconds=1)
    assert attempt.hard_stop_at - attempt.deadline_at == timedelta(seconds=30)
    assert (attempt.status, attempt.completed_at, attempt.ended_by) == (S.STARTED, None, None)
    assert (attempt.points, attempt.points_possible) == (None, None)


def test_the_account_says_what_was_used_given_up_and_given(app):
    attempt = submitted()
    reopen(attempt, 10, now=at(95))
    rows = [(row.kind, row.seconds // 60, row.at, row.reason) for row in time_account.rows(attempt)]
    assert rows == [
        (TimeEntryKind.BASE, 60, NOON, ""),
        (TimeEntryKind.UNUSED, -40, at(20), ""),
        (TimeEntryKind.REOPENED, 75, at(20), STAFF.reason),
        (TimeEntryKind.ADDED, 10, at(95), STAFF.reason),
    ]
    assert attempt.own_seconds == 30 * 60  # 20 used and 10 given: the time in between is nobody's.


def test_what_the_clock_submitted_is_opened_with_the_whole_of_its_time_used(app):
    attempt = submitted(by_time=True)
    reopen(attempt, 5, now=at(70))
    assert (attempt.deadline_at, attempt.own_seconds) == (at(75), 65 * 60)


def test_it_is_marked_anew_and_what_came_too_late_stays_apart(app):
    attempt = submitted(by_time=True)
    question = answers.ordered_questions(attempt)[0]
    with writing():
        answers.save(attempts.lock(attempt.id), question.id, Said(value="c", seen_version=1), now=at(62))
    assert attempt.points == 0
    reopen(attempt, now=at(70))
    with writing():
        held = attempts.lock(attempt.id)
        answers.save(held, question.id, Said(value="b", seen_version=1), now=at(71))
        assert attempts.submit(held, held.learner, now=at(72))
    assert (attempt.points, attempt.completed_at, attempt.ended_by) == (1, at(72), EndedBy.LEARNER)
    assert [late.value for late in db.session.scalars(db.select(LateAnswer))] == ["c"]


def test_an_allowance_granted_in_between_changes_nothing_twice(app):
    attempt = submitted()
    terms = Terms(kind=AllowanceKind.EXTRA_MINUTES, minutes=15, exam=attempt.exam)
    with writing():
        granting.grant(attempt.exam.course, attempt.learner, terms, by=None, reason="", now=at(30))
    reopen(attempt, 10, now=at(40))
    assert attempt.deadline_at == at(50)
    with writing():
        assert not time_account.recount(attempts.lock(attempt.id), STAFF, now=at(41))
    assert attempt.deadline_at == at(50)


def test_the_window_cuts_and_refuses_where_it_leaves_nothing(app):
    attempt = submitted(closes_at=at(90))
    reopen(attempt, 60, now=at(50))
    assert attempt.deadline_at == at(90)
    shut = submitted(closes_at=at(60))
    with pytest.raises(NotNow, match="longer window"):
        reopen(shut, now=at(60))
    longer = Terms(kind=AllowanceKind.LONGER_WINDOW, minutes=30, exam=shut.exam)
    with writing():
        granting.grant(shut.exam.course, shut.learner, longer, by=None, reason="", now=at(60))
    reopen(shut, 60, now=at(60))
    assert shut.deadline_at == at(90)


@pytest.mark.parametrize("minutes", [0, -5, 1441])
def test_minutes_make_sense_and_there_is_a_reason(app, minutes):
    attempt = submitted()
    with pytest.raises(BadInput, match="1440"):
        reopen(attempt, minutes, now=at(30))
    with pytest.raises(BadInput, match="Enter a reason"):
        reopen(attempt, cause=Cause(actor=Actor.STAFF, reason=" "), now=at(30))


@pytest.mark.parametrize("status", [S.STARTED, S.ERROR, S.VERIFIED, S.TIMED_OUT, S.EXPIRED, S.DECLINED])
def test_only_what_is_submitted_is_opened_again(app, status):
    with pytest.raises(NotNow, match="not submitted"):
        reopen(make.attempt(status), now=at(30))


def test_a_recording_that_is_over_is_not_opened_again(app):
    fake_providers.provider()
    with pytest.raises(NotNow, match="Reset the attempt"):
        reopen(fake_providers.attempt(S.SUBMITTED), now=at(30))


def test_what_was_judged_shown_or_archived_stays(app):
    judged, shown, aside = submitted(), submitted(shows_marks=True), submitted()
    facts = {
        "number": 1,
        "is_current": True,
        "is_human": True,
        "status": "passed",
        "provider_status": "",
        "to_status": "",
    }
    with writing() as session:
        session.add(Review(attempt_id=judged.id, made_at=NOON, **facts))
        attempts.archive(attempts.lock(aside.id), STAFF, now=at(25))
    with pytest.raises(NotNow, match="decided"):
        reopen(judged, now=at(30))
    with pytest.raises(NotNow, match="marks"):
        reopen(shown, now=at(30))
    with pytest.raises(NotNow, match="not submitted"):
        reopen(aside, now=at(30))


def test_only_the_newest_and_only_one_clock(app):
    older = submitted()
    make.attempt(S.CREATED, exam=older.exam, learner=older.learner)
    with pytest.raises(NotNow, match="this exam again"):
        reopen(older, now=at(30))
    one = submitted()
    elsewhere = make.attempt(S.STARTED, exam=make.exam(course=one.exam.course), learner=one.learner)
    with pytest.raises(NotNow, match=elsewhere.ref):
        reopen(one, now=at(30))


def test_nobody_but_the_team_may(app):
    attempt = submitted()
    for actor in Actor:
        assert transitions.may_move(attempt, S.STARTED, actor) is (actor is Actor.STAFF)


def test_everybody_is_told_again_and_under_new_keys(app):
    attempt = submitted(by_time=True)
    with writing() as session:
        session.add(WebhookEndpoint(name="lms", url="https://lms.example.org/", secret="whsec_x", created_at=NOON))
    reopen(attempt, now=at(70))
    with writing():
        assert attempts.submit_overdue(attempts.lock(attempt.id), now=at(81))
    mails = list(db.session.scalars(db.select(OutboxMessage).filter_by(topic="email").order_by(OutboxMessage.id)))
    assert [mail.payload["template"] for mail in mails] == ["attempt_submitted", "reopened", "attempt_submitted"]
    assert len({mail.key for mail in mails}) == 3
    events = db.session.scalars(db.select(OutboxMessage).filter_by(topic="webhook").order_by(OutboxMessage.id))
    assert [event.payload["type"] for event in events] == ["attempt.reopened", "attempt.submitted"]
    lines = db.session.scalars(db.select(HistoryEntry).order_by(HistoryEntry.id)).all()[-2:]
    assert [(line.from_status, line.to_status, line.event, line.actor) for line in lines] == [
        ("submitted", "started", "reopened", "staff"),
        ("started", "submitted", "moved", "sweeper"),
    ]
    assert "credit" not in topics()
