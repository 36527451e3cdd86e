"""Finds courses and exams: by what names them, or those that something is about to be done with."""

from collections.abc import Sequence

from sqlalchemy import Select, bindparam, exists, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.db import db
from portal.db.fast import columns_of, prepared, read_apart, rows
from portal.db.loading import Loading
from portal.models import Attempt, Course, Exam
from portal.models.attempts.attempt import RUNNING


def get_course(course_id: int) -> Course:
    """One that is known to exist."""
    return db.session.get_one(Course, course_id)


def find_course(course_id: int | None) -> Course | None:
    return db.session.get(Course, course_id) if course_id else None


def find_course_by_key(key: str) -> Course | None:
    return db.session.scalar(select(Course).where(Course.key == key))


def find_course_by_slug(slug: str) -> Course | None:
    return _course().one(db.session(), {"slug": slug})


@prepared
def _course() -> Loading[Course]:
    return Loading(Course, where=[Course.slug == bindparam("slug")])


def keys_of_courses() -> dict[int, str]:
    """Every course's key, by its number."""
    return {course.id: course.key for course in db.session.scalars(select(Course))}


def get_exam(exam_id: int) -> Exam:
    """One that is known to exist."""
    return db.session.get_one(Exam, exam_id)


def find_exam(exam_id: int) -> Exam | None:
    return db.session.get(Exam, exam_id)


def find_exam_by_slug(slug: str) -> Exam | None:
    """With its course, and with whether anybody wants to hear of it, which a change would ask next."""
    return _exam_with_course().one(db.session(), {"slug": slug})


@prepared
def _exam_with_course() -> Loading[Exam]:
    return Loading(Exam, Exam.course, Course.has_webhooks, where=[Exam.slug == bindparam("slug")])


def exams_of(course_ids: Sequence[int]) -> list[Exam]:
    """Every exam of these courses with its course, by the course's name."""
    query = select(Exam).join(Exam.course).where(Exam.course_id.in_(course_ids))
    return list(db.session.scalars(query.options(contains_eager(Exam.course)).order_by(Course.name, Exam.id)))


def names_of_exams_in_use(course: Course) -> dict[str, str]:
    """What an allowance may be for: exams that are open to learners, or that somebody takes just now; by slug."""
    return {str(slug): str(name) for slug, name in rows(_in_use(), {"course": course.id})}


@prepared
def _in_use() -> Select[*tuple[object, ...]]:
    """Looks for who takes an exam only where it is not open: a hall of learners takes one that is."""
    of_exam = (Attempt.exam_id == Exam.id, Attempt.archived_at.is_(None), Attempt.status.in_(RUNNING))
    is_taken = exists().where(*of_exam)
    query = select(Exam.slug, Exam.name).where(Exam.course_id == bindparam("course"), or_(Exam.is_active, is_taken))
    return query.order_by(Exam.name)


def read_exam_by_slug(slug: str) -> Exam | None:
    """An exam to look at, without its course: no part of the session, so that no transaction reads it again."""
    return read_apart(Exam, _exam(), {"slug": slug})


@prepared
def _exam() -> Select[*tuple[object, ...]]:
    return select(*columns_of(Exam)).where(Exam.slug == bindparam("slug"))


def any_proctored_by(slug: str) -> Exam | None:
    """An exam that this provider proctors, if there is one: rather one that is in use."""
    query = select(Exam).where(Exam.provider_slug == slug, Exam.is_proctored).options(joinedload(Exam.course))
    return db.session.scalar(query.order_by(Exam.is_active.desc(), Exam.id).limit(1))
