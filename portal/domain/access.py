"""Who may do what. Rights follow from the target object's course, never from a course named in a request."""

from collections.abc import Sequence

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.db.fast import prepared, scalar, scalars
from portal.domain.errors import NotAllowed
from portal.models import Course, Enrolment, Membership, Right, Role, User

#: What each right needs: any one of these roles in the target's course. Administrators have every right.
RIGHTS: dict[Right, frozenset[Role]] = {
    Right.SEE_COURSE: frozenset(Role),
    Right.SEE_ATTEMPTS: frozenset(Role),
    # A reviewer asks for the name of an attempt, and asking is kept with it.
    Right.SEE_NAMES: frozenset({Role.INSTRUCTOR, Role.STAFF, Role.PROCTOR}),
    Right.MANAGE_EXAM: frozenset({Role.INSTRUCTOR}),
    Right.GRANT_ALLOWANCE: frozenset({Role.INSTRUCTOR, Role.STAFF}),
    Right.GIVE_TIME: frozenset({Role.INSTRUCTOR, Role.STAFF, Role.PROCTOR}),
    Right.SEE_ANSWERS: frozenset({Role.INSTRUCTOR, Role.STAFF, Role.REVIEWER}),
    Right.SEE_MARKS: frozenset({Role.INSTRUCTOR, Role.STAFF, Role.REVIEWER}),
    # Why somebody has an allowance may be a matter of health.
    Right.SEE_REASONS: frozenset({Role.INSTRUCTOR, Role.STAFF, Role.REVIEWER}),
    Right.REVIEW: frozenset({Role.INSTRUCTOR, Role.REVIEWER}),
    Right.ARCHIVE: frozenset({Role.INSTRUCTOR, Role.STAFF}),
    Right.RESUME: frozenset({Role.INSTRUCTOR, Role.STAFF}),
    Right.SEE_PROVIDER: frozenset({Role.INSTRUCTOR, Role.STAFF, Role.REVIEWER}),
    Right.OPEN_DASHBOARD: frozenset({Role.INSTRUCTOR, Role.STAFF}),
    Right.HANDLE_CASES: frozenset(Role),
    Right.MANAGE_COURSE: frozenset({Role.INSTRUCTOR}),
}


#: Rights that nobody has over what is their own, whatever their role.
NOT_OVER_OWN = frozenset({Right.GIVE_TIME, Right.ARCHIVE, Right.RESUME, Right.REVIEW, Right.OPEN_DASHBOARD})


def roles_in(user: User, course_id: int) -> frozenset[Role]:
    """The person's roles in one course; an administrator has them all."""
    if user.is_administrator:
        return frozenset(Role)
    return frozenset(scalars(_roles(), {"user": user.id, "course": course_id}))


@prepared
def _roles() -> Select[Role]:
    return select(Membership.role).where(
        Membership.user_id == bindparam("user"), Membership.course_id == bindparam("course")
    )


def may(user: User, right: Right, course_id: int) -> bool:
    """Whether ``user`` has ``right`` in that course."""
    return bool(roles_in(user, course_id) & RIGHTS[right])


def require(user: User, right: Right, course_id: int) -> None:
    """:raises NotAllowed: unless the person has the right in that course."""
    check(roles_in(user, course_id), right)


def check(roles: frozenset[Role], right: Right) -> None:
    """The same for roles that are known already."""
    if not roles & RIGHTS[right]:
        raise NotAllowed("You do not have permission for this in this course. Ask its instructor.")


def check_not_own(learner_id: int, by: User | None) -> None:
    """:raises NotAllowed: it is the person's own attempt, allowance, mark or review."""
    if by is not None and by.id == learner_id:
        raise NotAllowed("You cannot change your own record. Ask another member of the course team.")


def is_enrolled(user: User, course_id: int) -> bool:
    return scalar(_enrolment(), {"user": user.id, "course": course_id}) is not None


@prepared
def _enrolment() -> Select[int]:
    """Built once: every way into an exam asks it."""
    return select(Enrolment.id).where(
        Enrolment.user_id == bindparam("user"), Enrolment.course_id == bindparam("course"), Enrolment.is_active
    )


def taught_courses(user: User) -> list[Course]:
    """Courses whose rooms the person may enter, by name."""
    query = select(Course).order_by(Course.name, Course.id)
    if not user.is_administrator:
        query = query.where(Course.id.in_(select(Membership.course_id).where(Membership.user_id == user.id)))
    return list(db.session.scalars(query))


def courses_with(user: User, right: Right) -> Select[int]:
    """Numbers of the courses in which the person has ``right``, for a query; for an administrator of all."""
    query = select(Course.id).order_by(Course.id)
    if user.is_administrator:
        return query
    mine = select(Membership.course_id).where(Membership.user_id == user.id, Membership.role.in_(RIGHTS[right]))
    return query.where(Course.id.in_(mine))


def course_ids_with(user: User, right: Right) -> list[int]:
    """The same as a list."""
    return list(db.session.scalars(courses_with(user, right)))


def team_of(course: Course) -> Sequence[Membership]:
    """Who belongs to the course's team, with the people themselves, in the order in which they were added."""
    query = select(Membership).where(Membership.course_id == course.id).order_by(Membership.id)
    return db.session.scalars(query.options(joinedload(Membership.user))).all()


def people_with(course_id: int, role: Role) -> list[User]:
    """The active members of a course's team with this role, by their number."""
    query = select(User).join(Membership, Membership.user_id == User.id)
    query = query.where(Membership.course_id == course_id, Membership.role == role, User.is_active)
    return list(db.session.scalars(query.order_by(User.id)))
