"""Topics "credit", "grade" and "certificate": what an attempt's status means for them, one entry per key."""

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.db import db, writing
from portal.domain import requirements, webhook_events
from portal.jobs.outbox import Claimed
from portal.models import Attempt, Course, Exam, LedgerEntry, LedgerStatus, Provider, Topic

#: What is in a promise but not for the ledger's readers.
OWN = frozenset({"standing", "line"})


def keep(message: Claimed) -> None:
    """Write the entry. A second delivery of the same key finds it there and writes nothing."""
    with writing() as session:
        asked = {"key": message.key, "attempt_id": message.attempt_id}
        attempt, is_written = session.execute(_attempt_of(), asked).one()
        if is_written:
            return
        entry = LedgerEntry(
            key=message.key,
            ledger=message.topic,
            standing=message.payload["standing"],
            learner_id=attempt.learner_id,
            exam_id=attempt.exam_id,
            attempt_id=attempt.id,
            details=_details(message, attempt),
            at=message.created_at,
        )
        session.add(entry)
        session.flush()
        if entry.ledger == Topic.CREDIT:
            requirements.follow_ledger(entry)
        webhook_events.announce_ledger(attempt, entry, now=clock.now())


@cache
def _attempt_of() -> Select[Attempt, bool]:
    """The attempt with its course, and whether the promise was kept before; built once."""
    is_written = select(LedgerEntry.id).where(LedgerEntry.key == bindparam("key")).exists()
    whole = joinedload(Attempt.exam).joinedload(Exam.course).undefer(Course.is_heard)
    return select(Attempt, is_written).where(Attempt.id == bindparam("attempt_id")).options(whole)


def _details(message: Claimed, attempt: Attempt) -> dict[str, Any]:
    said = {name: value for name, value in message.payload.items() if name not in OWN}
    if message.payload["standing"] != LedgerStatus.OVERRIDDEN:
        return said
    name = db.session.scalar(select(Provider.name).where(Provider.slug == attempt.provider_slug))
    comment = f"Not accepted after proctoring by {name or attempt.provider_slug}"
    return {**said, "earned_all": 0, "earned_graded": 0, "comment": comment}
