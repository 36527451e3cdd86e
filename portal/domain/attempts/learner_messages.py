"""What a learner writes to the course team about an attempt, and what the team answers: both reach the other."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from portal.db import db
from portal.domain.errors import BadInput, NotAllowed, NotNow
from portal.domain.lifecycle import history
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.outbox import cases
from portal.domain.text.clean_text import trimmed
from portal.models import Attempt, CaseKind, Event, SupportCase, User

LONGEST = 2000
#: So many may wait for an answer; more would hide what the learner said first.
MOST_OPEN = 10


def send(attempt: Attempt, text: str, learner: User, *, now: datetime) -> SupportCase:
    """Open a case with the learner's words, and email it. The same words twice are one message, until it was answered.

    The attempt is held.


    :raises NotAllowed: somebody else's attempt. :raises BadInput: no words, or too many.
    :raises NotNow: ten messages wait for an answer already.
    """
    if attempt.learner_id != learner.id:
        raise NotAllowed("Only the learner of an attempt can write about it here.")
    text = trimmed(text)
    if not text or len(text) > LONGEST:
        raise BadInput("words", "Describe the problem in %(most)s characters or fewer.", most=LONGEST)
    key = f"{attempt.ref}.message.{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    before = cases.of_key(key)
    if before and before[-1].closed_at is None:
        return before[-1]
    waiting = select(func.count(SupportCase.id)).where(
        SupportCase.attempt_id == attempt.id,
        SupportCase.kind == CaseKind.LEARNER_MESSAGE,
        SupportCase.closed_at.is_(None),
    )
    if (db.session.scalar(waiting) or 0) >= MOST_OPEN:
        raise NotNow("Wait for the course team. They already have %(number)s messages from you.", number=MOST_OPEN)
    cause = Cause(actor=Actor.LEARNER, user=learner)
    history.record(attempt, cause, from_status=attempt.status, now=now, event=Event.LEARNER_WROTE)
    course_id, kind = attempt.exam.course_id, CaseKind.LEARNER_MESSAGE
    key = cases.next_key(key, before)
    return cases.open_new(kind, text, key=key, course_id=course_id, attempt=attempt, now=now)


def list_for(attempt: Attempt) -> Sequence[SupportCase]:
    """What the learner wrote about the attempt, each with its answer where there is one; oldest first."""
    query = select(SupportCase).where(
        SupportCase.attempt_id == attempt.id, SupportCase.kind == CaseKind.LEARNER_MESSAGE
    )
    return db.session.scalars(query.order_by(SupportCase.id)).all()
