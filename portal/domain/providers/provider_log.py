"""What providers said to us and what we could not tell them, for the people who look after a course."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVarTuple

from sqlalchemy import CursorResult, Select, and_, func, or_, select, union, update
from sqlalchemy.orm import defer

from portal.db import db
from portal.domain import pages
from portal.domain.pages import Page
from portal.domain.providers.deliveries import UNSETTLED
from portal.models import Attempt, Delivery, DeliveryOutcome, Exam, OutboxMessage, Registration, Topic, User
from portal.models.outbox.outbox import TO_PROVIDERS

PAGE_SIZE = 25
#: What the address may ask for beside the outcomes: what waits for a person.
WAITING = "waiting"
OUTCOMES = (WAITING, *DeliveryOutcome)

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Whose messages: of one attempt, of one course but for the person's own attempts, or of no attempt we know."""

    attempt: Attempt | None = None
    course_id: int | None = None
    person: User | None = None


#: A message or a call, and the reference of the attempt it is about.
Line = tuple[Any, str | None]


def counts(scope: Scope) -> dict[str, int]:
    """How many messages of each outcome, and how many wait for a person. One query."""
    unseen = Delivery.seen_at.is_(None)
    query = _messages(select(Delivery.outcome, unseen, func.count()), scope).group_by(Delivery.outcome, unseen)
    found: dict[str, int] = dict.fromkeys(OUTCOMES, 0)
    for outcome, is_unseen, number in db.session.execute(query):
        found[outcome] += number
        found[WAITING] += number if is_unseen and outcome in UNSETTLED else 0
    return found


def messages(scope: Scope, outcome: str, *, total: int, page: int) -> Page[Line]:
    """A page of them without their bodies, the newest first. ``total``: how many of this outcome there are."""
    page, query = pages.within(page, total=total, size=PAGE_SIZE), _messages(select(Delivery, Attempt.ref), scope)
    if outcome == WAITING:
        query = query.where(Delivery.outcome.in_(UNSETTLED), Delivery.seen_at.is_(None))
    elif outcome:
        query = query.where(Delivery.outcome == outcome)
    query = query.outerjoin(Attempt, Attempt.id == Delivery.attempt_id).order_by(Delivery.id.desc())
    return _page(query.options(defer(Delivery.body), defer(Delivery.headers)), total=total, page=page)


def calls_about(attempt: Attempt) -> Page[Line]:
    """Every message to its provider and its learner, sent or not, the newest first."""
    asked = select(Registration.id).where(Registration.attempt_id == attempt.id)
    keys = [f"registration-{number}" for number in db.session.scalars(asked)]
    told = or_(OutboxMessage.topic.startswith(TO_PROVIDERS), OutboxMessage.topic == Topic.EMAIL)
    of_it = or_(and_(OutboxMessage.attempt_id == attempt.id, told), OutboxMessage.key.in_(keys))
    found = db.session.scalars(select(OutboxMessage).where(of_it).order_by(OutboxMessage.id.desc())).all()
    lines = [(message, attempt.ref) for message in found]
    return Page(items=lines, total=len(lines), page=1, size=max(1, len(lines)))


def open_calls(scope: Scope, *, page: int) -> Page[Line]:
    """A page of what a course's providers have not been told yet, or never will be unless a person tries again.

    Of no course: every request to forget a learner, and what became of it.
    """
    of_learners = select(OutboxMessage.id).where(OutboxMessage.topic == Topic.PROVIDER_RETIRE)
    chosen = _open_ids(scope) if scope.course_id is not None else of_learners
    total = db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    query = select(OutboxMessage, Attempt.ref).outerjoin(Attempt, Attempt.id == OutboxMessage.attempt_id)
    query = query.where(OutboxMessage.id.in_(chosen)).order_by(OutboxMessage.id.desc())
    return _page(query, total=total, page=pages.within(page, total=total, size=PAGE_SIZE))


def find_call(call_id: int) -> OutboxMessage | None:
    return db.session.get(OutboxMessage, call_id)


def earlier_topic(message_id: int, attempt_id: int | None) -> str | None:
    """What the provider must hear about the attempt before this message; None when nothing older waits."""
    query = select(OutboxMessage.topic).where(
        OutboxMessage.attempt_id == attempt_id,
        OutboxMessage.id < message_id,
        OutboxMessage.topic.startswith("provider."),
        OutboxMessage.done_at.is_(None),
        OutboxMessage.dead_at.is_(None),
    )
    return db.session.scalar(query.order_by(OutboxMessage.id).limit(1))


def course_id_of(message: OutboxMessage) -> int | None:
    """The course that a call is about; None when it is about none, such as a learner who wants to be forgotten."""
    query = select(Exam.course_id)
    if message.attempt_id is not None:
        return db.session.scalar(query.join(Attempt).where(Attempt.id == message.attempt_id))
    if message.topic == Topic.PROVIDER_REGISTER:
        asked = query.join(Registration, Registration.exam_id == Exam.id)
        return db.session.scalar(asked.where(Registration.id == message.payload["registration"]))
    return db.session.scalar(query.where(Exam.id == message.payload.get("exam")))


def try_again(message_id: int, *, now: datetime) -> bool:
    """Give a call all its tries again, from now on. False when it is kept already, or somebody works on it just now."""
    again = (
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.done_at.is_(None))
        .where(OutboxMessage.lease_token.is_(None))
        .values(dead_at=None, tries=0, available_at=now)
    )
    result = db.session.execute(again, execution_options={"synchronize_session": False})
    return isinstance(result, CursorResult) and result.rowcount == 1


def _messages(query: Select[*Columns], scope: Scope) -> Select[*Columns]:
    if scope.attempt is not None:
        return query.where(Delivery.attempt_id == scope.attempt.id)
    if scope.course_id is None:
        return query.where(Delivery.attempt_id.is_(None))
    return query.where(Delivery.attempt_id.in_(_attempt_ids(scope)))


def _attempt_ids(scope: Scope) -> Select[int]:
    query = select(Attempt.id).join(Exam).where(Exam.course_id == scope.course_id)
    return query.where(Attempt.learner_id != scope.person.id) if scope.person else query


def _open_ids(scope: Scope) -> Select[int]:
    """Messages that wait and dead letters are each found by an index of their own."""
    exam_ids = select(Exam.id).where(Exam.course_id == scope.course_id)
    asked = select(Registration.id).where(Registration.exam_id.in_(exam_ids))
    of_course = and_(
        OutboxMessage.topic.startswith(TO_PROVIDERS),
        or_(
            OutboxMessage.attempt_id.in_(_attempt_ids(scope)),
            and_(OutboxMessage.topic == Topic.PROVIDER_EXAM, OutboxMessage.payload["exam"].as_integer().in_(exam_ids)),
            and_(
                OutboxMessage.topic == Topic.PROVIDER_REGISTER,
                OutboxMessage.payload["registration"].as_integer().in_(asked),
            ),
        ),
    )
    is_open = OutboxMessage.done_at.is_(None)
    waits = select(OutboxMessage.id).where(is_open, OutboxMessage.dead_at.is_(None), of_course)
    dead_letters = select(OutboxMessage.id).where(is_open, OutboxMessage.dead_at.is_not(None), of_course)
    return select(union(waits, dead_letters).subquery().c.id)


def _page(query: Select[*tuple[Any, ...]], *, total: int, page: int) -> Page[Line]:
    rows = db.session.execute(pages.rows(query, page, size=PAGE_SIZE)).all() if total else []
    return Page(items=[(row[0], row[1]) for row in rows], total=total, page=page, size=PAGE_SIZE)
