"""Topics "credit", "grade" and "certificate": what an attempt's status means for them, one entry per key."""

from portal import clock
from portal.db import writing
from portal.domain import ledgers, providers_kept, requirements, webhook_events
from portal.jobs.outbox import Claimed
from portal.models import Attempt, LedgerEntry

#: What is in a promise but not for the ledger's readers.
OWN = frozenset({"standing", "line"})


def keep(message: Claimed) -> None:
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
        if entry.ledger == "credit":
            requirements.follow_ledger(entry)
        webhook_events.announce_ledger(attempt, entry, now=clock.now())


def _details(message: Claimed, attempt: Attempt) -> dict[str, object]:
    said = {name: value for name, value in message.payload.items() if name not in OWN}
    if message.payload["standing"] != "overridden":
        return said
    provider = providers_kept.find(attempt.provider_slug, talks=False)
    comment = f"Not accepted after proctoring by {provider.name if provider else attempt.provider_slug}"
    return {**said, "earned_all": 0, "earned_graded": 0, "comment": comment}
