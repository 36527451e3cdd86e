"""The mails of a proctored exam: their words, whom they name, and a provider's own words instead."""

from datetime import timedelta

import pytest

from portal.db import writing
from portal.domain.attempts import attempts, resuming
from portal.domain.lifecycle import transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.proctoring import declining
from portal.domain.reviews import appeals, verdicts
from portal.domain.reviews.appeals import Answered
from portal.domain.reviews.verdicts import Decided
from portal.domain.timekeeping import time_account
from portal.models import Appeal, AttemptStatus, EndedBy, Provider, ProviderKind, Role, TimeEntryKind, Verdict
from tests import fake_providers, make
from tests.jobs.mail.mailbox import html, text
from tests.make import NOON

S = AttemptStatus
SILENT = Cause(actor=Actor.PORTAL, reason="ProctorCo was silent for 180 seconds.")
SENTENCE = "A second person <b>spoke</b> with you at 12:04."


@pytest.fixture
def provider(app):
    facts = {
        "slug": "proctorco",
        "kind": ProviderKind.PRACTICE,
        "name": "ProctorCo",
        "contact_email": "help@provider.example",
    }
    return make.row(Provider(**facts, created_at=NOON, updated_at=NOON))


@pytest.fixture
def course(provider):
    return make.course(name="Wetter & Klima")


@pytest.fixture
def attempt(course):
    zoe = make.user(name="Zoë Ångström-李", email="zoe@example.edu", time_zone="Europe/Berlin")
    exam = make.exam(course=course, name="Wolken – Prüfung", is_proctored=True, provider_slug="proctorco")
    return make.attempt(
        S.STARTED, exam=exam, learner=zoe, ref="K7F-2QD4", taking_as_proctored=True, saved_at=NOON, answered_count=2
    )


def change(row, **given):
    with writing():
        for name, value in given.items():
            setattr(row, name, value)


def submit(attempt):
    with writing():
        attempts.complete(attempt, Cause(actor=Actor.PROVIDER), ended_by=EndedBy.PROVIDER, now=NOON)


def reject(attempt, course):
    reviewer = make.member(Role.REVIEWER, course=course)
    submit(attempt)
    with writing():
        decided = Decided(verdict=Verdict.REJECT, reason_code="help", sentence=SENTENCE)
        verdicts.decide(attempt, decided, reviewer, now=NOON + timedelta(minutes=30))
    return reviewer


def interrupt(attempt, *, until):
    with writing():
        time_account.pause_clock(attempt, TimeEntryKind.INTERRUPTION, SILENT, now=NOON)
    if until:
        with writing():
            time_account.resume_clock(attempt, SILENT, now=until)


def test_submitted(attempt, mails):
    submit(attempt)
    [mail] = mails()
    assert mail["Subject"] == "Wolken – Prüfung was submitted for you"
    assert "Hello Zoë Ångström-李,\n" in text(mail)
    assert "is being reviewed" in text(mail)
    assert "Write to help@provider.example and give your reference." in text(mail)
    assert mail["Reply-To"] == "help@provider.example"


def test_accepted(attempt, mails):
    submit(attempt)
    with writing():
        transitions.move(attempt, S.VERIFIED, Cause(actor=Actor.PROVIDER), now=NOON)
    subjects = [mail["Subject"] for mail in mails()]
    assert sorted(subjects) == ["Wolken – Prüfung was accepted", "Wolken – Prüfung was submitted for you"]


def test_not_accepted_says_why_and_how_to_appeal(attempt, course, mails):
    change(course, escalation_email="appeals@example.edu", contact="team@example.edu")
    reject(attempt, course)
    mail = next(mail for mail in mails(NOON + timedelta(hours=1)) if "not accepted" in mail["Subject"])
    assert SENTENCE in text(mail)
    assert "&lt;b&gt;spoke&lt;/b&gt;" in html(mail) and "<b>spoke" not in html(mail)
    assert "appeal on your exam's page" in text(mail)
    assert "Write to appeals@example.edu" in text(mail) and mail["Reply-To"] == "appeals@example.edu"


def test_an_answered_appeal(attempt, course, mails):
    reviewer = reject(attempt, course)
    with writing() as session:
        appeal = Appeal(attempt=attempt, text="It was my sister.", sent_at=NOON)
        session.add(appeal)
        session.flush()
        appeals.answer(attempt, Answered(text="We listened again.", accepts=True), reviewer, now=NOON)
    mail = next(mail for mail in mails(NOON + timedelta(hours=1)) if "appeal" in mail["Subject"])
    assert "We listened again." in text(mail)


def test_interrupted_and_resumed(attempt, course, mails):
    change(course, escalation_email="appeals@example.edu", contact="+49 30 123456")
    interrupt(attempt, until=None)
    [mail] = mails()
    assert mail["Subject"] == "Wolken – Prüfung was interrupted; its clock is paused"
    said = "on Monday 2 March 2026, 13:00 (Europe/Berlin). The connection to your exam page or to ProctorCo was lost"
    assert said in text(mail)
    assert "Write to +49 30 123456" in text(mail) and mail["Reply-To"] is None
    with writing():
        time_account.resume_clock(attempt, SILENT, now=NOON + timedelta(minutes=7))
    [mail] = mails(NOON + timedelta(minutes=7))
    assert mail["Subject"] == "Wolken – Prüfung continues; your clock is running"
    assert "has been running again since Monday 2 March 2026, 13:07 (Europe/Berlin)" in text(mail)
    assert "Your exam now ends on Monday 2 March 2026, 14:07 (Europe/Berlin)." in text(mail)


def test_a_clock_that_continued_only_to_end_is_not_told(attempt, mails):
    interrupt(attempt, until=None)
    with writing():
        resuming.fail(attempt, Cause(actor=Actor.STAFF, reason="Power cut"), now=NOON + timedelta(minutes=5))
    assert sorted(mail["Subject"] for mail in mails(NOON + timedelta(minutes=5))) == [
        "Wolken – Prüfung was interrupted; its clock is paused",
        "Wolken – Prüfung was suspended",
    ]


def test_leave_to_continue(attempt, mails):
    with writing():
        resuming.fail(attempt, Cause(actor=Actor.STAFF, reason="Power cut"), now=NOON + timedelta(minutes=20))
        resuming.grant_resume(attempt, Cause(actor=Actor.STAFF, reason="Power cut"), extra_minutes=5, now=NOON)
    mail = next(mail for mail in mails(NOON + timedelta(minutes=20)) if "continue" in mail["Subject"])
    assert "You have 45 minutes left." in text(mail)


def test_what_could_not_be_reviewed_was_not_interrupted(attempt, mails):
    submit(attempt)
    with writing():
        transitions.move(attempt, S.ERROR, Cause(actor=Actor.PROVIDER), now=NOON)
    mail = next(mail for mail in mails() if "reviewed" in mail["Subject"])
    assert "its recording could not be reviewed" in text(mail)
    assert "interrupted" not in text(mail)


OWN = {
    "email.attempt_submitted.subject": "ProctorCo: {exam}",
    "email.attempt_submitted.body": "Dear {name},\n\n<i>{unknown}</i> {contact.__class__} {reference}",
}


def test_a_providers_own_words_are_text_and_nothing_more(attempt, provider, mails):
    change(provider, texts={"en": OWN})
    submit(attempt)
    [mail] = mails()
    assert mail["Subject"] == "ProctorCo: Wolken – Prüfung"
    assert "Dear Zoë Ångström-李,\n\n<i>{unknown}</i> {contact.__class__} K7F-2QD4\n" in text(mail)
    assert "&lt;i&gt;{unknown}&lt;/i&gt;" in html(mail)
    assert "Your reference: K7F-2QD4" in text(mail) and "was ended" not in text(mail)


@pytest.mark.parametrize(
    ("reads", "told", "body"),
    [("de", "Abgegeben", "beendet"), ("de-AT", "Abgegeben", "provider ended"), ("fr", "Submitted", "provider ended")],
)
def test_a_providers_words_come_in_the_readers_language(attempt, provider, mails, reads, told, body):
    key = "email.attempt_submitted.subject"
    change(provider, texts={"de": {key: "Abgegeben"}, "en": {key: "Submitted"}})
    change(attempt.learner, language=reads)
    submit(attempt)
    [mail] = mails()
    assert mail["Subject"] == told
    assert body in text(mail)  # The body is still the portal's, in the languages that it knows.


@pytest.mark.parametrize("cascades", [True, False])
def test_opting_out_is_confirmed_with_what_it_touched(app, mails, cascades):
    course = make.course(decline_cascades=cascades)
    learner = make.enrol(course, make.user(email="zoe@example.edu"))
    first, _ = (
        make.exam(course=course, name=name, is_proctored=True, provider_slug="proctorco", may_decline=True)
        for name in ("Midterm exam", "Final exam")
    )
    with writing():
        declining.decline(first, learner, now=NOON)
    [mail] = mails()
    assert (mail["To"], mail["Subject"]) == ("zoe@example.edu", "You take Midterm exam without proctoring")
    for says in (text(mail), html(mail)):
        assert ("Final exam" in says) is cascades and "no longer counts towards credit" in says
    assert "\n\n\n" not in text(mail)


@pytest.mark.parametrize(
    ("to", "subject"), [(S.VERIFIED, "is accepted"), (S.REJECTED, "was not accepted"), (S.ERROR, "failed")]
)
def test_each_outcome_of_an_onboarding_exam_is_mailed(app, mails, to, subject):
    fake_providers.provider()
    exam = fake_providers.exam(is_practice=True, is_onboarding=True)
    attempt = fake_providers.attempt(S.SUBMITTED, exam=exam, is_sample=True)
    with writing():
        transitions.move(attempts.lock(attempt.id), to, Cause(actor=Actor.PROVIDER), now=NOON)
    [mail] = [one for one in mails() if "onboarding exam" in one["Subject"]]
    assert mail["Subject"].endswith(subject) and "/me/onboarding/" in text(mail)
