"""Granting and withdrawing as the course team does it: the allowance, and at once every clock it touches."""

from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain import allowances, time_account
from portal.domain.allowances import Terms
from portal.domain.history import Actor, Deed
from portal.models import Allowance, Attempt, Course, Exam, User
from portal.models.attempt import RUNNING


def grant(
    course: Course, learner: User, terms: Terms, *, by: User | None, reason: str, now: datetime
) -> tuple[Allowance, list[Attempt]]:
    """Grant, and recount the learner's running attempts. Returns the attempts whose time changed."""
    allowance = allowances.grant(course, learner, terms, by=by, reason=reason, now=now)
    deed = Deed(actor=Actor.STAFF, by=by, reason=reason or "An allowance was granted.")
    return allowance, _recount(allowance, deed, now=now)


def withdraw(allowance: Allowance, *, by: User | None, reason: str, now: datetime) -> list[Attempt]:
    """Take an allowance back, and recount. A second time changes nothing."""
    allowances.withdraw(allowance, by=by, now=now)
    db.session.flush()  # The recount asks the database what is in force.
    return _recount(allowance, Deed(actor=Actor.STAFF, by=by, reason=reason or "An allowance was withdrawn."), now=now)


def running_attempts(learner_id: int, course_id: int, exam_id: int | None) -> list[Attempt]:
    """Attempts of this learner whose clock an allowance would change now."""
    query = (
        select(Attempt)
        .join(Exam)
        .where(
            Attempt.learner_id == learner_id,
            Attempt.status.in_(RUNNING),
            Attempt.archived_at.is_(None),
            Exam.course_id == course_id,
        )
    )
    return list(db.session.scalars(query.where(Attempt.exam_id == exam_id) if exam_id else query))


def _recount(allowance: Allowance, deed: Deed, *, now: datetime) -> list[Attempt]:
    found = running_attempts(allowance.learner_id, allowance.course_id, allowance.exam_id)
    return [attempt for attempt in found if time_account.recount(attempt, deed, now=now)]
