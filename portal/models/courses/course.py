"""Courses, the people who run them, and the people who take them."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Id, Model, words
from portal.models.accounts.user import User


class Role(StrEnum):
    """What a member of a course team may do there; see ``portal.domain.access``."""

    INSTRUCTOR = "instructor"
    STAFF = "staff"
    PROCTOR = "proctor"
    REVIEWER = "reviewer"


class Right(StrEnum):
    """What a member of a course team may do there; ``portal.domain.access`` says which roles have it."""

    SEE_COURSE = "see_course"
    SEE_ATTEMPTS = "see_attempts"
    SEE_NAMES = "see_names"
    """Without asking; a reviewer asks for the name of one attempt, and that they asked is kept with it."""
    SEE_ANSWERS = "see_answers"
    SEE_MARKS = "see_marks"
    SEE_REASONS = "see_reasons"
    """Why somebody has an allowance, which may be a matter of health."""
    SEE_PROVIDER = "see_provider"
    """The log of what a provider said and was told."""
    OPEN_DASHBOARD = "open_dashboard"
    """Of the provider."""
    MANAGE_EXAM = "manage_exam"
    MANAGE_COURSE = "manage_course"
    GRANT_ALLOWANCE = "grant_allowance"
    GIVE_TIME = "give_time"
    """And what else is done to a clock: pause, resume, suspend, end, reopen."""
    RESUME = "resume"
    """Let a learner whose attempt was suspended continue."""
    ARCHIVE = "archive"
    """Reset an attempt."""
    REVIEW = "review"
    HANDLE_CASES = "handle_cases"


class Course(Model):
    __tablename__ = "course"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    """The name a platform knows it by, such as ``course-v1:Org+Course+Run``."""
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    ends_at: Mapped[datetime | None]
    time_zone: Mapped[str] = mapped_column(default="UTC")
    contact: Mapped[str] = mapped_column(default="")
    """Where a learner writes when something is wrong; shown on every page that stops somebody."""
    decline_cascades: Mapped[bool] = mapped_column(default=True)
    """Whether taking one exam without proctoring declines the course's other proctored exams."""
    needs_second_review: Mapped[bool] = mapped_column(default=True)
    """Whether a machine's bad report waits for a person; where it does not, it fails the learner."""
    needs_two_reviewers: Mapped[bool] = mapped_column(default=False)
    """Whether "not accepted" counts only when two people say so."""
    overrides_grade: Mapped[bool] = mapped_column(default=False)
    """Whether "not accepted" sets the grade of the exam to zero."""
    escalation_email: Mapped[str] = mapped_column(default="")
    """Where cases for the course team and appeals are mailed."""

    if TYPE_CHECKING:
        has_webhooks: Mapped[bool]
        """Whether any webhook endpoint may hear of it; one query, unless it was loaded with the course."""


class CourseChange(Model):
    """That somebody of the team changed a setting of a course: who, when, from what to what."""

    __tablename__ = "course_change"
    __table_args__ = (Index("ix_course_change_course", "course_id", "id"),)

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    setting: Mapped[str]
    """The column of :class:`Course` that changed, or ``requirements``."""
    old_value: Mapped[str]
    new_value: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    by: Mapped[User | None] = relationship()


class Membership(Model):
    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("course_id", "user_id", "role"),)

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    role: Mapped[Role] = mapped_column(words(Role))

    course: Mapped[Course] = relationship()
    user: Mapped[User] = relationship()


class Enrolment(Model):
    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("course_id", "user_id"),)

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    enrolled_at: Mapped[datetime]
    is_active: Mapped[bool] = mapped_column(default=True)

    course: Mapped[Course] = relationship()
    user: Mapped[User] = relationship()
