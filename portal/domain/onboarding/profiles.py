"""Identity profiles: who has shown a provider who they are, how long that counts, and what it unblocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased, joinedload

from portal.db import db
from portal.domain.lifecycle import transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.models import Attempt, Course, Enrolment, Event, Exam, OutboxMessage, User
from portal.models import AttemptStatus as S

#: How long an accepted profile counts, as in edx-proctoring.
VALID_FOR = timedelta(days=365)
#: A profile may be renewed so long before it ends; the list of exams and an email remind the learner to.
SOON = timedelta(days=28)
#: Why an attempt that was refused for want of a check no longer counts.
UNBLOCKED = "The onboarding exam has been accepted."
BLOCKED = frozenset({S.ONBOARDING_MISSING, S.ONBOARDING_PENDING, S.ONBOARDING_FAILED, S.ONBOARDING_EXPIRED})
#: What each status of an onboarding attempt is called towards platforms (edx-proctoring 7.6).
SHOWN_AS = {
    S.CREATED: "setup_started",
    S.DOWNLOAD_SOFTWARE_CLICKED: "setup_started",
    S.READY_TO_START: "setup_started",
    S.STARTED: "onboarding_started",
    S.READY_TO_SUBMIT: "onboarding_started",
    S.SUBMITTED: "submitted",
    S.SECOND_REVIEW_REQUIRED: "submitted",
    S.VERIFIED: "verified",
    S.REJECTED: "rejected",
    S.ERROR: "error",
    S.EXPIRED: "expired",
}


@dataclass(frozen=True, kw_only=True)
class OnboardingStatus:
    """Where one learner stands with one course's onboarding."""

    course: Course
    exam: Exam
    attempt: Attempt | None
    status: str
    since_at: datetime | None = None
    valid_until_at: datetime | None = None
    ran_out_at: datetime | None = None
    """When an accepted one stopped counting."""

    def ends_soon(self, *, now: datetime) -> bool:
        return self.valid_until_at is not None and now >= self.valid_until_at - SOON

    def may_begin(self, *, now: datetime) -> bool:
        """Whether there is something for the learner to do."""
        if self.status in {"verified", "other_course_approved"}:
            return self.ends_soon(now=now)
        return self.status != "submitted"


def list_for(learner: User, *, now: datetime) -> list[OnboardingStatus]:
    """One line for each course of the learner that has an onboarding exam."""
    query = (
        select(Exam)
        .join(Enrolment, Enrolment.course_id == Exam.course_id)
        .where(Enrolment.user_id == learner.id, Enrolment.is_active, Exam.is_onboarding, Exam.is_active)
        .options(joinedload(Exam.course))
        .order_by(Exam.course_id, Exam.id.desc())
    )
    newest: dict[int, Exam] = {}
    for exam in db.session.scalars(query):
        newest.setdefault(exam.course_id, exam)
    attempts = attempts_of(learner)
    return [status_of(exam, attempts, now=now) for exam in newest.values()]


def ending_soon(learner: User, *, now: datetime) -> list[OnboardingStatus]:
    """What the learner is reminded to repeat: accepted, and out of date within :data:`SOON`."""
    return [one for one in list_for(learner, now=now) if one.ends_soon(now=now)]


def status_of(exam: Exam, attempts: list[Attempt], *, now: datetime) -> OnboardingStatus:
    """From the learner's onboarding attempts everywhere: one accepted here wins, then one accepted elsewhere.

    An accepted profile of another course counts at the same provider, and for a year (edx-proctoring 7.6).
    """
    here = [attempt for attempt in attempts if attempt.exam.course_id == exam.course_id]
    accepted = [attempt for attempt in attempts if attempt.status is S.VERIFIED and valid_until(attempt) > now]
    mine = next((attempt for attempt in accepted if attempt in here), None)
    elsewhere = next((one for one in accepted if one.provider_slug == exam.provider_slug), None)
    if counts := mine or elsewhere:
        status = "verified" if mine else "other_course_approved"
        return OnboardingStatus(
            course=exam.course, exam=exam, attempt=counts, status=status,
            since_at=counts.completed_at, valid_until_at=valid_until(counts),
        )  # fmt: skip
    newest = next((attempt for attempt in here if attempt.status is not S.ONBOARDING_RESET), None)
    if newest is None:
        return OnboardingStatus(course=exam.course, exam=exam, attempt=None, status="not_started")
    status = "expired" if newest.status is S.VERIFIED else SHOWN_AS.get(newest.status, "not_started")
    return OnboardingStatus(
        course=exam.course,
        exam=exam,
        attempt=newest,
        status=status,
        since_at=newest.completed_at or newest.created_at,
        ran_out_at=valid_until(newest) if status == "expired" else None,
    )


def clean_up(attempt: Attempt, *, now: datetime) -> int:
    """An accepted profile archives what the provider refused for want of it, so that the learner may begin; how many.

    The learner's own refused attempts at the same provider, in every course, since the profile counts in each. Harmless
    twice. (edx-proctoring does so for every provider.)
    """
    if not attempt.exam.is_onboarding or attempt.status is not S.VERIFIED:
        return 0
    blocked = select(Attempt).where(
        Attempt.learner_id == attempt.learner_id,
        Attempt.provider_slug == attempt.provider_slug,
        Attempt.status.in_(BLOCKED),
        Attempt.archived_at.is_(None),
    )
    found = list(db.session.scalars(blocked))
    cause = Cause(actor=Actor.PORTAL, reason=UNBLOCKED)
    for one in found:
        one.archived_at, one.archive_reason = now, cause.reason
        transitions.happened(one, Event.ARCHIVED, cause, now=now)
    return len(found)


def attempts_of(learner: User) -> list[Attempt]:
    """The learner's onboarding attempts in every course, newest first."""
    query = (
        select(Attempt)
        .join(Exam)
        .where(Attempt.learner_id == learner.id, Exam.is_onboarding, Attempt.archived_at.is_(None))
    )
    whole = query.options(joinedload(Attempt.exam).joinedload(Exam.course))
    return list(db.session.scalars(whole.order_by(Attempt.id.desc())))


def checks_ending_soon(*, but: str, now: datetime, most: int) -> Sequence[Attempt]:
    """Accepted checks of active learners that end soon and that the same provider has not accepted again since.

    ``but``: not those whose reference with this behind it is the key of a message.
    """
    again = aliased(Attempt)
    is_repeated = exists().where(
        again.learner_id == Attempt.learner_id,
        again.provider_slug == Attempt.provider_slug,
        again.status == S.VERIFIED,
        again.exam_id.in_(select(Exam.id).where(Exam.is_onboarding)),
        again.archived_at.is_(None),
        again.completed_at > Attempt.completed_at,
    )
    query = (
        select(Attempt)
        .join(Exam, Exam.id == Attempt.exam_id)
        .join(Enrolment, (Enrolment.course_id == Exam.course_id) & (Enrolment.user_id == Attempt.learner_id))
        .join(User, User.id == Attempt.learner_id)
        .where(Attempt.exam_id.in_(select(Exam.id).where(Exam.is_onboarding, Exam.is_active)))
        .where(Enrolment.is_active, User.is_active)
        .where(Attempt.status == S.VERIFIED, Attempt.archived_at.is_(None))
        .where(Attempt.completed_at > now - VALID_FOR, Attempt.completed_at <= now - VALID_FOR + SOON)
        .where(~exists().where(OutboxMessage.key == Attempt.ref + but), ~is_repeated)
    )
    return db.session.scalars(query.order_by(Attempt.completed_at).limit(most)).all()


def valid_until(attempt: Attempt) -> datetime:
    """Until when an accepted check counts."""
    return (attempt.completed_at or attempt.created_at) + VALID_FOR
