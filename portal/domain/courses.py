"""Courses as their authors publish them, and the people who take and run them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain import exam_changes, exam_versions, provider_exams, requirements
from portal.domain.errors import BadInput, NotFound
from portal.domain.exam_versions import Content
from portal.domain.naming import readable, unused
from portal.domain.publishing import CoursePublished, ExamPublished, RequirementPublished
from portal.models import Course, Enrolment, Exam, Membership, Role, User


@dataclass(frozen=True, kw_only=True)
class NeedsAttention:
    """Something that learners are not shown: a question, or a part of a section that is not one."""

    exam: str
    name: str
    kind: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What publishing changes. Exams are told by content id, and those switched off by name."""

    added: tuple[str, ...]
    changed: dict[str, tuple[str, ...]]
    """For each exam what is different, in words."""
    unchanged: tuple[str, ...]
    deactivated: tuple[str, ...]
    attention: tuple[NeedsAttention, ...]
    has_new_requirements: bool = False

    @property
    def is_nothing(self) -> bool:
        return not (self.added or self.changed or self.deactivated or self.has_new_requirements)


def get_by_key(key: str) -> Course:
    course = _find(key)
    if course is None:
        raise NotFound(f"There is no course with the key {key}.")
    return course


def difference(published: CoursePublished) -> Difference:
    """What :func:`publish` would change, without changing it."""
    check(published)
    course = _find(published.key)
    stored = _exams_of(course)
    changes = {e.content_id: _changes(stored.get(e.content_id), e, published.provider) for e in published.exams}
    known = [e for e in published.exams if e.content_id in stored]
    missing = [exam for content_id, exam in stored.items() if exam.is_active and content_id not in changes]
    return Difference(
        added=tuple(e.content_id for e in published.exams if e.content_id not in stored),
        changed={e.content_id: changes[e.content_id] for e in known if changes[e.content_id]},
        unchanged=tuple(e.content_id for e in known if not changes[e.content_id]),
        deactivated=tuple(exam.name for exam in missing),
        attention=tuple(what for e in published.exams for what in _attention(e)),
        has_new_requirements=published.requirements is not None
        and published.requirements != (requirements.published(course.id) if course else ()),
    )


def publish(published: CoursePublished, *, now: datetime) -> Difference:
    """Bring course, exams and questions in line with what an author published; only inside ``writing()``.

    An exam is recognised by the content id of its section. One that is missing is switched off, never
    deleted, and comes back with its attempts. The second time nothing changes.
    """
    found = difference(published)
    course = _find(published.key) or _new_course(published)
    course.name = published.name
    db.session.flush()  # Exams need its number.
    stored = _exams_of(course)
    for exam in published.exams:
        _publish_exam(course, stored.pop(exam.content_id, None), exam, published.provider, now=now)
    for missing in stored.values():
        _switch_off(missing, now=now)
    if published.requirements is not None:
        requirements.publish(course, published.requirements)
    return found


def enrol(course: Course, user: User, *, now: datetime) -> Enrolment:
    """Let a person take the course's exams. A second time changes nothing."""
    mine = select(Enrolment).where(Enrolment.course_id == course.id, Enrolment.user_id == user.id)
    enrolment = db.session.scalar(mine)
    if enrolment is None:
        enrolment = Enrolment(course_id=course.id, user_id=user.id, enrolled_at=now)
        db.session.add(enrolment)
    enrolment.is_active = True
    return enrolment


def add_member(course: Course, user: User, role: Role) -> Membership:
    """Give a person a role in the course team. A second time changes nothing."""
    mine = select(Membership).where(
        Membership.course_id == course.id, Membership.user_id == user.id, Membership.role == role
    )
    membership = db.session.scalar(mine)
    if membership is None:
        membership = Membership(course_id=course.id, user_id=user.id, role=role)
        db.session.add(membership)
    return membership


def as_requirement(course: Course, name: str) -> RequirementPublished:
    """An exam of the course, by content id or slug, as something to ask for. :raises NotFound, BadInput."""
    exam = next((one for one in _exams_of(course).values() if name in {one.content_id, one.slug}), None)
    if exam is None:
        raise NotFound(f"{course.name} has no exam {name}.")
    if not exam.is_proctored or exam.is_practice:
        raise BadInput("exams", f"{exam.name} is not a proctored exam that counts, so it brings no credit to ask for.")
    return RequirementPublished(namespace=requirements.EXAM, name=exam.content_id, display_name=exam.name)


def check(published: CoursePublished) -> None:
    """:raises BadInput: what no exam can be; nothing is written then."""
    ids = [exam.content_id for exam in published.exams]
    if len(ids) != len(set(ids)):
        raise BadInput("exams", "Two exams of this course have the same content id.")
    for exam in published.exams:
        if exam.time_limit_minutes < 1:
            raise BadInput("time_limit_minutes", f"{exam.name} needs a time limit of at least one minute.")
        names = [question.content_id for question in exam.questions]
        if len(names) != len(set(names)):
            raise BadInput("questions", f"Two questions of {exam.name} have the same content id.")
    for asked in published.requirements or ():
        if asked.namespace == requirements.EXAM and asked.name not in ids:
            raise BadInput("requirements", f"The course has no exam {asked.name}, so nobody could meet it.")


def _find(key: str) -> Course | None:
    return db.session.scalar(select(Course).where(Course.key == key))


def _exams_of(course: Course | None) -> dict[str, Exam]:
    if course is None:
        return {}
    return {exam.content_id: exam for exam in db.session.scalars(select(Exam).where(Exam.course_id == course.id))}


def _new_course(published: CoursePublished) -> Course:
    taken = db.session.scalars(select(Course.slug))
    short = published.key.removeprefix("course-v1:")
    course = Course(key=published.key, name=published.name, slug=unused(readable(short, "course"), taken))
    db.session.add(course)
    return course


def _new_exam(course: Course, published: ExamPublished) -> Exam:
    name = unused(readable(f"{course.name} {published.name}", "exam"), db.session.scalars(select(Exam.slug)))
    exam = Exam(course=course, content_id=published.content_id, slug=name)
    exam.maximum_attempts = 0 if published.is_practice else 1
    db.session.add(exam)
    return exam


def _publish_exam(
    course: Course, exam: Exam | None, published: ExamPublished, provider: str | None, *, now: datetime
) -> None:
    content = exam_versions.content_of(published)
    if exam is not None and not _changes(exam, published, provider, content):
        return
    exam = exam or _new_exam(course, published)
    was_with = exam.provider_slug
    for field, value in _settings(published, provider or exam.provider_slug).items():
        setattr(exam, field, value)
    if exam.opens_at and exam.closes_at and exam.opens_at >= exam.closes_at:
        exam.opens_at = None  # Authors publish the closing time only; the opening is ours and gives way.
    exam.updated_at = now
    db.session.flush()  # Versions and pictures need its number.
    exam_versions.store_assets(course.id, published.assets)
    exam_versions.store(exam, content, now=now)
    provider_exams.promise(exam, was_with=was_with, now=now)
    exam_changes.follow(exam, now=now)


def _switch_off(exam: Exam, *, now: datetime) -> None:
    if exam.is_active:
        exam.is_active, exam.updated_at = False, now
        provider_exams.promise(exam, was_with=None, now=now)


def _settings(exam: ExamPublished, provider: str | None) -> dict[str, object]:
    """The columns that the author decides. Rules for reviewers only make sense where somebody reviews."""
    is_reviewed = exam.is_proctored and not exam.is_practice
    return {
        "name": exam.name,
        "time_limit_minutes": exam.time_limit_minutes,
        "closes_at": exam.closes_at,
        "is_proctored": exam.is_proctored,
        "is_practice": exam.is_practice,
        "is_onboarding": exam.is_onboarding and exam.is_proctored,
        "is_active": True,
        "hide_after_due": exam.hide_after_due,
        "provider_slug": provider if exam.is_proctored else None,
        "review_rules": exam.review_rules if is_reviewed else "",
    }


def _changes(
    exam: Exam | None, published: ExamPublished, provider: str | None, content: Content | None = None
) -> tuple[str, ...]:
    """What is different, in words; nothing for an exam that is new."""
    if exam is None:
        return ()
    wanted = _settings(published, provider or exam.provider_slug)
    different = [WORDS[field] for field, value in wanted.items() if getattr(exam, field) != value]
    latest = exam_versions.find_latest(exam.id)
    fingerprint = (content or exam_versions.content_of(published)).fingerprint
    if latest is None or latest.fingerprint != fingerprint:
        different.append("questions")
    return tuple(dict.fromkeys(different))


#: How a changed column is called to the person who publishes.
WORDS = {
    "name": "name",
    "time_limit_minutes": "minutes",
    "closes_at": "closing time",
    "is_proctored": "kind",
    "is_practice": "kind",
    "is_onboarding": "kind",
    "is_active": "switched on again",
    "hide_after_due": "hidden after it closes",
    "provider_slug": "provider",
    "review_rules": "rules for reviewers",
}


def _attention(exam: ExamPublished) -> Iterator[NeedsAttention]:
    for question in exam.questions:
        if question.attention is not None:
            yield NeedsAttention(exam=exam.name, name=question.title, kind=question.kind, reason=question.attention)
    for part in exam.unreadable:
        yield NeedsAttention(exam=exam.name, name=part.name, kind=part.kind, reason=part.reason)
