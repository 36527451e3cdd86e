"""Whether a learner may begin an exam now, and in plain words why not."""

from datetime import datetime

from sqlalchemy import func, select

from portal.db import db
from portal.domain import access, allowances, onboarding, timing
from portal.domain.errors import NotAllowed, NotNow
from portal.models import Attempt, Exam, ExamVersion, Provider, User
from portal.models import AttemptStatus as S

#: Attempts that used nothing up: refused by the vendor, replaced by a retry, or given up before it began.
UNCOUNTED = frozenset(
    {
        S.DECLINED,
        S.EXPIRED,
        S.ONBOARDING_RESET,
        S.ONBOARDING_MISSING,
        S.ONBOARDING_PENDING,
        S.ONBOARDING_FAILED,
        S.ONBOARDING_EXPIRED,
    }
)


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
    return _why_not_another(exam, learner, now=now)


def _why_not_another(exam: Exam, learner: User, *, now: datetime) -> NotNow | None:
    version = latest_version(exam)
    if version is None or version.question_count == 0:
        return NotNow("This exam has no questions yet. The course team has to add them; your clock has not started.")
    latest = _latest(exam, learner)
    if latest is not None and latest.ready_to_resume and not latest.resumed:
        return why_no_vendor(exam)
    if latest is not None and latest.status is S.ERROR and latest.is_resumable and not exam.is_practice:
        return NotNow("Your exam was interrupted. The course team decides how it goes on; you will be told here.")
    if not exam.is_practice and exam.maximum_attempts and _used(exam, learner) >= exam.maximum_attempts:
        return NotNow("You have used every attempt you have at this exam.")
    return why_no_vendor(exam) or _why_no_onboarding(exam, learner, now=now) if needs_vendor(exam, latest) else None


def _why_no_onboarding(exam: Exam, learner: User, *, now: datetime) -> NotNow | None:
    """An accepted identity check is not repeated before it nears its end."""
    if not exam.is_onboarding:
        return None
    stands = onboarding.standing(exam, onboarding.attempts_of(learner), now=now)
    if stands.may_begin(now=now):
        return None
    if stands.status == "submitted":
        return NotNow("Your identity check is being looked at. You will be told here and by mail.")
    return NotNow("Your identity check is accepted already. You can repeat it when it nears its end.")


def _latest(exam: Exam, learner: User) -> Attempt | None:
    mine = select(Attempt).where(
        Attempt.exam_id == exam.id, Attempt.learner_id == learner.id, Attempt.archived_at.is_(None)
    )
    return db.session.scalar(mine.order_by(Attempt.id.desc()).limit(1))


def _used(exam: Exam, learner: User) -> int:
    made = select(func.count(Attempt.id)).where(
        Attempt.exam_id == exam.id,
        Attempt.learner_id == learner.id,
        Attempt.archived_at.is_(None),
        Attempt.status.not_in(UNCOUNTED),
        Attempt.resumes_id.is_(None),
    )
    return db.session.scalar(made) or 0


def needs_vendor(exam: Exam, latest: Attempt | None) -> bool:
    """Whether beginning means asking a vendor first: a proctored exam that the learner did not opt out of."""
    return exam.is_proctored and not (latest is not None and latest.status is S.DECLINED)


def why_no_vendor(exam: Exam) -> NotNow | None:
    """Why nobody can proctor this exam just now; None when somebody can, or nobody has to."""
    if not exam.is_proctored:
        return None
    query = select(Provider.is_enabled).where(Provider.slug == exam.provider_slug)
    is_enabled = db.session.scalar(query)
    if is_enabled is None:
        return NotNow("This exam has no proctoring provider yet. The course team can tell you when it will have one.")
    return None if is_enabled else NotNow("This exam's proctoring provider is switched off at present.")


def latest_version(exam: Exam) -> ExamVersion | None:
    versions = select(ExamVersion).where(ExamVersion.exam_id == exam.id)
    return db.session.scalar(versions.order_by(ExamVersion.number.desc()).limit(1))
