"""Load what an address names, for the person who asks, or say why not.

What belongs to somebody else is answered like what does not exist.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import cast

from flask import g
from flask_login import current_user

from portal.domain import access
from portal.domain.attempts import attempts
from portal.domain.courses import course_lookup
from portal.domain.errors import NotAllowed, NotFound
from portal.models import Attempt, Course, Exam, Right, Role, User


def me() -> User:
    """The signed-in person as a row, not as Flask-Login's stand-in."""
    return cast(User, current_user._get_current_object())


def my_roles(course_id: int) -> frozenset[Role]:
    """The person's roles in one course, asked once a request."""
    known: dict[tuple[int, int], frozenset[Role]] = g.setdefault("roles", {})
    key = (me().id, course_id)
    if key not in known:
        known[key] = access.roles_in(me(), course_id)
    return known[key]


def may_i(right: Right, of: Course | Exam | Attempt) -> bool:
    """Whether the person has ``right`` over it, so that a page offers nothing else. For templates, too."""
    course_id = of.id if isinstance(of, Course) else of.exam.course_id if isinstance(of, Attempt) else of.course_id
    is_own = isinstance(of, Attempt) and of.learner_id == me().id
    return bool(my_roles(course_id) & access.RIGHTS[right]) and not (is_own and right in access.NOT_OVER_OWN)


def the_course(slug: str, *, right: Right = Right.SEE_COURSE) -> Course:
    """A course whose team the person belongs to."""
    course = course_lookup.find_course_by_slug(slug)
    roles = my_roles(course.id) if course else frozenset()
    if course is None or not roles:
        raise NotFound("There is no such course, or you are not on its course team.")
    access.check(roles, right)
    return course


def the_taught_exam(slug: str, *, right: Right = Right.SEE_COURSE) -> Exam:
    """An exam of a course whose team the person belongs to."""
    exam = course_lookup.find_exam_by_slug(slug)
    roles = my_roles(exam.course_id) if exam else frozenset()
    if exam is None or not roles:
        raise NotFound("There is no such exam, or you are not on its course team.")
    access.check(roles, right)
    return exam


def the_taught_attempt(ref: str, *, right: Right = Right.SEE_ATTEMPTS) -> Attempt:
    """An attempt at an exam of a course whose team the person belongs to."""
    attempt = attempts.get_by_ref(ref)
    roles = my_roles(attempt.exam.course_id)
    if not roles:
        raise NotFound("There is no attempt with this reference.")
    access.check(roles, right)
    if right in access.NOT_OVER_OWN:
        access.check_not_own(attempt.learner_id, me())
    return attempt


def my_exam(slug: str) -> Exam:
    """An exam of a course the person is enrolled in."""
    exam = course_lookup.find_exam_by_slug(slug)
    if exam is None:
        raise NotFound("There is no such exam. Open it from your list of exams.")
    if not access.is_enrolled(me(), exam.course_id):
        if not exam.course.contact:
            raise NotAllowed("You are not enrolled in the course of this exam, so you cannot take it.")
        raise NotAllowed(
            "You are not enrolled in the course of this exam, so you cannot take it. Contact %(contact)s.",
            contact=exam.course.contact,
        )
    return exam


def my_attempt(ref: str) -> Attempt:
    """The person's own attempt; anybody else's does not exist for them."""
    return only_mine(lambda: attempts.get_by_ref(ref))


def my_held_attempt(ref: str) -> Attempt:
    """The same, as it stands now and held until the open ``writing()`` ends, with exam, course and learner."""
    return only_mine(lambda: attempts.lock_by_ref(ref, is_whole=True))


def only_mine(find: Callable[[], Attempt], my_id: int | None = None) -> Attempt:
    """What ``find`` finds, if it is the person's own: in one sentence for both, so that nobody learns what exists."""
    with suppress(NotFound):
        attempt = find()
        if attempt.learner_id == (my_id or me().id):
            return attempt
    raise NotFound("There is no attempt of yours with this reference.")
