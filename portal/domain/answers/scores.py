"""The marks of an exam's attempts that have been submitted, as far as a machine could give them, and who sees them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from portal.db import db
from portal.domain.timekeeping import allowances, budget
from portal.models import Attempt, Exam


@dataclass(frozen=True, kw_only=True)
class Score:
    """So many attempts have so many points."""

    points: Decimal
    learners: int


def of(exam_id: int, possible: int) -> list[Score]:
    """By points, the lowest first; only attempts at questions that are worth ``possible`` together."""
    query = (
        select(Attempt.points, func.count())
        .where(
            Attempt.exam_id == exam_id,
            Attempt.archived_at.is_(None),
            Attempt.points.is_not(None),
            Attempt.points_possible == possible,
        )
        .group_by(Attempt.points)
        .order_by(Attempt.points)
    )
    return [Score(points=points or Decimal(0), learners=number) for points, number in db.session.execute(query)]


def middle(scores: list[Score]) -> Decimal | None:
    """The median: half of the learners have at most this."""
    half = sum(score.learners for score in scores) / 2
    passed = 0
    for score in scores:
        passed += score.learners
        if passed >= half:
            return score.points
    return None


def are_shown(attempt: Attempt, *, now: datetime) -> bool:
    """Whether its learner may see them: where the exam says so, and only once it has closed for them."""
    exam = attempt.exam
    if not exam.shows_marks or are_shown_at_once(exam):
        return exam.shows_marks
    closes_at = budget.window_closes_at(exam, allowances.in_force(exam, attempt.learner_id, now=now))
    return closes_at is None or now >= closes_at


def are_shown_at_once(exam: Exam) -> bool:
    """An exam that never closes has no later moment. Asks the database nothing."""
    return exam.shows_marks and budget.window_closes_at(exam, []) is None
