"""The identity profiles of a course's learners, for its team: by status, found by name, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from portal.db import db
from portal.domain import pages
from portal.domain.onboarding import profiles
from portal.domain.onboarding.profiles import OnboardingStatus
from portal.domain.pages import Page
from portal.models import Attempt, Course, Enrolment, Exam, User
from portal.models.accounts.folding import folded

PAGE_SIZE = 50
EXPIRING = "expiring"
#: What the address may ask for, in the order of the team's interest.
STATUSES = (
    "rejected", "error", "expired", EXPIRING, "not_started", "setup_started", "onboarding_started",
    "submitted", "verified", "other_course_approved",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class RosterFilter:
    text: str = ""
    status: str = ""
    page: int = 1


@dataclass(frozen=True, kw_only=True)
class Profile:
    learner: User
    onboarding: OnboardingStatus
    status: str
    """The status's own, or that it ends soon."""


def exam_of(course: Course) -> Exam | None:
    """The newest onboarding exam of the course that is in use."""
    query = select(Exam).where(Exam.course_id == course.id, Exam.is_onboarding, Exam.is_active)
    return db.session.scalar(query.order_by(Exam.id.desc()).limit(1))


def search(exam: Exam, wanted: RosterFilter, *, now: datetime) -> Page[Profile]:
    """One page of the learners whose name and status fit; how many of each status, of those whose name fits.

    Two queries, however many learners.
    """
    profiles = everybody(exam, wanted.text, now=now)
    counts = dict.fromkeys(STATUSES, 0)
    for profile in profiles:
        counts[profile.status] += 1
    chosen = [one for one in profiles if wanted.status not in STATUSES or one.status == wanted.status]
    return pages.of(chosen, wanted.page, size=PAGE_SIZE, counts=counts)


def everybody(exam: Exam, text: str, *, now: datetime) -> list[Profile]:
    """Every learner of the course whose name or email address has ``text`` in it, by name."""
    learners, attempts = _learners(exam.course_id, text.strip()), _attempts(exam.course_id)
    return [_profile(exam, learner, attempts.get(learner.id, []), now=now) for learner in learners]


def _profile(exam: Exam, learner: User, attempts: list[Attempt], *, now: datetime) -> Profile:
    onboarding = profiles.status_of(exam, attempts, now=now)
    return Profile(
        learner=learner, onboarding=onboarding, status=EXPIRING if onboarding.ends_soon(now=now) else onboarding.status
    )


def _learners(course_id: int, text: str) -> Sequence[User]:
    query = select(User).join(Enrolment).where(Enrolment.course_id == course_id, Enrolment.is_active)
    if text:
        query = query.where(User.folded.contains(folded(text), autoescape=True))
    return db.session.scalars(query.order_by(User.folded, User.id)).all()


def _attempts(course_id: int) -> dict[int, list[Attempt]]:
    """Onboarding attempts of the course's learners in every course, by learner, newest first."""
    learners = select(Enrolment.user_id).where(Enrolment.course_id == course_id, Enrolment.is_active)
    query = (
        select(Attempt)
        .join(Attempt.exam)
        .where(Exam.is_onboarding, Attempt.archived_at.is_(None), Attempt.learner_id.in_(learners))
        .options(contains_eager(Attempt.exam))
        .order_by(Attempt.id.desc())
    )
    found: dict[int, list[Attempt]] = {}
    for attempt in db.session.scalars(query):
        found.setdefault(attempt.learner_id, []).append(attempt)
    return found
