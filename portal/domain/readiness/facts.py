"""What is stored around exams, for many at once: questions, allowances, learners. Seven queries, however many."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, SQLColumnExpression, String, and_, case, cast, func, or_, select

from portal.db import db
from portal.domain.answers import kinds
from portal.domain.courses import versions as exam_versions
from portal.domain.lifecycle import ending_faults
from portal.domain.outbox import case_recipients
from portal.domain.timekeeping import allowances
from portal.models import (
    Allowance,
    Attempt,
    Course,
    Enrolment,
    Exam,
    ExamVersion,
    Membership,
    Provider,
    Question,
    Role,
    UnreadableContent,
    User,
)
from portal.models.attempts.attempt import RUNNING


@dataclass(frozen=True, kw_only=True)
class ExamFacts:
    """What :mod:`readiness` and the exam's page need to know of one exam."""

    version: ExamVersion | None
    answerable: int
    problems: int
    by_hand: int
    points: int
    unreadable: int
    allowances: tuple[tuple[User, tuple[Allowance, ...]], ...]
    """In force for this exam, by learner."""
    learners: int
    has_practice: bool
    provider_name: str | None
    """None where the exam names no provider, or one that this portal does not know."""
    provider_is_on: bool
    reaches_somebody: bool
    """Whether a case of the course is emailed to anybody of it."""


def load_one(exam: Exam, *, now: datetime) -> ExamFacts:
    return load([exam], now=now)[exam.id]


def load(exams: Sequence[Exam], *, now: datetime) -> dict[int, ExamFacts]:
    """Facts by exam id."""
    course_ids = {exam.course_id for exam in exams}
    versions = exam_versions.latest_of([exam.id for exam in exams])
    questions = _questions([version.id for version in versions.values()])
    unreadable = _count(UnreadableContent.exam_version_id, [version.id for version in versions.values()])
    granted = allowances.in_force_in(course_ids, now=now)
    learners = _count(Enrolment.course_id, list(course_ids), Enrolment.is_active)
    courses = _courses(course_ids)
    providers = _providers({exam.provider_slug for exam in exams if exam.provider_slug})
    facts = {}
    for exam in exams:
        provider = providers.get(exam.provider_slug or "")
        version, course = versions.get(exam.id), courses[exam.course_id]
        answerable, problems, by_hand, points = questions.get(version.id if version else 0, (0, 0, 0, 0))
        facts[exam.id] = ExamFacts(
            version=version,
            answerable=answerable,
            problems=problems,
            by_hand=by_hand,
            points=points,
            unreadable=unreadable.get(version.id, 0) if version else 0,
            allowances=_by_learner([a for a in granted if allowances.is_for(a, exam)]),
            learners=learners.get(exam.course_id, 0),
            has_practice=course.has_practice,
            provider_name=provider[0] if provider else None,
            provider_is_on=bool(provider and provider[1]),
            reaches_somebody=_reaches_somebody(course),
        )
    return facts


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """How many attempts at one exam are under way, wait for somebody to resume their clock, or hang."""

    running: int = 0
    paused: int = 0
    hanging: int = 0


def clocks(exam_ids: Sequence[int], *, now: datetime) -> dict[int, Clocks]:
    """By exam; one without any is left out."""
    runs, hangs = Attempt.status.in_(RUNNING), ending_faults.hangs(now)
    waits = and_(runs, Attempt.is_paused, Attempt.break_ends_at.is_(None))
    query = (
        select(Attempt.exam_id, *(func.sum(case((those, 1), else_=0)) for those in (runs, waits, hangs)))
        .where(Attempt.exam_id.in_(exam_ids), Attempt.archived_at.is_(None), or_(runs, hangs))
        .group_by(Attempt.exam_id)
    )
    rows = db.session.execute(query)
    return {row[0]: Clocks(running=int(row[1]), paused=int(row[2]), hanging=int(row[3])) for row in rows}


def _courses(course_ids: set[int]) -> dict[int, Row[int, bool, bool, str, str]]:
    """By course: whether it has a practice exam, and an instructor who can be written to; and whom else to write to."""
    practice = select(Exam.id).where(Exam.course_id == Course.id, Exam.is_practice, Exam.is_active)
    teaching = select(Membership.id).join(User, User.id == Membership.user_id)
    teaching = teaching.where(Membership.course_id == Course.id, Membership.role == Role.INSTRUCTOR, User.is_active)
    query = select(
        Course.id,
        practice.exists().label("has_practice"),
        teaching.exists().label("has_instructor"),
        Course.escalation_email,
        Course.contact,
    )
    return {row.id: row for row in db.session.execute(query.where(Course.id.in_(course_ids)))}


def _reaches_somebody(course: Row[int, bool, bool, str, str]) -> bool:
    return course.has_instructor or case_recipients.has_address(course.escalation_email, course.contact)


def _questions(version_ids: list[int]) -> dict[int, tuple[int, int, int, int]]:
    """By version: answerable, needing attention, marked by hand, points."""
    is_fine = Question.problem.is_(None)
    is_by_hand = Question.kind.in_(kinds.BY_PERSON)
    is_marked = is_by_hand | (cast(Question.key, String) != "{}")  # answer_kinds.is_marked, in SQL.
    query = (
        select(
            Question.exam_version_id,
            func.sum(case((is_fine, 1), else_=0)),
            func.sum(case((is_fine, 0), else_=1)),
            func.sum(case((is_fine & is_by_hand, 1), else_=0)),
            func.sum(case((is_fine & is_marked, Question.points), else_=0)),
        )
        .where(Question.exam_version_id.in_(version_ids))
        .group_by(Question.exam_version_id)
    )
    return {
        version_id: (int(fine), int(broken), int(by_hand), int(points))
        for version_id, fine, broken, by_hand, points in db.session.execute(query)
    }


def _providers(slugs: set[str]) -> dict[str, tuple[str, bool]]:
    """By slug: the name, and whether it is switched on."""
    if not slugs:
        return {}
    query = select(Provider.slug, Provider.name, Provider.is_enabled).where(Provider.slug.in_(slugs))
    return {slug: (name, is_on) for slug, name, is_on in db.session.execute(query)}


def _by_learner(granted: list[Allowance]) -> tuple[tuple[User, tuple[Allowance, ...]], ...]:
    by_learner: dict[User, list[Allowance]] = defaultdict(list)
    for allowance in granted:
        by_learner[allowance.learner].append(allowance)
    return tuple((learner, tuple(theirs)) for learner, theirs in by_learner.items())


def _count(column: SQLColumnExpression[int], values: list[int], *where: SQLColumnExpression[bool]) -> dict[int, int]:
    query = select(column, func.count()).where(column.in_(values), *where).group_by(column)
    return {row[0]: row[1] for row in db.session.execute(query)}
