"""Whether a learner may begin an exam now, and in plain words why not."""

from datetime import datetime

from sqlalchemy import func, select

from portal.db import db
from portal.domain import access, allowances, timing
from portal.domain.errors import NotAllowed, NotNow
from portal.models import Attempt, Exam, ExamVersion, User


def why_not(exam: Exam, learner: User, *, now: datetime) -> NotAllowed | NotNow | None:
    """The reason why ``learner`` cannot begin ``exam`` now; None when they can."""
    if not access.is_enrolled(learner, exam.course_id):
        return NotAllowed("You are not enrolled in this course. Ask the course team to enrol you.")
    if not exam.is_active:
        return NotNow("This exam is not available at present.")
    facts = timing.entry_facts(exam, allowances.in_force(exam, learner.id, now=now), now=now)
    if facts.opens_at and now < facts.opens_at:
        return NotNow("This exam is not open yet.")
    if facts.closes_at and now >= facts.closes_at:
        return NotNow("This exam has closed.")
    return _why_not_another(exam, learner)


def _why_not_another(exam: Exam, learner: User) -> NotNow | None:
    if exam.is_proctored:
        return NotNow("Proctored exams cannot be started here yet. The course team can tell you when.")
    version = latest_version(exam)
    if version is None or version.question_count == 0:
        return NotNow("This exam has no questions yet. The course team has to add them; your clock has not started.")
    made = select(func.count(Attempt.id)).where(
        Attempt.exam_id == exam.id, Attempt.learner_id == learner.id, Attempt.archived_at.is_(None)
    )
    if exam.maximum_attempts and (db.session.scalar(made) or 0) >= exam.maximum_attempts:
        return NotNow("You have used every attempt you have at this exam.")
    return None


def latest_version(exam: Exam) -> ExamVersion | None:
    versions = select(ExamVersion).where(ExamVersion.exam_id == exam.id)
    return db.session.scalar(versions.order_by(ExamVersion.number.desc()).limit(1))
