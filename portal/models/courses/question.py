"""Questions, their choices and keys, and what they show."""

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from portal.db import Id, Model, words
from portal.models.courses.exam import ExamVersion


class QuestionKind(StrEnum):
    """What is different from kind to kind is in ``portal.domain.answers.kinds``, one class each."""

    ONE_CHOICE = "one_choice"
    SEVERAL_CHOICES = "several_choices"
    SHORT_TEXT = "short_text"
    NUMBER = "number"
    LONG_TEXT = "long_text"
    FILE = "file"


class Question(Model):
    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("exam_version_id", "content_id"),
        UniqueConstraint("exam_version_id", "position"),
        CheckConstraint("points >= 0", "points_are_not_negative"),
    )

    id: Mapped[Id]
    exam_version_id: Mapped[int] = mapped_column(ForeignKey("exam_version.id"))
    position: Mapped[int]
    """From 1, in the order the course has; a shuffled exam derives each learner's order from the seed."""
    content_id: Mapped[str]
    """What the course calls it; stays the same from version to version."""
    group: Mapped[str] = mapped_column("question_group", default="")
    """Questions of one group stand together also when shuffled."""
    kind: Mapped[QuestionKind] = mapped_column(words(QuestionKind))
    title: Mapped[str]
    text_html: Mapped[str]
    """Sanitised when it was published."""
    choices: Mapped[list[Any]] = mapped_column(default=list)
    """``[{"id": …, "html": …}]``, sanitised; empty for kinds without choices."""
    key: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What is right, per kind; see ``portal.domain.answers.kinds``. Never sent to a learner's browser."""
    points: Mapped[int] = mapped_column(default=1)
    unit_html: Mapped[str] = mapped_column("unit", default="")
    """What stands behind the field, sanitised when it was published; empty for most."""
    problem: Mapped[str | None]
    """Why a learner is not shown this question, for the course team; None when it is fine."""
    original: Mapped[str] = mapped_column(default="")
    """As the course wrote it, kept so that nothing is lost."""

    version: Mapped[ExamVersion] = relationship()


class UnreadableContent(Model):
    """A part of an exam's section that we cannot show, listed for the course team by name and kind."""

    __tablename__ = "unreadable_content"

    id: Mapped[Id]
    exam_version_id: Mapped[int] = mapped_column(ForeignKey("exam_version.id"), index=True)
    name: Mapped[str]
    kind: Mapped[str]
    reason: Mapped[str]


class Asset(Model):
    """A picture or document that questions show; content is addressed by its hash, so it never changes."""

    __tablename__ = "asset"
    __table_args__ = (UniqueConstraint("course_id", "sha256"),)

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    sha256: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
