"""What a course's team may decide for one exam while it is open; every change is kept with its author."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.models import Attempt, CourseChange, Exam, User
from portal.models.attempt import RUNNING, UNCLAIMED

ONE_WINDOW = "one_window "


def set_one_window(exam: Exam, is_on: bool, by: User, *, now: datetime) -> bool:
    """Whether the exam is written in one window at a time. False: it is so already.

    Switched on, a running attempt belongs to the window of it that speaks next; switched off,
    every window may write again.
    """
    if exam.one_window == is_on:
        return False
    exam.one_window = is_on
    (claim_all if is_on else free_all)(exam)
    words = {True: "on", False: "off"}
    facts = {"was": words[not is_on], "became": words[is_on], "at": now, "by_id": by.id}
    db.session.add(CourseChange(course_id=exam.course_id, setting=setting_of(exam), **facts))
    return True


def free_all(exam: Exam) -> None:
    """Let every window of the exam's running attempts write again."""
    running = update(Attempt).where(Attempt.exam_id == exam.id, Attempt.status.in_(RUNNING))
    db.session.execute(running.values(window_browser=None, window_tab=None, window_seen_at=None))


def claim_all(exam: Exam) -> None:
    """Have each of the exam's running attempts belong to the window that speaks next, unless it belongs to one."""
    running = update(Attempt).where(Attempt.exam_id == exam.id, Attempt.status.in_(RUNNING))
    db.session.execute(running.where(Attempt.window_browser.is_(None)).values(window_browser=UNCLAIMED))


def running_now(exam: Exam) -> int:
    """How many attempts a change would reach at once."""
    running = select(func.count(Attempt.id)).where(Attempt.exam_id == exam.id, Attempt.status.in_(RUNNING))
    return db.session.scalar(running.where(Attempt.archived_at.is_(None))) or 0


def setting_of(exam: Exam) -> str:
    """How the list of changes names it: by the exam's address, which no other exam ever has."""
    return f"{ONE_WINDOW}{exam.slug}"


def names(changes: Sequence[CourseChange]) -> dict[str, str]:
    """Which exam each of a course's changes was about, in words, by what :func:`setting_of` calls it."""
    slugs = {change.setting.removeprefix(ONE_WINDOW) for change in changes if change.setting.startswith(ONE_WINDOW)}
    exams = db.session.scalars(select(Exam).where(Exam.slug.in_(slugs))) if slugs else ()
    return {setting_of(exam): f"{exam.name}: one window at a time" for exam in exams}


def changes_of(exam: Exam, *, most: int = 20) -> Sequence[CourseChange]:
    """The newest first."""
    kept = select(CourseChange).filter_by(course_id=exam.course_id, setting=setting_of(exam))
    newest = kept.order_by(CourseChange.id.desc()).options(joinedload(CourseChange.by))
    return db.session.scalars(newest.limit(most)).all()
