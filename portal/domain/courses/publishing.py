"""Courses as their authors publish them, and the people who take and run them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy import select

from portal.db import db
from portal.domain.courses import (
    course_lookup,
    differences,
    import_notes,
    provider_sync,
    requirements,
    versions,
)
from portal.domain.courses.differences import Difference
from portal.domain.courses.published import CoursePublished, ExamPublished, RequirementPublished
from portal.domain.courses.slugs import readable, unused
from portal.domain.courses.versions import Content
from portal.domain.errors import BadInput, NotFound
from portal.models import Course, Enrolment, Exam, Membership, Provider, Role, User

#: A year; a longer limit is a slip of the keyboard.
MOST_MINUTES = 366 * 24 * 60


class Follow(Protocol):
    """What a changed exam means for those who are in it: ``exam_changes.follow``, which a door passes."""

    def __call__(self, exam: Exam, *, now: datetime) -> object: ...


def get_by_key(key: str) -> Course:
    course = course_lookup.find_course_by_key(key)
    if course is None:
        raise NotFound(f"There is no course with the key {key}.")
    return course


def contents_of(published: CoursePublished) -> dict[str, Content]:
    """What the versions would hold, by content id: the slow part of publishing, best done before ``writing()``."""
    return {exam.content_id: versions.content_of(exam) for exam in published.exams}


def difference(published: CoursePublished, *, now: datetime | None = None) -> Difference:
    """What :func:`publish` would change, without changing it. ``now`` tells which openings are past."""
    return _difference(published, contents_of(published), now)


def publish(
    published: CoursePublished, contents: Mapping[str, Content] | None = None, *, follow: Follow, now: datetime
) -> Difference:
    """Bring course, exams and questions in line with what an author published; only inside ``writing()``.

    An exam is recognised by the content id of its section. One that is missing is switched off, never
    deleted, and comes back with its attempts. The second time nothing changes.
    """
    check(published)
    contents = contents or contents_of(published)
    found = _difference(published, contents, now)
    course = course_lookup.find_course_by_key(published.key) or _new_course(published)
    course.name = published.name
    db.session.flush()  # Exams need its number.
    stored = _exams_of(course)
    for exam in published.exams:
        known = stored.get(exam.content_id)
        if known is None or exam.content_id in found.changed:
            facts = differences.settings(exam, known, published.provider, now=now)
            known = known or _new_exam(course, exam)
            _publish_exam(known, exam, facts, contents[exam.content_id], now=now)
            follow(known, now=now)
        import_notes.keep(known, exam.not_honoured)
    for missing in _gone(published, stored):
        _switch_off(missing, now=now)
    for left in (one for one in published.left_out if one.content_id in stored):
        import_notes.keep_left_out(stored[left.content_id], left)
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
        raise BadInput("exams", f"{exam.name} is not a proctored exam that counts, so it cannot be required.")
    return RequirementPublished(namespace=requirements.EXAM, name=exam.content_id, display_name=exam.name)


def check(published: CoursePublished) -> None:
    """:raises BadInput: what no exam can be; nothing is written then."""
    ids = [exam.content_id for exam in published.exams]
    if len(ids) != len(set(ids)):
        raise BadInput("exams", "Two exams of this course have the same content id.")
    for exam in published.exams:
        _check_times(exam)
        names = [question.content_id for question in exam.questions]
        if len(names) != len(set(names)):
            raise BadInput("questions", f"Two questions of {exam.name} have the same content id.")
    for asked in published.requirements or ():
        if asked.namespace == requirements.EXAM and asked.name not in ids:
            raise BadInput("requirements", f"The course has no exam {asked.name}, so it cannot require it.")


def _check_times(exam: ExamPublished) -> None:
    if exam.time_limit_minutes < 1:
        raise BadInput("time_limit_minutes", f"{exam.name} needs a time limit of at least one minute.")
    if exam.time_limit_minutes > MOST_MINUTES:
        raise BadInput("time_limit_minutes", f"{exam.name} needs a time limit of at most {MOST_MINUTES:,} minutes.")
    if exam.opens_at and exam.closes_at and exam.opens_at >= exam.closes_at:
        raise BadInput("opens_at", f"{exam.name} must open before it closes.")


def _gone(published: CoursePublished, stored: Mapping[str, Exam]) -> list[Exam]:
    """Exams whose section the course no longer has, or hides from learners."""
    if published.leaves_exams_because:
        return []
    kept = {exam.content_id for exam in published.exams}
    kept |= {left.content_id for left in published.left_out if not left.is_hidden}
    return [exam for content_id, exam in stored.items() if content_id not in kept]


def _difference(published: CoursePublished, contents: Mapping[str, Content], now: datetime | None) -> Difference:
    check(published)
    course = course_lookup.find_course_by_key(published.key)
    stored = _exams_of(course)
    known = [exam for exam in published.exams if exam.content_id in stored]
    changes = {
        exam.content_id: differences.of_exam(
            stored[exam.content_id],
            differences.settings(exam, stored[exam.content_id], published.provider, now=now),
            contents[exam.content_id],
        )
        for exam in known
    }
    return Difference(
        added=tuple(exam.content_id for exam in published.exams if exam.content_id not in stored),
        changed={content_id: words for content_id, words in changes.items() if words},
        unchanged=tuple(content_id for content_id, words in changes.items() if not words),
        deactivated=tuple(exam.name for exam in _gone(published, stored) if exam.is_active),
        problems=differences.problems(published),
        has_new_requirements=published.requirements is not None
        and published.requirements != (requirements.published(course.id) if course else ()),
        left_out=published.left_out,
        not_honoured=differences.not_honoured(published),
        unknown_provider=_unknown_provider(published),
    )


def _unknown_provider(published: CoursePublished) -> str | None:
    """Whom the course wants to proctor its exams, if this portal has no such record."""
    is_wanted = any(exam.is_proctored for exam in published.exams)
    known = select(Provider.id).where(Provider.slug == published.provider)
    return published.provider if is_wanted and db.session.scalar(known) is None else None


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
    exam: Exam, published: ExamPublished, settings: Mapping[str, object], content: Content, *, now: datetime
) -> None:
    course, was_with = exam.course, exam.provider_slug
    for field, value in settings.items():
        setattr(exam, field, value)
    exam.updated_at = now
    db.session.flush()  # Versions and pictures need its number.
    versions.store_assets(course.id, published.assets)
    versions.store(exam, content, now=now)
    provider_sync.enqueue(exam, was_with=was_with, now=now)


def _switch_off(exam: Exam, *, now: datetime) -> None:
    """Nobody begins it any more and nobody proctors it; its provider is told, and its attempts stay."""
    if exam.is_active:
        exam.is_active, exam.is_proctored, exam.updated_at = False, False, now
        provider_sync.enqueue(exam, was_with=None, now=now)
