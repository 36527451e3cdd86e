"""What a course's team may decide about reviews and about whom to write to; every change is kept with its author."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain.errors import BadInput
from portal.domain.outbox import case_recipients
from portal.domain.text.clean_text import one_line
from portal.models import Course, CourseChange, User

SWITCHES = ("needs_second_review", "needs_two_reviewers", "overrides_grade", "decline_cascades")
CONTACTS = ("escalation_email", "contact")
LONGEST = 200


def change(course: Course, said: Mapping[str, bool | str], by: User, *, now: datetime) -> list[CourseChange]:
    """Set these; what changed, line by line. Setting what is set already changes nothing.

    :raises BadInput: an address that cannot be one, or too long.
    """
    lines = []
    for setting in (*SWITCHES, *CONTACTS):
        if setting not in said:
            continue
        was, becomes = getattr(course, setting), _checked(setting, said[setting])
        if becomes != was:
            setattr(course, setting, becomes)
            facts = {"old_value": _words(was), "new_value": _words(becomes), "at": now, "by_id": by.id}
            lines.append(CourseChange(course_id=course.id, setting=setting, **facts))
    db.session.add_all(lines)
    return lines


def changes_of(course: Course, *, most: int = 50) -> Sequence[CourseChange]:
    """The newest first."""
    query = select(CourseChange).where(CourseChange.course_id == course.id).order_by(CourseChange.id.desc())
    return db.session.scalars(query.options(joinedload(CourseChange.by)).limit(most)).all()


def _checked(setting: str, value: bool | str) -> bool | str:
    if isinstance(value, bool):
        return value
    text = one_line(value)
    if len(text) > LONGEST:
        raise BadInput(setting, f"Enter at most {LONGEST} characters.")
    if setting == "escalation_email" and text and not case_recipients.is_address(text):
        raise BadInput(setting, "Enter one email address such as exams@example.edu, or leave it empty.")
    return text


def _words(value: bool | str) -> str:
    return value if isinstance(value, str) else ("on" if value else "off")
