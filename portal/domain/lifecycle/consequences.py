"""What follows from each line of an attempt's history: which messages are enqueued.

:mod:`portal.domain.lifecycle.transitions` asks for it, beside the line itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.lifecycle import other_attempts
from portal.domain.outbox import messages, webhook_events
from portal.models import Attempt, EmailKind, Event, HistoryEntry, OutboxMessage, Topic
from portal.models import AttemptStatus as S
from portal.models import LedgerStatus as L


@dataclass(frozen=True)
class Consequence:
    """One message that a line of history causes: its topic in the outbox, and what to say."""

    topic: Topic
    says: dict[str, str] = field(default_factory=dict)
    is_gated: bool = True
    """Whether the multi-attempt gate may hold it back; a provider is always told."""


def provider(topic: Topic) -> Consequence:
    return Consequence(topic, is_gated=False)


def email(kind: EmailKind) -> Consequence:
    return Consequence(Topic.EMAIL, {"template": kind})


def onboarding(outcome: str) -> Consequence:
    """What became of an onboarding exam, told to its learner; of no other kind of exam."""
    return Consequence(Topic.EMAIL, {"template": EmailKind.ONBOARDING_DECIDED, "outcome": outcome})


def credit(status: L) -> Consequence:
    return Consequence(Topic.CREDIT, {"standing": status})


#: What an earlier rejection did to the grade and the certificate, taken back.
UNDOING = (Consequence(Topic.GRADE, {"standing": L.RESTORED}), Consequence(Topic.CERTIFICATE, {"standing": L.RESTORED}))
UNDOES = {Topic.GRADE: L.OVERRIDDEN, Topic.CERTIFICATE: L.INVALIDATED}

#: Reaching a status causes these, in this order. Which of them apply to an attempt: :func:`applies`.
FOLLOWS: dict[S, tuple[Consequence, ...]] = {
    S.STARTED: (provider(Topic.PROVIDER_START),),
    S.SUBMITTED: (provider(Topic.PROVIDER_STOP), email(EmailKind.ATTEMPT_SUBMITTED), credit(L.SUBMITTED)),
    S.TIMED_OUT: (provider(Topic.PROVIDER_STOP), email(EmailKind.ATTEMPT_SUBMITTED)),
    S.VERIFIED: (onboarding("accepted"), email(EmailKind.REVIEW_PASSED), credit(L.SATISFIED), *UNDOING),
    S.REJECTED: (
        onboarding("rejected"),
        email(EmailKind.REVIEW_FAILED),
        credit(L.FAILED),
        Consequence(Topic.GRADE, {"standing": L.OVERRIDDEN}),
        Consequence(Topic.CERTIFICATE, {"standing": L.INVALIDATED}),
    ),
    S.DECLINED: (email(EmailKind.DECLINED), credit(L.DECLINED)),
    S.ERROR: (provider(Topic.PROVIDER_ERROR), onboarding("error"), email(EmailKind.ATTEMPT_ERROR), credit(L.FAILED)),
    # And of these nothing follows.
    S.CREATED: (),
    S.DOWNLOAD_SOFTWARE_CLICKED: (),
    S.READY_TO_START: (),
    S.READY_TO_SUBMIT: (),
    S.SECOND_REVIEW_REQUIRED: (),
    S.EXPIRED: (),
    S.ONBOARDING_RESET: (),
    S.ONBOARDING_MISSING: (),
    S.ONBOARDING_PENDING: (),
    S.ONBOARDING_FAILED: (),
    S.ONBOARDING_EXPIRED: (),
}
#: The same for events that leave the status as it is. They concern one attempt alone, so no gate holds them.
FOLLOWS_EVENT: dict[Event, tuple[Consequence, ...]] = {
    Event.INTERRUPTION_BEGAN: (email(EmailKind.INTERRUPTED),),
    Event.INTERRUPTION_ENDED: (email(EmailKind.RESUMED),),
    Event.RESUME_GRANTED: (email(EmailKind.RESUME_GRANTED),),
    Event.REOPENED: (email(EmailKind.REOPENED),),
    Event.ARCHIVED: (provider(Topic.PROVIDER_REMOVE), credit(L.REMOVED), *UNDOING),
}
#: And of these nothing follows: they are written down for who reads the history.
NOTHING_FOLLOWS = frozenset(
    {
        Event.APPEALED,
        Event.APPEAL_ANSWERED,
        Event.APPEAL_ANSWER_LAPSED,
        Event.APPEAL_ANSWER_MADE,
        Event.APPEAL_ANSWER_UNDONE,
        Event.BREAK_BEGAN,
        Event.BREAK_ENDED,
        Event.DASHBOARD_OPENED,
        Event.DECISION_LAPSED,
        Event.DECISION_MADE,
        Event.DECISION_UNDONE,
        Event.LEARNER_ANSWERED,
        Event.LEARNER_WROTE,
        Event.MESSAGE_SEEN,
        Event.NAME_SHOWN,
        Event.PAUSE_BEGAN,
        Event.PAUSE_ENDED,
        Event.PROCTOR_FLAG,
        Event.PROCTOR_REJECT_ID,
        Event.PROCTOR_SCRIPT,
        Event.RECORDING_SHOWN,
        Event.REJECTION_WAITS,
        Event.RESET_UNDONE,
        Event.REVIEW_RECEIVED,
        Event.TIME_ADDED,
        Event.TIME_TAKEN,
        Event.WINDOW_CHANGED,
    }
)
#: The statuses that said something about credit, which a reset takes back.
CREDITED = frozenset({S.SUBMITTED, S.VERIFIED, S.REJECTED, S.DECLINED, S.ERROR})


def follow(attempt: Attempt, entry: HistoryEntry, *, tell_at: datetime | None = None, now: datetime) -> None:
    """Enqueue every message that a new line of history causes, in the transaction of the change.

    ``tell_at``: until then it can be taken back, so nobody is told of it; platforms hear of each line at once.
    """
    if entry.event == Event.MOVED:
        consequences = [p for p in FOLLOWS[attempt.status] if applies(p, attempt, entry)]
        if any(p.is_gated for p in consequences) and not gate_is_open(attempt):
            consequences = [p for p in consequences if not p.is_gated]
    else:
        consequences = [p for p in FOLLOWS_EVENT.get(Event(entry.event), ()) if applies(p, attempt, entry)]
    # The line's number makes the keys of what follows from it.
    made = [
        messages.NewMessage(
            topic=p.topic,
            key=f"{attempt.ref}.{entry.id}.{p.topic}",
            payload={**p.says, "line": entry.id},
            available_at=tell_at,
        )
        for p in consequences
    ]
    messages.enqueue_all(made, attempt=attempt, now=now)
    webhook_events.announce(attempt, entry, now=now)


def applies(consequence: Consequence, attempt: Attempt, entry: HistoryEntry) -> bool:
    """Whether an attempt of this kind calls for it.

    A provider hears of attempts registered with it; going back from the answers check is not a second
    start. Credit, grade and certificate hang on proctored attempts. Practice sends no email.
    """
    if consequence.topic.is_for_provider:
        is_return = attempt.status is S.STARTED and entry.from_status == S.READY_TO_SUBMIT
        return attempt.provider_slug is not None and not is_return
    if consequence.says.get("template") == EmailKind.ONBOARDING_DECIDED:
        return attempt.exam.is_onboarding
    if attempt.is_sample:
        return False
    if consequence.topic is Topic.EMAIL:
        return attempt.taking_as_proctored or _happened_to_them(attempt, entry)
    if consequence in UNDOING:
        return _is_in_force(consequence.topic, attempt, entry)
    if consequence.says["standing"] == L.REMOVED:
        return takes_back_credit(attempt)
    if consequence.topic is not Topic.CREDIT and not attempt.exam.course.overrides_grade:
        return False
    return attempt.taking_as_proctored or attempt.status is S.DECLINED


def takes_back_credit(attempt: Attempt) -> bool:
    """Whether a reset takes back what the attempt has meant for credit."""
    counts = attempt.taking_as_proctored or attempt.status is S.DECLINED
    return counts and attempt.status in CREDITED and not attempt.is_sample


def _happened_to_them(attempt: Attempt, entry: HistoryEntry) -> bool:
    """Every submission has its receipt by email; a suspension has one when somebody else brought it about."""
    if entry.event == Event.REOPENED or attempt.status in {S.SUBMITTED, S.TIMED_OUT}:
        return True
    if attempt.status is S.DECLINED:
        return entry.by_id == attempt.learner_id  # Of an exam that it touched, the email about that choice tells.
    return attempt.status is S.ERROR and entry.by_id != attempt.learner_id


def _is_in_force(topic: Topic, attempt: Attempt, entry: HistoryEntry) -> bool:
    """Whether a rejection has lowered the grade (or taken the certificate), and no other attempt still says so."""
    others = other_attempts.statuses(attempt)
    if S.REJECTED in others:
        return False
    if not others and S.REJECTED not in (entry.from_status, attempt.status):
        return False  # Nobody has ever rejected it; saves the look.
    latest = (
        select(OutboxMessage.payload)
        .join(Attempt, Attempt.id == OutboxMessage.attempt_id)
        .where(
            OutboxMessage.topic == topic,
            Attempt.exam_id == attempt.exam_id,
            Attempt.learner_id == attempt.learner_id,
        )
        .order_by(OutboxMessage.id.desc())
        .limit(1)
    )
    said = db.session.scalar(latest)
    return said is not None and said["standing"] == UNDOES[topic]


def gate_is_open(attempt: Attempt) -> bool:
    """The multi-attempt gate of edx-proctoring: whether several tries at one exam still say one thing.

    Every attempt counts that is not archived: a resumed exam has two recordings, and both must be in order.
    """
    if attempt.is_sample or attempt.status in {S.DECLINED, S.ERROR}:
        return True
    return agrees(attempt.status, other_attempts.statuses(attempt))


def agrees(status: S, others: Sequence[S]) -> bool:
    """Whether an attempt of this status says the same as the others of its learner at this exam."""
    if not others:
        return True
    if status is S.SUBMITTED:
        return S.REJECTED not in others
    if status is S.VERIFIED:
        return all(other is S.VERIFIED for other in others)
    if status is S.REJECTED:
        return S.REJECTED not in others and S.DECLINED not in others
    return False
