"""A learner's attempts at one exam, held together: what one of them means depends on the others."""

from collections.abc import Sequence

from sqlalchemy import Select, and_, bindparam, inspect, select
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import set_committed_value

from portal.db import db
from portal.db.fast import prepared, scalars
from portal.db.loading import Loading
from portal.domain.errors import NotFound
from portal.models import Attempt, Course, Exam
from portal.models import AttemptStatus as S


def hold(attempt_id: int) -> Attempt:
    """The attempt as it stands now, held with the learner's others until the transaction ends.

    Only inside ``writing()``. Of two that are judged at once, the second sees what became of the first.
    """
    held = _of_one_learner().all(db.session(), {"attempt_id": attempt_id})
    attempt = next((one for one in held if one.id == attempt_id), None)
    if attempt is None:
        raise NotFound("There is no such attempt.")
    set_committed_value(attempt, "other_attempts", [one for one in held if one is not attempt])
    return attempt


@prepared
def _of_one_learner() -> Loading[Attempt]:
    """Built once: a second name for a table of forty columns takes as long as the query itself."""
    me = aliased(Attempt)
    return Loading(
        Attempt,
        Attempt.exam,
        Exam.course,
        Course.has_webhooks,
        beside=(me, and_(me.exam_id == Attempt.exam_id, me.learner_id == Attempt.learner_id)),
        where=[me.id == bindparam("attempt_id")],
        order_by=[Attempt.id.asc()],
        is_held=True,
    )


def in_course(attempt: Attempt, *, most: int = 50) -> Sequence[Attempt]:
    """The learner's other attempts at exams of this course, without those that were archived."""
    query = (
        select(Attempt)
        .join(Exam)
        .where(
            Attempt.learner_id == attempt.learner_id,
            Exam.course_id == attempt.exam.course_id,
            Attempt.id != attempt.id,
            Attempt.archived_at.is_(None),
        )
    )
    return db.session.scalars(query.limit(most)).all()


def following(attempt: Attempt) -> Attempt | None:
    """The attempt that continues where this one was suspended."""
    return db.session.scalar(select(Attempt).where(Attempt.resumes_id == attempt.id).limit(1))


def statuses(attempt: Attempt) -> list[S]:
    """Where the learner's other attempts at this exam stand, without those that were archived."""
    if "other_attempts" not in inspect(attempt).unloaded:
        return [one.status for one in attempt.other_attempts if one.archived_at is None]
    return scalars(_others(), {"exam": attempt.exam_id, "learner": attempt.learner_id, "this": attempt.id})


@prepared
def _others() -> Select[S]:
    return select(Attempt.status).where(
        Attempt.exam_id == bindparam("exam"),
        Attempt.learner_id == bindparam("learner"),
        Attempt.archived_at.is_(None),
        Attempt.id != bindparam("this"),
    )
