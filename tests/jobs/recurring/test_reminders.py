"""An accepted onboarding exam that ends soon: one mail to its learner, and none where none is needed."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.jobs.recurring import schedule
from portal.jobs.recurring.reminders import remind_of_checks
from portal.models import Attempt, Enrolment, OutboxMessage
from tests import fake_providers, make
from tests.jobs.mail.mailbox import html, text
from tests.make import NOON, S


@pytest.fixture
def exam(app):
    course = make.course(name="Wind & Wetter", contact="team@example.edu")
    return fake_providers.exam(course=course, is_practice=True, is_onboarding=True)


def accepted(exam, learner=None, *, days_ago, status=S.VERIFIED, **given):
    at = NOON - timedelta(days=days_ago)
    facts = {"at": at, "completed_at": at, "is_sample": True, "taking_as_proctored": True, **given}
    return make.attempt(status, exam=exam, learner=learner, **facts)


def remind(now=NOON):
    with writing() as session:
        return remind_of_checks(session, now)


def enqueued():
    db.session.rollback()
    return db.session.scalars(db.select(OutboxMessage.key).filter_by(topic="email")).all()


def test_one_mail_says_until_when_and_where(exam, mails):
    zoe = make.user(name="Zoë", email="zoe@example.edu", time_zone="Europe/Berlin")
    accepted(exam, zoe, days_ago=340)
    assert (remind(), remind(), remind(NOON + timedelta(days=1))) == (1, 0, 0)
    [mail] = mails()
    assert (mail["To"], mail["Subject"]) == ("zoe@example.edu", "Repeat your onboarding exam for Wind & Wetter")
    assert "is valid until Friday 27 March 2026, 13:00 (Europe/Berlin)." in text(
        mail
    ) and "http://localhost/me/onboarding/" in text(mail)
    assert "<strong>Wind &amp; Wetter</strong>" in html(mail)


@pytest.mark.parametrize(("days_ago", "number"), [(336, 0), (337, 1), (364, 1), (365, 0), (400, 0)])
def test_it_comes_in_the_last_four_weeks(exam, days_ago, number):
    accepted(exam, days_ago=days_ago)
    assert remind() == number


def test_what_was_accepted_again_or_archived_or_left_needs_none(exam):
    again, gone = make.user(), make.user()
    accepted(exam, again, days_ago=340)
    accepted(exam, again, days_ago=5)
    accepted(exam, days_ago=340, archived_at=NOON, archive_reason="Reset.")
    accepted(exam, days_ago=340, status=S.REJECTED)
    accepted(exam, gone, days_ago=340)
    fake_providers.change(db.session.scalars(db.select(Enrolment).filter_by(user_id=gone.id)).one(), is_active=False)
    accepted(fake_providers.exam(is_practice=True), days_ago=340)
    assert (remind(), enqueued()) == (0, [])


def test_another_providers_check_is_another_one(exam):
    learner = make.user()
    first = accepted(exam, learner, days_ago=340)
    other = fake_providers.exam("other", course=exam.course, is_practice=True, is_onboarding=True)
    accepted(other, learner, days_ago=5)
    assert (remind(), enqueued()) == (1, [f"{first.ref}.check-ends"])


def test_it_recurs(exam):
    attempt = accepted(exam, days_ago=340)
    schedule.run_due(NOON)
    assert enqueued() == [f"{db.session.get_one(Attempt, attempt.id).ref}.check-ends"]
