"""What follows when an attempt reaches a status: whom we promise to tell, and what."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain import outbox
from portal.models import Attempt, HistoryEntry
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


def credit(standing: str) -> Promise:
    return Promise("credit", {"standing": standing})


#: Reaching a status promises these, in this order. Which of them apply to an attempt: :func:`applies`.
FOLLOWS: dict[S, tuple[Promise, ...]] = {
    S.STARTED: (provider("start"),),
    S.SUBMITTED: (provider("stop"), email("attempt_submitted"), credit("submitted")),
    S.TIMED_OUT: (provider("stop"), email("attempt_submitted")),
    S.VERIFIED: (email("review_passed"), credit("satisfied"), Promise("grade", {"standing": "restored"})),
    S.REJECTED: (
        email("review_failed"),
        credit("failed"),
        Promise("grade", {"standing": "overridden"}),
        Promise("certificate", {"standing": "invalidated"}),
    ),
    S.DECLINED: (credit("declined"),),
    S.ERROR: (provider("error"), email("attempt_error"), credit("failed")),
}


def follow(attempt: Attempt, entry: HistoryEntry, *, now: datetime) -> None:
    """Promise everything the attempt's new status calls for, in the transaction of the change."""
    promises = [p for p in FOLLOWS.get(attempt.status, ()) if applies(p, attempt, entry)]
    if any(p.is_gated for p in promises) and not gate_is_open(attempt):
        promises = [p for p in promises if not p.is_gated]
    for promise in promises:
        key = f"{attempt.ref}.{entry.id}.{promise.topic}"
        outbox.put(promise.topic, now=now, key=key, attempt=attempt, payload={**promise.says})


def applies(promise: Promise, attempt: Attempt, entry: HistoryEntry) -> bool:
    """Whether an attempt of this kind calls for it.

    A provider hears of attempts registered with it; going back from the answers check is not a second
    start. Credit, grade and certificate hang on proctored attempts. Practice sends no mail.
    """
    if promise.topic.startswith("provider."):
        is_return = attempt.status is S.STARTED and entry.was == S.READY_TO_SUBMIT
        return attempt.provider_slug is not None and not is_return
    if promise.topic == "email":
        return not attempt.is_sample
    if promise.says.get("standing") == "restored":
        return entry.was == S.REJECTED
    is_declined = attempt.status is S.DECLINED
    return not attempt.is_sample and (attempt.taking_as_proctored or is_declined)


def gate_is_open(attempt: Attempt) -> bool:
    """The multi-attempt gate of edx-proctoring: whether several tries at one exam still say one thing."""
    if attempt.is_sample:
        return True
    siblings = select(Attempt.status).where(
        Attempt.exam_id == attempt.exam_id,
        Attempt.learner_id == attempt.learner_id,
        Attempt.archived_at.is_(None),
        Attempt.id != attempt.id,
    )
    others = list(db.session.scalars(siblings))
    if not others or attempt.status in {S.DECLINED, S.ERROR}:
        return True
    if attempt.status is S.SUBMITTED:
        return S.REJECTED not in others
    if attempt.status is S.VERIFIED:
        return all(status is S.VERIFIED for status in others)
    if attempt.status is S.REJECTED:
        return S.REJECTED not in others and S.DECLINED not in others
    return False
