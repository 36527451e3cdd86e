"""Each kind of mail as a real mail server receives it: two parts, the reader's zone, one recipient, whom to answer."""

from datetime import timedelta

import pytest

from portal.db import writing
from portal.domain.accounts import people
from portal.domain.attempts import attempts, resuming
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.providers import lookup
from portal.domain.reviews import appeals, verdicts
from portal.domain.reviews.appeals import Answered
from portal.domain.reviews.verdicts import Decided
from portal.domain.timekeeping import time_account
from portal.jobs import worker
from portal.models import AttemptStatus as S
from portal.models import EndedBy, ProviderKind, Role, TimeEntryKind, Verdict
from tests import fake_providers, make
from tests.jobs.mail import smtp
from tests.jobs.mail.mailbox import html, text
from tests.jobs.mail.smtp import Received
from tests.make import NOON

STAFF = Cause(actor=Actor.STAFF, reason="Power cut")
SILENT = Cause(actor=Actor.PORTAL, reason="Silent")
SENTENCE = "A second voice <i>helps</i> you."
LATER = NOON + timedelta(minutes=3)
INJECTED = "Wolken\r\nBcc: eve@example.edu\r\n\r\n<script>alert(1)</script>"


@pytest.fixture
def attempt(app):
    fake_providers.provider("acme", kind=ProviderKind.PRACTICE, client=False, contact_email="help@provider.example")
    course = make.course(name="Klima 101", escalation_email="appeals@example.edu")
    make.member(Role.REVIEWER, course=course, user=make.user(email="reviewer@example.edu"))
    reader = make.user(name="Zoë Ångström-李", email="zoe@example.edu", time_zone="Asia/Tokyo")
    exam = fake_providers.exam(course=course, name="Wolken – Prüfung")
    return make.attempt(S.STARTED, exam=exam, learner=reader, ref="K7F-2QD4", taking_as_proctored=True, saved_at=NOON)


def submit(attempt):
    attempts.complete(attempt, Cause(actor=Actor.PROVIDER), ended_by=EndedBy.PROVIDER, now=NOON)


def decide(attempt, verdict=Verdict.REJECT):
    submit(attempt)
    person = people.find_by_email("reviewer@example.edu")
    sentence, code = (SENTENCE, "help") if verdict is Verdict.REJECT else ("", "")
    verdicts.decide(attempt, Decided(verdict=verdict, reason_code=code, sentence=sentence), person, now=NOON)
    return person


def accept(attempt):
    decide(attempt, Verdict.ACCEPT)


def answer_appeal(attempt):
    person = decide(attempt)
    appeals.send(attempt, "It was the radio of the neighbours.", attempt.learner, days=14, now=NOON)
    appeals.answer(attempt, Answered(text="We listened again.", accepts=True), person, now=NOON)


def interrupt(attempt):
    time_account.pause_clock(attempt, TimeEntryKind.INTERRUPTION, SILENT, now=NOON)


def resume_clock(attempt):
    interrupt(attempt)
    time_account.resume_clock(attempt, SILENT, now=LATER)


def fail(attempt):
    resuming.fail(attempt, STAFF, now=NOON)


def let_resume(attempt):
    fail(attempt)
    resuming.grant_resume(attempt, STAFF, extra_minutes=5, now=NOON)


def add(attempt):
    time_account.add_time(attempt, 10, STAFF, now=NOON)


def take(attempt):
    time_account.add_time(attempt, -10, STAFF, now=NOON)


#: what happens -> a word of its subject, and what the mail must say.
KINDS = {
    submit: ("submitted", "(Asia/Tokyo)"),
    accept: ("accepted", "it met the requirements"),
    decide: ("not accepted", SENTENCE),
    answer_appeal: ("appeal", "We listened again."),
    interrupt: ("clock is paused", "21:00 (Asia/Tokyo)"),
    resume_clock: ("continues", "21:03 (Asia/Tokyo)"),
    fail: ("was suspended", "your remaining time is saved"),
    let_resume: ("You can continue", "1 hour 5 minutes"),
    add: ("more time", "22:10 (Asia/Tokyo)"),
    take: ("less time", "21:50 (Asia/Tokyo)"),
}


def happens(action, attempt):
    with writing():
        action(attempts.lock(attempt.id))
    worker.work_through(now=LATER)


def the_mail(received, word):
    [mail] = [mail for mail in received.mails if word in mail["Subject"] and mail["To"] == "zoe@example.edu"]
    return mail


@pytest.mark.parametrize("action", KINDS, ids=lambda action: action.__name__)
def test_each_kind_arrives_whole(attempt, received, action):
    word, says = KINDS[action]
    happens(action, attempt)
    mail = the_mail(received, word)
    assert [part.get_content_type() for part in mail.walk() if not part.is_multipart()] == ["text/plain", "text/html"]
    assert "multipart/alternative" in {part.get_content_type() for part in mail.walk()}
    assert "Wolken – Prüfung" in mail["Subject"]
    assert (mail["To"], mail["Reply-To"]) == ("zoe@example.edu", "appeals@example.edu")
    assert ("exams@localhost", ["zoe@example.edu"]) in received.envelopes
    plain, page = text(mail), html(mail)
    assert says in plain and plain.startswith("Hello Zoë Ångström-李,\n")
    assert says in page or "&lt;i&gt;helps&lt;/i&gt;" in page
    assert "<i>" not in page and 'lang="en"' in page
    assert "K7F-2QD4" in plain and "Klima 101" in plain and "http://localhost/attempts/K7F-2QD4/" in plain
    assert "None" not in plain + page and "{{" not in plain + page


@pytest.mark.parametrize("action", KINDS, ids=lambda action: action.__name__)
def test_no_name_becomes_a_header_or_a_tag(attempt, received, action):
    fake_providers.change(attempt.exam, name=INJECTED)
    fake_providers.change(attempt.learner, name=INJECTED)
    fake_providers.change(attempt.exam.course, name=INJECTED)
    happens(action, attempt)
    assert received.mails
    for mail in received.mails:
        assert (mail["Bcc"], mail["Cc"], len(mail.get_all("Subject"))) == (None, None, 1)
        assert "\n" not in mail["Subject"] and "<script>" not in html(mail)
    assert {tuple(to) for _, to in received.envelopes} <= {("zoe@example.edu",), ("appeals@example.edu",)}


@pytest.mark.parametrize("action", KINDS, ids=lambda action: action.__name__)
def test_a_providers_own_words_in_the_readers_language_stand_in_for_ours(attempt, received, action):
    names = {
        submit: "attempt_submitted", accept: "review_passed", decide: "review_failed",
        answer_appeal: "appeal_answered", interrupt: "interrupted", resume_clock: "resumed", fail: "attempt_error",
        let_resume: "resume_granted", add: "time_added", take: "time_cut",
    }  # fmt: skip
    own = {
        f"email.{names[action]}.subject": "Acme: {exam}",
        f"email.{names[action]}.body": "Hallo {name}! <b>{reference}</b>",
    }
    with writing():
        lookup.get("acme").texts = {"de": own, "en": dict.fromkeys(own, "Not this one")}
    fake_providers.change(attempt.learner, language="de")
    happens(action, attempt)
    mail = the_mail(received, "Acme: Wolken – Prüfung")
    assert "Hallo Zoë Ångström-李! <b>K7F-2QD4</b>" in text(mail)
    assert "&lt;b&gt;K7F-2QD4&lt;/b&gt;" in html(mail) and 'lang="de"' in html(mail)
    assert mail["Reply-To"] == "appeals@example.edu"


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("ar", "rtl")])
@pytest.mark.parametrize("action", [submit, decide, interrupt, add], ids=lambda action: action.__name__)
def test_the_portals_words_come_in_the_readers_language(attempt, received, action, language, direction):
    fake_providers.change(attempt.learner, language=language)
    happens(action, attempt)
    mail = received.mails[-1]
    page, plain = html(mail), text(mail)
    assert f'lang="{language}"' in page and f'dir="{direction}"' in page
    for english in ("Hello", "Your reference", "Course:", "Questions?", "sent this email", "March"):
        assert english not in page and english not in plain and english not in mail["Subject"]


def test_whom_to_answer_when_no_course_contact_can_be_mailed(attempt, received):
    fake_providers.change(attempt.exam.course, escalation_email="", contact="")
    happens(submit, attempt)
    assert the_mail(received, "submitted")["Reply-To"] == "help@provider.example"


def test_a_verdict_names_the_escalation_contact_and_an_exam_the_course(attempt, received):
    fake_providers.change(attempt.exam.course, contact="team@example.edu")
    happens(decide, attempt)
    assert the_mail(received, "submitted")["Reply-To"] == "team@example.edu"
    assert the_mail(received, "not accepted")["Reply-To"] == "appeals@example.edu"


def test_a_mail_server_that_is_away_for_an_hour_loses_nothing_and_gets_nothing_twice(attempt, settings, the_clock):
    port = smtp.free_port()
    settings(server="127.0.0.1", port=port)
    happens(decide, attempt)
    for _ in range(60):
        worker.work_through(now=the_clock.advance(minutes=1))
    received = Received()
    controller = smtp.serve(received, port)
    for _ in range(3):
        worker.work_through(now=the_clock.advance(minutes=40))
    controller.stop()
    ids = [mail["Message-ID"] for mail in received.mails]
    assert len(ids) == len(set(ids)) == 2
    assert {mail["Date"].datetime for mail in received.mails} == {NOON}
