"""Which onboarding exam of a course is shown to a learner: the one that is open, else the next, else the last."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain import access
from portal.domain.onboarding import profiles
from portal.domain.onboarding.profiles import OnboardingStatus
from portal.domain.timekeeping import allowances, budget
from portal.models import Course, Exam, User


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An onboarding exam with the learner's own window, and where they stand with it."""

    exam: Exam
    onboarding: OnboardingStatus
    opens_at: datetime | None
    closes_at: datetime | None

    def is_past(self, *, now: datetime) -> bool:
        """Then every other one of the course is past, too."""
        return self.closes_at is not None and now >= self.closes_at

    def is_open(self, *, now: datetime) -> bool:
        return not self.is_past(now=now) and (self.opens_at is None or now >= self.opens_at)


def find(course: Course, learner: User, *, now: datetime) -> Offer | None:
    """None where the course has no onboarding exam in use, or the learner does not take the course."""
    if not access.is_enrolled(learner, course.id):
        return None
    query = select(Exam).where(Exam.course_id == course.id, Exam.is_onboarding, Exam.is_active)
    exams = db.session.scalars(query.options(joinedload(Exam.course)).order_by(Exam.id.desc())).all()
    attempts = profiles.attempts_of(learner) if exams else []
    offers = []
    for exam in exams:
        facts = budget.entry_facts(exam, allowances.in_force(exam, learner.id, now=now), now=now)
        stands = profiles.status_of(exam, attempts, now=now)
        offers.append(Offer(exam=exam, onboarding=stands, opens_at=facts.opens_at, closes_at=facts.closes_at))
    return min(offers, key=lambda one: (one.is_past(now=now), not one.is_open(now=now)), default=None)
