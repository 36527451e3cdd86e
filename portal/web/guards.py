"""Load what an address names, for the person who asks, or say why not.

What belongs to somebody else is answered like what does not exist.
"""

from typing import cast

from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain import access, attempts
from portal.domain.errors import NotAllowed, NotFound
from portal.models import Attempt, Course, Exam, User


def me() -> User:
    """The signed-in person as a row, not as Flask-Login's stand-in."""
    return cast(User, current_user._get_current_object())


def the_course(slug: str, *, right: str = "see_course") -> Course:
    """A course whose team the person belongs to."""
    course = db.session.scalar(select(Course).filter_by(slug=slug))
    if course is None or not access.may(me(), "see_course", course.id):
        raise NotFound("There is no such course, or you are not in its team.")
    access.require(me(), right, course.id)
    return course


def the_taught_exam(slug: str, *, right: str = "see_course") -> Exam:
    """An exam of a course whose team the person belongs to."""
    exam = find_exam(slug)
    if exam is None or not access.may(me(), "see_course", exam.course_id):
        raise NotFound("There is no such exam, or you are not in its course team.")
    access.require(me(), right, exam.course_id)
    return exam


def the_taught_attempt(ref: str, *, right: str = "see_attempts") -> Attempt:
    """An attempt at an exam of a course whose team the person belongs to."""
    attempt = attempts.get_by_ref(ref)
    if not access.may(me(), "see_course", attempt.exam.course_id):
        raise NotFound("There is no attempt with this reference.")
    access.require(me(), right, attempt.exam.course_id)
    return attempt


def my_exam(slug: str) -> Exam:
    """An exam of a course the person is enrolled in."""
    exam = find_exam(slug)
    if exam is None:
        raise NotFound("There is no such exam. Open it from your list of exams.")
    if not access.is_enrolled(me(), exam.course_id):
        contact = f" Ask {exam.course.contact}." if exam.course.contact else ""
        raise NotAllowed(f"You are not enrolled in this exam's course, so it is not open to you.{contact}")
    return exam


def my_attempt(ref: str) -> Attempt:
    """The person's own attempt; anybody else's does not exist for them."""
    attempt = attempts.get_by_ref(ref)
    if attempt.learner_id != me().id:
        raise NotFound("There is no attempt of yours with this reference.")
    return attempt


def find_exam(slug: str) -> Exam | None:
    return db.session.scalar(select(Exam).filter_by(slug=slug).options(joinedload(Exam.course)))
