"""Cases for the course team: opened once, mailed once to whom a mail can reach, and whole in the list either way."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.outbox import cases
from portal.domain.proctoring import heartbeats
from portal.domain.timekeeping import time_account
from portal.jobs import worker
from portal.jobs.recurring import presence
from portal.models import AttemptStatus, OutboxMessage, ProviderKind, Role, SupportCase, TimeEntryKind
from tests import fake_providers, make
from tests.jobs.mail.mailbox import html, text
from tests.make import NOON

S = AttemptStatus
WORDS = "The camera <b>fails</b>.\r\nBcc: eve@example.edu\r\n\r\nSubject: Free money"


@pytest.fixture
def attempt(app):
    fake_providers.provider("acme", kind=ProviderKind.PRACTICE, client=False)
    course = make.course(
        name="Wetter", escalation_email="help@example.edu", contact="team@example.edu", time_zone="Europe/Berlin"
    )
    exam = fake_providers.exam(course=course, name="Clouds")
    return make.attempt(S.STARTED, exam=exam, taking_as_proctored=True, ref="K7F-2QD4")


def open_one(attempt, key="a", words=WORDS):
    with writing():
        return cases.open_case(
            "learner_message", words, key=key, course_id=attempt.exam.course_id, attempt=attempt, now=NOON
        )


def test_it_is_mailed_to_the_escalation_contact_once(attempt, mails):
    open_one(attempt)
    [mail] = mails()
    assert (mail["To"], mail["Subject"]) == ("help@example.edu", "Message from a learner: Clouds")
    assert "Monday 2 March 2026, 13:00 (Europe/Berlin)" in text(mail)
    assert "http://localhost/teach/attempts/K7F-2QD4/" in text(mail)
    assert mail["Message-ID"] == "<case.a@localhost>"
    open_one(attempt)
    assert mails() == []
    assert len(db.session.scalars(db.select(SupportCase)).all()) == 1


def test_what_a_learner_wrote_is_text_and_nothing_more(attempt, mails):
    open_one(attempt)
    [mail] = mails()
    assert "The camera <b>fails</b>." in text(mail)
    assert "&lt;b&gt;fails&lt;/b&gt;" in html(mail) and "<b>fails" not in html(mail)
    assert mail["Bcc"] is None and mail.get_all("Subject") == ["Message from a learner: Clouds"]
    assert (mail["To"], mail["Cc"]) == ("help@example.edu", None)


@pytest.mark.parametrize(
    "case",
    [
        ("help@example.edu", "team@example.edu", "", "help@example.edu"),
        ("", "team@example.edu", "", "team@example.edu"),
        ("", "+49 30 123456", "portal@example.edu", "portal@example.edu"),
        ("", "a@b.example, c@d.example", "", None),
        ("", "", "", None),
    ],
)
def test_whom_a_mail_can_reach(case, app, attempt, mails, monkeypatch, caplog):
    escalation, contact, portals, to = case
    monkeypatch.setitem(app.config, "HELP_CONTACT", portals)
    fake_providers.change(attempt.exam.course, escalation_email=escalation, contact=contact)
    open_one(attempt)
    assert [mail["To"] for mail in mails()] == ([to] if to else [])
    assert ("Nobody got an email about the case a" in caplog.text) is (to is None)
    assert db.session.scalars(db.select(OutboxMessage.done_at)).all() == [NOON]


@pytest.mark.parametrize(
    ("contact", "learner_teaches", "to"),
    [
        ("", False, "one@example.edu, two@example.edu"),
        ("+49 30 123456", False, "one@example.edu, two@example.edu"),
        ("team@example.edu", False, "team@example.edu"),
        ("", True, "one@example.edu, two@example.edu"),
    ],
)
def test_where_a_course_gives_no_address_its_instructors_hear_of_it(app, attempt, mails, contact, learner_teaches, to):
    """But nobody hears of a case about themselves, and who has left hears of nothing."""
    fake_providers.change(attempt.exam.course, escalation_email="", contact=contact)
    teaching = [make.user(email=f"{name}@example.edu", is_active=name != "gone") for name in ("one", "two", "gone")]
    for person in [*teaching, *([attempt.learner] if learner_teaches else [])]:
        make.member(Role.INSTRUCTOR, course=attempt.exam.course, user=person)
    make.member(Role.REVIEWER, course=attempt.exam.course)
    open_one(attempt)
    assert [sorted(mail["To"].split(", ")) for mail in mails()] == [to.split(", ")]


def test_an_interruption_that_lasts_calls_for_a_person_once(attempt, mails):
    silent = Cause(actor=Actor.PORTAL, reason="Silent")
    with writing():
        time_account.pause_clock(attempt, TimeEntryKind.INTERRUPTION, silent, now=NOON)
    worker.work_through(now=NOON)
    mails.empty()
    for seconds, expected in ((899, 0), (900, 1), (905, 0), (9000, 0)):
        now = NOON + timedelta(seconds=seconds)
        presence.attend_silent(now)
        assert len(mails(now)) == expected, seconds
    [case] = db.session.scalars(db.select(SupportCase)).all()
    assert (case.kind, case.attempt_id) == ("interrupted", attempt.id)


def test_one_that_ended_in_time_calls_for_nobody(attempt):
    with writing():
        time_account.pause_clock(attempt, TimeEntryKind.INTERRUPTION, Cause(actor=Actor.PORTAL), now=NOON)
    with writing():
        heartbeats.hear(attempt.id, "page", now=NOON + timedelta(seconds=600))
    presence.attend_silent(NOON + timedelta(seconds=601))
    presence.attend_silent(NOON + timedelta(seconds=650))
    assert db.session.scalars(db.select(SupportCase)).all() == []
