"""Which events platforms may hear of, and the words in which each is told."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import LoaderOption

from portal.domain.accounts import pairwise
from portal.domain.outbox import messages
from portal.models import (
    Attempt,
    Course,
    Event,
    Exam,
    HistoryEntry,
    LedgerEntry,
    OutboxMessage,
    Topic,
    WebhookEndpoint,
)
from portal.models import AttemptStatus as S
from portal.models import LedgerStatus as L

#: What the lines of an attempt's history are called outside.
OF_EVENT = {
    Event.ARCHIVED: "attempt.archived",
    Event.BREAK_BEGAN: "attempt.paused",
    Event.BREAK_ENDED: "attempt.went_on",
    Event.INTERRUPTION_BEGAN: "attempt.interrupted",
    Event.INTERRUPTION_ENDED: "attempt.resumed",
    Event.PAUSE_BEGAN: "attempt.paused",
    Event.PAUSE_ENDED: "attempt.went_on",
    Event.REOPENED: "attempt.reopened",
    Event.RESET_UNDONE: "attempt.restored",
    Event.RESUME_GRANTED: "attempt.resume_granted",
    Event.REVIEW_RECEIVED: "attempt.review_received",
    Event.TIME_ADDED: "attempt.time_added",
    Event.TIME_TAKEN: "attempt.time_taken",
}
#: These are nobody else's business.
NOT_TOLD = frozenset(
    {
        Event.APPEALED,
        Event.APPEAL_ANSWERED,
        Event.APPEAL_ANSWER_LAPSED,
        Event.APPEAL_ANSWER_MADE,
        Event.APPEAL_ANSWER_UNDONE,
        Event.DASHBOARD_OPENED,
        Event.DECISION_LAPSED,
        Event.DECISION_MADE,
        Event.DECISION_UNDONE,
        Event.LEARNER_ANSWERED,
        Event.LEARNER_WROTE,
        Event.MESSAGE_SEEN,
        Event.NAME_SHOWN,
        Event.PROCTOR_FLAG,
        Event.PROCTOR_REJECT_ID,
        Event.PROCTOR_SCRIPT,
        Event.RECORDING_SHOWN,
        Event.REJECTION_WAITS,
        Event.WINDOW_CHANGED,
    }
)
#: What may be said in each ledger, which is called like its topic.
LEDGERS: dict[Topic, tuple[L, ...]] = {
    Topic.CREDIT: (L.SUBMITTED, L.SATISFIED, L.FAILED, L.DECLINED, L.REMOVED),
    Topic.GRADE: (L.OVERRIDDEN, L.RESTORED),
    Topic.CERTIFICATE: (L.INVALIDATED, L.RESTORED),
}
TEST = "webhook.test"
#: Every type an endpoint may ask for.
TYPES = frozenset(
    {f"attempt.{status}" for status in S}
    | set(OF_EVENT.values())
    | {f"{ledger}.{standing}" for ledger, standings in LEDGERS.items() for standing in standings}
)


def announce(attempt: Attempt, entry: HistoryEntry, *, now: datetime) -> OutboxMessage | None:
    """Enqueue a line of history for the webhook endpoints; None when it is no event for them, or there are none."""
    kind = f"attempt.{attempt.status}" if entry.event == Event.MOVED else OF_EVENT.get(Event(entry.event))
    if kind is None or not has_webhooks(attempt):
        return None
    said = {**_facts(attempt), "status": attempt.status, "was": entry.from_status}
    payload = _event(kind, entry.at, said, attempt)
    return messages.enqueue_new(
        Topic.WEBHOOK, now=now, key=f"evt_{attempt.ref}_{entry.id}", attempt=attempt, payload=payload
    )


def announce_ledger(attempt: Attempt, entry: LedgerEntry, *, now: datetime) -> OutboxMessage | None:
    """The same for what a status meant for credit, grade or certificate."""
    if not has_webhooks(attempt):
        return None
    said = {**_facts(attempt), "standing": entry.standing, "details": entry.details}
    payload = _event(f"{entry.ledger}.{entry.standing}", entry.at, said, attempt)
    key = f"evt_{entry.key.replace('.', '_')}"
    return messages.enqueue(Topic.WEBHOOK, now=now, key=key, attempt=attempt, payload=payload)


def has_webhooks(attempt: Attempt) -> bool:
    """Whether any endpoint, also one that is switched off, may hear of this attempt's course."""
    return attempt.exam.course.has_webhooks


def with_course() -> LoaderOption:
    """Load an attempt with exam and course, and with :func:`has_webhooks`, which every change of it asks."""
    return joinedload(Attempt.exam).joinedload(Exam.course).undefer(Course.has_webhooks)


def body(endpoint: WebhookEndpoint, event: dict[str, Any]) -> str:
    """The JSON that this endpoint gets, the same in every try: the learner under a name that is its own."""
    learner = event.get("learner")
    data = dict(event["data"])
    if learner is not None:
        data["learner"] = pairwise.pairwise_id(f"webhook {endpoint.name}", learner)
    said = {"type": event["type"], "timestamp": event["timestamp"], "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def test_event(now: datetime) -> dict[str, Any]:
    """Something to send that means nothing."""
    return {"type": TEST, "timestamp": stamp(now), "data": {"text": "This is a test. Nothing has happened."}}


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _event(kind: str, at: datetime, data: dict[str, object], attempt: Attempt) -> dict[str, object]:
    whose = {"learner": attempt.learner_id, "course": attempt.exam.course_id}  # For us; see body().
    return {"type": kind, "timestamp": stamp(at), "data": data, **whose}


def _facts(attempt: Attempt) -> dict[str, object]:
    """Small, and nothing that opens anything: no code, no provider's name for it, no name or address."""
    exam = attempt.exam
    return {
        "ref": attempt.ref,
        "course": exam.course.key,
        "exam": exam.content_id,
        "exam_name": exam.name,
        "kind": exam.kind,
        "is_proctored": attempt.taking_as_proctored,
        "deadline_at": stamp(attempt.deadline_at) if attempt.deadline_at else None,
        "completed_at": stamp(attempt.completed_at) if attempt.completed_at else None,
    }
