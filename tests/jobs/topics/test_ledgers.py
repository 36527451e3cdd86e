"""Credit, grade and certificate: one entry for each message, however often it is delivered."""

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts, resetting
from portal.domain.lifecycle import history, transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.outbox import webhook_endpoints
from portal.jobs import worker
from portal.jobs.outbox import claims
from portal.jobs.topics import ledgers
from portal.models import AttemptStatus, LedgerEntry, OutboxMessage, Provider, ProviderKind, ResumeState
from tests import fake_providers, make
from tests.make import NOON

S = AttemptStatus


def test_each_message_becomes_an_entry(enqueue):
    attempt = make.attempt(AttemptStatus.REJECTED)
    for topic, standing in (("credit", "failed"), ("grade", "overridden"), ("certificate", "invalidated")):
        enqueue(topic, key=f"{attempt.ref}.1.{topic}", attempt=attempt, payload={"standing": standing})
    assert worker.work_through(now=NOON) == 3
    entries = db.session.scalars(db.select(LedgerEntry).order_by(LedgerEntry.id)).all()
    told = [(entry.ledger, entry.standing) for entry in entries]
    assert told == [("credit", "failed"), ("grade", "overridden"), ("certificate", "invalidated")]
    whose = {(entry.learner_id, entry.exam_id, entry.attempt_id, entry.at) for entry in entries}
    assert whose == {(attempt.learner_id, attempt.exam_id, attempt.id, NOON)}


def test_a_second_delivery_writes_nothing(enqueue):
    attempt = make.attempt(AttemptStatus.VERIFIED)
    enqueue("credit", key="a", attempt=attempt, payload={"standing": "satisfied"})
    [message] = claims.claim(NOON)
    ledgers.handle(message)
    ledgers.handle(message)
    assert db.session.scalars(db.select(LedgerEntry.key)).all() == ["a"]


@pytest.fixture
def exam(app):
    make.row(Provider(slug="acme", kind=ProviderKind.PRACTICE, name="Acme Watch", created_at=NOON, updated_at=NOON))
    return make.exam(course=make.course(overrides_grade=True), is_proctored=True, provider_slug="acme")


def proctored(exam, learner=None, status=S.SUBMITTED, **given):
    return make.attempt(status, exam=exam, learner=learner, taking_as_proctored=True, **given)


def move(attempt, *statuses):
    """One after another, and what follows from each kept before the next."""
    for status in statuses:
        with writing():
            transitions.move(attempts.lock(attempt.id), status, Cause(actor=Actor.REVIEWER), now=NOON)
        worker.work_through(now=NOON)


def entries(ledger=None):
    db.session.rollback()
    query = db.select(LedgerEntry).order_by(LedgerEntry.id)
    found = [entry for entry in db.session.scalars(query) if ledger in (None, entry.ledger)]
    return found if ledger is None else [entry.standing for entry in found]


def test_a_rejection_sets_the_grade_to_zero_and_an_acceptance_gives_it_back(exam):
    attempt = proctored(exam)
    move(attempt, S.REJECTED)
    assert [(entry.ledger, entry.standing) for entry in entries()] == [
        ("credit", "failed"), ("grade", "overridden"), ("certificate", "invalidated"),
    ]  # fmt: skip
    zero = {"earned_all": 0, "earned_graded": 0, "comment": "Not accepted after proctoring by Acme Watch"}
    assert [entry.details for entry in entries()] == [{}, zero, {}]
    move(attempt, S.VERIFIED)
    assert entries("credit") == ["failed", "satisfied"]
    assert entries("grade") == ["overridden", "restored"]
    assert entries("certificate") == ["invalidated", "restored"]


def test_a_course_that_leaves_grades_alone_has_credit_only(exam):
    fake_providers.change(exam.course, overrides_grade=False)
    move(proctored(exam), S.REJECTED, S.VERIFIED)
    assert {entry.ledger for entry in entries()} == {"credit"}


def test_both_recordings_must_be_accepted_before_credit_and_one_rejection_is_enough(exam):
    learner = make.enrol(exam.course)
    first = proctored(exam, learner, S.ERROR, resume_state=ResumeState.RESUMED)
    second = proctored(exam, learner, resumes_id=first.id)
    move(second, S.VERIFIED)
    assert entries() == []
    move(first, S.VERIFIED)
    assert entries("credit") == ["satisfied"]
    move(second, S.REJECTED)
    move(first, S.REJECTED)  # Said already.
    assert entries("credit") == ["satisfied", "failed"]
    assert entries("grade") == ["overridden"]


def test_a_submission_after_a_rejection_does_not_overwrite_it(exam):
    learner = make.enrol(exam.course)
    move(proctored(exam, learner), S.REJECTED)
    later = proctored(exam, learner, S.STARTED)
    with writing():
        attempts.submit(attempts.lock(later.id), learner, now=NOON)
    worker.work_through(now=NOON)
    assert entries("credit") == ["failed"]


def test_a_reset_is_entered_and_nothing_is_erased(exam):
    attempt = proctored(exam)
    move(attempt, S.REJECTED)
    with writing():
        attempts.archive(attempts.lock(attempt.id), Cause(actor=Actor.STAFF, reason="Reset"), now=NOON)
    worker.work_through(now=NOON)
    assert entries("credit") == ["failed"]  # Until the reset can no longer be undone.
    worker.work_through(now=NOON + resetting.UNDO_WITHIN)
    assert entries("credit") == ["failed", "removed"]
    assert entries("grade") == ["overridden", "restored"]


@pytest.mark.parametrize("kind", [{"is_practice": True}, {"is_practice": True, "is_onboarding": True}])
def test_practice_and_onboarding_enter_nothing(exam, kind):
    practice = make.exam(course=exam.course, is_proctored=True, provider_slug="acme", **kind)
    move(proctored(practice, is_sample=True), S.REJECTED, S.VERIFIED)
    assert entries() == []


def test_the_key_is_the_line_of_history_and_travels_outward(exam):
    with writing():
        endpoint, _ = webhook_endpoints.add("platform", "https://platform.example/", now=NOON)
        webhook_endpoints.disable(endpoint, "Only what is enqueued is looked at.")
    attempt = proctored(exam)
    move(attempt, S.VERIFIED)
    line = history.list_for(attempt)[-1].id
    assert [entry.key for entry in entries()] == [f"{attempt.ref}.{line}.credit"]
    keys = db.session.scalars(db.select(OutboxMessage.key).filter_by(topic="webhook")).all()
    assert keys == [f"evt_{attempt.ref}_{line}", f"evt_{attempt.ref}_{line}_credit"]


def test_a_worker_that_dies_before_it_can_say_so_enters_it_once(exam, the_clock):
    attempt = proctored(exam)
    move(attempt, S.VERIFIED)
    with db.engine.begin() as connection:  # As if the acknowledgement had never been written.
        connection.execute(db.update(OutboxMessage).values(done_at=None, available_at=NOON))
    worker.work_through(now=the_clock.advance(hours=1))
    assert entries("credit") == ["satisfied"]
