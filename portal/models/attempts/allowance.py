"""What one learner is granted beyond the others: more time, a longer window, breaks, a note for the proctor."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Id, Model, words
from portal.models.accounts.user import User
from portal.models.courses.course import Course
from portal.models.courses.exam import Exam


class AllowanceKind(StrEnum):
    EXTRA_MINUTES = "extra_minutes"
    MULTIPLIER = "multiplier"
    LONGER_WINDOW = "longer_window"
    REVIEW_POLICY_EXCEPTION = "review_policy_exception"
    BREAK_BANK = "break_bank"


IN_FORCE = text("withdrawn_at IS NULL")


class Allowance(Model):
    __tablename__ = "allowance"
    __table_args__ = (
        Index(
            "uq_allowance_exam_in_force",
            "learner_id",
            "exam_id",
            "kind",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
        CheckConstraint("kind != 'multiplier' OR percent > 100", "multiplier_is_above_one"),
        CheckConstraint("kind IN ('multiplier', 'review_policy_exception') OR minutes > 0", "minutes_are_positive"),
        CheckConstraint("kind != 'review_policy_exception' OR note != ''", "note_is_written"),
        Index("ix_allowance_course_learner", "course_id", "learner_id"),
        Index("ix_allowance_exam", "exam_id"),
    )

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    exam_id: Mapped[int | None] = mapped_column(ForeignKey("exam.id"))
    """None: every exam of the course, also those to come."""
    learner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[AllowanceKind] = mapped_column(words(AllowanceKind))
    minutes: Mapped[int | None]
    """Extra minutes, for how long the learner may pause the clock, or by how much the window closes later."""
    percent: Mapped[int | None]
    """A multiplier in hundredths: 150 is one and a half times the base."""
    note: Mapped[str] = mapped_column(default="")
    """What the provider and the reviewer read: what this learner may do that the rules forbid others."""
    valid_until_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    course: Mapped[Course] = relationship()
    exam: Mapped[Exam | None] = relationship()
    learner: Mapped[User] = relationship(foreign_keys=learner_id)
    granted_by: Mapped[User | None] = relationship(foreign_keys=granted_by_id)
