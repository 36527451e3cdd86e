"""Topics "credit", "grade" and "certificate": what an attempt's status means for them, one entry per key."""

from sqlalchemy import select

from portal.db import writing
from portal.jobs.outbox import Claimed
from portal.models import Attempt, LedgerEntry


def keep(message: Claimed) -> None:
    """Write the entry. A second delivery of the same key finds it there and writes nothing."""
    with writing() as session:
        if session.scalar(select(LedgerEntry.id).where(LedgerEntry.key == message.key)) is not None:
            return
        attempt = session.get_one(Attempt, message.attempt_id)
        entry = LedgerEntry(
            key=message.key,
            ledger=message.topic,
            standing=message.payload["standing"],
            learner_id=attempt.learner_id,
            exam_id=attempt.exam_id,
            attempt_id=attempt.id,
            details={name: said for name, said in message.payload.items() if name != "standing"},
            at=message.created_at,
        )
        session.add(entry)
