"""What follows from each line of an attempt's history: whom we promise to tell, and what."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain import outbox, siblings, webhook_events
from portal.models import Attempt, HistoryEntry, OutboxMessage
from portal.models import AttemptStatus as S


@dataclass(frozen=True)
class Promise:
    """One thing to be told: a topic of the outbox and what to say."""

    topic: str
    says: dict[str, str] = field(default_factory=dict)
    is_gated: bool = True
    """Whether the multi-attempt gate may hold it back; a provider is always told."""


def provider(did: str) -> Promise:
    return Promise(f"provider.{did}", is_gated=False)


def email(template: str) -> Promise:
    return Promise("email", {"template": template})


def onboarding(outcome: str) -> Promise:
    """What became of an onboarding exam, told to its learner; of no other kind of exam."""
    return Promise("email", {"template": "onboarding_decided", "outcome": outcome})


def credit(standing: str) -> Promise:
    return Promise("credit", {"standing": standing})


#: What an earlier rejection did to the grade and the certificate, taken back.
UNDOING = (Promise("grade", {"standing": "restored"}), Promise("certificate", {"standing": "restored"}))
UNDOES = {"grade": "overridden", "certificate": "invalidated"}

#: Reaching a status promises these, in this order. Which of them apply to an attempt: :func:`applies`.
FOLLOWS: dict[S, tuple[Promise, ...]] = {
    S.STARTED: (provider("start"),),
    S.SUBMITTED: (provider("stop"), email("attempt_submitted"), credit("submitted")),
    S.TIMED_OUT: (provider("stop"), email("attempt_submitted")),
    S.VERIFIED: (onboarding("accepted"), email("review_passed"), credit("satisfied"), *UNDOING),
    S.REJECTED: (
        onboarding("rejected"),
        email("review_failed"),
        credit("failed"),
        Promise("grade", {"standing": "overridden"}),
        Promise("certificate", {"standing": "invalidated"}),
    ),
    S.DECLINED: (email("declined"), credit("declined")),
    S.ERROR: (provider("error"), onboarding("error"), email("attempt_error"), credit("failed")),
}
#: The same for events that leave the status as it is. They concern one attempt alone, so no gate holds them.
FOLLOWS_EVENT: dict[str, tuple[Promise, ...]] = {
    "interruption_began": (email("interrupted"),),
    "interruption_ended": (email("resumed"),),
    "resume_granted": (email("resume_granted"),),
    "reopened": (email("reopened"),),
    "archived": (provider("remove"), credit("removed"), *UNDOING),
}
#: The statuses that said something about credit, which a reset takes back.
CREDITED = frozenset({S.SUBMITTED, S.VERIFIED, S.REJECTED, S.DECLINED, S.ERROR})


def follow(attempt: Attempt, entry: HistoryEntry, *, tell_at: datetime | None = None, now: datetime) -> None:
    """Promise everything that a new line of history calls for, in the transaction of the change.

    ``tell_at``: until then it can be taken back, so nobody is told of it; platforms hear of each line at once.
    """
    if entry.event == "moved":
        promises = [p for p in FOLLOWS.get(attempt.status, ()) if applies(p, attempt, entry)]
        if any(p.is_gated for p in promises) and not gate_is_open(attempt):
            promises = [p for p in promises if not p.is_gated]
    else:
        promises = [p for p in FOLLOWS_EVENT.get(entry.event, ()) if applies(p, attempt, entry)]
    # The line's number makes the keys of what follows from it.
    made = [
        outbox.New(
            topic=p.topic,
            key=f"{attempt.ref}.{entry.id}.{p.topic}",
            payload={**p.says, "line": entry.id},
            available_at=tell_at,
        )
        for p in promises
    ]
    outbox.put_all(made, attempt=attempt, now=now)
    webhook_events.announce(attempt, entry, now=now)


def applies(promise: Promise, attempt: Attempt, entry: HistoryEntry) -> bool:
    """Whether an attempt of this kind calls for it.

    A provider hears of attempts registered with it; going back from the answers check is not a second
    start. Credit, grade and certificate hang on proctored attempts. Practice sends no mail.
    """
    if promise.topic.startswith("provider."):
        is_return = attempt.status is S.STARTED and entry.was == S.READY_TO_SUBMIT
        return attempt.provider_slug is not None and not is_return
    if promise.says.get("template") == "onboarding_decided":
        return attempt.exam.is_onboarding
    if attempt.is_sample:
        return False
    if promise.topic == "email":
        return attempt.taking_as_proctored or _happened_to_them(attempt, entry)
    if promise in UNDOING:
        return _is_in_force(promise.topic, attempt, entry)
    if promise.says["standing"] == "removed":
        return takes_back_credit(attempt)
    if promise.topic != "credit" and not attempt.exam.course.overrides_grade:
        return False
    return attempt.taking_as_proctored or attempt.status is S.DECLINED


def takes_back_credit(attempt: Attempt) -> bool:
    """Whether a reset takes back what the attempt has meant for credit."""
    counts = attempt.taking_as_proctored or attempt.status is S.DECLINED
    return counts and attempt.status in CREDITED and not attempt.is_sample


def _happened_to_them(attempt: Attempt, entry: HistoryEntry) -> bool:
    """Every submission has its receipt by email; a break-off is told when somebody else brought it about."""
    if entry.event == "reopened" or attempt.status in {S.SUBMITTED, S.TIMED_OUT}:
        return True
    if attempt.status is S.DECLINED:
        return entry.by_id == attempt.learner_id  # Of an exam that it touched, the email about that choice tells.
    return attempt.status is S.ERROR and entry.by_id != attempt.learner_id


def _is_in_force(topic: str, attempt: Attempt, entry: HistoryEntry) -> bool:
    """Whether a rejection has lowered the grade (or taken the certificate), and no other attempt still says so."""
    others = siblings.statuses(attempt)
    if S.REJECTED in others:
        return False
    if not others and S.REJECTED not in (entry.was, attempt.status):
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
    others = siblings.statuses(attempt)
    if not others:
        return True
    if attempt.status is S.SUBMITTED:
        return S.REJECTED not in others
    if attempt.status is S.VERIFIED:
        return all(status is S.VERIFIED for status in others)
    if attempt.status is S.REJECTED:
        return S.REJECTED not in others and S.DECLINED not in others
    return False
