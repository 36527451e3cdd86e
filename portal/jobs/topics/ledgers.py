"""Topics "credit", "grade" and "certificate": what an attempt's status means for them, one entry per key."""

from portal import clock
from portal.db import writing
from portal.domain.courses import requirements
from portal.domain.outbox import ledgers, webhook_events
from portal.domain.providers import lookup
from portal.jobs.outbox.claims import Claimed
from portal.models import Attempt, LedgerEntry, LedgerStatus, Topic

#: What is in a message but not for the ledger's readers.
OWN = frozenset({"standing", "line"})


def handle(message: Claimed) -> None:
    """Write the entry. A second delivery of the same key finds it there and writes nothing."""
    with writing():
        attempt, is_written = ledgers.find_attempt(message.attempt_id, message.key)
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
        ledgers.add(entry)
        if entry.ledger == Topic.CREDIT:
            requirements.follow_ledger(entry)
        webhook_events.announce_ledger(attempt, entry, now=clock.now())


def _details(message: Claimed, attempt: Attempt) -> dict[str, object]:
    said = {name: value for name, value in message.payload.items() if name not in OWN}
    if message.payload["standing"] != LedgerStatus.OVERRIDDEN:
        return said
    provider = lookup.find(attempt.provider_slug, talks=False)
    comment = f"Not accepted after proctoring by {provider.name if provider else attempt.provider_slug}"
    return {**said, "earned_all": 0, "earned_graded": 0, "comment": comment}
