"""Exams, and the versions of their questions that learners have met."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Id, Model
from portal.models.course import Course


class ExamKind(StrEnum):
    TIMED = "timed"
    PRACTICE = "practice"
    ONBOARDING = "onboarding"
    PROCTORED = "proctored"


class Exam(Model):
    __tablename__ = "exam"
    __table_args__ = (
        UniqueConstraint("course_id", "content_id"),
        CheckConstraint("time_limit_minutes > 0", "time_limit_is_positive"),
        CheckConstraint("closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at", "closes_after_it_opens"),
        # One whose section vanished is proctored no more; who was verified there stays so.
        CheckConstraint("is_proctored OR NOT is_onboarding OR NOT is_active", "onboarding_is_proctored"),
        Index("ix_exam_course_active", "course_id", "is_active"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(unique=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    content_id: Mapped[str]
    """The key of the course section that is the exam; how a platform names it."""
    name: Mapped[str]
    time_limit_minutes: Mapped[int]
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    is_proctored: Mapped[bool] = mapped_column(default=False)
    is_practice: Mapped[bool] = mapped_column(default=False)
    is_onboarding: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    hide_after_due: Mapped[bool] = mapped_column(default=False)
    may_decline: Mapped[bool] = mapped_column(default=False)
    """Whether a learner may take a proctored exam without proctoring."""
    provider_slug: Mapped[str | None]
    """Who proctors; None for a timed exam, and while nobody is chosen."""
    review_rules: Mapped[str] = mapped_column(default="")
    maximum_attempts: Mapped[int] = mapped_column(default=1)
    """How many attempts a learner has; 0 means as many as they like."""
    shuffles_questions: Mapped[bool] = mapped_column(default=False)
    shows_marks: Mapped[bool] = mapped_column(default=False)
    """Whether the learner sees their points on the status page once the exam has closed for them."""
    allows_parallel: Mapped[bool] = mapped_column(default=False)
    """Whether its clock may run while another of the same learner's clocks runs."""
    one_window: Mapped[bool] = mapped_column(default=False)
    """Whether only one window at a time may write; a second one may take over, and that is kept in the history."""
    grace_seconds: Mapped[int] = mapped_column(default=30)
    """For transport only; never shown as time and never for typing."""
    updated_at: Mapped[datetime]

    course: Mapped[Course] = relationship()

    @property
    def kind(self) -> ExamKind:
        if not self.is_proctored:
            return ExamKind.PRACTICE if self.is_practice else ExamKind.TIMED
        if self.is_practice:
            return ExamKind.ONBOARDING if self.is_onboarding else ExamKind.PRACTICE
        return ExamKind.PROCTORED


class ExamVersion(Model):
    """One state of an exam's questions. It freezes when its first attempt is made, and never changes again."""

    __tablename__ = "exam_version"
    __table_args__ = (UniqueConstraint("exam_id", "number"),)

    id: Mapped[Id]
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    number: Mapped[int]
    fingerprint: Mapped[str]
    """SHA-256 of everything a learner or the marking would notice; equal means nothing to do."""
    materials_html: Mapped[str] = mapped_column(default="")
    """The document panel beside the questions, already sanitised."""
    question_count: Mapped[int] = mapped_column(default=0)
    """How many of its questions a learner can answer; those that need attention are not counted."""
    created_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]

    exam: Mapped[Exam] = relationship()
