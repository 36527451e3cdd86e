"""Which reviews a reviewer's queue is to show, and the conditions that this means."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from portal.domain.reviews.waiting import OPEN_APPEAL, TO_RESUME
from portal.models import (
    Appeal,
    Attempt,
    Decision,
    Exam,
    ReviewClaim,
    User,
)
from portal.models import AttemptStatus as S
from portal.models.attempts.attempt import RUNNING

#: What the address may ask for, in the order of the page's links.
SHOWS = ("waiting", "mine", "unclaimed", "second", "appeals", "interrupted", "today")
Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, kw_only=True)
class QueueFilter:
    """Who looks, in which courses, for what."""

    course_ids: Sequence[int]
    person: User
    now: datetime
    day_began_at: datetime
    """Midnight where the person is."""
    show: str = "waiting"
    page: int = 1


def conditions(wanted: QueueFilter) -> dict[str, ColumnElement[bool]]:
    """What each of the page's links shows, over :func:`joined`."""
    waits = Decision.id.is_(None)
    return {
        "waiting": waits,
        "mine": and_(waits, ReviewClaim.reviewer_id == wanted.person.id),
        "unclaimed": and_(waits, ReviewClaim.attempt_id.is_(None)),
        "second": and_(waits, Attempt.status == S.SECOND_REVIEW_REQUIRED),
        "appeals": and_(waits, Appeal.id.is_not(None)),
        "interrupted": and_(waits, or_(TO_RESUME, Attempt.status.in_(RUNNING))),
    }


def joined(query: Select[*Columns], wanted: QueueFilter, decided: ColumnElement[bool]) -> Select[*Columns]:
    """``query`` over the attempts of others, each with its open appeal, live claim and the decision it has, if any."""
    live = and_(ReviewClaim.attempt_id == Attempt.id, ReviewClaim.until > wanted.now)
    whole = query.select_from(Attempt).outerjoin(Appeal, OPEN_APPEAL).outerjoin(ReviewClaim, live)
    return whole.outerjoin(Decision, decided).where(Attempt.learner_id != wanted.person.id)


def exam_ids(wanted: QueueFilter) -> Select[int]:
    """Of the courses where the person looks."""
    return select(Exam.id).where(Exam.course_id.in_(wanted.course_ids))


def decided_today(wanted: QueueFilter) -> ColumnElement[bool]:
    """The newest decision of each attempt, if it was made since midnight."""
    later = aliased(Decision)
    newer = exists().where(later.attempt_id == Decision.attempt_id, later.id > Decision.id, later.undone_at.is_(None))
    since = and_(Decision.made_at >= wanted.day_began_at, Decision.undone_at.is_(None), ~newer)
    return and_(Decision.attempt_id == Attempt.id, since)
