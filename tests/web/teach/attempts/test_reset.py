"""Resetting an attempt: what follows is named beforehand, and for ten minutes it can be undone."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts, creation
from portal.domain.outbox import webhook_endpoints
from portal.domain.providers.facts import ReviewReceived
from portal.domain.reviews import provider_reports
from portal.jobs import worker
from portal.jobs.recurring import presence
from portal.models import Attempt, HeardFrom, Heartbeat, OutboxMessage, ProviderKind, Registration, Role, SupportCase
from tests import fake_providers, make, review_factories
from tests.make import NOON, S

WHY = {"reason": "The wrong room"}


@pytest.fixture
def attempt(app, sign_in) -> Attempt:
    attempt = make.attempt(answered_count=2)
    sign_in(make.member(Role.INSTRUCTOR, course=attempt.exam.course))
    return attempt


@pytest.fixture
def proctored(app, sign_in) -> Attempt:
    """One that a provider has watched and not accepted, in a course where that lowers the grade."""
    fake_providers.provider("proctorco", kind=ProviderKind.PRACTICE, client=False)
    course = make.course(overrides_grade=True, needs_second_review=False)
    attempt = review_factories.proctored(exam=make.exam(course=course, is_proctored=True, provider_slug="proctorco"))
    review_factories.report(attempt, "violation")
    worker.work_through(now=NOON)
    sign_in(make.member(Role.INSTRUCTOR, course=course))
    return attempt


def do(attempt: Attempt, action: str) -> str:
    return f"/teach/attempts/{attempt.ref}/do/{action}"


def told(attempt: Attempt) -> list[str]:
    """The topics that somebody was told about since, in order."""
    db.session.rollback()
    since = db.select(OutboxMessage.topic).where(OutboxMessage.attempt_id == attempt.id, OutboxMessage.done_at > NOON)
    return list(db.session.scalars(since.order_by(OutboxMessage.id)))


def test_what_follows_is_named_before_anything_is_pressed(client, attempt, the_clock):
    the_clock.advance(minutes=20)
    page = client.get(do(attempt, "reset")).text
    for words in (
        "The portal keeps their 2 answers and the history.",
        "Their exam ends immediately with 40 minutes left, and their page says why.",
        "They can start again from the beginning.",
        "You can undo this for ten minutes, unless they start again.",
    ):
        assert words in page
    assert "provider" not in page and "credit" not in page


def test_of_a_proctored_one_the_provider_and_credit_are_named(client, sign_in, app):
    fake_providers.provider()
    attempt = fake_providers.attempt(S.SUBMITTED, exam=fake_providers.exam(closes_at=NOON + timedelta(minutes=5)))
    sign_in(make.member(Role.INSTRUCTOR, course=attempt.exam.course))
    page = client.get(do(attempt, "reset")).text
    for words in (
        "You can undo this for ten minutes",
        "After that, the portal asks the provider to delete the attempt and its recording.",
        "After that, the portal withdraws its credit and grade.",
    ):
        assert words in page


def test_undone_it_continues_with_what_was_left(client, attempt, the_clock):
    the_clock.advance(minutes=20)
    client.post(do(attempt, "reset"), data=WHY)
    the_clock.advance(minutes=7)
    page = client.get(f"/teach/attempts/{attempt.ref}/").text
    assert "Undo reset" in page and "reset after 20 min" in page and "- 40:00" in page
    assert client.post(do(attempt, "undo-reset"), data=WHY).status_code == 303
    db.session.refresh(attempt)
    assert attempt.archived_at is None
    assert attempt.deadline_at == NOON + timedelta(minutes=67)


AFTER = ["provider.remove", "credit", "grade", "certificate"]


def test_nobody_outside_is_told_while_it_can_be_undone(client, proctored, the_clock):
    client.post(do(proctored, "reset"), data=WHY)
    the_clock.advance(minutes=9, seconds=59)
    worker.work_through(now=the_clock.now)
    assert told(proctored) == []
    log = client.get(f"/teach/attempts/{proctored.ref}/provider-log?show=calls").text
    assert "scheduled for 12:10" in log and "Try again" not in log
    the_clock.advance(seconds=1)
    worker.work_through(now=the_clock.now)
    assert told(proctored) == AFTER


def test_undone_nobody_is_ever_told_and_a_second_reset_tells(client, proctored, the_clock):
    client.post(do(proctored, "reset"), data=WHY)
    the_clock.advance(minutes=2)
    assert client.post(do(proctored, "undo-reset"), data=WHY).status_code == 303
    the_clock.advance(hours=1)
    worker.work_through(now=the_clock.now)
    assert told(proctored) == []
    db.session.refresh(proctored)
    assert (proctored.status, proctored.archived_at) == (S.REJECTED, None)
    client.post(do(proctored, "reset"), data=WHY)
    the_clock.advance(minutes=10)
    worker.work_through(now=the_clock.now)
    assert told(proctored) == AFTER


def test_who_starts_again_makes_it_final_at_once(client, sign_in, proctored, the_clock):
    client.post(do(proctored, "reset"), data=WHY)
    the_clock.advance(minutes=1)
    with writing():
        creation.unproctored(proctored.exam, proctored.learner, now=the_clock.now)
    worker.work_through(now=the_clock.now)
    assert told(proctored) == AFTER
    refused = client.post(do(proctored, "undo-reset"), data=WHY)
    assert refused.status_code == 409 and "has already started again" in refused.text


def test_a_clock_that_ran_with_a_proctor_continues_and_nobody_is_silent(client, proctored, the_clock):
    runs = review_factories.proctored(exam=proctored.exam, status=S.STARTED)
    make.row(Heartbeat(attempt_id=runs.id, source=HeardFrom.PAGE, heard_at=NOON))
    client.post(do(runs, "reset"), data=WHY)
    the_clock.advance(minutes=6)
    client.post(do(runs, "undo-reset"), data=WHY)
    assert presence.attend_silent(the_clock.now) == 0
    db.session.refresh(runs)
    assert (runs.is_running, runs.is_paused, runs.deadline_at) == (True, False, NOON + timedelta(minutes=66))


def test_what_was_reported_meanwhile_waits_for_a_reviewer(client, proctored, the_clock):
    client.post(do(proctored, "reset"), data=WHY)
    the_clock.advance(minutes=1)
    said = ReviewReceived(status="passed", provider_status="Passed")
    with writing():
        provider_reports.receive(attempts.lock(proctored.id), said, review_factories.PROVIDER, None, now=the_clock.now)
    client.post(do(proctored, "undo-reset"), data=WHY)
    db.session.refresh(proctored)
    assert proctored.status is S.REJECTED
    [case] = db.session.scalars(db.select(SupportCase).filter_by(kind="report_to_decide"))
    assert case.attempt_id == proctored.id and "while it was reset" in case.text


def test_platforms_hear_of_both(client, attempt):
    with writing():
        webhook_endpoints.add("platform", "https://platform.example/", now=NOON)
    client.post(do(attempt, "reset"), data=WHY)
    client.post(do(attempt, "undo-reset"), data=WHY)
    events = db.session.scalars(db.select(OutboxMessage).filter_by(topic="webhook").order_by(OutboxMessage.id))
    assert [event.payload["type"] for event in events] == ["attempt.archived", "attempt.restored"]


def test_the_learners_page_hears_of_both(client, sign_in, attempt):
    client.post(do(attempt, "reset"), data=WHY)
    sign_in(attempt.learner)
    here = f"/attempts/{attempt.ref}"
    reset = client.get(f"{here}/clock.json").json
    assert (reset["state"], reset["go"]) == ("ended", f"{here}/")
    sign_in(make.member(Role.INSTRUCTOR, course=attempt.exam.course))
    client.post(do(attempt, "undo-reset"), data=WHY)
    sign_in(attempt.learner)
    again = client.get(f"{here}/clock.json").json
    assert again["state"] == "in_progress" and again["rev"] > reset["rev"]
    assert client.get(here + "/", follow_redirects=True).request.path == f"{here}/exam/1"


def ten_minutes(attempt, the_clock):
    the_clock.advance(minutes=10)
    return "Ten minutes have passed"


def started_again(attempt, the_clock):
    make.attempt(S.CREATED, exam=attempt.exam, learner=attempt.learner)
    return "has already started again"


def told_already(attempt, the_clock):
    reset = db.session.scalars(db.select(OutboxMessage).filter_by(topic="provider.remove")).one()
    fake_providers.change(reset, done_at=NOON)
    return "has already changed"


def place_asked_for(attempt, the_clock):
    facts = {"open_key": "1.1", "attempt_code": "X", "created_at": NOON, "provider_slug": "proctorco"}
    make.row(Registration(exam_id=attempt.exam_id, learner_id=attempt.learner_id, **facts))
    return "is starting again now"


def reset_another(attempt, the_clock):
    later = NOON + timedelta(minutes=1)
    facts = {"archived_at": later, "archive_reason": "That one, too"}
    other = make.attempt(S.SUBMITTED, exam=attempt.exam, learner=attempt.learner, **facts)
    return f"reset after this one (reference {other.ref})"


@pytest.mark.parametrize("happens", [ten_minutes, started_again, told_already, place_asked_for, reset_another])
def test_when_it_cannot_be_undone_it_says_why(client, proctored, the_clock, happens):
    client.post(do(proctored, "reset"), data=WHY)
    why = happens(proctored, the_clock)
    refused = client.post(do(proctored, "undo-reset"), data=WHY)
    assert refused.status_code == 409 and why in refused.text
    assert why in client.get(f"/teach/attempts/{proctored.ref}/").text
