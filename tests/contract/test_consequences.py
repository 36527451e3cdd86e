"""Behaviours 60 to 77 of the contract, from a provider's report over HTTP to what stands in the ledgers."""

import socket

import pytest

from portal.db import db
from portal.jobs import worker
from portal.models import LedgerEntry, OutboxMessage
from tests import fake_providers, make
from tests.fake_providers import review, say, status_of
from tests.make import NOON, S


@pytest.fixture(autouse=True)
def acme(app):
    return fake_providers.provider(options={"passing_statuses": "passed"})


@pytest.fixture
def exam():
    return fake_providers.exam(course=make.course(overrides_grade=True, needs_second_review=False))


def two(exam):
    """Two recordings of one learner, handed in, and the name of each at the provider."""
    learner = make.user()
    for number in (1, 2):
        fake_providers.attempt(exam=exam, learner=learner, external_id=f"ext-{number}")
    return learner


def ledger():
    """ledger -> every standing so far, oldest first."""
    worker.work_through(now=NOON)
    db.session.rollback()
    said: dict[str, list[str]] = {}
    for entry in db.session.scalars(db.select(LedgerEntry).order_by(LedgerEntry.id)):
        said.setdefault(entry.ledger, []).append(entry.standing)
    return said


def mails():
    rows = db.session.scalars(db.select(OutboxMessage).filter_by(topic="email").order_by(OutboxMessage.id))
    return [row.payload["template"] for row in rows]


def test_72_a_rejection_lowers_the_grade_and_an_acceptance_gives_it_back(client, exam):
    fake_providers.attempt(exam=exam)
    say(client, "reviewed", review("violation"))
    assert ledger() == {"credit": ["failed"], "grade": ["overridden"], "certificate": ["invalidated"]}
    say(client, "reviewed", review("passed"))
    assert ledger() == {
        "credit": ["failed", "satisfied"],
        "grade": ["overridden", "restored"],
        "certificate": ["invalidated", "restored"],
    }


def test_72_a_course_may_leave_grades_alone(client):
    fake_providers.attempt(
        exam=fake_providers.exam(course=make.course(overrides_grade=False, needs_second_review=False))
    )
    say(client, "reviewed", review("violation"))
    assert ledger() == {"credit": ["failed"]}


def test_73_of_two_recordings_both_must_be_accepted(client, exam):
    two(exam)
    say(client, "reviewed", about="ext-1")
    assert (ledger(), mails()) == ({}, [])
    say(client, "reviewed", about="ext-2")
    assert (ledger(), mails()) == ({"credit": ["satisfied"]}, ["review_passed"])


def test_74_one_rejection_is_enough_and_is_told_once(client, exam):
    two(exam)
    say(client, "reviewed", review("violation"), about="ext-1")
    say(client, "reviewed", review("violation"), about="ext-2")
    assert ledger() == {"credit": ["failed"], "grade": ["overridden"], "certificate": ["invalidated"]}
    assert mails() == ["review_failed"]
    say(client, "reviewed", review("passed"), about="ext-2")
    assert ledger()["credit"] == ["failed"]


@pytest.mark.parametrize(("word", "template"), [("passed", "review_passed"), ("violation", "review_failed")])
def test_75_one_mail_for_an_exam_that_counts_and_none_for_practice(client, exam, word, template):
    practice = fake_providers.exam(course=exam.course, is_practice=True)
    fake_providers.attempt(exam=exam)
    fake_providers.attempt(exam=practice, external_id="practice")
    for about in ("ext-1", "practice"):
        for _ in range(2):
            say(client, "reviewed", review(word), about=about)
    assert mails() == [template]


def closed_port() -> int:
    """Where nobody listens."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


def test_77_a_mail_that_cannot_be_sent_undoes_nothing(app, client, exam, monkeypatch):
    """The status is there at once; the email is enqueued, and retried."""
    attempt = fake_providers.attempt(exam=exam)

    mail = app.extensions["mail"]
    for name, value in {"suppress": False, "server": "127.0.0.1", "port": closed_port()}.items():
        monkeypatch.setattr(mail, name, value)
    say(client, "reviewed")
    worker.work_through(now=NOON)
    assert (status_of(attempt), ledger()) == (S.VERIFIED, {"credit": ["satisfied"]})
    [mail] = db.session.scalars(db.select(OutboxMessage).filter_by(topic="email"))
    assert (mail.done_at, mail.dead_at, "refused" in mail.last_error) == (None, None, True)
