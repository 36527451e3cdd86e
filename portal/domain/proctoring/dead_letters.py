"""What a provider sent and we could not use: put aside, shown once to its course, ticked off by a person."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update

from portal.db import db
from portal.domain.attempts import attempts
from portal.domain.outbox import cases as support_cases
from portal.domain.providers import deliveries
from portal.models import (
    Attempt,
    CaseKind,
    Delivery,
    DeliveryKind,
    DeliveryOutcome,
    Exam,
    Registration,
    SupportCase,
    User,
)

#: What a case calls it.
CALLED = {
    DeliveryKind.READY: "a message",
    DeliveryKind.REVIEWED: "a report",
    DeliveryKind.PSI_LAUNCH: "a launch",
    DeliveryKind.PSI_REVIEW: "a report",
}


def add(delivery: Delivery, note: str, *, answered: int, named: Exam | None = None, now: datetime) -> None:
    """Keep it for a person, and open a case for the course it is about; more messages are counted on that case.

    ``named``: the exam it names although it fits no attempt. What names nothing of ours stands in the provider log.
    """
    deliveries.settle(delivery.id, DeliveryOutcome.KEPT, answered=answered, note=note)
    # Held, so that of two at once one opens the case and the other is counted on it.
    attempt = attempts.lock(delivery.attempt_id) if delivery.attempt_id else None
    exam = attempt.exam if attempt else named
    if exam is None:
        return
    text = f"{exam.name}: the portal could not use {CALLED[delivery.kind]} from {delivery.provider_slug}. {note}"
    if attempt is None:
        text += f" No attempt matches it. An administrator can open message {delivery.id}."
    key, kind = _case(delivery), CaseKind.KEPT_DELIVERY
    support_cases.count_in(kind, text, key=key, course_id=exam.course_id, attempt=attempt, now=now)


def exam_of_code(provider_slug: str, attempt_code: str) -> Exam | None:
    """The exam for which a provider was given this code, whether or not an attempt came of it."""
    exams = select(Exam)
    asked = exams.join(Registration, Registration.exam_id == Exam.id).where(
        Registration.attempt_code == attempt_code, Registration.provider_slug == provider_slug
    )
    made = exams.join(Attempt, Attempt.exam_id == Exam.id).where(
        Attempt.attempt_code == attempt_code, Attempt.provider_slug == provider_slug
    )
    return db.session.scalar(made.limit(1)) or db.session.scalar(asked.limit(1))


def tick_off(delivery: Delivery, by: User, *, now: datetime) -> None:
    """A person has seen it, and with it every repeat of it. The first tick stays.

    The case is answered with the last message that waited about the same attempt.
    """
    same = update(Delivery).where(
        Delivery.provider_slug == delivery.provider_slug,
        Delivery.external_id == delivery.external_id,
        Delivery.kind == delivery.kind,
        Delivery.body_sha256 == delivery.body_sha256,
        Delivery.outcome.in_(deliveries.UNSETTLED),
        Delivery.seen_at.is_(None),
    )
    db.session.execute(same.values(seen_at=now, seen_by_id=by.id))
    waits = select(Delivery.id).where(_is_about_the_same(delivery), Delivery.outcome.in_(deliveries.UNSETTLED))
    if db.session.scalar(waits.where(Delivery.seen_at.is_(None)).limit(1)) is not None:
        return
    cases = select(SupportCase).where(SupportCase.kind == CaseKind.KEPT_DELIVERY, _is_case_of(delivery))
    for case in db.session.scalars(cases):
        support_cases.close(case, by, note=f"Message {delivery.id} was marked as resolved.", now=now)


def _is_case_of(delivery: Delivery) -> ColumnElement[bool]:
    if delivery.attempt_id is not None:
        return SupportCase.attempt_id == delivery.attempt_id
    key = _case(delivery)
    return or_(SupportCase.key == key, SupportCase.key.startswith(f"{key}.", autoescape=True))


def _is_about_the_same(delivery: Delivery) -> ColumnElement[bool]:
    if delivery.attempt_id is not None:
        return Delivery.attempt_id == delivery.attempt_id
    return and_(
        Delivery.attempt_id.is_(None),
        Delivery.provider_slug == delivery.provider_slug,
        Delivery.external_id == delivery.external_id,
    )


def _case(delivery: Delivery) -> str:
    about = f"attempt-{delivery.attempt_id}" if delivery.attempt_id else f"nothing-known.{delivery.external_id}"
    return f"kept.{delivery.provider_slug}.{about}"
