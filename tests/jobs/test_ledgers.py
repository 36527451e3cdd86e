"""Credit, grade and certificate: one entry for each promise, however often it is delivered."""

from portal.db import db
from portal.jobs import ledgers, outbox, worker
from portal.models import AttemptStatus, LedgerEntry
from tests import make
from tests.make import NOON


def test_each_promise_becomes_an_entry(promise):
    attempt = make.attempt(AttemptStatus.REJECTED)
    for topic, standing in (("credit", "failed"), ("grade", "overridden"), ("certificate", "invalidated")):
        promise(topic, key=f"{attempt.ref}.1.{topic}", attempt=attempt, payload={"standing": standing})
    assert worker.work_through(now=NOON) == 3
    entries = db.session.scalars(db.select(LedgerEntry).order_by(LedgerEntry.id)).all()
    told = [(entry.ledger, entry.standing) for entry in entries]
    assert told == [("credit", "failed"), ("grade", "overridden"), ("certificate", "invalidated")]
    whose = {(entry.learner_id, entry.exam_id, entry.attempt_id, entry.at) for entry in entries}
    assert whose == {(attempt.learner_id, attempt.exam_id, attempt.id, NOON)}


def test_a_second_delivery_writes_nothing(promise):
    attempt = make.attempt(AttemptStatus.VERIFIED)
    promise("credit", key="a", attempt=attempt, payload={"standing": "satisfied"})
    [message] = outbox.claim(NOON)
    ledgers.keep(message)
    ledgers.keep(message)
    assert db.session.scalars(db.select(LedgerEntry.key)).all() == ["a"]
