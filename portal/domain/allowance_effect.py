"""What an allowance would change, worked out before it is granted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain import allowances, granting, timing
from portal.domain.allowances import Terms
from portal.models import Allowance, Attempt, Course, Exam, User


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One exam before and after, for one learner."""

    exam: Exam
    minutes_before: int
    minutes_after: int
    closes_before_at: datetime | None
    closes_after_at: datetime | None
    breaks_before: int
    breaks_after: int
    """Minutes in the break bank."""
    running: Attempt | None
    """The attempt whose clock would change at once."""

    @property
    def changes(self) -> bool:
        is_other_time = self.minutes_before != self.minutes_after or self.closes_before_at != self.closes_after_at
        return is_other_time or self.breaks_before != self.breaks_after


def foresee(course: Course, learner: User, terms: Terms, *, now: datetime) -> list[Effect]:
    """For each exam that ``terms`` would touch and that has not closed for the learner."""
    query = select(Exam).where(Exam.course_id == course.id, Exam.is_active).options(joinedload(Exam.course))
    exams = [terms.exam] if terms.exam else list(db.session.scalars(query.order_by(Exam.id)))
    exam_id = terms.exam.id if terms.exam else None
    running = {one.exam_id: one for one in granting.running_attempts(learner.id, course.id, exam_id)}
    effects = [_effect(exam, learner, terms, running.get(exam.id), now=now) for exam in exams]
    return [effect for effect in effects if effect.closes_after_at is None or effect.closes_after_at > now]


def _effect(exam: Exam, learner: User, terms: Terms, running: Attempt | None, *, now: datetime) -> Effect:
    before = allowances.in_force(exam, learner.id, now=now)
    exam_id = terms.exam.id if terms.exam else None
    after = [one for one in before if (one.kind, one.exam_id) != (terms.kind, exam_id)]
    # Only to count with; it never joins the session.
    after.append(Allowance(kind=terms.kind, exam_id=exam_id, **allowances.amount_of(terms)))
    return Effect(
        exam=exam,
        minutes_before=_minutes(exam, before),
        minutes_after=_minutes(exam, after),
        closes_before_at=timing.window_closes_at(exam, before),
        closes_after_at=timing.window_closes_at(exam, after),
        breaks_before=timing.break_bank_seconds(before) // 60,
        breaks_after=timing.break_bank_seconds(after) // 60,
        running=running,
    )


def _minutes(exam: Exam, granted: Sequence[Allowance]) -> int:
    return -(-sum(grant.seconds for grant in timing.grants(exam, granted)) // 60)
