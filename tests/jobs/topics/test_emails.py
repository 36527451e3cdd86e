"""What the mails say, to whom, and in whose time zone."""

from datetime import timedelta
from pathlib import Path

import pytest

from portal.db import writing
from portal.domain.attempts import attempts
from portal.domain.lifecycle import consequences
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.outbox import messages
from portal.domain.timekeeping import time_account
from portal.models import AttemptStatus, EndedBy
from tests import make
from tests.jobs.mail.mailbox import html, text
from tests.make import NOON

S = AttemptStatus
TEMPLATES = Path(__file__).parents[3] / "templates" / "emails"
NAMES = sorted(folder.name for folder in TEMPLATES.iterdir() if folder.is_dir())


@pytest.fixture
def attempt(app):
    course = make.course(name="Weather & climate", contact="team@example.org")
    nora = make.user(name="Nora <N>", email="nora@example.edu", time_zone="Europe/Berlin")
    exam = make.exam(course=course, name="Clouds & rain")
    return make.attempt(S.STARTED, exam=exam, learner=nora, ref="K7F-2QD4", answered_count=2, saved_at=NOON)


def add(attempt, minutes):
    with writing():
        time_account.add_time(attempt, minutes, Cause(actor=Actor.STAFF, reason="Fire alarm"), now=NOON)


def test_every_enqueued_email_has_its_templates():
    every = [*consequences.FOLLOWS.values(), *consequences.FOLLOWS_EVENT.values()]
    enqueued = {p.says["template"] for some in every for p in some if p.topic == "email"}
    others = {
        "message_answered",
        "time_added",
        "time_cut",
        "password_reset",
        "appeal_answered",
        "support_case",
        "onboarding_ends",
    }
    assert enqueued | others == set(NAMES)


def test_a_timed_exam_submitted_by_the_learner_is_receipted_and_speaks_of_no_recording(attempt, mails):
    with writing():
        attempts.submit(attempt, attempt.learner, now=NOON)
    [mail] = mails()
    assert mail["Subject"] == "You submitted Clouds & rain" and "recording" not in text(mail)


def test_who_ended_an_exam_and_why_is_in_the_receipt(attempt, mails):
    with writing():
        cause = Cause(actor=Actor.PROCTOR, reason="The room has to be cleared")
        attempts.complete(attempt, cause, ended_by=EndedBy.PROCTOR, now=NOON)
    [mail] = mails()
    for says in (text(mail), html(mail)):
        assert "the course team ended" in says and "Their reason: The room has to be cleared" in says


def test_handing_in_is_receipted(attempt, mails):
    with writing():
        attempt.taking_as_proctored = True
        attempts.submit(attempt, attempt.learner, now=NOON + timedelta(minutes=5))
    [mail] = mails(NOON + timedelta(minutes=5))
    assert (mail["To"], mail["Subject"]) == ("nora@example.edu", "You submitted Clouds & rain")
    assert mail["From"] == "Invigil <exams@localhost>"
    assert mail["Date"].datetime == NOON + timedelta(minutes=5)
    assert mail["Message-ID"].startswith("<K7F-2QD4.") and mail["Message-ID"].endswith(".email@localhost>")
    for said in (
        "Hello Nora <N>,\n\nyou submitted Clouds & rain on Monday 2 March 2026, 13:05 (Europe/Berlin).\n",
        "Questions answered: 2\nLast answer saved: Monday 2 March 2026, 13:00 (Europe/Berlin)\n",
        "Your reference: K7F-2QD4\nCourse: Weather & climate\n",
        "http://localhost/attempts/K7F-2QD4/\n",
        "Write to team@example.org",
    ):
        assert said in text(mail)
    assert "is being reviewed" in text(mail)
    assert "Nora &lt;N&gt;" in html(mail) and "Clouds &amp; rain" in html(mail)


def test_the_time_handed_it_in(attempt, mails):
    with writing():
        attempts.submit_overdue(attempt, now=NOON + timedelta(hours=2))
    [mail] = mails(NOON + timedelta(hours=2))
    assert mail["Subject"] == "Clouds & rain was submitted for you"
    assert "your time for Clouds & rain ended on Monday 2 March 2026, 14:00 (Europe/Berlin)" in text(mail)
    assert "review" not in text(mail)


def test_added_time_that_the_page_did_not_show_is_mailed_after_two_minutes(attempt, mails):
    add(attempt, 10)
    assert mails(NOON + timedelta(seconds=119)) == []
    [mail] = mails(NOON + timedelta(seconds=120))
    assert mail["Subject"] == "You have more time: 10 minutes added to Clouds & rain"
    assert "Your exam now ends on Monday 2 March 2026, 14:10 (Europe/Berlin)." in text(mail)


def test_time_taken_away_is_mailed_as_such(attempt, mails):
    add(attempt, -10)
    [mail] = mails(NOON + timedelta(minutes=2))
    assert mail["Subject"] == "You have less time: 10 minutes removed from Clouds & rain"
    assert "13:50 (Europe/Berlin)" in text(mail)


def test_added_time_that_was_seen_is_not_mailed(attempt, mails):
    add(attempt, 10)
    with writing():
        attempt.seen_revision = attempt.revision
    assert mails(NOON + timedelta(minutes=2)) == []


def test_added_time_is_not_mailed_after_the_end(attempt, mails):
    add(attempt, 10)
    with writing():
        attempts.submit(attempt, attempt.learner, now=NOON)
    assert [mail["Subject"] for mail in mails(NOON + timedelta(minutes=2))] == ["You submitted Clouds & rain"]


def test_a_password_mail_needs_no_attempt(app, mails):
    says = {"template": "password_reset", "to": "ada@example.edu", "name": "Ada", "link": "http://localhost/x?a&b"}
    with writing():
        messages.enqueue("email", now=NOON, key="password-reset-7-20260302T120000.5", payload=says)
    [mail] = mails()
    assert (mail["To"], mail["Subject"]) == ("ada@example.edu", "Choose a new password for Invigil")
    assert "Hello Ada," in text(mail) and "\nhttp://localhost/x?a&b\n" in text(mail)
    assert 'href="http://localhost/x?a&amp;b"' in html(mail)


def test_a_subject_is_one_line(attempt, mails):
    with writing():
        attempt.exam.name, attempt.taking_as_proctored = "Two\r\nBcc: eve@example.edu", True
        attempts.submit(attempt, attempt.learner, now=NOON)
    [mail] = mails()
    assert mail["Subject"] == "You submitted Two Bcc: eve@example.edu"
    assert mail["Bcc"] is None


@pytest.mark.parametrize("name", [name for name in NAMES if name != "support_case"])
def test_every_mail_reads_well(attempt, mails, name):
    with writing():
        attempt.taking_as_proctored, attempt.ended_by, attempt.completed_at = True, EndedBy.PROCTOR, NOON
        payload = {"template": name, "seconds": 5400, "link": "http://localhost/link"}
        messages.enqueue("email", now=NOON, attempt=attempt, payload=payload)
    [mail] = mails()
    body = text(mail)
    assert mail["Subject"].strip()
    assert "None" not in body + html(mail)
    assert "\n\n\n" not in body and body.endswith("-- \nInvigil sent this email automatically.\n")
    assert "http://localhost/" in body and "http://localhost/" in html(mail)
    assert "Undefined" not in body and "{" not in body
