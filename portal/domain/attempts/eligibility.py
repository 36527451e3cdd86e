"""Whether a learner may begin an exam now, and in plain words why not."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, func, select

from portal.db import db
from portal.db.fast import prepared, scalar
from portal.db.loading import Loading
from portal.domain import access
from portal.domain.courses import prerequisites, versions
from portal.domain.errors import NotAllowed, NotNow
from portal.domain.onboarding import profiles
from portal.domain.timekeeping import allowances, budget, running_clock
from portal.models import Attempt, Exam, ExamVersion, Provider, ResumeState, User
from portal.models import AttemptStatus as S
from portal.models.attempts.attempt import RUNNING

#: Attempts that used nothing up: refused by the provider, replaced by a retry, or given up before it began.
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


@dataclass(frozen=True, kw_only=True)
class Known:
    """What another attempt depends on, for a caller who has looked already."""

    latest: Attempt | None
    version: ExamVersion | None


def why_not(
    exam: Exam, learner: User, *, now: datetime, is_declining: bool = False, known: Known | None = None
) -> NotAllowed | NotNow | None:
    """The reason why ``learner`` cannot begin ``exam`` now; None when they can.

    ``is_declining``: they begin it to take it without proctoring, which needs no provider and no earlier exam.
    """
    if not access.is_enrolled(learner, exam.course_id):
        return NotAllowed("You are not enrolled in this course. Ask the course team to enrol you.")
    known = known or Known(latest=find_latest(exam, learner), version=versions.find_latest(exam.id))
    latest = known.latest
    if not exam.is_active and not is_to_resume(latest):
        return NotNow("This exam is currently not available.")
    facts = running_clock.before_start(exam, learner.id, latest, now=now)
    if facts.opens_at and now < facts.opens_at:
        return NotNow("This exam is not open yet.")
    if facts.closes_at and now >= facts.closes_at:
        return NotNow("This exam has closed.")
    reason = _why_not_another(exam, learner, known)
    if reason or is_declining or not needs_provider(exam, latest):
        return reason
    reason = None if is_to_resume(latest) else why_not_prerequisites(exam, learner)
    return reason or why_no_provider(exam) or _why_no_onboarding(exam, learner, now=now)


def why_not_after_reset(attempt: Attempt, *, now: datetime) -> str:
    """Why the learner of ``attempt`` could not start again if it were reset; empty when they could."""
    exam = attempt.exam
    if not exam.is_active:
        return "the exam is turned off."
    closes_at = budget.window_closes_at(exam, allowances.in_force(exam, attempt.learner_id, now=now))
    return "the exam has closed for them." if closes_at and now >= closes_at else ""


def is_to_resume(latest: Attempt | None) -> bool:
    """Whether the next attempt continues where this one was suspended."""
    return latest is not None and latest.resume_state is ResumeState.GRANTED


def why_not_prerequisites(exam: Exam, learner: User) -> NotNow | None:
    """What the course asks for before this exam and is not met; what was declined is no hindrance (see declining)."""
    if not exam.is_proctored or exam.is_practice:
        return None
    before = prerequisites.prerequisites_for(learner, exam)
    if before.declined:
        return None
    if before.failed:
        return NotNow("You have not met a requirement of this course for this exam; it is listed below.")
    if before.pending:
        return NotNow("This course has a requirement for this exam; it is listed below.")
    return None


def _why_not_another(exam: Exam, learner: User, known: Known) -> NotNow | None:
    latest, version = known.latest, known.version
    if version is None or version.question_count == 0:
        return NotNow("This exam has no questions yet. The course team has to add them; your clock has not started.")
    if is_to_resume(latest):
        return None
    if latest is not None and latest.is_suspended and not exam.is_practice:
        return NotNow("Your exam was suspended. The course team will decide how it continues and inform you here.")
    is_limited = not exam.is_practice and exam.maximum_attempts > 0 and latest is not None
    if is_limited and _used(exam, learner) >= exam.maximum_attempts:
        return NotNow("You have used all your attempts for this exam.")
    return None


def _why_no_onboarding(exam: Exam, learner: User, *, now: datetime) -> NotNow | None:
    """An accepted onboarding exam is not repeated before it nears its end."""
    if not exam.is_onboarding:
        return None
    stands = profiles.status_of(exam, profiles.attempts_of(learner), now=now)
    if stands.may_begin(now=now):
        return None
    if stands.status == "submitted":
        return NotNow("Your onboarding exam is being reviewed. The result will appear on this page.")
    return NotNow("Your onboarding exam has already been accepted. You can repeat it shortly before it expires.")


def find_latest(exam: Exam, learner: User) -> Attempt | None:
    """The newest attempt that is not archived."""
    return _latest().one(db.session(), {"exam": exam.id, "learner": learner.id})


@prepared
def _latest() -> Loading[Attempt]:
    mine = [Attempt.exam_id == bindparam("exam"), Attempt.learner_id == bindparam("learner")]
    return Loading(Attempt, where=[*mine, Attempt.archived_at.is_(None)], order_by=[Attempt.id.desc()], most=1)


def _used(exam: Exam, learner: User) -> int:
    made = select(func.count(Attempt.id)).where(
        Attempt.exam_id == exam.id,
        Attempt.learner_id == learner.id,
        Attempt.archived_at.is_(None),
        Attempt.status.not_in(UNCOUNTED),
        Attempt.resumes_id.is_(None),
    )
    return db.session.scalar(made) or 0


def needs_provider(exam: Exam, latest: Attempt | None) -> bool:
    """Whether beginning means asking a provider first: a proctored exam that the learner did not opt out of.

    What was begun without proctoring continues without it.
    """
    if latest is None or not exam.is_proctored:
        return exam.is_proctored
    return latest.status is not S.DECLINED and (latest.taking_as_proctored or not is_to_resume(latest))


def is_without_proctoring(exam: Exam, latest: Attempt | None) -> bool:
    """Whether the learner takes, or took, this proctored exam without proctoring, and nothing else is to come."""
    if latest is None or not exam.is_proctored or latest.taking_as_proctored:
        return False
    return latest.is_live or latest.status is S.DECLINED or exam.maximum_attempts == 1


def why_no_provider(exam: Exam) -> NotNow | None:
    """Why nobody can proctor this exam just now; None when somebody can, or nobody has to."""
    if not exam.is_proctored:
        return None
    query = select(Provider.is_enabled).where(Provider.slug == exam.provider_slug)
    is_enabled = db.session.scalar(query)
    if is_enabled is None:
        return NotNow("This exam has no proctoring provider yet. The course team can tell you when it will have one.")
    return None if is_enabled else NotNow("This exam's proctoring provider is currently turned off.")


def newer_ref(attempt: Attempt) -> str | None:
    """The reference of a later attempt of the learner at the same exam that was not reset."""
    newer = select(Attempt.ref).where(
        Attempt.exam_id == attempt.exam_id,
        Attempt.learner_id == attempt.learner_id,
        Attempt.id > attempt.id,
        Attempt.archived_at.is_(None),
    )
    return db.session.scalar(newer.limit(1))


def clock_elsewhere(attempt: Attempt) -> Attempt | None:
    """Another attempt of the learner that runs, where two may not run at once."""
    if attempt.exam.allows_parallel:
        return None
    found = scalar(_running_elsewhere(), {"learner": attempt.learner_id, "this": attempt.id})
    return db.session.get(Attempt, found) if found else None


@prepared
def _running_elsewhere() -> Select[int]:
    """Only its number: nearly always there is none, and every start asks."""
    running = (
        select(Attempt.id)
        .join(Exam)
        .where(
            Attempt.learner_id == bindparam("learner"),
            Attempt.id != bindparam("this"),
            Attempt.status.in_(RUNNING),
            Attempt.archived_at.is_(None),
            Exam.allows_parallel.is_(False),
        )
    )
    return running.limit(1)
