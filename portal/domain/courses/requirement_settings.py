"""What the course team itself does with the list of what comes before credit: adds, orders, takes out; each is kept."""

from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.courses import publishing, requirements
from portal.domain.courses.published import RequirementPublished
from portal.domain.errors import BadInput, NotFound
from portal.models import Course, CourseChange, CreditRequirement, Exam, User

SETTING = "requirements"


def may_be_added(course: Course) -> list[Exam]:
    """Proctored exams that count and are not in the list."""
    asked = {one.name for one in requirements.list_for(course.id) if one.namespace == requirements.EXAM}
    query = select(Exam).where(
        Exam.course_id == course.id, Exam.is_active, Exam.is_proctored, Exam.is_practice.is_(False)
    )
    return [exam for exam in db.session.scalars(query.order_by(Exam.name, Exam.id)) if exam.content_id not in asked]


def add(course: Course, exam_slug: str, by: User, *, now: datetime) -> None:
    """Ask for this exam, too, after the others. One that is asked for already stays where it is.

    :raises NotFound: the course has no such exam. :raises BadInput: it is none that counts.
    """
    asked, wanted = _held(course), publishing.as_requirement(course, exam_slug)
    if (wanted.namespace, wanted.name) not in {(one.namespace, one.name) for one in asked}:
        _keep(course, asked, [*asked, wanted], by, now=now)


def move(course: Course, requirement_id: int, places: int, by: User, *, now: datetime) -> None:
    """Ask for it so many places later, or earlier if negative; never beyond the ends. :raises NotFound: none such."""
    asked, place = _held(course), _place(course, requirement_id)
    moved = [one for number, one in enumerate(asked) if number != place]
    moved.insert(min(max(0, place + places), len(moved)), asked[place])
    _keep(course, asked, moved, by, now=now)


def take_out(course: Course, requirement_id: int, by: User, *, now: datetime) -> None:
    """Ask for this exam no longer.

    :raises NotFound: none such. :raises BadInput: what no exam is. A platform asks for that, and what it said about
        learners would be forgotten.
    """
    asked, place = _held(course), _place(course, requirement_id)
    if asked[place].namespace != requirements.EXAM:
        raise BadInput("requirement", "The platform sets this requirement, so remove it there.")
    _keep(course, asked, [one for number, one in enumerate(asked) if number != place], by, now=now)


def _held(course: Course) -> list[RequirementPublished]:
    """The list as it stands; of two people who change it at once, the second sees what the first did."""
    db.session.execute(select(Course.id).where(Course.id == course.id).with_for_update())
    return list(requirements.published(course.id))


def _place(course: Course, requirement_id: int) -> int:
    ids = [one.id for one in requirements.list_for(course.id)]
    if requirement_id not in ids:
        raise NotFound("This requirement is no longer in the list. Reload the page.")
    return ids.index(requirement_id)


def _keep(
    course: Course, was: list[RequirementPublished], asked: list[RequirementPublished], by: User, *, now: datetime
) -> None:
    if asked == was:
        return
    requirements.publish(course, asked)
    facts = {"old_value": _words(was), "new_value": _words(asked), "at": now, "by_id": by.id}
    db.session.add(CourseChange(course_id=course.id, setting=SETTING, **facts))


def _words(asked: list[RequirementPublished]) -> str:
    return ", ".join(one.display_name for one in asked)


def listed(course: Course) -> list[tuple[CreditRequirement, Exam | None]]:
    """In order, each with the exam it is about; None for what is none of ours."""
    exams = {one.content_id: one for one in db.session.scalars(select(Exam).where(Exam.course_id == course.id))}
    return [
        (one, exams.get(one.name) if one.namespace == requirements.EXAM else None)
        for one in requirements.list_for(course.id)
    ]
