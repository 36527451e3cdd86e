"""The marks of an exam's attempts that have been handed in, as far as a machine could give them."""

from dataclasses import dataclass

from sqlalchemy import func, select

from portal.db import db
from portal.models import Attempt


@dataclass(frozen=True, kw_only=True)
class Score:
    """So many attempts have so many points."""

    points: int
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
    return [Score(points=points or 0, learners=number) for points, number in db.session.execute(query)]


def middle(scores: list[Score]) -> int | None:
    """The median: half of the learners have at most this."""
    half = sum(score.learners for score in scores) / 2
    passed = 0
    for score in scores:
        passed += score.learners
        if passed >= half:
            return score.points
    return None
